/** Functions that make tensors. Sizes go as `zeros(2, 3)` or `zeros([2, 3])`; options come last. */
import { type Args, dimList, readArgs, readShape, required, type ShapeArgs } from "./args.js";
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
const NAMES: ReadonlySet<string> = new Set([...RANDOM, "size", "start", "end", "step", "steps", "base", "mean", "std"]);

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
  const numbers = values.filter((value) => typeof value === "number" || typeof value === "boolean").map(Number);
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
/** Options of {@link linspace} and {@link logspace}. */
export interface SpaceOptions extends CreationOptions {
  /** The first value, or its exponent. */
  start?: number | TensorBase;
  /** The last one. */
  end?: number | TensorBase;
  /** How many. */
  steps?: number;
  /** What the exponents of {@link logspace} are of. Default 10. */
  base?: number;
}
const SPACE = ["start", "end", "steps"] as const;
const LOG_SPACE = [...SPACE, "base"] as const;
const value = (x: number | TensorBase): number => (isTensor(x) ? x.item() : (x as number));
function checkEnds(op: string, { start, end }: SpaceOptions): void {
  const [a, b] = [start, end].map((x) => (isTensor(x) ? x.ndim : 0));
  if (a !== 0 || b !== 0) {
    throw new ArgumentError(
      `${op} only supports 0-dimensional start and end tensors, but got start with ${a} dimension(s) and end with ${b} dimension(s).`,
      { op },
    );
  }
}

