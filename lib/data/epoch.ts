/** One pass over the data. */
import { setImmediate } from "node:timers/promises";
import { END, type Source } from "./fetch.js";

/** Takes indices lazily, or asks for `ahead` batches in advance. */
export class Epoch<B> implements AsyncIterableIterator<B, void, undefined> {
  readonly #indices: Iterator<number | readonly number[]>;
  readonly #source: Source<B>;
  readonly #queue: ReturnType<Source<B>["fetch"]>[] = [];
  readonly #ahead: number;
  #done = false;

  constructor(indices: Iterator<number | readonly number[]>, source: Source<B>, ahead: number) {
    this.#indices = indices;
    this.#source = source;
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
    const value = batch === undefined ? END : await batch;
    if (value === END) return this.return();
    if (this.#ahead > 0) this.#ask();
    return { done: false, value };
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
