/**
 * How functions become methods: `x.f(...)` is `f(x, ...)`. A module of ops/ whose functions all take a tensor first gives Tensor
 * its methods, documentation included, without a second declaration of each.
 */
import { native } from "../native.js";
import type { Tensor } from "../tensor.js";
import { handleOf, setHandle, type TensorBase, wrap } from "./base.js";

/** A function without its first argument; both signatures of one that has two. */
export type Method<F> = F extends {
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
export type Methods<M> = { [K in keyof M]: Method<M[K]> };

/** The methods that change the tensor in place: the name with an underscore, the same arguments, the tensor itself back. */
export type InPlace<M, K extends keyof M & string> = {
  [P in K as `${P}_`]: M[P] extends (x: TensorBase, ...rest: infer A) => unknown ? (...rest: A) => Tensor : never;
};

type AnyFunction = (x: TensorBase, ...rest: unknown[]) => unknown;

function define(proto: object, name: string, value: (this: Tensor, ...rest: unknown[]) => unknown): void {
  Object.defineProperty(value, "name", { value: name });
  Object.defineProperty(proto, name, { value, writable: true, configurable: true, enumerable: false });
}

/** Adds the functions of a module to a prototype. */
export function installMethods(proto: object, functions: object): void {
  for (const [name, f] of Object.entries(functions) as [string, AnyFunction][]) {
    define(proto, name, function (...rest) {
      return f(this, ...rest);
    });
  }
}

/** Adds the in-place form of functions: the result is computed beside and written over, with its history. */
export function installInPlace<M extends object>(
  proto: object,
  functions: M,
  names: readonly (keyof M & string)[],
): void {
  for (const name of names) {
    const f = functions[name] as AnyFunction;
    define(proto, `${name}_`, function (...rest) {
      const before = wrap(native.beforeOverwrite(handleOf(this)));
      native.overwrite(handleOf(this), handleOf(f(before, ...rest) as Tensor));
      return this;
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
    const f = functions[name] as AnyFunction;
    define(proto, `${name}_`, function (...rest) {
      native.checkInPlace(handleOf(this));
      setHandle(this, handleOf(f(this, ...rest) as Tensor));
      return this;
    });
  }
}
