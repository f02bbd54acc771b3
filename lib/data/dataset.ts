/** Data sets: something with a length and samples by index. A plain array is one. */

import { randperm } from "../creation.js";
import { ArgumentError, IndexError } from "../errors.js";
import { native } from "../native.js";
import { Generator } from "../random.js";
import { describe, handleOf, isTensor, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import type { Collated } from "./collate.js";

/** Samples by index. `get` may be asynchronous. */
export interface DatasetLike<T> {
  /** The number of samples. */
  readonly length: number;
  /** One sample. Errors: an index out of range. */
  get(index: number): T | Promise<T>;
  /** A whole batch, already collated: a loader with the default collation takes it when it is there. */
  getBatch?(indices: readonly number[]): Collated<T> | Promise<Collated<T>> | undefined;
}

/** What a loader takes: a data set or a plain array. */
export type DatasetSource<T> = DatasetLike<T> | readonly T[];

/** The base class of data sets. */
export abstract class Dataset<T> implements DatasetLike<T> {
  abstract readonly length: number;
  abstract get(index: number): T | Promise<T>;
}

/** A plain array, or any array-like data set, as a data set. */
export function asDataset<T>(source: DatasetSource<T>): DatasetLike<T> {
  if (!Array.isArray(source)) return source as DatasetLike<T>;
  const items: readonly T[] = source;
  return { length: items.length, get: (index) => items[checkIndex(index, items.length)] as T };
}

/** The index counted from the front. Errors: out of range. */
export function checkIndex(index: number, length: number): number {
  const i = index < 0 ? index + length : index;
  if (Number.isInteger(i) && i >= 0 && i < length) return i;
  throw new IndexError(`index ${index} is out of range for a data set of ${length} samples`);
}

/** Rows of tensors: sample i is `[a[i], b[i], ...]`. A batch is one indexSelect per tensor. */
export class TensorDataset<T extends TensorBase[]> extends Dataset<{ [K in keyof T]: Tensor }> {
  readonly tensors: readonly [...T];
  readonly length: number;

  constructor(...tensors: T) {
    super();
    const [first] = tensors;
    if (first === undefined) throw new ArgumentError("TensorDataset: expected at least one tensor");
    const wrong = tensors.find((x) => !isTensor(x));
    if (wrong !== undefined) throw new ArgumentError(`TensorDataset: expected tensors, received ${describe(wrong)}`);
    this.length = first.size(0);
    if (tensors.some((x) => x.size(0) !== this.length)) throw new ArgumentError("Size mismatch between tensors");
    this.tensors = tensors;
  }

  get(index: number): { [K in keyof T]: Tensor } {
    const i = checkIndex(index, this.length);
    const row = this.tensors.map((x) => wrap(native.select(handleOf(x), 0, i)));
    return row as { [K in keyof T]: Tensor };
  }

  getBatch(indices: readonly number[]): Collated<{ [K in keyof T]: Tensor }> {
    const at = indexHandle(indices);
    const rows = this.tensors.map((x) => wrap(native.indexSelect(handleOf(x), 0, at)));
    return rows as Collated<{ [K in keyof T]: Tensor }>;
  }
}

/** Indices as an int64 tensor. */
export function indexHandle(indices: readonly number[]): ReturnType<typeof native.arange> {
  const data = new BigInt64Array(indices.length);
  for (let i = 0; i < indices.length; i++) data[i] = BigInt(indices[i] ?? 0);
  return native.fromTypedArray(data, [indices.length], 4);
}

/** Some samples of another data set, in the given order. */
export class Subset<T> extends Dataset<T> {
  readonly dataset: DatasetLike<T>;
  readonly indices: readonly number[];

  constructor(dataset: DatasetSource<T>, indices: Iterable<number>) {
    super();
    this.dataset = asDataset(dataset);
    this.indices = [...indices];
  }
  get length(): number {
    return this.indices.length;
  }
  get(index: number): T | Promise<T> {
    return this.dataset.get(this.#at(index));
  }
  getBatch(indices: readonly number[]): Collated<T> | Promise<Collated<T>> | undefined {
    return this.dataset.getBatch?.(indices.map((index) => this.#at(index)));
  }
  #at(index: number): number {
    return this.indices[checkIndex(index, this.indices.length)] ?? 0;
  }
}

/** Data sets one after another. */
export class ConcatDataset<T> extends Dataset<T> {
  readonly datasets: readonly DatasetLike<T>[];

  constructor(datasets: Iterable<DatasetSource<T>>) {
    super();
    this.datasets = [...datasets].map(asDataset);
    if (this.datasets.length === 0) throw new ArgumentError("datasets should not be an empty iterable");
  }
  get length(): number {
    return this.datasets.reduce((n, dataset) => n + dataset.length, 0);
  }
  get(index: number): T | Promise<T> {
    let i = checkIndex(index, this.length);
    for (const dataset of this.datasets) {
      if (i < dataset.length) return dataset.get(i);
      i -= dataset.length;
    }
    throw new IndexError(`index ${index} is out of range`);
  }
}

/**
 * Divides a data set at random into parts of the given lengths, or fractions that sum to 1.
 * Errors: lengths that do not sum to the data set's.
 */
export function randomSplit<T>(
  dataset: DatasetSource<T>,
  lengths: readonly number[],
  options: { generator?: Generator | null } | Generator = {},
): Subset<T>[] {
  const source = asDataset(dataset);
  const sizes = splitSizes(source.length, lengths);
  const generator = options instanceof Generator ? options : (options.generator ?? null);
  const order = toIndices(randperm(source.length, { generator }));
  let start = 0;
  return sizes.map((size) => {
    start += size;
    return new Subset(source, order.slice(start - size, start));
  });
}

function splitSizes(total: number, lengths: readonly number[]): number[] {
  const sum = lengths.reduce((a, b) => a + b, 0);
  if (Math.abs(sum - 1) < 1e-9 && sum <= 1 + 1e-9 && !(total === 1 && lengths.every(Number.isInteger))) {
    const sizes = lengths.map((fraction) => {
      if (fraction < 0 || fraction > 1) throw new ArgumentError("Fraction is not between 0 and 1");
      return Math.floor(total * fraction);
    });
    const rest = total - sizes.reduce((a, b) => a + b, 0);
    for (let i = 0; i < rest; i++) sizes[i % sizes.length] = (sizes[i % sizes.length] ?? 0) + 1;
    return sizes;
  }
  if (sum !== total) throw new ArgumentError("Sum of input lengths does not equal the length of the input dataset!");
  return [...lengths];
}

/** The elements of an int64 tensor as numbers. */
export function toIndices(x: TensorBase): number[] {
  const out = new Float64Array(x.numel());
  native.readInto(handleOf(x), out);
  return Array.from(out);
}
