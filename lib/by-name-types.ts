/** The types of functions whose arguments may be given by name (by-name.ts). */
import type { TensorBase } from "./tensor/base.js";

/** An argument, as `name: type`; a star in front says that it goes by name only. */
export type Signature = readonly string[];

export type AnyFunction = (...args: never[]) => unknown;

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
  Source<F, S> & { readonly [BESIDE]?: true };

/** All forms of a call. */
export type Forms<A extends readonly unknown[], N extends readonly string[], R> = (...args: A | ByName<A, N>) => R;
/** The forms with names. */
export type ByNameOnly<A extends readonly unknown[], N extends readonly string[], R> = [ByName<A, N>] extends [never]
  ? unknown
  : (...args: ByName<A, N>) => R;

/** What a function was made of. */
interface Source<F, S> {
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
