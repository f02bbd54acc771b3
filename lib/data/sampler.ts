/** Samplers: in which order samples are taken. They draw lazily, in PyTorch's order. */

import { type Args, type From, leading, type Required1, readArgs, required } from "../args.js";
import { listOf } from "../argument-types.js";
import { multinomial, randint, randperm, tensor } from "../creation.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { Generator, random64 } from "../random.js";
import { pyRepr } from "../repr.js";
import { describe, handleOf, isTensor, type TensorBase } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

/** Something that gives indices, anew for each iteration. */
export interface Sampler<I = number> extends Iterable<I> {
  /** How many it gives. */
  readonly length: number;
}

type Indices<T> = globalThis.Generator<T, void, undefined>;

/** The elements of an int64 tensor as numbers. */
export function toIndices(x: TensorBase): number[] {
  const out = new Float64Array(x.numel());
  native.readInto(handleOf(x), out);
  return Array.from(out);
}

/** Zeros for ever: how many samples of a stream to take. */
export const endless: Iterable<number> = {
  *[Symbol.iterator]() {
    for (;;) yield 0;
  },
};

/** What has a length. */
type Sized = { readonly length: number };
/** Indices in some order. */
type Indexed = Iterable<number> & { readonly length?: number };
type GeneratorOption = { generator?: Generator | null };
type BatchOptions = { batchSize: number; dropLast: boolean };

function checkCount(count: number): void {
  if (Number.isInteger(count) && count > 0) return;
  throw new ArgumentError(`num_samples should be a positive integer value, but got num_samples=${pyRepr(count)}`);
}

function checkSource(op: string, source: { readonly length: number }): void {
  if (typeof source === "object" && source !== null && typeof source.length === "number") return;
  throw new ArgumentError(`${op}: expected a data set with a length, received ${describe(source)}`);
}

/** 0, 1, 2, ... */
export class SequentialSampler implements Sampler {
  readonly source: { readonly length: number };

  constructor(...args: From<"dataSource", Sized, [], object>) {
    const [source] = leading("dataSource", args);
    checkSource("SequentialSampler", source);
    this.source = source;
  }
  get length(): number {
    return this.source.length;
  }
  *[Symbol.iterator](): Indices<number> {
    for (let i = 0; i < this.source.length; i++) yield i;
  }
}

/** Options of {@link RandomSampler}. */
export interface RandomSamplerOptions {
  /** Whether a sample may come again. Default false. */
  replacement?: boolean;
  /** How many to draw. Default: the length of the data set. */
  numSamples?: number | null;
  /** The source of random numbers. Default: a fresh generator for each iteration, seeded by the default one. */
  generator?: Generator | null;
}

/** A random order. */
export class RandomSampler implements Sampler {
  readonly source: { readonly length: number };
  readonly replacement: boolean;
  readonly generator: Generator | null;
  readonly #numSamples: number | null;

  constructor(
    ...args: From<
      "dataSource",
      Sized,
      Args<RandomSamplerOptions, ["replacement", "numSamples", "generator"]>,
      RandomSamplerOptions
    >
  ) {
    const [source, rest] = leading("dataSource", args);
    const names = ["replacement", "numSamples", "generator"] as const;
    const o = readArgs<RandomSamplerOptions>("RandomSampler", names, rest);
    checkSource("RandomSampler", source);
    this.source = source;
    this.replacement = o.replacement ?? false;
    this.#numSamples = o.numSamples ?? null;
    this.generator = o.generator ?? null;
    checkCount(this.length);
  }
  get length(): number {
    return this.#numSamples ?? this.source.length;
  }
  *[Symbol.iterator](): Indices<number> {
    const n = this.source.length;
    const generator = this.generator ?? new Generator().manualSeed(random64());
    const count = this.length;
    if (this.replacement) {
      // Blocks of 32, then the rest: the draws are PyTorch's.
      for (let i = 0; i < Math.floor(count / 32); i++) yield* toIndices(randint(0, n, [32], { generator }));
      yield* toIndices(randint(0, n, [count % 32], { generator }));
      return;
    }
    for (let i = 0; i < Math.floor(count / n); i++) yield* toIndices(randperm(n, { generator }));
    // Drawn even when nothing of it is used, as PyTorch does: the next epoch's order depends on it.
    yield* toIndices(randperm(n, { generator })).slice(0, count % n);
  }
}

