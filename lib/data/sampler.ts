/** Samplers: in which order samples are taken. They draw lazily, in PyTorch's order. */
import { randint, randperm } from "../creation.js";
import { ArgumentError } from "../errors.js";
import { Generator, random64 } from "../random.js";
import { toIndices } from "./dataset.js";

/** Something that gives indices, anew for each iteration. */
export interface Sampler<I = number> extends Iterable<I> {
  /** How many it gives. */
  readonly length: number;
}

/** 0, 1, 2, ... */
export class SequentialSampler implements Sampler {
  readonly source: { readonly length: number };

  constructor(source: { readonly length: number }) {
    this.source = source;
  }
  get length(): number {
    return this.source.length;
  }
  *[Symbol.iterator](): Generator_<number> {
    for (let i = 0; i < this.source.length; i++) yield i;
  }
}

type Generator_<T> = globalThis.Generator<T, void, undefined>;

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

  constructor(source: { readonly length: number }, options: RandomSamplerOptions = {}) {
    this.source = source;
    this.replacement = options.replacement ?? false;
    this.#numSamples = options.numSamples ?? null;
    this.generator = options.generator ?? null;
    if (!Number.isInteger(this.length) || this.length <= 0) {
      throw new ArgumentError(`num_samples should be a positive integer value, but got num_samples=${this.length}`);
    }
  }
  get length(): number {
    return this.#numSamples ?? this.source.length;
  }
  *[Symbol.iterator](): Generator_<number> {
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

  constructor(indices: Iterable<number>, options: { generator?: Generator | null } = {}) {
    this.indices = [...indices];
    this.generator = options.generator ?? null;
  }
  get length(): number {
    return this.indices.length;
  }
  *[Symbol.iterator](): Generator_<number> {
    for (const i of toIndices(randperm(this.indices.length, { generator: this.generator }))) yield this.indices[i] ?? 0;
  }
}

/** The indices of another sampler in batches. */
export class BatchSampler implements Sampler<number[]> {
  readonly sampler: Iterable<number> & { readonly length?: number };
  readonly batchSize: number;
  readonly dropLast: boolean;

  constructor(sampler: Iterable<number> & { readonly length?: number }, batchSize: number, dropLast: boolean) {
    if (!Number.isInteger(batchSize) || batchSize <= 0) {
      throw new ArgumentError(`batch_size should be a positive integer value, but got batch_size=${batchSize}`);
    }
    this.sampler = sampler;
    this.batchSize = batchSize;
    this.dropLast = dropLast;
  }
  get length(): number {
    const batches = (this.sampler.length ?? 0) / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }
  *[Symbol.iterator](): Generator_<number[]> {
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
