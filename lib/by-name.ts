/**
 * Functions whose arguments may be given by position, by name, or both: `unsqueeze(x, 0)`, `unsqueeze(x, { dim: 0 })`,
 * `unsqueeze({ input: x, dim: 0 })`. The names are PyTorch's (signatures.ts). Calls by position pass straight through.
 */
import { isOptions } from "./args.js";
import { blame, type Call, checkStrings, refuseObject } from "./argument-types.js";
import { ArgumentError } from "./errors.js";
import { FUNCTIONS } from "./signatures.js";
import { describe, type TensorBase } from "./tensor/base.js";

/** An argument, as `name: type`; a star in front says that it goes by name only. */
export type Signature = readonly string[];

export type AnyFunction = (...args: never[]) => unknown;
type Loose = (...args: unknown[]) => unknown;

// ---- types

/** The names of the arguments that have a position. */
export type Names<S extends Signature> = S extends readonly [infer H, ...infer R extends Signature]
  ? H extends `*${string}`
    ? []
    : H extends `${infer N}: ${string}`
      ? [N, ...Names<R>]
      : []
  : [];

/** What of an argument's type is an object of options. */
type OptionsIn<T> = T extends object
  ? T extends
      | TensorBase
      | readonly unknown[]
      | ArrayBufferView
      | ((...args: never[]) => unknown)
      | { toString(): string; type: unknown }
    ? never
    : T
  : never;
type Value<T> = Exclude<T, OptionsIn<T>>;
type IsOptional<A extends readonly unknown[]> = A extends readonly [unknown, ...unknown[]] ? false : true;

/** All arguments by name. Arguments of any number have no name each. */
type AllNamed<A extends readonly unknown[], N extends readonly string[]> = A extends readonly []
  ? unknown
  : number extends A["length"]
    ? never
    : A extends readonly [(infer H)?, ...infer R]
      ? N extends readonly [infer K extends string, ...infer M extends readonly string[]]
        ? ([Exclude<Value<H>, undefined>] extends [never]
            ? OptionsIn<H>
            : IsOptional<A> extends true
              ? { [P in K]?: Value<H> | undefined }
              : { [P in K]: Value<H> }) &
            AllNamed<R, M>
        : OptionsIn<H>
      : never;

/** Arguments by position up to one, the others by name. */
type ByName<A extends readonly unknown[], N extends readonly string[]> = A extends unknown
  ? A extends readonly []
    ? never
    : number extends A["length"]
      ? never
      : N extends readonly [string, ...infer M extends readonly string[]]
        ? [options: AllNamed<A, N>] | (A extends readonly [(infer H)?, ...infer R] ? [H, ...ByName<R, M>] : never)
        : never
  : never;

/**
 * A function that also takes its arguments by name. It has one signature of all forms, so that functions of a list or of a
 * computed name can be called.
 */
export type Named<F extends AnyFunction, S extends Signature> = Forms<Parameters<F>, Names<S>, ReturnType<F>> &
  Source<F, S>;

/** The same for a generic function, or one of several signatures: these stay. */
export type NamedBeside<F extends AnyFunction, S extends Signature> = F &
  ByNameOnly<Parameters<F>, Names<S>, ReturnType<F>> &
  Source<F, S> & { /** @internal */ readonly [BESIDE]?: true };

/** All forms of a call. */
export type Forms<A extends readonly unknown[], N extends readonly string[], R> = (...args: A | ByName<A, N>) => R;
/** The forms with names. */
export type ByNameOnly<A extends readonly unknown[], N extends readonly string[], R> = [ByName<A, N>] extends [never]
  ? unknown
  : (...args: ByName<A, N>) => R;

/** What a function was made of. */
interface Source<F, S> {
  /** @internal */
  readonly [SOURCE]?: (f: F) => S;
}

/** The function that {@link byName} was given, or any other function itself. */
export type Bare<T> = T extends { readonly [SOURCE]?: (f: infer F extends AnyFunction) => unknown }
  ? F
  : T extends AnyFunction
    ? T
    : never;

/** Where the type of a function remembers what it was made of. */
export declare const SOURCE: unique symbol;
/** Where it remembers that its signatures stay. */
export declare const BESIDE: unique symbol;
/** The longest signature of an entry of a table. */
export type FirstOf<T, K> = K extends keyof T
  ? T[K] extends readonly [infer S extends Signature, ...unknown[]]
    ? S
    : []
  : never;

// ---- calls

/** The function behind one made by {@link byName}, which takes its arguments by position. */
export const positional = new WeakMap<Loose, Loose>();

/** Lets a function take its arguments by name too, and tells wrong types apart from faults inside. */
export function byName<K extends keyof typeof FUNCTIONS & string, F extends AnyFunction>(
  name: K,
  f: F,
): Named<F, FirstOf<typeof FUNCTIONS, K>> {
  const overloads: readonly Signature[] = FUNCTIONS[name];
  const op = name.slice(name.lastIndexOf(".") + 1);
  const run = f as unknown as Loose;
  // A switch on the number of arguments keeps the common calls free of rest arrays.
  const call: Loose = function (a?: unknown, b?: unknown, c?: unknown): unknown {
    // biome-ignore lint/complexity/noArguments: as above
    const all = arguments;
    if (all.length > 3 || !isPlain(a) || !isPlain(b) || !isPlain(c)) return guarded(op, overloads, run, [...all]);
    try {
      switch (all.length) {
        case 1:
          return run(a);
        case 2:
          return run(a, b);
        case 3:
          return run(a, b, c);
        default:
          return run();
      }
    } catch (error) {
      throw blame(op, overloads, { front: [...all], rest: {} }, error);
    }
  };
  Object.defineProperty(call, "name", { value: op });
  positional.set(call, run);
  return call as unknown as Named<F, FirstOf<typeof FUNCTIONS, K>>;
}

