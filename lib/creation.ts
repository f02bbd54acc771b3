/** Functions that make tensors. Sizes go as `zeros(2, 3)` or `zeros([2, 3])`; options come last. */
import { dimList, type Required1, readArgs, readShape, required, type ShapeArgs } from "./args.js";
import { type DeviceLike, deviceName } from "./device.js";
import { type DType, dtypeCode, dtypeOfArray, getDefaultDtype, optionalDtypeCode } from "./dtype.js";
import { ArgumentError, DTypeError, ShapeError } from "./errors.js";
import { native, type TensorHandle } from "./native.js";
import { type Generator, generatorHandle } from "./random.js";
import { describe, handleOf, isTensor, type Scalar, type TensorBase, TypedScalar, wrap } from "./tensor/base.js";
import type { Tensor } from "./tensor.js";

/** Options of every function that makes a tensor. */
export interface CreationOptions {
  /** The element type. Default: the default type, or as the function says. */
  dtype?: DType | null;
  /** The device. Default: the CPU. */
  device?: DeviceLike | null;
  /** Whether operations on the tensor are recorded. Default false. */
  requiresGrad?: boolean;
}

/** Options of random creation. */
export interface RandomOptions extends CreationOptions {
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator | null;
}

const CREATION = ["dtype", "device", "requiresGrad"] as const;
const RANDOM = ["dtype", "device", "requiresGrad", "generator"] as const;
/** What options may be called, those that say the size or the range by name included. */
const NAMES: ReadonlySet<string> = new Set([...RANDOM, "size", "start", "end", "step"]);

/** Moves and marks a new tensor as its options say. */
function finish(handle: TensorHandle, o: CreationOptions): Tensor {
  for (const name in o) {
    if (!NAMES.has(name)) throw new ArgumentError(`got an unexpected keyword argument '${name}'`);
  }
  const device = deviceName(o.device);
  const placed = device === undefined || device === "cpu" ? handle : native.to(handle, undefined, device, false);
  if (o.requiresGrad === true) native.setRequiresGrad(placed, true);
  return wrap(placed);
}

function floating(dtype: DType | null | undefined): number {
  return dtypeCode(dtype ?? getDefaultDtype());
}

// ---- from data

/** Nested arrays of numbers, booleans or bigints, all rows of one length; or a typed array. */
export type TensorData =
  | number
  | bigint
  | boolean
  | readonly TensorData[]
  | Float32Array
  | Float64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | BigInt64Array
  | TensorBase;

/**
 * A tensor of the given values. Numbers get the default type (float32), bigints int64, booleans bool, typed arrays their
 * own; `dtype` overrides. Tensors inside an array must have one element.
 * Errors: rows of different lengths; a fraction in an integer tensor.
 */
export function tensor(data: TensorData, options: CreationOptions = {}): Tensor {
  if (isTensor(data))
    return finish(native.to(native.detach(handleOf(data)), optionalDtypeCode(options.dtype), undefined, true), options);
  if (ArrayBuffer.isView(data)) return fromArray(data, [data.length], options);
  const shape: number[] = [];
  const flat: (number | bigint | boolean)[] = [];
  let [hasNumber, hasBigint] = [false, false];
  const walk = (value: TensorData, depth: number): void => {
    if (Array.isArray(value) || (ArrayBuffer.isView(value) && !isTensor(value))) {
      const items: readonly TensorData[] = Array.isArray(value)
        ? value
        : Array.from<number | bigint>(value as Iterable<number>);
      if (shape.length === depth) {
        if (flat.length > 0) throw ragged(depth);
        shape.push(items.length);
      } else if (shape[depth] !== items.length) throw ragged(depth, shape[depth], items.length);
      for (const item of items) walk(item, depth + 1);
      return;
    }
    if (depth !== shape.length) throw ragged(depth);
    const element = isTensor(value) ? native.item(handleOf(value)) : value;
    if (typeof element === "bigint") hasBigint = true;
    else if (typeof element === "number") hasNumber = true;
    else if (typeof element !== "boolean") {
      throw new ArgumentError(
        `tensor: expected numbers, booleans or nested arrays of them, received ${describe(element)}`,
        { op: "tensor" },
      );
    }
    flat.push(element);
  };
  walk(data, 0);
  const own: DType = hasNumber || flat.length === 0 ? getDefaultDtype() : hasBigint ? "int64" : "bool";
  return fromFlat(flat, shape, options.dtype ?? own, options);
}

function ragged(depth: number, expected?: number, got?: number): ShapeError {
  const what = expected === undefined ? "" : ` of length ${expected} at dim ${depth} (got ${got})`;
  return new ShapeError(`expected sequence${what || ` of one depth at dim ${depth}`}`, { op: "tensor" });
}

