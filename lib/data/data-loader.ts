/** DataLoader: batches of a data set, in PyTorch's order for the same seed. */
import { setImmediate } from "node:timers/promises";
import { type Args, readArgs } from "../args.js";
import { ArgumentError } from "../errors.js";
import { Generator, random64, withDefaultGenerator } from "../random.js";
import { type Collated, type CollateFn, defaultConvert, makeCollate } from "./collate.js";
import { asDataset, type DatasetLike, type DatasetSource } from "./dataset.js";
import { BatchSampler, RandomSampler, SequentialSampler } from "./sampler.js";

/** Indices in some order; `length` is needed for the loader's own. */
export type IndexSource<I> = Iterable<I> & { readonly length?: number };

/** Options of {@link DataLoader}. */
export interface DataLoaderOptions<T, B> {
  /** Samples per batch; null gives samples one by one, not collated. Default 1. */
  batchSize?: number | null;
  /** Whether to take the samples in a new random order each epoch. Default false. */
  shuffle?: boolean | null;
  /** The order of the samples, instead of `shuffle`. */
  sampler?: IndexSource<number> | null;
  /** Whole batches of indices, instead of `batchSize`, `shuffle`, `sampler` and `dropLast`. */
  batchSampler?: IndexSource<readonly number[]> | null;
  /**
   * With more than 0, batches are fetched ahead: asynchronous samples overlap. Batch i then belongs to worker i % numWorkers,
   * which draws from a generator of its own (the epoch's seed + its number) as far as `get` runs before its first `await`.
   * Default 0.
   */
  numWorkers?: number;
  /** Makes a batch of samples. Default: {@link Collated}. */
  collateFn?: CollateFn<T, B> | null;
  /** Accepted for PyTorch's sake. */
  pinMemory?: boolean;
  /** Whether to leave out an incomplete last batch. Default false. */
  dropLast?: boolean;
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator | null;
  /** Batches fetched ahead per worker. Default 2. */
  prefetchFactor?: number | null;
  /** Whether the workers' seed is drawn in the first epoch only, as with PyTorch's persistent workers. Default false. */
  persistentWorkers?: boolean;
}

const NAMES = [
  ...(["batchSize", "shuffle", "sampler", "batchSampler", "numWorkers", "collateFn", "pinMemory", "dropLast"] as const),
  ...(["generator", "prefetchFactor", "persistentWorkers"] as const),
];

type LoaderArgs<T, B> = Args<
  DataLoaderOptions<T, B>,
  ["batchSize", "shuffle", "sampler", "batchSampler", "numWorkers", "collateFn", "pinMemory", "dropLast"]
>;

/**
 * Batches of a data set.
 *
 * ```ts
 * const loader = new data.DataLoader(train, { batchSize: 100, shuffle: true });
 * for await (const [images, labels] of loader) { ... }
 * const [images, labels] = await loader.first();
 * ```
 */
export class DataLoader<T, B = Collated<T>> {
  readonly dataset: DatasetLike<T>;
  readonly batchSize: number | null;
  readonly numWorkers: number;
  readonly dropLast: boolean;
  readonly generator: Generator | null;
  readonly sampler: IndexSource<number>;
  readonly batchSampler: IndexSource<readonly number[]> | null;
  readonly #collate: CollateFn<T, B> | undefined;
  readonly #defaultCollate = makeCollate<T>();
  readonly #ahead: number;
  readonly #persistent: boolean;
  #workers: Generator[] | undefined;

  constructor(dataset: DatasetSource<T>, ...rest: LoaderArgs<T, B>) {
    const o = readArgs<DataLoaderOptions<T, B>>("DataLoader", NAMES, rest);
    const { shuffle, sampler = null, batchSampler = null, numWorkers = 0, dropLast = false, generator = null } = o;
    checkExclusive(o);
    this.dataset = asDataset(dataset);
    this.numWorkers = numWorkers;
    this.dropLast = dropLast;
    this.generator = generator;
    this.batchSize = batchSampler === null ? (o.batchSize === undefined ? 1 : o.batchSize) : null;
    this.sampler =
      sampler ?? (shuffle ? new RandomSampler(this.dataset, { generator }) : new SequentialSampler(this.dataset));
    this.batchSampler =
      batchSampler ?? (this.batchSize === null ? null : new BatchSampler(this.sampler, this.batchSize, dropLast));
    this.#collate = o.collateFn ?? undefined;
    this.#ahead = numWorkers * (o.prefetchFactor ?? 2);
    this.#persistent = (o.persistentWorkers ?? false) && numWorkers > 0;
  }

  /** The number of batches of an epoch. */
  get length(): number {
    const { length } = this.batchSampler ?? this.sampler;
    if (length === undefined) throw new ArgumentError("DataLoader: the sampler has no length");
    return length;
  }