/** The same function under another name of PyTorch's, whose arguments may be called otherwise. */
export function alias<K extends keyof typeof FUNCTIONS & string, T>(
  name: K,
  f: T,
): Named<Bare<T>, FirstOf<typeof FUNCTIONS, K>> {
  return byName(name, (positional.get(f as Loose) ?? f) as Bare<T>);
}

/** Whether an argument needs no look: neither options nor a string. */
export function isPlain(x: unknown): boolean {
  return typeof x === "object" ? !isOptions(x) : typeof x !== "string" && typeof x !== "function";
}

/** {@link byName} for a generic function, or one of several signatures. */
export function byNameBeside<K extends keyof typeof FUNCTIONS & string, F extends AnyFunction>(
  name: K,
  f: F,
): NamedBeside<F, FirstOf<typeof FUNCTIONS, K>> {
  return byName(name, f) as unknown as NamedBeside<F, FirstOf<typeof FUNCTIONS, K>>;
}

/** Calls by whatever form of arguments. */
export function guarded(op: string, overloads: readonly Signature[], run: Loose, args: readonly unknown[]): unknown {
  const call = placed(op, overloads, args);
  checkStrings(op, overloads, call);
  try {
    return Object.keys(call.rest).length === 0 ? run(...call.front) : run(...call.front, call.rest);
  } catch (error) {
    throw blame(op, overloads, call, error);
  }
}

const nameOf = (text: string) => text.replace("*", "").split(": ", 1)[0] ?? "";

/** The arguments of a call with every name that has a position moved there; the others stay in an object behind. */
export function placed(op: string, overloads: readonly Signature[], args: readonly unknown[]): Call {
  const last = args.at(-1);
  if (!isOptions(last) || overloads.length === 0 || isValue(overloads, args.length - 1, last))
    return { front: args, rest: {} };
  const named = Object.entries(last).filter(([name, value]) => value !== undefined && !isForeign(op, name, value));
  const front = args.slice(0, -1);
  // Sizes may come one by one: then there are more values than names with a position.
  const fits = (signature: Signature) =>
    named.every(([name]) => {
      const place = signature.findIndex((text) => nameOf(text) === name);
      return place >= front.length || (place >= 0 && signature[place]?.startsWith("*"));
    });
  const signature = overloads.find(fits);
  if (signature === undefined)
    throw unexpected(
      op,
      overloads,
      front.length,
      named.map(([name]) => name),
    );
  const rest = Object.fromEntries(named);
  const out: unknown[] = [...front];
  let behind = front.length;
  signature.forEach((text, i) => {
    const name = nameOf(text);
    if (text.startsWith("*") || !(name in rest)) return;
    refuseObject(op, text, i, rest[name]);
    out[i] = rest[name];
    behind = i + 1;
    delete rest[name];
  });
  return { front: Array.from({ length: behind }, (_, i) => out[i]), rest };
}

/** Whether a plain object is itself an argument, as a state dict is, and not options. */
function isValue(overloads: readonly Signature[], place: number, last: object): boolean {
  return overloads.some((signature) => {
    const names = signature.map(nameOf);
    return signature[place]?.endsWith(": object") && !Object.keys(last).some((name) => names.includes(name));
  });
}

/** Arguments that say nothing here, with the values that ask for nothing. */
const FOREIGN: Readonly<Record<string, readonly unknown[]>> = {
  layout: [null, "strided"],
  pinMemory: [null, false],
  memoryFormat: [null, "preserve_format", "contiguous_format"],
  out: [null],
};

/** Whether an argument can be left out. Errors: it asks for what is not there. */
function isForeign(op: string, name: string, value: unknown): boolean {
  const idle = Object.hasOwn(FOREIGN, name) ? FOREIGN[name] : undefined;
  if (idle === undefined || idle.includes(value)) return idle !== undefined;
  throw new ArgumentError(`${op}: ${name} is not supported, received ${describe(value)}; leave it out`, { op });
}

function unexpected(
  op: string,
  overloads: readonly Signature[],
  count: number,
  names: readonly string[],
): ArgumentError {
  for (const name of names) {
    const places = overloads.map((signature) => signature.map(nameOf).indexOf(name)).filter((place) => place >= 0);
    if (places.length === 0) {
      const known = [...new Set(overloads.flat().map(nameOf))].join(", ");
      return new ArgumentError(`${op}() got an unexpected keyword argument '${name}' (it takes ${known})`, { op });
    }
    if (places.every((place) => place < count)) {
      return new ArgumentError(`${op}() got multiple values for argument '${name}'`, { op });
    }
  }
  return new ArgumentError(`${op}() takes no arguments ${names.join(", ")} together`, { op });
}