function fromFlat(
  flat: readonly (number | bigint | boolean)[],
  shape: number[],
  dtype: DType,
  o: CreationOptions,
): Tensor {
  if (dtype === "int64")
    return finish(native.fromTypedArray(BigInt64Array.from(flat, toBigInt), shape, dtypeCode(dtype)), o);
  if (dtype === "bool")
    return finish(
      native.fromTypedArray(
        Uint8Array.from(flat, (v) => (v ? 1 : 0)),
        shape,
        9,
      ),
      o,
    );
  const floats = dtype === "float32" ? Float32Array.from(flat, Number) : Float64Array.from(flat, Number);
  if (dtype.startsWith("int") || dtype === "uint8") for (const v of floats) checkInteger(v, dtype);
  return finish(native.fromTypedArray(floats, shape, dtypeCode(dtype)), o);
}

function toBigInt(value: number | bigint | boolean): bigint {
  if (typeof value === "number") checkInteger(value, "int64");
  return BigInt(value);
}

function checkInteger(value: number, dtype: DType): void {
  if (Number.isInteger(value)) return;
  throw new DTypeError(`tensor: expected integers for ${dtype}, received ${value}; use trunc() or another dtype`, {
    op: "tensor",
  });
}

type ArrayData = Exclude<TensorData, number | bigint | boolean | TensorBase | readonly TensorData[]>;

function fromArray(data: ArrayData, shape: number[], o: CreationOptions): Tensor {
  const own = dtypeOfArray(data);
  return finish(native.fromTypedArray(data, shape, optionalDtypeCode(o.dtype ?? own)), o);
}

/** A tensor of a shape from a typed array, row-major; the elements are copied. */
export function fromTypedArray(data: ArrayData, shape: readonly number[], options: CreationOptions = {}): Tensor {
  return fromArray(data, [...shape], options);
}

/** A number with a fixed element type, for operands: `x.mul(scalar(2, "float32"))`. */
export function scalar(value: number, dtype: DType): TypedScalar {
  return new TypedScalar(value, dtypeCode(dtype));
}

// ---- filled

/** Zeros. */
export function zeros(...args: ShapeArgs<CreationOptions>): Tensor {
  const [shape, o] = readShape<CreationOptions>("zeros", CREATION, args);
  return finish(native.full(shape, 0, floating(o.dtype)), o);
}
/** Ones. */
export function ones(...args: ShapeArgs<CreationOptions>): Tensor {
  const [shape, o] = readShape<CreationOptions>("ones", CREATION, args);
  return finish(native.full(shape, 1, floating(o.dtype)), o);
}
/** Values that are whatever the memory held. */
export function empty(...args: ShapeArgs<CreationOptions>): Tensor {
  const [shape, o] = readShape<CreationOptions>("empty", CREATION, args);
  return finish(native.empty(shape, floating(o.dtype)), o);
}
/** One value everywhere: a number gives the default type, a bigint int64, a boolean bool. */
export function full(size: number | readonly number[], value: Scalar, options: CreationOptions = {}): Tensor {
  if (value === null || value === undefined) throw new ArgumentError("full() missing required argument: 'value'");
  return finish(native.full(dimList(size) ?? [], value, fillType(value, options.dtype)), options);
}

function fillType(value: Scalar, dtype: DType | null | undefined): number {
  if (dtype !== undefined && dtype !== null) return dtypeCode(dtype);
  if (typeof value === "bigint") return dtypeCode("int64");
  if (typeof value === "boolean") return dtypeCode("bool");
  return typeof value === "number" ? floating(undefined) : value.dtype;
}

/** Zeros with the shape and type of another tensor. */
export function zerosLike(x: TensorBase, options: CreationOptions = {}): Tensor {
  return finish(native.fullLike(handleOf(x), 0, optionalDtypeCode(options.dtype)), options);
}
/** Ones with the shape and type of another tensor. */
export function onesLike(x: TensorBase, options: CreationOptions = {}): Tensor {
  return finish(native.fullLike(handleOf(x), 1, optionalDtypeCode(options.dtype)), options);
}
/** One value everywhere, with the shape and type of another tensor. */
export function fullLike(x: TensorBase, value: Scalar, options: CreationOptions = {}): Tensor {
  return finish(native.fullLike(handleOf(x), value, optionalDtypeCode(options.dtype)), options);
}
/** Unset values with the shape and type of another tensor. */
export function emptyLike(x: TensorBase, options: CreationOptions = {}): Tensor {
  return finish(native.emptyLike(handleOf(x), optionalDtypeCode(options.dtype)), options);
}

type ArangeOptions = CreationOptions | (CreationOptions & { start?: number; end: number; step?: number });

/** The arguments of {@link arange}. */
export type ArangeArgs =
  | [options: CreationOptions & { start?: number; end: number; step?: number }]
  | [end: number, options?: CreationOptions]
  | [start: number, end: number, options?: CreationOptions]
  | [start: number, end: number, step: number, options?: CreationOptions];

