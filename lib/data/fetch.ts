/** How a loader gets its batches: by index from a data set, or one after another from a stream. */
import type { Collated, CollateFn } from "./collate.js";
import { defaultConvert, makeCollate } from "./collate.js";
import { type DatasetLike, itemsOf, type OpenedBatch } from "./dataset.js";
import { type IterableDataset, samplesOf } from "./iterable-dataset.js";
import type { Reader } from "./worker.js";

/** What a stream answers when it has ended. */
export const END: unique symbol = Symbol("the end of the data");

/** Where the batches of one epoch come from. */
export interface Source<B> {
  /** Gets the batch, or without batching the sample, at some indices. */
  fetch(at: readonly number[] | number, reader: Reader): Promise<B | typeof END>;
  /** Ends the epoch early: a stream's iterator is closed, so that a generator's `finally` runs. */
  close(): Promise<void>;
}

/** What becomes of samples, where nothing is said: collation of batches, conversion of single ones. */
function finisher<T, B>(collate: CollateFn<T, B> | undefined) {
  const ownCollate = makeCollate<T>();
  return {
    batch: (samples: readonly T[]): B =>
      collate === undefined ? (ownCollate(samples as T[]) as B) : collate([...samples]),
    single: (sample: T): B => (collate === undefined ? (defaultConvert(sample) as B) : collate([sample])),
  };
}

/** Fetches from a data set. */
export function fetchByIndex<T, B>(dataset: DatasetLike<T>, collate: CollateFn<T, B> | undefined): Source<B> {
  const finish = finisher(collate);
  const inTwoSteps = async (opened: Promise<OpenedBatch<T>>, reader: Reader): Promise<B> => {
    const drawn = await reader.inTurn(opened, (batch) => batch.draw());
    return typeof drawn === "function"
      ? ((await reader.start(() => drawn(reader.parallel))) as B)
      : reader.run(() => finish.batch(drawn));
  };
  const atOnce = async (at: readonly number[] | number): Promise<B> => {
    if (typeof at === "number") return finish.single(await dataset.get(at));
    if (collate === undefined) {
      const whole: Collated<T> | Promise<Collated<T>> | undefined = dataset.getBatch?.(at);
      if (whole !== undefined) return (await whole) as B;
    }
    const samples = itemsOf(dataset, at);
    return finish.batch(samples instanceof Promise ? await samples : samples);
  };
  const fetch = (at: readonly number[] | number, reader: Reader): Promise<B> =>
    reader.run(() => {
      const opened =
        typeof at === "number" || collate !== undefined ? undefined : dataset.openBatch?.(at, reader.parallel);
      return opened === undefined ? atOnce(at) : inTwoSteps(opened, reader);
    });
  return { fetch, close: async () => {} };
}

/** Fetches from a new iteration of a stream; an incomplete last batch is left out with `dropLast`. */
export function fetchInTurn<T, B>(
  dataset: IterableDataset<T>,
  collate: CollateFn<T, B> | undefined,
  dropLast: boolean,
): Source<B> {
  const finish = finisher(collate);
  const samples = samplesOf(dataset);
  const iterator = Symbol.asyncIterator in samples ? samples[Symbol.asyncIterator]() : samples[Symbol.iterator]();
  // A stream that has ended is not asked again: it might start anew.
  let ended = false;
  const next = async (): Promise<IteratorResult<T>> => {
    if (ended) return { done: true, value: undefined };
    const result = await iterator.next();
    if (result.done === true) ended = true;
    return result;
  };
  const take = async (at: readonly number[] | number): Promise<B | typeof END> => {
    if (typeof at === "number") {
      const { done, value } = await next();
      return done === true ? END : finish.single(value);
    }
    const batch: T[] = [];
    for (const _ of at) {
      const { done, value } = await next();
      if (done === true) break;
      batch.push(value);
    }
    return batch.length === 0 || (dropLast && batch.length < at.length) ? END : finish.batch(batch);
  };
  const end = async (): Promise<void> => {
    if (ended) return;
    ended = true;
    await iterator.return?.();
  };
  // Batches that are fetched ahead wait for those before them; after an error there are no more.
  let last: Promise<unknown> = Promise.resolve();
  return {
    fetch: (at, reader) => {
      const batch = last.then(() => reader.run(() => take(at)));
      last = batch.catch(end);
      return batch;
    },
    close: () => {
      const closed = last.then(end);
      last = closed;
      return closed;
    },
  };
}
