/** The same call with all arguments by name, and with every default said too. */
import * as torch from "candlewick";
import { plainCall } from "./adapters.js";
import { isObject, parseJson } from "./json.js";
import { type Callable, camelCase, camelPath, classAt, lookUp } from "./names.js";
import { decodeCall } from "./ops.js";
import { argumentList, argumentsOf, type Call, plain, type Signature, signatures } from "./signatures.js";
import { decodeEntries, decodeList, tensorsOf } from "./values.js";

/** Whether a value may be one of PyTorch's types, as far as its signatures differ in them. */
function admits(type: string, value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (type.includes("unknown")) return true;
  if (torch.isTensor(value)) return /(?<!List\[)Tensor|number|int/.test(type) && !/^List/.test(type);
  if (Array.isArray(value)) return /List/.test(type) && !(value.some((x) => torch.isTensor(x)) && !/Tensor/.test(type));
  if (typeof value === "boolean") return /bool|number/.test(type);
  if (typeof value === "string") return /str|int/.test(type);
  return /number|float|int/.test(type);
}

/** The first signature that a call fits. */
function signatureOf(overloads: readonly Signature[], { args, kwargs }: Call): Signature | undefined {
  return overloads.find((signature) => {
    const all = argumentsOf(signature);
    const positional = all.filter(({ star }) => !star);
    if (args.length > positional.length || all.some(({ name }) => name.startsWith("."))) return false;
    if (!args.every((value, i) => admits(positional[i]?.type ?? "", plain(value)))) return false;
    return Object.entries(kwargs).every(([key, value]) => {
      const found = all.find(({ name }) => name === key);
      return found !== undefined && admits(found.type, plain(value));
    });
  });
}

/** What PyTorch keeps to itself (`_stacklevel`), what a later name has replaced, and an enumeration that is a number here. */
const SILENT = /^(_.*|size_average|reduce|memory_format)$/;

/** All arguments of a call by name; with `defaults` also those that it leaves out. */
function named(signature: Signature, { args, kwargs }: Call, defaults: boolean): Record<string, unknown> {
  const all = argumentsOf(signature);
  const given: Record<string, unknown> = { ...kwargs };
  all
    .filter(({ star }) => !star)
    .forEach(({ name }, i) => {
      if (i < args.length) given[name] = args[i];
    });
  if (defaults) {
    for (const { name, value } of all) {
      if (value !== undefined && !(name in given) && !SILENT.test(name)) given[name] = value;
    }
  }
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [camelCase(key), plain(value)]));
}

/** One way to call: what is called, and whether the first argument is `this`. */
interface Way {
  readonly title: string;
  readonly overloads: readonly Signature[];
  readonly run: (call: Call, options: (rest: Call) => Record<string, unknown>) => unknown;
}

function ways(op: string): Way[] {
  const out: Way[] = [];
  const f = lookUp(torch, camelPath(op));
  const overloads = signatures.functions[op];
  if (typeof f === "function" && overloads !== undefined) {
    out.push({ title: camelPath(op), overloads, run: (call, options) => (f as Callable)(options(call)) });
  }
  const method = Reflect.get(torch.Tensor.prototype, camelCase(op));
  const own = signatures.methods[op];
  if (typeof method === "function" && own !== undefined) {
    out.push({
      title: `Tensor.${camelCase(op)}`,
      overloads: own,
      run: ({ args: [x, ...rest], kwargs }, options) => Reflect.apply(method, x, [options({ args: rest, kwargs })]),
    });
  }
  return out;
}

/** What is not set is not compared. */
const UNSET = /empty/i;
const flat = (result: unknown) =>
  tensorsOf(result).map((y) => ({ shape: [...y.shape], dtype: y.dtype, values: y.detach().tolist() }));

/** What one sample's calls by name say that the call by position does not; titles of all ways that were tried. */
export function checkByName(line: string): { tried: string[]; wrong: string[] } {
  const sample = parseJson(line);
  if (!isObject(sample)) throw new Error("a sample is an object");
  const op = String(sample.op);
  const tried: string[] = [];
  const wrong: string[] = [];
  const fresh = (): Call => decodeCall(sample).call;
  const seeded = (f: () => unknown) => {
    torch.manualSeed(0);
    return JSON.stringify(flat(f()).map((y) => (UNSET.test(op) ? { ...y, values: [] } : y)));
  };
  let want: string;
  try {
    want = seeded(() => plainCall(op, fresh()));
  } catch {
    return { tried, wrong };
  }
  for (const { title, overloads, run } of ways(op)) {
    const first = fresh();
    const rest = title.startsWith("Tensor.") ? { args: first.args.slice(1), kwargs: first.kwargs } : first;
    const signature = signatureOf(overloads, rest);
    if (signature === undefined || (title.startsWith("Tensor.") && !torch.isTensor(first.args[0]))) continue;
    for (const defaults of [false, true]) {
      tried.push(title);
      try {
        const got = seeded(() => run(fresh(), (call) => named(signature, call, defaults)));
        if (got !== want) wrong.push(`${title}: another result${defaults ? " with all defaults" : ""}`);
      } catch (error) {
        wrong.push(`${title}: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
      }
    }
  }
  return { tried, wrong };
}

/** What one module sample's constructor by name says that its constructor by position does not. */
export function checkModuleByName(line: string): string[] {
  const sample = parseJson(line);
  if (!isObject(sample)) throw new Error("a sample is an object");
  const name = String(sample.module);
  const Class = classAt(torch, name);
  const [args, kwargs] = Array.isArray(sample.ctor) ? sample.ctor : [];
  const call = (): Call => ({ args: decodeList(args, []), kwargs: decodeEntries(kwargs, []) });
  const init = signatures.modules[name]?.init;
  if (init === undefined || init.some((text) => text.startsWith("..."))) return [];
  const want = String(new Class(...argumentList(call())));
  return [false, true].flatMap((defaults) => {
    try {
      const got = String(new Class(named(init, call(), defaults)));
      // A default that is a float in Python cannot be told from its integer here.
      const plainly = (text: string) => text.replace(/(\d)\.0\b/g, "$1");
      return plainly(got) === plainly(want) ? [] : [`${name}: prints ${got}, not ${want}`];
    } catch (error) {
      return [`${name}: ${error instanceof Error ? error.message.split("\n")[0] : error}`];
    }
  });
}
