/** What PyTorch's argument types admit here, and the error that names the argument of a wrong type. */
import { ArgumentError, TorchError } from "./errors.js";
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
  return ADMITS[type.replace("?", "")]?.(value) ?? true;
}

/** One argument that does not fit. */
interface Misfit {
  readonly place: number;
  readonly name: string;
  readonly type: string;
  readonly value: unknown;
}

/** The first argument that a signature does not admit. */
function misfit(signature: readonly string[], args: readonly unknown[]): Misfit | undefined {
  for (const [place, text] of signature.entries()) {
    const [name = "", type = "any"] = text.replace("*", "").split(": ");
    if (!text.startsWith("*") && !admits(type, args[place])) return { place, name, type, value: args[place] };
  }
  return undefined;
}

/** The misfit of the signature that fits best; undefined if one fits. */
function worst(overloads: readonly (readonly string[])[], args: readonly unknown[]): Misfit | undefined {
  const found = overloads.map((signature) => misfit(signature, args));
  if (found.length === 0 || found.includes(undefined)) return undefined;
  return found.reduce((best, next) => ((next?.place ?? 0) > (best?.place ?? 0) ? next : best));
}

function wrongType(op: string, { place, name, type, value }: Misfit, cause?: unknown): ArgumentError {
  const bare = type.replace("?", "");
  const number = typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value));
  const hint = number && ["number", "int", "Scalar"].includes(bare) ? "; parse it with Number(...)" : "";
  const what = `must be ${WORDS[bare] ?? bare}, not ${describe(value)}`;
  return new ArgumentError(`${op}(): argument '${name}' (position ${place + 1}) ${what}${hint}`, { op, cause });
}

/** Errors: a string or function where no signature admits one: these would pass for true, or be read as numbers. */
export function checkStrings(op: string, overloads: readonly (readonly string[])[], args: readonly unknown[]): void {
  if (!args.some((arg) => typeof arg === "string" || typeof arg === "function")) return;
  const found = worst(overloads, args);
  if (found !== undefined && typeof found.value !== "object") throw wrongType(op, found);
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
