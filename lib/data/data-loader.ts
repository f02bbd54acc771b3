/** DataLoader: batches of a data set, in PyTorch's order for the same seed. */

import { inspect } from "node:util";
import { type Args, type From, leading, readArgs } from "../args.js";
import { checkFunction, isIterable } from "../argument-types.js";
import { ArgumentError } from "../errors.js";
import { type Generator, random64 } from "../random.js";
import { pyRepr } from "../repr.js";
import { guardSpelling, namesOf } from "../spelling.js";
import { describe } from "../tensor/base.js";
import { warnOnce } from "../warnings.js";
import type { Collated, CollateFn } from "./collate.js";
import { asDataset, Dataset, type DatasetLike, type DatasetSource } from "./dataset.js";
import { Epoch, type EpochLimits } from "./epoch.js";
import { fetchByIndex, fetchInTurn, type Source } from "./fetch.js";
import { IterableDataset } from "./iterable-dataset.js";
import { BatchSampler, endless, RandomSampler, SequentialSampler } from "./sampler.js";
import { LoaderWorker, ownReader } from "./worker.js";

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
   * With more than 0, batches are fetched ahead. Batch i belongs to worker i % numWorkers, which draws from a generator of its own
   * (the epoch's seed + its number). Images of files are decoded and changed by so many native threads, or by so many threads of
   * JavaScript where the data set's transform is a module's path; other samples are read on this thread, where asynchronous ones
   * overlap, and draw from the worker's generator as far as `get` runs before its first `await`.
   * Default 0.
   */
  numWorkers?: number;
  /** Makes a batch of samples. Default: {@link Collated}. */
  collateFn?: CollateFn<T, B> | null;
  /** Accepted for PyTorch's sake. */
  pinMemory?: boolean;
  /** Whether to leave out an incomplete last batch. Default false. */
  dropLast?: boolean;
  /** Seconds after which a batch that has not come is an error; 0 waits for it. For numWorkers above 0. Default 0. */
  timeout?: number;
  /** Called with the number of each worker at the start of an epoch, under the worker's generator. */
  workerInitFn?: ((worker: number) => void) | null;
  /** Accepted for PyTorch's sake. */
  multiprocessingContext?: string | null;
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator | null;
  /** Batches fetched ahead per worker. Default 2. */
  prefetchFactor?: number | null;
  /** Whether the workers' seed is drawn in the first epoch only, as with PyTorch's persistent workers. Default false. */
  persistentWorkers?: boolean;
  /** Accepted for PyTorch's sake. */
  pinMemoryDevice?: string;
  /** Accepted for PyTorch's sake; batches come in order. */
  inOrder?: boolean;
  /** Ends an epoch: the loop then throws the signal's reason. Default: nothing does. */
  signal?: AbortSignal | null;
}

const NAMES = [
  ...(["batchSize", "shuffle", "sampler", "batchSampler", "numWorkers", "collateFn", "pinMemory", "dropLast"] as const),
  ...([
    "timeout",
    "workerInitFn",
    "multiprocessingContext",
    "generator",
    "prefetchFactor",
    "persistentWorkers",
  ] as const),
  ...(["pinMemoryDevice", "inOrder", "signal"] as const),
] as const;

type LoaderArgs<T, B> = Args<DataLoaderOptions<T, B>, typeof NAMES>;

/**
 * Batches of a data set, or of a stream ({@link IterableDataset}).
 *
 * ```ts
 * const loader = new data.DataLoader(train, { batchSize: 100, shuffle: true });
 * for await (const [images, labels] of loader) { ... }
 * const [images, labels] = await loader.first();
 * ```
 */
export class DataLoader<T, B = Collated<T>> {
  readonly dataset: DatasetLike<T> | IterableDataset<T>;
  readonly batchSize: number | null;
  readonly numWorkers: number;
  readonly dropLast: boolean;
  readonly generator: Generator | null;
  readonly sampler: IndexSource<number>;
  readonly batchSampler: IndexSource<readonly number[]> | null;
  readonly #newSource: () => Source<B>;
  readonly #ahead: number;
  readonly #limits: EpochLimits;
  readonly #persistent: boolean;
  readonly #initWorker: ((worker: number) => void) | null;
  #workers: LoaderWorker[] | undefined;

  constructor(
    ...args: From<"dataset", DatasetSource<T> | IterableDataset<T>, LoaderArgs<T, B>, DataLoaderOptions<T, B>>
  ) {
    const [dataset, rest] = leading("dataset", args);
    const o = readArgs<DataLoaderOptions<T, B>>("DataLoader", NAMES, rest);
    const { shuffle, sampler = null, batchSampler = null, numWorkers = 0, dropLast = false, generator = null } = o;
    const stream = dataset instanceof IterableDataset ? dataset : undefined;
    if (stream !== undefined) checkStream(o);
    checkExclusive(o);
    this.numWorkers = numWorkers;
    this.dropLast = dropLast;
    this.generator = generator;
    this.batchSize = batchSampler === null ? (o.batchSize === undefined ? 1 : o.batchSize) : null;
    const collate = o.collateFn ?? undefined;
    if (stream !== undefined) {
      this.dataset = stream;
      this.sampler = endless;
      this.#newSource = () => fetchInTurn(stream, collate, dropLast);
    } else {
      const source = asDataset(dataset as DatasetSource<T>);
      const fetches = fetchByIndex(source, collate);
      this.dataset = source;
      this.sampler = sampler ?? (shuffle ? new RandomSampler(source, { generator }) : new SequentialSampler(source));
      this.#newSource = () => fetches;
    }
    this.batchSampler =
      batchSampler ?? (this.batchSize === null ? null : new BatchSampler(this.sampler, this.batchSize, dropLast));
    if (o.pinMemory === true) {
      warnOnce(
        "CANDLEWICK_PIN_MEMORY",
        "'pin_memory' argument is set as true but no accelerator is found, then device pinned memory won't be used.",
      );
    }
    const { timeout = 0, signal = null } = o;
    if (signal !== null && !(signal instanceof AbortSignal)) {
      throw new ArgumentError(`DataLoader: expected signal to be an AbortSignal, received ${describe(signal)}`);
    }
    this.#limits = { timeout: numWorkers > 0 ? timeout : 0, signal };
    this.#ahead = numWorkers * (o.prefetchFactor ?? 2);
    this.#persistent = (o.persistentWorkers ?? false) && numWorkers > 0;
    this.#initWorker = o.workerInitFn ?? null;
  }

