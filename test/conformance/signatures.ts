/** PyTorch's signatures (test/fixtures/signatures.py makes the fixture) and the forms of a call that they allow. */
import { readFileSync } from "node:fs";
import { Float } from "./json.js";
import { camelCase } from "./names.js";

/** One signature: `"name: type"` per argument, perhaps with ` = default`, those that go by name only with a star in front. */
export type Signature = readonly string[];

interface Signatures {
  functions: Record<string, readonly Signature[]>;
  methods: Record<string, readonly Signature[]>;
  modules: Record<string, { init: Signature; forward: Signature }>;
  classes: Record<string, Signature>;
}

/** The generated fixture. */
export const signatures: Signatures = JSON.parse(
  readFileSync(new URL("../fixtures/pytorch/signatures.json", import.meta.url), "utf8"),
);

/** Arguments by position and, with PyTorch's spelling, by name. Floats are still {@link Float}s. */
export interface Call {
  args: unknown[];
  kwargs: Record<string, unknown>;
}

/** One argument of a signature. */
interface Argument {
  readonly name: string;
  readonly type: string;
  /** Whether it goes by name only. */
  readonly star: boolean;
  /** Its default; undefined where there is none. */
  readonly value: unknown;
}

function argumentOf(text: string): Argument {
  const [front = "", value] = text.split(" = ");
  const [name = "", type = ""] = front.replace(/^[*.]+/, "").split(": ");
  return { name, type, star: text.startsWith("*"), value: value === undefined ? undefined : JSON.parse(value) };
}

/** The arguments of a signature, without those of any number. */
export function argumentsOf(signature: Signature): Argument[] {
  return signature.filter((text) => !text.startsWith("...")).map(argumentOf);
}

/** An entry of a table, whose keys may be any text. */
function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function overloadsOf(op: string): readonly Signature[] {
  // Operators, __rmul__ and the like, are not in the fixture.
  if (op.startsWith("__")) return [["input: Tensor", "other: number"]];
  const methods = (own(signatures.methods, op) ?? []).map((rest) => ["input: Tensor", ...rest]);
  return [...(own(signatures.functions, op) ?? []), ...methods];
}

/** Whether an argument, a place or a name, is one of PyTorch's Scalars in some overload: there 2 and 2.0 differ. */
export function isScalar(op: string, key: number | string): boolean {
  return overloadsOf(op).some((signature) => {
    const found = typeof key === "number" ? signature[key] : signature.find((text) => argumentOf(text).name === key);
    return found !== undefined && argumentOf(found).type.includes("number");
  });
}

/** Floats as plain numbers, deep. */
export function plain(value: unknown): unknown {
  if (value instanceof Float) return value.value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** Keyword arguments by this API's names. */
export function options(kwargs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [camelCase(key), plain(value)]));
}

/** The argument list of a call: positions, then an object with the names if there are any. */
export function argumentList({ args, kwargs }: Call): unknown[] {
  const front = args.map(plain);
  return Object.keys(kwargs).length === 0 ? front : [...front, options(kwargs)];
}

/**
 * A call with its integer-valued float Scalars made by `scalar`, because JavaScript cannot tell 2.0 from 2; null if there
 * are none.
 */
export function withTypedScalars(op: string, call: Call, scalar: (value: number) => unknown): Call | null {
  let some = false;
  const typed = (value: unknown, key: number | string): unknown => {
    if (!(value instanceof Float) || !Number.isInteger(value.value) || !isScalar(op, key)) return value;
    some = true;
    return scalar(value.value);
  };
  const args = call.args.map(typed);
  const kwargs = Object.fromEntries(Object.entries(call.kwargs).map(([key, value]) => [key, typed(value, key)]));
  return some ? { args, kwargs } : null;
}

/** A call of a module's forward with all arguments by position, gaps undefined; null where a name has no place. */
export function byPosition(module: string, { args, kwargs }: Call): Call | null {
  const names = (own(signatures.modules, module)?.forward ?? []).map((text) => argumentOf(text).name);
  const out = [...args];
  for (const [name, value] of Object.entries(kwargs)) {
    const place = names.indexOf(name);
    if (place < args.length) return null;
    out[place] = value;
  }
  return { args: Array.from(out), kwargs: {} };
}
