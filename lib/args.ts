/**
 * The one normaliser of arguments: PyTorch's positional order, and the last argument may be an options object with the
 * rest by name.
 */
import { checkOption } from "./argument-types.js";
import { ArgumentError } from "./errors.js";
import { describe, isTensor } from "./tensor/base.js";

/**
 * The type of such an argument list: any number of leading values of the options `O` in the order `K`, then perhaps an
 * object with the rest. `Args<{ dim?: number; keepdim?: boolean }, ["dim", "keepdim"]>` accepts `()`, `(1)`, `(1, true)`,
 * `({ dim: 1 })` and `(1, { keepdim: true })`.
 */
export type Args<O, K extends readonly (keyof O)[]> = K extends readonly [
  infer H extends keyof O,
  ...infer R extends readonly (keyof O)[],
]
  ? [] | [options: O] | [value: O[H], ...rest: Args<O, R>]
  : [] | [options: O];

/** As {@link Args}, with the first `N` arguments required by position or by name. */
export type Required1<O, K1 extends keyof O, K extends readonly (keyof O)[]> =
  | [options: O & { [P in K1]-?: O[P] }]
  | [value: NonNullable<O[K1]> | Extract<O[K1], null>, ...rest: Args<O, K>];

/**
 * As {@link Args}, with the arguments `R` of the names in front required by position or by name: `RequiredArgs<All, ["inChannels"], ["bias"]>`
 * accepts `(3)`, `(3, true)`, `(3, { bias: true })` and `({ inChannels: 3 })`.
 */
export type RequiredArgs<O, R extends readonly (keyof O)[], K extends readonly (keyof O)[]> = R extends readonly [
  infer H extends keyof O,
  ...infer T extends readonly (keyof O)[],
]
  ? [options: Pick<O, R[number]> & Partial<O>] | [value: O[H], ...rest: RequiredArgs<O, T, K>]
  : Args<Partial<O>, K>;

/**
 * A first argument of the name K that must be given, then the rest `R`; or all of them in an object: `new SGD(params, { lr })` and
 * `new SGD({ params, lr })`.
 */
export type From<K extends string, T, R extends readonly unknown[], O> =
  | [first: T, ...rest: R]
  | [options: O & { [P in K]: T }];

/** Reads {@link From}: the first argument, and the others as they came. */
export function leading<K extends string, T, R extends readonly unknown[], O>(
  name: K,
  args: From<K, T, R, O>,
): [first: T, rest: R] {
  const [first, ...rest] = args as [first: T, ...rest: R];
  if (rest.length > 0 || !isOptions(first) || !(name in first)) return [first, rest as unknown as R];
  const { [name]: value, ...others } = first as Record<string, unknown>;
  return [value as T, [others] as unknown as R];
}

/** Whether a value is an options object and not a tensor, a module, an array, ... */
export function isOptions(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const proto: unknown = Object.getPrototypeOf(value);
  return proto === Object.prototype || proto === null;
}

/**
 * Reads an argument list into an options object.
 * Errors: unknown names, a value given twice, too many values.
 */
export function readArgs<O extends object>(
  op: string,
  names: readonly (keyof O & string)[],
  args: readonly unknown[],
): Partial<O> {
  const last = args.at(-1);
  const named = isOptions(last) ? last : undefined;
  const count = named === undefined ? args.length : args.length - 1;
  if (count > names.length) {
    throw new ArgumentError(`${op}() takes at most ${names.length} positional arguments but ${count} were given`, {
      op,
    });
  }
  const out: Record<string, unknown> = {};
  for (let i = 0; i < count; i++) {
    const name = names[i];
    if (name !== undefined && args[i] !== undefined) out[name] = args[i];
  }
  if (named !== undefined) {
    for (const [name, value] of Object.entries(named)) {
      if (!(names as readonly string[]).includes(name)) {
        throw new ArgumentError(`${op}() got an unexpected keyword argument '${name}' (it takes ${names.join(", ")})`, {
          op,
        });
      }
      if (name in out) throw new ArgumentError(`${op}() got multiple values for argument '${name}'`, { op });
      if (value !== undefined) out[name] = value;
    }
  }
  for (const name in out) checkOption(op, name, out[name]);
  return out as Partial<O>;
}

/** The value of a required argument. Errors: it is missing. */
export function required<O extends object, K extends keyof O & string>(
  op: string,
  options: Partial<O>,
  name: K,
): Exclude<O[K], undefined> {
  const value = options[name];
  if (value === undefined) throw new ArgumentError(`${op}() missing required argument: '${name}'`, { op });
  return value as Exclude<O[K], undefined>;
}

/** Sizes, as `zeros(2, 3)` or `zeros([2, 3])`, with perhaps an options object behind. */
export type ShapeArgs<O> =
  | [...sizes: number[]]
  | [...sizes: [...number[], O]]
  | [shape: readonly number[], options?: O]
  | [options: O & { size: readonly number[] }];

/** Splits {@link ShapeArgs}. Errors: sizes that are no integers. */
export function readShape<O extends object>(
  op: string,
  names: readonly (keyof O & string)[],
  args: readonly unknown[],
): [shape: number[], options: Partial<O>] {
  const last = args.at(-1);
  const named = isOptions(last) ? [last] : [];
  const front = named.length > 0 ? args.slice(0, -1) : args;
  const [first] = front;
  const listed = Array.isArray(first);
  const sizes: readonly unknown[] = listed ? first : front;
  if (listed && front.length > 1) {
    throw new ArgumentError(`${op}: expected sizes or one array of sizes, received both`, { op });
  }
  return [intList(op, "size", sizes), readArgs<O>(op, names, named)];
}

/** Checks a list of integers. Errors: a member that is no integer. */
export function intList(op: string, name: string, values: readonly unknown[]): number[] {
  const out: number[] = [];
  for (const value of values) {
    if (typeof value !== "number" || !Number.isInteger(value)) {
      throw new ArgumentError(`${op}: expected ${name} to be integers, received ${describe(value)}`, { op });
    }
    out.push(value);
  }
  return out;
}

/** One number or a list, where PyTorch takes int-or-tuple; `undefined` and null stay away. */
export function dimList(dim: number | readonly number[] | null | undefined): number[] | null {
  if (dim === null || dim === undefined) return null;
  if (isTensor(dim)) return [dim.item()];
  if (typeof dim === "number") return [dim];
  if (Array.isArray(dim)) return [...dim];
  throw new ArgumentError(`expected dim to be an integer or a list of integers, received ${describe(dim)}`);
}

/** The dimension of `f(x, dim)` and `f(x, { dim })`, or `otherwise` where there is none. */
export function dimOf<D extends number | readonly number[] | null, E extends D | undefined = undefined>(
  dim: D | { readonly dim?: D } | undefined,
  otherwise?: E,
): D | E {
  const given = isOptions(dim) ? (dim as { readonly dim?: D }).dim : (dim as D | undefined);
  return given === undefined ? (otherwise as E) : given;
}

/** Sizes or dimensions: `(2, 3)` or `([2, 3])`. */
export type IntArgs = number[] | [readonly number[]];

/** Reads {@link IntArgs}. Errors: what is no integer. */
export function readInts(op: string, args: IntArgs): number[] {
  const [first] = args;
  return intList(op, "sizes and dimensions", Array.isArray(first) ? first : (args as number[]));
}
