/** What PyTorch's argument types admit here, and the error that names the argument of a wrong type. */
import { isOptions } from "./args.js";
import { ArgumentError, TorchError } from "./errors.js";
import { CLASSES } from "./signatures.js";
import { describe, isTensor, TypedScalar } from "./tensor/base.js";

const isInt = (x: unknown) => (typeof x === "number" && Number.isInteger(x)) || typeof x === "bigint";
const isNumber = (x: unknown) => typeof x === "number" || typeof x === "bigint" || typeof x === "boolean";
const isList = (x: unknown, member: (y: unknown) => boolean) =>
  typeof x === "object" &&
  x !== null &&
  Symbol.iterator in x &&
  !isTensor(x) &&
  [...(x as Iterable<unknown>)].every(member);

/** Whether a value is of one of PyTorch's types. A tensor of one element passes for its number. */
const ADMITS: Readonly<Record<string, (x: unknown) => boolean>> = {
  Tensor: (x) => isTensor(x),
  Scalar: (x) => isNumber(x) || x instanceof TypedScalar || isTensor(x),
  number: (x) => isNumber(x) || isTensor(x),
  int: (x) => isInt(x) || isTensor(x),
  bool: (x) => typeof x === "boolean",
  str: (x) => typeof x === "string",
  ints: (x) => isInt(x) || isList(x, isInt),
  Tensors: (x) => isTensor(x) || isList(x, isTensor),
  DType: (x) => typeof x === "string",
  Device: (x) => typeof x === "string" || typeof x === "object",
  Generator: (x) => typeof x === "object",
  any: () => true,
};
/** What an error calls them. */
const WORDS: Readonly<Record<string, string>> = {
  Scalar: "Number",
  number: "float",
  ints: "tuple of ints",
  Tensors: "tuple of Tensors",
  DType: "torch.dtype",
  Device: "torch.device",
};

/** Whether a value may stand where a type is expected; an absent one may. */
function admits(type: string, value: unknown): boolean {
  if (value === undefined || (value === null && type.endsWith("?"))) return true;
  return partsOf(type).some((part) => ADMITS[part]?.(value) ?? true);
}

/** One argument that does not fit; the place of one that goes by name only is Infinity. */
interface Misfit {
  readonly place: number;
  readonly name: string;
  readonly type: string;
  readonly value: unknown;
}

const partsOf = (type: string) => type.replace("?", "").split("|");
const isStarred = (text: string) => text.startsWith("*");

/** The first argument that a signature does not admit; "excess" where there are more than it has positions. */
function misfit(signature: readonly string[], front: readonly unknown[], rest: object): Misfit | "excess" | undefined {
  for (const [place, text] of signature.entries()) {
    const [name = "", type = "any"] = text.replace("*", "").split(": ");
    if (text.startsWith("...")) return undefined;
    const value = isStarred(text) ? Reflect.get(rest, name) : front[place];
    if (!admits(type, value)) return { place: isStarred(text) ? Number.POSITIVE_INFINITY : place, name, type, value };
  }
  const known = new Set(signature.map((text) => text.replace("*", "").split(": ")[0]));
  if (Object.keys(rest).some((name) => !known.has(name))) return "excess";
  const positions = signature.filter((text) => !isStarred(text));
  // Sizes may come one by one.
  return front.length > positions.length && !positions.at(-1)?.includes("ints") ? "excess" : undefined;
}

/** The misfit of the signature that fits best; undefined if one fits. */
function worst(overloads: readonly (readonly string[])[], args: readonly unknown[]): Misfit | undefined {
  const last = args.at(-1);
  const named = isOptions(last);
  const [front, rest] = named ? [args.slice(0, -1), last as object] : [args, {}];
  let best: Misfit | undefined;
  for (const signature of overloads) {
    const found = misfit(signature, front, rest);
    if (found === undefined) return undefined;
    if (found !== "excess" && found.place >= (best?.place ?? -1)) best = best?.place === found.place ? best : found;
  }
  return best;
}

function wrongType(op: string, { place, name, type, value }: Misfit, cause?: unknown): ArgumentError {
  const words = partsOf(type).map((part) => WORDS[part] ?? part);
  const what = `must be ${words.join(" or ")}, not ${describe(value)}${hint(type, value)}`;
  const where = place === Number.POSITIVE_INFINITY ? "" : ` (position ${place + 1})`;
  return new ArgumentError(`${op}(): argument '${name}'${where} ${what}`, { op, cause });
}

/** What to do with a string that comes from a command line. */
function hint(type: string, value: unknown): string {
  if (typeof value !== "string") return "";
  const parts = partsOf(type);
  if (parts.includes("bool") && /^(true|false|0|1)$/i.test(value)) return '; compare it: value === "true"';
  const isNumber = value.trim() !== "" && Number.isFinite(Number(value));
  return isNumber && parts.some((part) => NUMERIC[part] !== undefined) ? "; parse it with Number(...)" : "";
}

const NUMERIC: Readonly<Record<string, string>> = {
  number: "a number",
  Scalar: "a number",
  int: "an integer",
  ints: "integers",
};

/**
 * Checks one option of a constructor. Errors: a string where PyTorch has a number or a boolean, which JavaScript would read as
 * one or take for true.
 */
export function checkOption(op: string, name: string, value: unknown): void {
  if (typeof value !== "string") return;
  const found = Object.hasOwn(CLASSES, op) ? CLASSES[op]?.find((text) => text.startsWith(`${name}: `)) : undefined;
  const type = found?.slice(name.length + 2) ?? "any";
  if (admits(type, value)) return;
  const words = partsOf(type).map((part) => NUMERIC[part] ?? (part === "bool" ? "a boolean" : `a ${part}`));
  const text = `${op}: expected ${name} to be ${words.join(" or ")}, received ${JSON.stringify(value)}`;
  throw new ArgumentError(text + hint(type, value), { op });
}

/** Errors: a string or function where no signature admits one: these would pass for true, or be read as numbers. */
export function checkStrings(op: string, overloads: readonly (readonly string[])[], args: readonly unknown[]): void {
  const last = args.at(-1);
  const values = isOptions(last) ? [...args.slice(0, -1), ...Object.values(last)] : args;
  if (!values.some((value) => typeof value === "string" || typeof value === "function")) return;
  const found = worst(overloads, args);
  if (found !== undefined && typeof found.value !== "object") throw wrongType(op, found);
}

/** Errors: a value that is no boolean. */
export function checkBoolean(op: string, name: string, value: unknown): void {
  if (typeof value === "boolean") return;
  throw new ArgumentError(
    `${op}: expected ${name} to be a boolean, received ${describe(value)}${hint("bool", value)}`,
    {
      op,
    },
  );
}

/**
 * The error to throw for one that a call ended with: of an argument of a wrong type or of a missing one if that explains it,
 * else the error itself. What the library says on purpose stays.
 */
export function blame(
  op: string,
  overloads: readonly (readonly string[])[],
  args: readonly unknown[],
  error: unknown,
): unknown {
  const deliberate = error instanceof TorchError && error.cause === undefined;
  if (deliberate || !(error instanceof Error)) return error;
  const found = worst(overloads, args);
  if (found !== undefined) return wrongType(op, found, error);
  const missing = overloads[0]?.find((text, i) => !/^\*|\?$|: bool$/.test(text) && args[i] === undefined);
  if (missing === undefined || !(error instanceof TypeError || error instanceof TorchError)) return error;
  const name = missing.split(": ", 1)[0];
  return new ArgumentError(`${op}() missing 1 required positional arguments: "${name}"`, { op, cause: error });
}