/** A random order of the given indices. */
export class SubsetRandomSampler implements Sampler {
  readonly indices: readonly number[];
  readonly generator: Generator | null;

  constructor(...args: From<"indices", Iterable<number>, Args<GeneratorOption, ["generator"]>, GeneratorOption>) {
    const [indices, rest] = leading("indices", args);
    const o = readArgs<GeneratorOption>("SubsetRandomSampler", ["generator"], rest);
    this.indices = listOf("SubsetRandomSampler", "indices", indices);
    this.generator = o.generator ?? null;
  }
  get length(): number {
    return this.indices.length;
  }
  *[Symbol.iterator](): Indices<number> {
    for (const i of toIndices(randperm(this.indices.length, { generator: this.generator }))) yield this.indices[i] ?? 0;
  }
}

/** Options of {@link WeightedRandomSampler}. */
export interface WeightedRandomSamplerOptions {
  /** How many to draw. Required, here or by position. */
  numSamples?: number;
  /** Whether a sample may come again. Default true. */
  replacement?: boolean;
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator | null;
}

/** Indices in proportion to weights, which need not sum to 1: for classes of different sizes. */
export class WeightedRandomSampler implements Sampler {
  readonly weights: Tensor;
  readonly numSamples: number;
  readonly replacement: boolean;
  readonly generator: Generator | null;

  constructor(
    ...args: From<
      "weights",
      readonly number[] | TensorBase,
      Required1<WeightedRandomSamplerOptions, "numSamples", ["replacement", "generator"]>,
      WeightedRandomSamplerOptions
    >
  ) {
    const [weights, rest] = leading("weights", args);
    const names = ["numSamples", "replacement", "generator"] as const;
    const o = readArgs<WeightedRandomSamplerOptions>("WeightedRandomSampler", names, rest);
    this.numSamples = required("WeightedRandomSampler", o, "numSamples");
    checkCount(this.numSamples);
    this.weights = tensor(isTensor(weights) ? toIndices(weights) : weights, { dtype: "float64" });
    const shape = isTensor(weights) ? weights.shape : this.weights.shape;
    if (shape.length !== 1) {
      throw new ArgumentError(`weights should be a 1d sequence but given weights have shape ${pyRepr(shape)}`);
    }
    this.replacement = o.replacement ?? true;
    this.generator = o.generator ?? null;
  }
  get length(): number {
    return this.numSamples;
  }
  *[Symbol.iterator](): Indices<number> {
    const { weights, numSamples, replacement, generator } = this;
    yield* toIndices(multinomial(weights, numSamples, { replacement, generator }));
  }
}

/** The indices of another sampler in batches. */
export class BatchSampler implements Sampler<number[]> {
  readonly sampler: Iterable<number> & { readonly length?: number };
  readonly batchSize: number;
  readonly dropLast: boolean;

  constructor(
    ...args: From<"sampler", Indexed, [batchSize: number, dropLast: boolean] | [options: BatchOptions], BatchOptions>
  ) {
    const [sampler, rest] = leading<"sampler", Indexed, readonly unknown[], BatchOptions>("sampler", args);
    const o = readArgs<BatchOptions>("BatchSampler", ["batchSize", "dropLast"], rest);
    const { batchSize = Number.NaN, dropLast = false } = o;
    if (!Number.isInteger(batchSize) || batchSize <= 0) {
      throw new ArgumentError(`batch_size should be a positive integer value, but got batch_size=${pyRepr(batchSize)}`);
    }
    this.sampler = sampler;
    this.batchSize = batchSize;
    this.dropLast = dropLast;
  }
  get length(): number {
    const batches = (this.sampler.length ?? 0) / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }
  *[Symbol.iterator](): Indices<number[]> {
    const indices = this.sampler[Symbol.iterator]();
    for (;;) {
      const batch: number[] = [];
      while (batch.length < this.batchSize) {
        const next = indices.next();
        if (next.done === true) break;
        batch.push(next.value);
      }
      if (batch.length === this.batchSize || (batch.length > 0 && !this.dropLast)) yield batch;
      if (batch.length < this.batchSize) return;
    }
  }
}
