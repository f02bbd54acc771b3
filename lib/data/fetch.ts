/** How a loader gets its batches: by index from a data set, or one after another from a stream. */
import type { Collated, CollateFn } from "./collate.js";
import { defaultConvert, makeCollate } from "./collate.js";
import { type DatasetLike, itemsOf } from "./dataset.js";
import { type IterableDataset, samplesOf } from "./iterable-dataset.js";

/** What a stream answers when it has ended. */
export const END: unique symbol = Symbol("the end of the data");

/** Gets the batch, or without batching the sample, at some indices. */
export type Fetch<B> = (at: readonly number[] | number) => Promise<B | typeof END>;

/** What becomes of samples, where nothing is said: collation of batches, conversion of single ones. */
function finisher<T, B>(collate: CollateFn<T, B> | undefined) {
  const ownCollate = makeCollate<T>();
  return {
    batch: (samples: readonly T[]): B => collate?.([...samples]) ?? (ownCollate(samples as T[]) as B),
    single: (sample: T): B => (collate === undefined ? (defaultConvert(sample) as B) : collate([sample])),
  };
}

/** Fetches from a data set. */
export function fetchByIndex<T, B>(dataset: DatasetLike<T>, collate: CollateFn<T, B> | undefined): Fetch<B> {
  const finish = finisher(collate);
  return async (at) => {
    if (typeof at === "number") return finish.single(await dataset.get(at));
    if (collate === undefined) {
      const whole: Collated<T> | Promise<Collated<T>> | undefined = dataset.getBatch?.(at);
      if (whole !== undefined) return (await whole) as B;
    }
    const samples = itemsOf(dataset, at);
    return finish.batch(samples instanceof Promise ? await samples : samples);
  };
}

/** Fetches from a new iteration of a stream; an incomplete last batch is left out with `dropLast`. */
export function fetchInTurn<T, B>(
  dataset: IterableDataset<T>,
  collate: CollateFn<T, B> | undefined,
  dropLast: boolean,
): Fetch<B> {
  const finish = finisher(collate);
  const samples = samplesOf(dataset);
  const iterator = Symbol.asyncIterator in samples ? samples[Symbol.asyncIterator]() : samples[Symbol.iterator]();
  const take = async (at: readonly number[] | number): Promise<B | typeof END> => {
    if (typeof at === "number") {
      const { done, value } = await iterator.next();
      return done === true ? END : finish.single(value);
    }
    const batch: T[] = [];
    for (const _ of at) {
      const { done, value } = await iterator.next();
      if (done === true) break;
      batch.push(value);
    }
    return batch.length === 0 || (dropLast && batch.length < at.length) ? END : finish.batch(batch);
  };
  // Batches that are fetched ahead wait for those before them.
  let last: Promise<unknown> = Promise.resolve();
  return (at) => {
    const batch = last.then(() => take(at));
    last = batch;
    return batch;
  };
}