  /** The number of batches of an epoch. Errors: a sampler or a stream without a length. */
  get length(): number {
    if (this.dataset instanceof IterableDataset) {
      const { length } = this.dataset;
      if (length === undefined)
        throw new ArgumentError(`object of type '${this.dataset.constructor.name}' has no len()`);
      const batches = length / (this.batchSize ?? 1);
      return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
    }
    const { length } = this.batchSampler ?? this.sampler;
    if (length === undefined) throw new ArgumentError("DataLoader: the sampler has no length");
    return length;
  }

  /** A few lines: the batches and where they come from. */
  toString(): string {
    const { batchSize, dropLast, numWorkers, dataset, sampler, batchSampler } = this;
    const order = batchSize === null && batchSampler !== null ? batchSampler : sampler;
    const lines = [
      `Batch size: ${batchSize ?? (batchSampler === null ? "none, sample by sample" : "by the batch sampler")}`,
      ...(dataset instanceof IterableDataset ? [] : [`Order: ${order.constructor.name}`]),
      ...(dropLast ? ["Drops an incomplete last batch"] : []),
      ...(numWorkers > 0 ? [`Number of workers: ${numWorkers}`] : []),
      ...titleOf(dataset).split("\n"),
    ];
    return ["DataLoader", ...lines.map((line) => `    ${line}`)].join("\n");
  }

  /** The same, for console.log. @internal */
  [inspect.custom](): string {
    return this.toString();
  }

  /** The first batch of a new epoch. */
  async first(): Promise<B> {
    for await (const batch of this) return batch;
    throw new ArgumentError("DataLoader: the data set is empty");
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<B, void, undefined> {
    const workers = this.#startWorkers();
    const indices = (this.batchSampler ?? this.sampler)[Symbol.iterator]();
    const source = this.#newSource();
    let turn = 0;
    const fetch = (at: readonly number[] | number) => source.fetch(at, workers[turn++ % this.numWorkers] ?? ownReader);
    const close = async () => {
      await source.close();
      if (!this.#persistent) for (const worker of workers) worker.release();
    };
    return new Epoch<B>(indices, { fetch, close }, this.#ahead, this.#limits);
  }

  /** The workers of an epoch; persistent ones go on from the epoch before. */
  #startWorkers(): LoaderWorker[] {
    if (this.#persistent && this.#workers !== undefined) return this.#workers;
    // Every epoch draws a seed for its workers, also when there are none: the state of the generator depends on it.
    const seed = random64(this.generator);
    const { numWorkers, dataset } = this;
    const workers = Array.from(
      { length: numWorkers },
      (_, id) => new LoaderWorker({ id, numWorkers, seed: seed + BigInt(id), dataset }),
    );
    for (const worker of workers) worker.run(() => this.#initWorker?.(worker.info.id));
    this.#workers = workers;
    return workers;
  }
}

/** A data set's printed form; of one that has none its class or its length. */
function titleOf(dataset: object & { readonly length?: number }): string {
  if (dataset instanceof Dataset) return String(dataset);
  const { name } = dataset.constructor;
  return name === "Object" ? `Samples: ${dataset.length}` : `Dataset ${name}`;
}

/** Refuses what only makes sense where samples have indices. */
function checkStream<T, B>(o: Partial<DataLoaderOptions<T, B>>): void {
  const { shuffle, sampler, batchSampler } = o;
  for (const [name, value] of Object.entries({ shuffle, sampler, batch_sampler: batchSampler })) {
    if (value === undefined || value === null || value === false) continue;
    throw new ArgumentError(
      `DataLoader with IterableDataset: expected unspecified ${name} option, but got ${name}=${pyRepr(value)}`,
    );
  }
}

function checkExclusive<T, B>(o: Partial<DataLoaderOptions<T, B>>): void {
  const { shuffle, sampler = null, batchSampler = null, numWorkers = 0, prefetchFactor = null } = o;
  if (numWorkers < 0) {
    throw new ArgumentError("num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.");
  }
  if ((o.timeout ?? 0) < 0) throw new ArgumentError("timeout option should be non-negative");
  for (const [name, value] of Object.entries({ sampler, batchSampler })) {
    if (value !== null && !isIterable(value)) {
      throw new ArgumentError(
        `DataLoader: expected ${name} to be a list of indices or a sampler, received ${describe(value)}`,
      );
    }
  }
  if (o.collateFn !== undefined && o.collateFn !== null) checkFunction("DataLoader", "collateFn", o.collateFn);
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
      "prefetch_factor option could only be specified in multiprocessing.let num_workers > 0 to enable multiprocessing, otherwise set prefetch_factor to None.",
    );
  }
  if (o.persistentWorkers && numWorkers === 0) {
    throw new ArgumentError("persistent_workers option needs num_workers > 0");
  }
}

guardSpelling(DataLoader.prototype, [...namesOf(DataLoader), ...NAMES]);
