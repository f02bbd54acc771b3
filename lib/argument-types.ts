/** What PyTorch's argument types admit here, and the error that names the argument of a wrong type. */
import { isOptions } from "./args.js";
import { ArgumentError, TorchError } from "./errors.js";
import { isModule } from "./marks.js";
import { CLASSES } from "./signatures.js";
import { describe, isTensor, TypedScalar } from "./tensor/base.js";

/** Whether a value can be walked; a 0-d tensor has no iterator, but the name of one. */
export const isIterable = (x: unknown): x is Iterable<unknown> =>
  typeof x === "object" && x !== null && typeof Reflect.get(x, Symbol.iterator) === "function";
const isInt = (x: unknown) => typeof x === "number" && Number.isInteger(x);
const isNumber = (x: unknown) => typeof x === "number" || typeof x === "bigint" || typeof x === "boolean";
const isList = (x: unknown, member: (y: unknown) => boolean) => isIterable(x) && !isTensor(x) && [...x].every(member);

/** Whether a value is of one of PyTorch's types. A tensor of one element passes for its number. */
const ADMITS: Readonly<Record<string, (x: unknown) => boolean>> = {
  Tensor: (x) => isTensor(x),
  Scalar: (x) => isNumber(x) || x instanceof TypedScalar || isTensor(x),
  number: (x) => typeof x === "number" || typeof x === "boolean" || isTensor(x),
  int: (x) => isInt(x) || (isTensor(x) && x.shape.length === 0),
  bool: (x) => typeof x === "boolean",
  str: (x) => typeof x === "string",
  ints: (x) => isInt(x) || isList(x, isInt),
  Tensors: (x) => isList(x, isTensor),
  DType: (x) => typeof x === "string",
  Device: (x) => typeof x === "string" || typeof x === "object",
  Generator: (x) => typeof x === "object",
  function: (x) => typeof x === "function",
  Module: (x) => isModule(x),
  object: (x) => typeof x === "object" && x !== null,
  list: isIterable,
  Set: (x) => x instanceof Set,
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

/** The arguments of a call: those of a position, and those that went by name only. */
export interface Call {
  readonly front: readonly unknown[];
  readonly rest: Readonly<Record<string, unknown>>;
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
    if (text.startsWith("...")) return strayOf(front.slice(place), place, name);
    const value = isStarred(text) ? Reflect.get(rest, name) : front[place];
    if (!admits(type, value)) return { place: isStarred(text) ? Number.POSITIVE_INFINITY : place, name, type, value };
  }
  const known = new Set(signature.map((text) => text.replace("*", "").split(": ")[0]));
  if (Object.keys(rest).some((name) => !known.has(name))) return "excess";
  const positions = signature.filter((text) => !isStarred(text));
  // Sizes may come one by one.
  return front.length > positions.length && !positions.at(-1)?.includes("ints") ? "excess" : undefined;
}

/** Of tensors one by one or in a list, the first that is none; of other arguments of any number nothing is known. */
function strayOf(values: readonly unknown[], place: number, name: string): Misfit | undefined {
  if (!/tensors|matrices/.test(name)) return undefined;
  const [only] = values;
  const at =
    values.length === 1 && Array.isArray(only) && only.every(isTensor)
      ? -1
      : values.findIndex((value) => !isTensor(value));
  return at < 0 ? undefined : { place: place + at, name: name.replace("...", ""), type: "Tensor", value: values[at] };
}

/** The misfit of the signature that fits best; undefined if one fits. */
function worst(overloads: readonly (readonly string[])[], { front, rest }: Call): Misfit | undefined {
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

/** What a constructor's error calls types. */
const NUMERIC: Readonly<Record<string, string>> = {
  number: "a number",
  Scalar: "a number",
  int: "an integer",
  ints: "integers",
};
const NAMED: Readonly<Record<string, string>> = {
  bool: "a boolean",
  str: "a string",
  DType: "a dtype",
  Device: "a device",
};

/**
 * Checks one option of a constructor. Errors: a value of another type than PyTorch's, strings for numbers and booleans among them,
 * which JavaScript would read as one or take for true. A number passes for a boolean, as in Python.
 */
export function checkOption(op: string, name: string, value: unknown): void {
  if (value === null) return;
  const found = Object.hasOwn(CLASSES, op) ? CLASSES[op]?.find((text) => text.startsWith(`${name}: `)) : undefined;
  const type = found?.slice(name.length + 2) ?? "any";
  if (admits(type, value) || (type.includes("bool") && typeof value === "number")) return;
  const words = partsOf(type).map((part) => NUMERIC[part] ?? NAMED[part] ?? `a ${part}`);
  const text = `${op}: expected ${name} to be ${words.join(" or ")}, received ${describe(value)}`;
  throw new ArgumentError(text + hint(type, value), { op });
}

/** Errors: an object of options where a named argument has another type. */
export function refuseObject(op: string, text: string, place: number, value: unknown): void {
  const [name = "", type = "any"] = text.replace("*", "").split(": ");
  if (isOptions(value) && !admits(type, value)) throw wrongType(op, { place, name, type, value });
}

/** Errors: a string or function where no signature admits one: these would pass for true, or be read as numbers. */
export function checkStrings(op: string, overloads: readonly (readonly string[])[], call: Call): void {
  const values = [...call.front, ...Object.values(call.rest)];
  if (!values.some((value) => typeof value === "string" || typeof value === "function")) return;
  const found = worst(overloads, call);
  if (found !== undefined && typeof found.value !== "object") throw wrongType(op, found);
}

/** Errors: a value that is no function. */
export function checkFunction(op: string, name: string, value: unknown): void {
  if (typeof value === "function") return;
  throw new ArgumentError(`${op}: expected ${name} to be a function, received ${describe(value)}`, { op });
}

/** The members of a list. Errors: a value that is none. */
export function listOf<T>(op: string, name: string, value: Iterable<T>): T[] {
  if (isIterable(value)) return [...value] as T[];
  throw new ArgumentError(`${op}: expected ${name} to be a list, received ${describe(value)}`, { op });
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
export function blame(op: string, overloads: readonly (readonly string[])[], call: Call, error: unknown): unknown {
  const deliberate = error instanceof TorchError && error.cause === undefined && error.code !== "ERR_NOT_A_TENSOR";
  if (deliberate || !(error instanceof Error)) return error;
  const found = worst(overloads, call);
  if (found !== undefined) return wrongType(op, found, error);
  const missing = overloads[0]?.find((text, i) => !/^\*|\?$|: bool$/.test(text) && call.front[i] === undefined);
  if (missing === undefined || !(error instanceof TypeError || error instanceof TorchError)) return error;
  const name = missing.split(": ", 1)[0];
  return new ArgumentError(`${op}() missing 1 required positional arguments: "${name}"`, { op, cause: error });
}