/** start, start + step, ... below end. Integer-valued arguments give int64. `arange(5)`, `arange(1, 2, 0.25)`. */
export function arange(...args: ArangeArgs): Tensor {
  const values: readonly (number | ArangeOptions | undefined)[] = args;
  const numbers = values.filter((value) => typeof value === "number");
  const [o = {}] = values.filter((value) => typeof value === "object");
  if ("end" in o)
    return arange(o.start ?? numbers[0] ?? 0, o.end, o.step ?? 1, {
      dtype: o.dtype,
      device: o.device,
      requiresGrad: o.requiresGrad ?? false,
    });
  const [first, second, step = 1] = numbers;
  if (first === undefined) throw new ArgumentError("arange() missing required argument: 'end'", { op: "arange" });
  const [start, end] = second === undefined ? [0, first] : [first, second];
  const own: DType = [start, end, step].every(Number.isInteger) ? "int64" : getDefaultDtype();
  return finish(native.arange(start, end, step, dtypeCode(o.dtype ?? own)), o);
}
/** `steps` values from start to end, both included, evenly spaced. */
export function linspace(start: number, end: number, steps: number, options: CreationOptions = {}): Tensor {
  return finish(native.linspace(start, end, steps, floating(options.dtype)), options);
}
/** The identity matrix [n, m]; m defaults to n. */
export function eye(n: number, m?: number | CreationOptions, options: CreationOptions = {}): Tensor {
  const o = typeof m === "object" ? m : options;
  return finish(native.eye(n, typeof m === "number" ? m : n, floating(o.dtype)), o);
}

// ---- random

/** Uniform on [0, 1). */
export function rand(...args: ShapeArgs<RandomOptions>): Tensor {
  const [shape, o] = readShape<RandomOptions>("rand", RANDOM, args);
  return finish(native.rand(shape, floating(o.dtype), generatorHandle(o.generator)), o);
}
/** Normal with mean 0 and variance 1. */
export function randn(...args: ShapeArgs<RandomOptions>): Tensor {
  const [shape, o] = readShape<RandomOptions>("randn", RANDOM, args);
  return finish(native.randn(shape, floating(o.dtype), generatorHandle(o.generator)), o);
}
/** Integers from [0, high) or [low, high): `randint(10, [3])`, `randint(0, 10, [3])`. int64 unless told. */
export function randint(high: number, size: readonly number[], options?: RandomOptions): Tensor;
export function randint(low: number, high: number, size: readonly number[], options?: RandomOptions): Tensor;
export function randint(
  first: number,
  second: number | readonly number[],
  third?: readonly number[] | RandomOptions,
  fourth: RandomOptions = {},
): Tensor {
  const short = typeof second !== "number";
  const size: readonly number[] | RandomOptions | undefined = short ? second : third;
  if (!Array.isArray(size)) throw new ArgumentError("randint: expected an array of sizes", { op: "randint" });
  const o: RandomOptions = short ? ((third as RandomOptions | undefined) ?? {}) : fourth;
  const [low, high] = short ? [0, first] : [first, second];
  return finish(native.randint(low, high, [...size], dtypeCode(o.dtype ?? "int64"), generatorHandle(o.generator)), o);
}
/** A random order of 0 ... n-1, int64 unless told. */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  return finish(native.randperm(n, dtypeCode(options.dtype ?? "int64"), generatorHandle(options.generator)), options);
}
/** Uniform on [0, 1) with the shape and type of another tensor. */
export function randLike(x: TensorBase, options: RandomOptions = {}): Tensor {
  return finish(
    native.randLike(handleOf(x), optionalDtypeCode(options.dtype), generatorHandle(options.generator)),
    options,
  );
}
/** Standard normal with the shape and type of another tensor. */
export function randnLike(x: TensorBase, options: RandomOptions = {}): Tensor {
  return finish(
    native.randnLike(handleOf(x), optionalDtypeCode(options.dtype), generatorHandle(options.generator)),
    options,
  );
}
/** 1 with the probability that the element of `p` says, else 0. */
export function bernoulli(p: TensorBase, options: { generator?: Generator | null } = {}): Tensor {
  return wrap(native.bernoulli(handleOf(p), generatorHandle(options.generator)));
}

/** Options of {@link multinomial}. */
export interface MultinomialOptions {
  /** How many indices to draw. Required, here or by position. */
  numSamples?: number;
  /** Whether an index may come again. Default false. */
  replacement?: boolean;
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator | null;
}

/**
 * Indices of `weights`, [n] or [rows, n], each drawn in proportion to its weight: int64 [numSamples] or [rows, numSamples].
 * Errors: weights below 0 or not finite, or all 0; more draws than weights without replacement.
 */
export function multinomial(
  weights: TensorBase,
  ...rest: Required1<MultinomialOptions, "numSamples", ["replacement", "generator"]>
): Tensor {
  const o = readArgs<MultinomialOptions>("multinomial", ["numSamples", "replacement", "generator"], rest);
  const count = required("multinomial", o, "numSamples");
  return wrap(native.multinomial(handleOf(weights), count, o.replacement ?? false, generatorHandle(o.generator)));
}