  /** The first batch of a new epoch. */
  async first(): Promise<B> {
    for await (const batch of this) return batch;
    throw new ArgumentError("DataLoader: the data set is empty");
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<B, void, undefined> {
    const workers = this.#startWorkers();
    const indices = (this.batchSampler ?? this.sampler)[Symbol.iterator]();
    let turn = 0;
    const fetch = (at: number | readonly number[]): Promise<B> => {
      const worker = workers[turn++ % this.numWorkers];
      return worker === undefined ? this.#fetch(at) : withDefaultGenerator(worker, () => this.#fetch(at));
    };
    return new Epoch<number | readonly number[], B>(indices, fetch, this.#ahead);
  }

  /** The generators of an epoch's workers; persistent ones go on with those of the epoch before. */
  #startWorkers(): Generator[] {
    if (this.#persistent && this.#workers !== undefined) return this.#workers;
    // Every epoch draws a seed for its workers, also when there are none: the state of the generator depends on it.
    const seed = random64(this.generator);
    this.#workers = Array.from({ length: this.numWorkers }, (_, i) => new Generator().manualSeed(seed + BigInt(i)));
    return this.#workers;
  }

  /** One batch, or without batching one sample. */
  async #fetch(at: readonly number[] | number): Promise<B> {
    if (typeof at === "number") {
      const sample = await this.dataset.get(at);
      return this.#collate === undefined ? (defaultConvert(sample) as B) : this.#collate([sample]);
    }
    if (this.#collate === undefined) {
      const whole = this.dataset.getBatch?.(at);
      if (whole !== undefined) return (await whole) as B;
    }
    // All are asked for in order before any is awaited: asynchronous samples overlap, and draws stay in order.
    const asked = at.map((index) => this.dataset.get(index));
    const samples = asked.some((x) => x instanceof Promise) ? await Promise.all(asked) : (asked as T[]);
    return this.#collate === undefined ? (this.#defaultCollate(samples) as B) : this.#collate(samples);
  }
}

function checkExclusive<T, B>(o: Partial<DataLoaderOptions<T, B>>): void {
  const { shuffle, sampler = null, batchSampler = null, numWorkers = 0, prefetchFactor = null } = o;
  if (numWorkers < 0) {
    throw new ArgumentError("num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.");
  }
  if (sampler !== null && shuffle) throw new ArgumentError("sampler option is mutually exclusive with shuffle");
  if (batchSampler !== null) {
    if ((o.batchSize ?? 1) !== 1 || shuffle || sampler !== null || o.dropLast) {
      throw new ArgumentError(
        "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last",
      );
    }
  } else if (o.batchSize === null && o.dropLast) {
    throw new ArgumentError("batch_size=None option disables auto-batching and is mutually exclusive with drop_last");
  }
  if (numWorkers === 0 && prefetchFactor !== null) {
    throw new ArgumentError(
      "prefetch_factor option could only be specified in multiprocessing. let num_workers > 0 to enable multiprocessing",
    );
  }
  if (o.persistentWorkers && numWorkers === 0) {
    throw new ArgumentError("persistent_workers option needs num_workers > 0");
  }
}

/** One pass over the data: takes indices lazily, or `ahead` batches in advance. */
class Epoch<I, B> implements AsyncIterableIterator<B, void, undefined> {
  readonly #indices: Iterator<I>;
  readonly #fetch: (at: I) => Promise<B>;
  readonly #queue: Promise<B>[] = [];
  readonly #ahead: number;
  #done = false;

  constructor(indices: Iterator<I>, fetch: (at: I) => Promise<B>, ahead: number) {
    this.#indices = indices;
    this.#fetch = fetch;
    this.#ahead = ahead;
    for (let i = 0; i < ahead; i++) this.#ask();
  }

  #ask(): void {
    if (this.#done) return;
    const next = this.#indices.next();
    if (next.done === true) {
      this.#done = true;
      return;
    }
    const batch = this.#fetch(next.value);
    // An error belongs to its batch: it is thrown when that batch's turn comes, and is no unhandled rejection before.
    batch.catch(() => {});
    this.#queue.push(batch);
  }

  async next(): Promise<IteratorResult<B, void>> {
    // Timers, signals and other requests get their turn at every batch.
    await setImmediate();
    if (this.#ahead === 0) this.#ask();
    const batch = this.#queue.shift();
    if (batch === undefined) return { done: true, value: undefined };
    const value = await batch;
    if (this.#ahead > 0) this.#ask();
    return { done: false, value };
  }

  async return(): Promise<IteratorResult<B, void>> {
    this.#done = true;
    this.#queue.length = 0;
    this.#indices.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
