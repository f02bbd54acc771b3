/** Methods that draw random numbers: filling in place, each giving x back, and drawing by the probabilities that x holds. */
import { type Args, readArgs } from "../args.js";
import { bernoulli, multinomial } from "../creation.js";
import { native } from "../native.js";
import { type Generator, generatorHandle } from "../random.js";
import { handleOf, isTensor, type TensorBase } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { copy_ } from "./inplace.js";
import { expand } from "./shape.js";

export { bernoulli, multinomial };

/** Where an operation takes its random numbers. */
export interface GeneratorOption {
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator | null;
}

/** Options of {@link uniform_}. */
export interface UniformOptions extends GeneratorOption {
  /** The lower bound. Default 0. */
  from?: number;
  /** The upper bound, excluded. Default 1. */
  to?: number;
}
/** Drawn uniformly from [from, to). */
export function uniform_(x: TensorBase, ...args: Args<UniformOptions, ["from", "to"]>): Tensor {
  const { from = 0, to = 1, generator } = readArgs<UniformOptions>("uniform_", ["from", "to", "generator"], args);
  native.uniform_(handleOf(x), from, to, generatorHandle(generator));
  return x as Tensor;
}

/** Options of {@link normal_} and {@link logNormal_}. */
export interface NormalOptions extends GeneratorOption {
  /** The mean. Default 0. */
  mean?: number;
  /** The standard deviation. Default 1. */
  std?: number;
}
/** Drawn from the normal distribution. */
export function normal_(x: TensorBase, ...args: Args<NormalOptions, ["mean", "std"]>): Tensor {
  const { mean = 0, std = 1, generator } = readArgs<NormalOptions>("normal_", ["mean", "std", "generator"], args);
  native.normal_(handleOf(x), mean, std, generatorHandle(generator));
  return x as Tensor;
}
/** e to the power of a normal variable with mean 1 and standard deviation 2 unless told. */
export function logNormal_(x: TensorBase, ...args: Args<NormalOptions, ["mean", "std"]>): Tensor {
  const { mean = 1, std = 2, generator } = readArgs<NormalOptions>("logNormal_", ["mean", "std", "generator"], args);
  native.logNormal_(handleOf(x), mean, std, generatorHandle(generator));
  return x as Tensor;
}

/** 1 with probability p (a number, or one for each element), else 0. */
export function bernoulli_(x: TensorBase, p: number | TensorBase = 0.5, options: GeneratorOption = {}): Tensor {
  if (isTensor(p)) return copy_(x, bernoulli(expand(p, x.shape), options));
  native.bernoulli_(handleOf(x), p as number, generatorHandle(options?.generator));
  return x as Tensor;
}
/** The exponential distribution of rate `lambd`. */
export function exponential_(x: TensorBase, lambd = 1, options: GeneratorOption = {}): Tensor {
  native.exponential_(handleOf(x), lambd, generatorHandle(options?.generator));
  return x as Tensor;
}
/** How many trials of probability p it takes to succeed: 1, 2, ... */
export function geometric_(x: TensorBase, p: number, options: GeneratorOption = {}): Tensor {
  native.geometric_(handleOf(x), p, generatorHandle(options?.generator));
  return x as Tensor;
}
/** Options of {@link cauchy_}. */
export interface CauchyOptions extends GeneratorOption {
  /** The median. Default 0. */
  median?: number;
  /** The half width at half height. Default 1. */
  sigma?: number;
}
/** The Cauchy distribution. */
export function cauchy_(x: TensorBase, ...args: Args<CauchyOptions, ["median", "sigma"]>): Tensor {
  const {
    median = 0,
    sigma = 1,
    generator,
  } = readArgs<CauchyOptions>("cauchy_", ["median", "sigma", "generator"], args);
  native.cauchy_(handleOf(x), median, sigma, generatorHandle(generator));
  return x as Tensor;
}
/** Options of {@link random_}. */
export interface RandomIntegerOptions extends GeneratorOption {
  /** The lowest. Default 0. */
  from?: number;
  /** Above the highest. Default: all that the type holds exactly. */
  to?: number | null;
}
/** Whole numbers: `random_()`, `random_(to)`, `random_(from, to)`. */
export function random_(x: TensorBase, ...args: Args<RandomIntegerOptions, ["from", "to"]>): Tensor {
  const short = args.length === 1 && typeof args[0] === "number";
  const o = readArgs<RandomIntegerOptions>("random_", short ? ["to"] : ["from", "to", "generator"], args);
  native.random_(handleOf(x), o.from, o.to, generatorHandle(o.generator));
  return x as Tensor;
}
