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

let current: WorkerInfo | null = null;

/** The worker that reads now; null outside of `get`, after its first `await`, and with numWorkers 0. */
export function getWorkerInfo(): WorkerInfo | null {
  return current;
}

/** One worker of an epoch. */
export class LoaderWorker {
  readonly info: WorkerInfo;
  readonly #generator: Generator;

  constructor(info: WorkerInfo) {
    this.info = info;
    this.#generator = new Generator().manualSeed(info.seed);
  }

  /** Runs `fn` as this worker, as far as it is synchronous. */
  run<R>(fn: () => R): R {
    const former = current;
    current = this.info;
    try {
      return withDefaultGenerator(this.#generator, fn);
    } finally {
      current = former;
    }
  }
}
