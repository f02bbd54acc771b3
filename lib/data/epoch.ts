/** One pass over the data. */
import { setImmediate, setTimeout } from "node:timers/promises";
import { TorchError } from "../errors.js";
import { END, type Source } from "./fetch.js";

/** Where an epoch's batches come from. */
interface Fetches<B> {
  fetch(at: readonly number[] | number): Promise<B | typeof END>;
  close: Source<B>["close"];
}

/** What ends an epoch early. */
export interface EpochLimits {
  /** Seconds to wait for a batch; 0 waits for ever. */
  readonly timeout: number;
  readonly signal: AbortSignal | null;
}

/** Takes indices lazily, or asks for `ahead` batches in advance. */
export class Epoch<B> implements AsyncIterableIterator<B, void, undefined> {
  readonly #indices: Iterator<number | readonly number[]>;
  readonly #source: Fetches<B>;
  readonly #queue: Promise<B | typeof END>[] = [];
  readonly #limits: EpochLimits;
  readonly #ahead: number;
  #done = false;

  constructor(indices: Iterator<number | readonly number[]>, source: Fetches<B>, ahead: number, limits: EpochLimits) {
    this.#indices = indices;
    this.#source = source;
    this.#ahead = ahead;
    this.#limits = limits;
    for (let i = 0; i < ahead; i++) this.#ask();
  }

  #ask(): void {
    if (this.#done) return;
    const next = this.#indices.next();
    if (next.done === true) {
      this.#done = true;
      return;
    }
    const batch = this.#source.fetch(next.value);
    // An error belongs to its batch: it is thrown when that batch's turn comes, and is no unhandled rejection before.
    batch.catch(() => {});
    this.#queue.push(batch);
  }

  async next(): Promise<IteratorResult<B, void>> {
    // Timers, signals and other requests get their turn at every batch.
    await setImmediate();
    if (this.#ahead === 0) this.#ask();
    const batch = this.#queue.shift();
    let value: B | typeof END;
    try {
      this.#limits.signal?.throwIfAborted();
      value = batch === undefined ? END : await this.#within(batch);
    } catch (error) {
      if (this.#limits.signal?.aborted === true || error instanceof TimedOut) await this.return();
      throw error;
    }
    if (value === END) return this.return();
    if (this.#ahead > 0) this.#ask();
    return { done: false, value };
  }

  /** A batch, unless the signal or the clock comes first. */
  async #within(batch: Promise<B | typeof END>): Promise<B | typeof END> {
    const { timeout, signal } = this.#limits;
    if (timeout === 0 && signal === null) return batch;
    const over = new AbortController();
    const late = timeout === 0 ? [] : [afterSeconds(timeout, over.signal)];
    const aborted = signal === null ? [] : [whenAborted(signal, over.signal)];
    try {
      return await Promise.race([batch, ...late, ...aborted]);
    } finally {
      over.abort();
    }
  }

  async return(): Promise<IteratorResult<B, void>> {
    this.#done = true;
    this.#queue.length = 0;
    this.#indices.return?.();
    await this.#source.close();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** A batch that did not come in time: the epoch is over. */
class TimedOut extends TorchError {}

async function afterSeconds(seconds: number, over: AbortSignal): Promise<never> {
  await setTimeout(seconds * 1000, undefined, { signal: over });
  throw new TimedOut(`DataLoader timed out after ${seconds} seconds`);
}

function whenAborted(signal: AbortSignal, over: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true, signal: over });
  });
}
