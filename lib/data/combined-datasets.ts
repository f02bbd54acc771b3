/** Data sets made of data sets: one after another, or side by side. */

import { type From, leading } from "../args.js";
import { listOf } from "../argument-types.js";
import { ArgumentError, IndexError } from "../errors.js";
import { cat } from "../ops/join.js";
import { isTensor } from "../tensor/base.js";
import type { Collated } from "./collate.js";
import { asDataset, checkIndex, Dataset, type DatasetLike, type DatasetSource, rowsOf } from "./dataset.js";
import { IterableDataset } from "./iterable-dataset.js";

/** Data sets one after another. */
export class ConcatDataset<T> extends Dataset<T> {
  readonly datasets: readonly DatasetLike<T>[];

  constructor(...args: From<"datasets", Iterable<DatasetSource<T>>, [], object>) {
    super();
    const [datasets] = leading("datasets", args);
    const list = listOf("ConcatDataset", "datasets", datasets);
    if (list.length === 0) throw new ArgumentError("datasets should not be an empty iterable");
    if (list.some((source) => source instanceof IterableDataset))
      throw new ArgumentError("ConcatDataset does not support IterableDataset");
    this.datasets = list.map(asDataset);
  }
  get length(): number {
    return this.datasets.reduce((n, dataset) => n + dataset.length, 0);
  }
  /** Where each data set ends. */
  get cumulativeSizes(): number[] {
    let sum = 0;
    return this.datasets.map((dataset) => {
      sum += dataset.length;
      return sum;
    });
  }

  #find(index: number): [DatasetLike<T>, number] {
    let i = checkIndex(index, this.length);
    for (const dataset of this.datasets) {
      if (i < dataset.length) return [dataset, i];
      i -= dataset.length;
    }
    throw new IndexError(`index ${index} is out of range`);
  }

  get(index: number): T | Promise<T> {
    const [dataset, i] = this.#find(index);
    return dataset.get(i);
  }

  /** The batches of the data sets that it touches, joined, where these have tensors only; else nothing. */
  getBatch(indices: readonly number[]): Collated<T> | Promise<Collated<T>> | undefined {
    const groups = new Map<DatasetLike<T>, { rows: number[]; places: number[] }>();
    indices.forEach((index, place) => {
      const [dataset, row] = this.#find(index);
      const group = groups.get(dataset) ?? { rows: [], places: [] };
      groups.set(dataset, group);
      group.rows.push(row);
      group.places.push(place);
    });
    const batches = [...groups].map(([dataset, { rows }]) => dataset.getBatch?.(rows));
    if (batches.length === 1) return batches[0];
    // Row i of the joined batches belongs to place places[i].
    const order: number[] = [];
    [...groups.values()]
      .flatMap(({ places }) => places)
      .forEach((place, i) => {
        order[place] = i;
      });
    return join(batches, order) as Collated<T> | undefined;
  }
}

/** Batches of one form, after another and in a new order; undefined for what is no tensor. */
function join(batches: readonly unknown[], order: readonly number[]): unknown {
  if (batches.every(isTensor)) return rowsOf([cat(batches)], order)[0];
  const [first] = batches;
  if (typeof first !== "object" || first === null || first instanceof Promise) return undefined;
  const parts = Object.keys(first).map((key) => {
    const column = batches.map((batch) =>
      typeof batch === "object" && batch !== null ? Reflect.get(batch, key) : null,
    );
    return [key, join(column, order)] as const;
  });
  if (parts.some(([, part]) => part === undefined)) return undefined;
  return Array.isArray(first) ? parts.map(([, part]) => part) : Object.fromEntries(parts);
}

/** What {@link StackDataset} stacks: a list or a record of data sets. */
type Stack = readonly unknown[] | Readonly<Record<string, unknown>>;

/** The sample of a data set or a plain array. */
type SampleOf<D> = D extends readonly (infer T)[] ? T : D extends DatasetLike<infer T> ? T : never;

/** The sample of a stack: one sample of each, in a list or a record. */
export type Stacked<S extends Stack> = { -readonly [K in keyof S]: SampleOf<S[K]> };

/**
 * Data sets side by side: sample i is `[a[i], b[i]]`, or `{ image: a[i], text: b[i] }` of a record.
 * `new StackDataset(images, texts)`, `new StackDataset({ image: images, text: texts })`.
 */
export class StackDataset<S extends Stack> extends Dataset<Stacked<S>> {
  readonly datasets: Readonly<Record<string, DatasetLike<unknown>>>;
  readonly length: number;
  readonly #listed: boolean;

  constructor(datasets: S & Readonly<Record<string, unknown>>);
  constructor(...datasets: S & readonly unknown[]);
  constructor(...datasets: readonly unknown[]) {
    super();
    const [first] = datasets;
    const named =
      datasets.length === 1 &&
      typeof first === "object" &&
      first !== null &&
      !Array.isArray(first) &&
      !("get" in first);
    const entries = Object.entries(named ? first : datasets);
    if (entries.length === 0) throw new ArgumentError("At least one dataset should be passed");
    const sets = entries.map(([key, source]) => [key, asDataset(source as DatasetSource<unknown>)] as const);
    this.#listed = !named;
    this.length = sets[0]?.[1].length ?? 0;
    if (sets.some(([, dataset]) => dataset.length !== this.length)) {
      throw new ArgumentError("Size mismatch between datasets");
    }
    this.datasets = Object.fromEntries(sets);
  }

  #gather(of: (dataset: DatasetLike<unknown>) => unknown): unknown {
    const parts = Object.entries(this.datasets).map(([key, dataset]) => [key, of(dataset)] as const);
    const join = (values: readonly unknown[]) =>
      this.#listed ? values : Object.fromEntries(parts.map(([key], i) => [key, values[i]]));
    const values = parts.map(([, value]) => value);
    return values.some((x) => x instanceof Promise) ? Promise.all(values).then(join) : join(values);
  }

  get(index: number): Stacked<S> | Promise<Stacked<S>> {
    const i = checkIndex(index, this.length);
    return this.#gather((dataset) => dataset.get(i)) as Stacked<S> | Promise<Stacked<S>>;
  }

  getBatch(indices: readonly number[]): Collated<Stacked<S>> | Promise<Collated<Stacked<S>>> | undefined {
    const batches = Object.values(this.datasets).map((dataset) => dataset.getBatch?.(indices));
    if (batches.includes(undefined)) return undefined;
    let next = 0;
    return this.#gather(() => batches[next++]) as Collated<Stacked<S>> | Promise<Collated<Stacked<S>>>;
  }
}
