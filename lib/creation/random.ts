/** Random tensors. */

import { type Args, readArgs, readShape, required, type ShapeArgs } from "../args.js";
import { byName, byNameBeside } from "../by-name.js";
import { dtypeCode, optionalDtypeCode } from "../dtype.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { type Generator, generatorHandle } from "../random.js";
import { handleOf, isTensor, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { finish, floating, numberOf, RANDOM, type RandomOptions } from "./options.js";

/** Uniform on [0, 1). */
export const rand = byName("rand", (...args: ShapeArgs<RandomOptions>): Tensor => {
  const [shape, o] = readShape<RandomOptions>("rand", RANDOM, args);
  return finish(native.rand(shape, floating(o.dtype), generatorHandle(o.generator)), o);
});
/** Normal with mean 0 and variance 1. */
export const randn = byName("randn", (...args: ShapeArgs<RandomOptions>): Tensor => {
  const [shape, o] = readShape<RandomOptions>("randn", RANDOM, args);
  return finish(native.randn(shape, floating(o.dtype), generatorHandle(o.generator)), o);
});
function randintOf(high: number, options: RandomOptions & { size: readonly number[] }): Tensor;
function randintOf(high: number, size: readonly number[], options?: RandomOptions): Tensor;
function randintOf(low: number, high: number, size: readonly number[], options?: RandomOptions): Tensor;
function randintOf(
  first: number,
  second?: number | readonly number[] | RandomOptions,
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
/** Integers from [0, high) or [low, high): `randint(10, [3])`, `randint(0, 10, [3])`. int64 unless told. */
export const randint = byNameBeside("randint", randintOf);
/** A random order of 0 ... n-1, int64 unless told. */
export const randperm = byName(
  "randperm",
  (n: number, options: RandomOptions = {}): Tensor =>
    finish(native.randperm(n, dtypeCode(options.dtype ?? "int64"), generatorHandle(options.generator)), options),
);
/** Uniform on [0, 1) with the shape and type of another tensor. */
export const randLike = byName(
  "randLike",
  (x: TensorBase, options: RandomOptions = {}): Tensor =>
    finish(native.randLike(handleOf(x), optionalDtypeCode(options.dtype), generatorHandle(options.generator)), options),
);
/** Standard normal with the shape and type of another tensor. */
export const randnLike = byName(
  "randnLike",
  (x: TensorBase, options: RandomOptions = {}): Tensor =>
    finish(
      native.randnLike(handleOf(x), optionalDtypeCode(options.dtype), generatorHandle(options.generator)),
      options,
    ),
);
/** 1 with the probability that the element of `p` says, else 0. */
export const bernoulli = byName(
  "bernoulli",
  (p: TensorBase, options: { generator?: Generator | null } = {}): Tensor =>
    wrap(native.bernoulli(handleOf(p), generatorHandle(options.generator))),
);

/** Integers from [low, high), or [0, high), with the shape and type of another tensor: `randintLike(x, 10)`. */
export const randintLike = byName(
  "randintLike",
  (
    x: TensorBase,
    ...args: [high: number, options?: RandomOptions] | [low: number, high: number, options?: RandomOptions]
  ): Tensor => {
    const numbers = args.filter((arg) => typeof arg === "number");
    const o = args.find((arg) => typeof arg === "object") ?? {};
    const [first = 0, second] = numbers;
    const [low, high] = second === undefined ? [0, first] : [first, second];
    const code = optionalDtypeCode(o.dtype) ?? native.dtype(handleOf(x));
    return finish(native.randint(low, high, [...x.shape], code, generatorHandle(o.generator)), o);
  },
);

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
export const normal = byName("normal", (...args: Args<NormalTensorOptions, ["mean", "std", "size"]>): Tensor => {
  const o = readArgs<NormalTensorOptions>("normal", ["mean", "std", "size", ...RANDOM], args);
  const { mean = 0, std = 1, size } = o;
  const g = generatorHandle(o.generator);
  if (size !== undefined) {
    const out = native.full([...size], 0, floating(o.dtype));
    native.normal_(out, numberOf(mean), numberOf(std), g);
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
});

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
export const multinomial = byName(
  "multinomial",
  (weights: TensorBase, ...args: Args<MultinomialOptions, ["numSamples", "replacement"]>): Tensor => {
    const o = readArgs<MultinomialOptions>("multinomial", ["numSamples", "replacement", "generator"], args);
    const k = required("multinomial", o, "numSamples");
    return wrap(native.multinomial(handleOf(weights), k, o.replacement ?? false, generatorHandle(o.generator)));
  },
);
