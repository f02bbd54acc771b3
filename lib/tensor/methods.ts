/**
 * How functions become methods: `x.f(...)` is `f(x, ...)`. A module of ops/ whose functions all take a tensor first gives Tensor
 * its methods, documentation included, without a second declaration of each.
 */
import { blame } from "../argument-types.js";
import { guarded, isPlain, positional } from "../by-name.js";
import type { AnyFunction, BESIDE, ByNameOnly, FirstOf, Forms, Names, Signature, SOURCE } from "../by-name-types.js";
import { native } from "../native.js";
import { FUNCTIONS, METHODS } from "../signatures.js";
import type { Tensor } from "../tensor.js";
import { handleOf, setHandle, type TensorBase, wrap } from "./base.js";

type Tail<A extends readonly unknown[]> = A extends readonly [unknown, ...infer R] ? R : [];
type Table = typeof METHODS;

/** A function without its first argument, which also goes by the names of method K. */
export type Method<T, K> = T extends {
  readonly [SOURCE]?: (f: infer F extends AnyFunction) => infer S extends Signature;
}
  ? typeof BESIDE extends keyof T
    ? Unbound<F> & ByNameOnly<Tail<Parameters<F>>, MethodNames<K, S>, ReturnType<F>>
    : Forms<Tail<Parameters<F>>, MethodNames<K, S>, ReturnType<F>>
  : T extends AnyFunction
    ? Forms<Tail<Parameters<T>>, MethodNames<K, []>, ReturnType<T>>
    : never;
type MethodNames<K, S extends Signature> = Names<K extends keyof Table ? FirstOf<Table, K> : Tail<S>>;

/** A function without its first argument; both signatures of one that has two. */
type Unbound<F> = F extends {
  (x: TensorBase, ...rest: infer A): infer R;
  (x: TensorBase, ...rest: infer B): infer S;
}
  ? [A, B] extends [B, A]
    ? (...rest: B) => S
    : { (...rest: A): R; (...rest: B): S }
  : F extends (x: TensorBase, ...rest: infer A) => infer R
    ? (...rest: A) => R
    : never;

/** The methods that a module of functions gives. */
export type Methods<M> = { [K in keyof M]: Method<M[K], K> };

/** The methods that change the tensor in place: the name with an underscore, the same arguments, the tensor itself back. */
export type InPlace<M, K extends keyof M & string> = { [P in K as `${P}_`]: Method<M[P], P> };

type Loose = (...args: unknown[]) => unknown;

/** Adds one method; `run` takes the tensor first, then arguments by position. */
function define(proto: object, name: string, run: Loose): void {
  const own = signaturesOf(name);
  const slow = (self: unknown, args: unknown[]) => guarded(name, own, (...list) => run(self, ...list), args);
  const method = function (this: unknown, a?: unknown, b?: unknown): unknown {
    // biome-ignore lint/complexity/noArguments: a rest array would be allocated at every call
    const all = arguments;
    if (all.length > 2 || !isPlain(a) || !isPlain(b)) return slow(this, [...all]);
    try {
      switch (all.length) {
        case 1:
          return run(this, a);
        case 2:
          return run(this, a, b);
        default:
          return run(this);
      }
    } catch (error) {
      throw blame(name, own, { front: [...all], rest: {} }, error);
    }
  };
  Object.defineProperty(method, "name", { value: name });
  Object.defineProperty(proto, name, { value: method, writable: true, configurable: true, enumerable: false });
}

/** The arguments of a method: its own, else those of the function behind the first; of `add_` those of `add`. */
function signaturesOf(name: string): readonly Signature[] {
  const own: Readonly<Record<string, readonly Signature[]>> = METHODS;
  const functions: Readonly<Record<string, readonly Signature[]>> = FUNCTIONS;
  const found = own[name] ?? functions[name]?.map((signature) => signature.slice(1));
  return found ?? (name.endsWith("_") ? signaturesOf(name.slice(0, -1)) : []);
}

/** A function that takes its arguments by position. */
const plain = (f: unknown): Loose => positional.get(f as Loose) ?? (f as Loose);

/** Adds the functions of a module to a prototype. */
export function installMethods(proto: object, functions: object): void {
  for (const [name, f] of Object.entries(functions)) define(proto, name, plain(f));
}

/** Lets the methods that a class declares itself take their arguments by name. */
export function nameMethods(proto: object, names: readonly string[]): void {
  for (const name of names) {
    const method = Reflect.get(proto, name) as Loose;
    define(proto, name, (self, ...rest) => Reflect.apply(method, self, rest));
  }
}

/** Adds the in-place form of functions: the result is computed into a new tensor, then copied into this one with its history. */
export function installInPlace<M extends object>(
  proto: object,
  functions: M,
  names: readonly (keyof M & string)[],
): void {
  for (const name of names) {
    const f = plain(functions[name]);
    define(proto, `${name}_`, (self, ...rest) => {
      const x = self as Tensor;
      const before = wrap(native.beforeOverwrite(handleOf(x)));
      native.overwrite(handleOf(x), handleOf(f(before, ...rest) as Tensor));
      return x;
    });
  }
}

/** Adds the in-place form of views: the tensor becomes the view of what it was. */
export function installViewsInPlace<M extends object>(
  proto: object,
  functions: M,
  names: readonly (keyof M & string)[],
): void {
  for (const name of names) {
    const f = plain(functions[name]);
    define(proto, `${name}_`, (self, ...rest) => {
      const x = self as Tensor;
      native.checkInPlace(handleOf(x));
      setHandle(x, handleOf(f(x, ...rest) as Tensor));
      return x;
    });
  }
}