/** `steps` values from start to end, both included, evenly spaced. */
export function linspace(...args: Args<SpaceOptions, ["start", "end", "steps"]>): Tensor {
  const o = readArgs<SpaceOptions>("linspace", [...SPACE, ...CREATION], args);
  checkEnds("linspace", o);
  const [start, end] = [value(required("linspace", o, "start")), value(required("linspace", o, "end"))];
  return finish(native.linspace(start, end, required("linspace", o, "steps"), floating(o.dtype)), o);
}
/** `steps` powers of `base` (10), their exponents from start to end evenly spaced. */
export function logspace(...args: Args<SpaceOptions, ["start", "end", "steps", "base"]>): Tensor {
  const o = readArgs<SpaceOptions>("logspace", [...LOG_SPACE, ...CREATION], args);
  checkEnds("logspace", o);
  const [start, end] = [value(required("logspace", o, "start")), value(required("logspace", o, "end"))];
  return finish(native.logspace(start, end, required("logspace", o, "steps"), o.base ?? 10, floating(o.dtype)), o);
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

/** Integers from [low, high), or [0, high), with the shape and type of another tensor: `randintLike(x, 10)`. */
export function randintLike(
  x: TensorBase,
  ...args: [high: number, options?: RandomOptions] | [low: number, high: number, options?: RandomOptions]
): Tensor {
  const numbers = args.filter((arg) => typeof arg === "number");
  const o = args.find((arg) => typeof arg === "object") ?? {};
  const [first = 0, second] = numbers;
  const [low, high] = second === undefined ? [0, first] : [first, second];
  const code = optionalDtypeCode(o.dtype) ?? native.dtype(handleOf(x));
  return finish(native.randint(low, high, [...x.shape], code, generatorHandle(o.generator)), o);
}

/** Options of {@link normal}. */
export interface NormalTensorOptions extends RandomOptions {
  /** The mean of each element, or of all. Default 0. */
  mean?: number | TensorBase;
  /** The standard deviation of each element, or of all. Default 1. */
  std?: number | TensorBase;
  /** The shape, where neither is a tensor. */
  size?: readonly number[];
}
/** Normal variables: of tensors of means and deviations, or `normal(0, 1, [2, 3])`. */
export function normal(...args: Args<NormalTensorOptions, ["mean", "std", "size"]>): Tensor {
  const o = readArgs<NormalTensorOptions>("normal", ["mean", "std", "size", ...RANDOM], args);
  const { mean = 0, std = 1, size } = o;
  const g = generatorHandle(o.generator);
  if (size !== undefined) {
    const out = native.full([...size], 0, floating(o.dtype));
    native.normal_(out, value(mean), value(std), g);
    return finish(out, o);
  }
  const like = isTensor(mean) ? mean : (std as Tensor);
  if (!isTensor(like)) throw new ArgumentError("normal() missing required argument: 'size'", { op: "normal" });
  if (isTensor(std) && !(std.numel() === 0) && Number(native.item(native.min(handleOf(std)))) < 0) {
    throw new ArgumentError("normal expects all elements of std >= 0.0", { op: "normal" });
  }
  const sizes = isTensor(mean) && isTensor(std) ? native.shape(native.add(handleOf(mean), handleOf(std))) : like.shape;
  const dtype = native.dtype(handleOf(like));
  const out = native.full([...sizes], 0, dtype);
  const centre = isTensor(mean) ? native.detach(handleOf(mean)) : (mean as number);
  native.normal_(out, 0, isTensor(std) ? 1 : (std as number), g);
  const scaled = isTensor(std) ? native.mul(out, native.detach(handleOf(std))) : out;
  const values = native.to(native.add(scaled, centre), dtype, undefined, false);
  // What is drawn does not depend smoothly on its parameters: they get gradients of zero.
  const never = native.full([], false, dtypeCode("bool"));
  const parameters = [mean, std].filter(isTensor).filter((x) => x.requiresGrad);
  return finish(
    parameters.reduce((y, x) => native.where(never, handleOf(x), y), values),
    o,
  );
}

/** Options of {@link multinomial}. */
export interface MultinomialOptions {
  /** How many places to draw of each row. */
  numSamples?: number;
  /** Whether one may be drawn twice. Default false. */
  replacement?: boolean;
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator | null;
}
/** int64 places drawn in proportion to the weights of each row, [n] -> [k] or [rows, n] -> [rows, k]. */
export function multinomial(
  weights: TensorBase,
  ...args: Args<MultinomialOptions, ["numSamples", "replacement"]>
): Tensor {
  const o = readArgs<MultinomialOptions>("multinomial", ["numSamples", "replacement", "generator"], args);
  const k = required("multinomial", o, "numSamples");
  return wrap(native.multinomial(handleOf(weights), k, o.replacement ?? false, generatorHandle(o.generator)));
}

/** Unset values with these strides, in elements. */
export function emptyStrided(
  size: readonly number[],
  stride: readonly number[],
  options: CreationOptions = {},
): Tensor {
  const span = size.some((n) => n === 0) ? 0 : size.reduce((end, n, d) => end + (n - 1) * (stride[d] ?? 0), 1);
  const flat = native.empty([span], floating(options.dtype));
  return finish(native.asStrided(flat, [...size], [...stride]), options);
}
/** Unset values whose dimensions lie in memory in the given order, outermost first. */
export function emptyPermuted(
  size: readonly number[],
  physicalLayout: readonly number[],
  options: CreationOptions = {},
): Tensor {
  const wrong =
    physicalLayout.length !== size.length
      ? `Number of dimensions in size does not match the length of the physical_layout; i.e. len(size) = ${size.length} is not equal to len(physical_layout) = ${physicalLayout.length}`
      : physicalLayout.some((d) => !(d in size))
        ? `Dimension out of range (expected to be between 0 and ${size.length - 1}, but got [${physicalLayout.join(", ")}])`
        : new Set(physicalLayout).size !== size.length
          ? "Duplicate dim not allowed"
          : undefined;
  if (wrong !== undefined) throw new ArgumentError(wrong, { op: "emptyPermuted" });
  const base = native.empty(
    physicalLayout.map((d) => size[d] ?? 0),
    floating(options.dtype),
  );
  return finish(
    native.permute(
      base,
      size.map((_, d) => physicalLayout.indexOf(d)),
    ),
    options,
  );
}
/** A zero-dimensional tensor of one number. */
export function scalarTensor(number: Scalar, options: CreationOptions = {}): Tensor {
  return finish(native.full([], number, floating(options.dtype)), options);
}
/** The data as a tensor: a tensor of the right type and device stays what it is. */
export function asTensor(data: TensorData, options: CreationOptions = {}): Tensor {
  if (isTensor(data)) return data.to({ dtype: options.dtype ?? data.dtype, device: options.device ?? data.device });
  return tensor(data, options);
}

/** Options of {@link trilIndices} and {@link triuIndices}. */
export interface TriangleOptions extends CreationOptions {
  /** The number of rows. */
  row?: number;
  /** The number of columns. */
  col?: number;
  /** Which diagonal bounds the triangle. Default 0. */
  offset?: number;
}
type TriangleArgs = Args<TriangleOptions, ["row", "col", "offset"]>;
function triangle(op: string, args: TriangleArgs, lower: boolean): Tensor {
  const o = readArgs<TriangleOptions>(op, ["row", "col", "offset", ...CREATION], args);
  const all = native.triangleIndices(required(op, o, "row"), required(op, o, "col"), o.offset ?? 0, lower);
  return wrap(native.to(all, optionalDtypeCode(o.dtype), deviceName(o.device), false));
}
/** The row and column indices of the lower triangle of a matrix, int64 [2, count]. */
export function trilIndices(...args: TriangleArgs): Tensor {
  return triangle("trilIndices", args, true);
}
/** The row and column indices of the upper triangle of a matrix, int64 [2, count]. */
export function triuIndices(...args: TriangleArgs): Tensor {
  return triangle("triuIndices", args, false);
}
