/** The workers of a loader: generators of their own under which samples are read. */
import { Generator, withDefaultGenerator } from "../random.js";

/** What a data set may ask about who reads it. */
export interface WorkerInfo {
  /** The number of this worker. */
  readonly id: number;
  /** How many there are. */
  readonly numWorkers: number;
  /** What this worker's generator started from: the epoch's seed + `id`. */
  readonly seed: bigint;
  /** The data set that is read. */
  readonly dataset: unknown;
}

let current: LoaderWorker | null = null;

/** The worker that reads now; null outside of `get`, after its first `await`, and with numWorkers 0. */
export function getWorkerInfo(): WorkerInfo | null {
  return current?.info ?? null;
}

/** The same worker, with what it keeps. @internal */
export function currentWorker(): LoaderWorker | null {
  return current;
}

/** Who reads batches: one worker of an epoch, or the loader itself. */
export interface Reader {
  /** Whether one batch may use all threads. */
  readonly parallel: boolean;
  /** Runs `fn` with this reader's generator, as far as it is synchronous. */
  run<R>(fn: () => R): R;
  /** The same once something has come, after all that was given here before. */
  inTurn<O, R>(opened: Promise<O>, fn: (opened: O) => R | Promise<R>): Promise<R>;
  /** Waits for a place among the batches that are made at once. */
  start<R>(work: () => Promise<R>): Promise<R>;
}

/** The loader itself, which reads one batch after another. */
export const ownReader: Reader = {
  parallel: true,
  run: (fn) => fn(),
  inTurn: async (opened, fn) => fn(await opened),
  start: (work) => work(),
};

/** What a worker keeps for an epoch, such as a thread. */
export interface Resource {
  release(): void;
}

const releaseAll = (resources: ReadonlyMap<string, Resource>) => {
  for (const resource of resources.values()) resource.release();
};
/** A worker whose epoch was never ended gives back what it kept once nobody knows it. */
const forgotten = new FinalizationRegistry(releaseAll);

const settled = (promise: Promise<unknown>): Promise<unknown> => promise.catch(() => {});

/** One worker of an epoch. */
export class LoaderWorker implements Reader {
  readonly info: WorkerInfo;
  readonly parallel = false;
  readonly #generator: Generator;
  readonly #resources = new Map<string, Resource>();
  #drawn: Promise<unknown> = Promise.resolve();
  #made: Promise<unknown> = Promise.resolve();

  constructor(info: WorkerInfo) {
    this.info = info;
    this.#generator = new Generator().manualSeed(info.seed);
    forgotten.register(this, this.#resources);
  }

  /** What this worker keeps under a name, made when it is first asked for. */
  resource<R extends Resource>(name: string, make: () => R): R {
    const kept = this.#resources.get(name) ?? make();
    this.#resources.set(name, kept);
    return kept as R;
  }

  /** Gives back what this worker keeps. */
  release(): void {
    releaseAll(this.#resources);
    this.#resources.clear();
  }

  /** Runs `fn` as this worker, as far as it is synchronous. */
  run<R>(fn: () => R): R {
    const former = current;
    current = this;
    try {
      return withDefaultGenerator(this.#generator, fn);
    } finally {
      current = former;
    }
  }

  async inTurn<O, R>(opened: Promise<O>, fn: (opened: O) => R | Promise<R>): Promise<R> {
    const before = this.#drawn;
    const drawn = Promise.all([opened, before]).then(([o]) => this.run(() => fn(o)));
    this.#drawn = settled(drawn);
    return await drawn;
  }

  /** A worker makes one batch at a time. */
  start<R>(work: () => Promise<R>): Promise<R> {
    const made = this.#made.then(work);
    this.#made = settled(made);
    return made;
  }
}
