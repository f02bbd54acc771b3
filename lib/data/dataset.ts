/** Data sets: something with a length and samples by index. A plain array is one. */

import { inspect } from "node:util";
import { type From, leading, readArgs } from "../args.js";
import { listOf } from "../argument-types.js";
import { ArgumentError, IndexError } from "../errors.js";
import { native } from "../native.js";
import { describe, handleOf, isTensor, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import type { Collated } from "./collate.js";

/** A batch whose samples have been read, and whose random numbers have not been drawn. */
export interface OpenedBatch<T> {
  /**
   * Draws the random numbers of all samples, in their order. Gives the samples, or what begins to make the batch: on all threads
   * where `parallel`, else on one.
   */
  draw(): readonly T[] | Promise<readonly T[]> | ((parallel: boolean) => Promise<Collated<T>>);
}

/** Samples by index. `get` may be asynchronous. */
export interface DatasetLike<T> {
  /** The number of samples. */
  readonly length: number;
  /** One sample. Errors: an index out of range. */
  get(index: number): T | Promise<T>;
  /** The samples of a batch, for data sets that read several at once better than one by one (PyTorch's `__getitems__`). */
  getItems?(indices: readonly number[]): readonly T[] | Promise<readonly T[]>;
  /**
   * A whole batch, already collated: a loader with the default collation takes it when it is there and gives one. Tensors
   * are then indexed once, instead of copied sample by sample.
   */
  getBatch?(indices: readonly number[]): Collated<T> | Promise<Collated<T>> | undefined;
  /**
   * A batch in two steps, for data sets that wait for their samples before they draw random numbers for them. A loader opens batches
   * ahead and lets them draw in their order. `parallel`: whether the batch may use all threads.
   */
  openBatch?(indices: readonly number[], parallel?: boolean): Promise<OpenedBatch<T>> | undefined;
}

/** What a loader takes: a data set or a plain array. */
export type DatasetSource<T> = DatasetLike<T> | readonly T[];

/**
 * The base class of data sets. `for (const sample of dataset)` where `get` is synchronous, `for await` in any case.
 * Prints as torchvision's data sets do: the name, the number of samples, and what {@link describeRepr} adds.
 */
export abstract class Dataset<T> implements DatasetLike<T> {
  abstract readonly length: number;
  abstract get(index: number): T | Promise<T>;

  /** The samples in order. Errors: they are asynchronous. */
  *[Symbol.iterator](): Generator<Awaited<T>, void, undefined> {
    for (let i = 0; i < this.length; i++) {
      const sample = this.get(i);
      if (sample instanceof Promise) {
        sample.catch(() => {});
        throw new ArgumentError(
          `${this.constructor.name}: its samples are asynchronous; write for await (... of dataset)`,
        );
      }
      yield sample as Awaited<T>;
    }
  }

  /** The samples in order, each awaited. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Awaited<T>, void, undefined> {
    for (let i = 0; i < this.length; i++) yield await this.get(i);
  }

  /** Further lines of the printed form. Default: none. */
  protected describeRepr(): readonly string[] {
    return [];
  }

  /** torchvision's printed form. */
  toString(): string {
    const body = [`Number of datapoints: ${this.length}`, ...this.describeRepr()];
    return [`Dataset ${this.constructor.name}`, ...body.map((line) => `    ${line}`)].join("\n");
  }

  /** torchvision's printed form, for console.log. @internal */
  [inspect.custom](): string {
    return this.toString();
  }
}

/** A plain array, or any array-like data set, as a data set. */
export function asDataset<T>(source: DatasetSource<T>): DatasetLike<T> {
  if (Array.isArray(source)) {
    const items: readonly T[] = source;
    return { length: items.length, get: (index) => items[checkIndex(index, items.length)] as T };
  }
  if (typeof source === "object" && source !== null && "get" in source && typeof source.get === "function") {
    return source;
  }
  throw new ArgumentError(
    `expected a data set: an array, or an object with length and get(index); received ${describe(source)}`,
  );
}

/** The index counted from the front. Errors: out of range. */
export function checkIndex(index: number, length: number): number {
  const i = index < 0 ? index + length : index;
  if (Number.isInteger(i) && i >= 0 && i < length) return i;
  const given = typeof index === "number" ? index : describe(index);
  throw new IndexError(`index ${given} is out of range for a data set of ${length} samples`);
}

/** The same rows of several tensors: one call, however many samples. */
export function rowsOf(tensors: readonly TensorBase[], indices: readonly number[]): Tensor[] {
  const length = tensors[0]?.size(0) ?? 0;
  if (!Array.isArray(indices)) throw new ArgumentError(`expected a list of indices, received ${describe(indices)}`);
  const at = new Float64Array(indices.length);
  for (let i = 0; i < at.length; i++) at[i] = checkIndex(indices[i] ?? Number.NaN, length);
  return native.rows(tensors.map(handleOf), at).map(wrap);
}

/** Rows of tensors: sample i is `[a[i], b[i], ...]`. A batch is one index selection per tensor. */
export class TensorDataset<T extends TensorBase[]> extends Dataset<{ [K in keyof T]: Tensor }> {
  readonly tensors: readonly [...T];

  constructor(...tensors: T) {
    super();
    const [first] = tensors;
    if (first === undefined) throw new ArgumentError("TensorDataset: expected at least one tensor");
    const wrong = tensors.find((x) => !isTensor(x));
    if (wrong !== undefined) throw new ArgumentError(`TensorDataset: expected tensors, received ${describe(wrong)}`);
    if (tensors.some((x) => x.size(0) !== first.size(0))) throw new ArgumentError("Size mismatch between tensors");
    this.tensors = tensors;
  }
  get length(): number {
    return this.tensors[0]?.size(0) ?? 0;
  }

  get(index: number): { [K in keyof T]: Tensor } {
    const i = checkIndex(index, this.length);
    const row = this.tensors.map((x) => wrap(native.select(handleOf(x), 0, i)));
    return row as { [K in keyof T]: Tensor };
  }

  getBatch(indices: readonly number[]): Collated<{ [K in keyof T]: Tensor }> {
    return rowsOf(this.tensors, indices) as Collated<{ [K in keyof T]: Tensor }>;
  }
}

/** Some samples of another data set, in the given order. */
export class Subset<T> extends Dataset<T> {
  readonly dataset: DatasetLike<T>;
  readonly indices: readonly number[];

  constructor(...args: From<"dataset", DatasetSource<T>, [indices: Iterable<number>], { indices: Iterable<number> }>) {
    super();
    const [dataset, rest] = leading<"dataset", DatasetSource<T>, readonly unknown[], object>("dataset", args);
    const { indices = [] } = readArgs<{ indices: Iterable<number> }>("Subset", ["indices"], rest);
    this.dataset = asDataset(dataset);
    this.indices = listOf("Subset", "indices", indices);
  }
  get length(): number {
    return this.indices.length;
  }
  get(index: number): T | Promise<T> {
    return this.dataset.get(this.#at(index));
  }
  getItems(indices: readonly number[]): readonly T[] | Promise<readonly T[]> {
    return itemsOf(this.dataset, listOf("getItems", "indices", indices).map(this.#at, this));
  }
  getBatch(indices: readonly number[]): Collated<T> | Promise<Collated<T>> | undefined {
    // A subclass that changes samples changes them in `get`.
    if (this.get !== Subset.prototype.get) return undefined;
    return this.dataset.getBatch?.(indices.map(this.#at, this));
  }
  openBatch(indices: readonly number[], parallel?: boolean): Promise<OpenedBatch<T>> | undefined {
    if (this.get !== Subset.prototype.get) return undefined;
    return this.dataset.openBatch?.(indices.map(this.#at, this), parallel);
  }
  #at(index: number): number {
    return this.indices[checkIndex(index, this.indices.length)] ?? 0;
  }
}

/** The samples of a data set in a given order. All are asked for before any is awaited: asynchronous ones overlap. */
export function itemsOf<T>(dataset: DatasetLike<T>, indices: readonly number[]): readonly T[] | Promise<readonly T[]> {
  if (dataset.getItems !== undefined) return dataset.getItems(indices);
  const asked = indices.map((index) => dataset.get(index));
  return asked.some((x) => x instanceof Promise) ? Promise.all(asked) : (asked as T[]);
}
