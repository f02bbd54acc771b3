/** `progress`: a bar on a terminal, plain lines in a log. */

import { ArgumentError } from "./errors.js";
import { describe } from "./tensor/base.js";

/** Options of {@link progress}. */
export interface ProgressOptions {
  /** Written in front. Default "". */
  desc?: string;
  /** How many steps there are. Default: the iterable's `length`, where it has one. */
  total?: number;
  /** Where to write. Default: standard error. */
  stream?: ProgressStream;
  /** Whether to leave the finished bar. Default true. */
  leave?: boolean;
}

/** What a bar is written to. */
export interface ProgressStream {
  /** Whether it is a terminal. */
  readonly isTTY?: boolean;
  /** The width of the terminal. */
  readonly columns?: number;
  write(text: string): unknown;
}

type Source<T> = (Iterable<T> | AsyncIterable<T>) & { readonly length?: number };

/** An iterable that shows how far it is. */
export class Progress<T> implements AsyncIterable<T> {
  readonly #source: Source<T>;
  readonly #desc: string;
  readonly #total: number | undefined;
  readonly #stream: ProgressStream;
  readonly #leave: boolean;
  #postfix = "";
  #count = 0;
  #start = 0;
  #shown = 0;

  constructor(source: Source<T>, options: ProgressOptions = {}) {
    this.#source = source;
    this.#desc = options.desc ?? "";
    this.#total = options.total ?? source.length;
    this.#stream = options.stream ?? process.stderr;
    this.#leave = options.leave ?? true;
  }

  /** Sets what is written behind the bar: `bar.setPostfix({ loss: 0.123 })`. */
  setPostfix(values: Readonly<Record<string, string | number>>): void {
    if (typeof values !== "object" || values === null) {
      throw new ArgumentError(`setPostfix: expected values by name, received ${describe(values)}`);
    }
    const show = (value: string | number): string =>
      typeof value === "number" && !Number.isInteger(value) ? value.toPrecision(3) : String(value);
    this.#postfix = Object.entries(values)
      .map(([key, value]) => `, ${key}=${show(value)}`)
      .join("");
  }

  *[Symbol.iterator](): Generator<T, void, undefined> {
    if (!(Symbol.iterator in this.#source))
      throw new ArgumentError("progress: use for await with an asynchronous iterable");
    this.#begin();
    for (const item of this.#source) {
      yield item;
      this.#step();
    }
    this.#end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    this.#begin();
    for await (const item of this.#source) {
      yield item;
      this.#step();
    }
    this.#end();
  }

  #begin(): void {
    this.#count = 0;
    this.#start = this.#shown = performance.now();
  }

  #step(): void {
    this.#count++;
    const now = performance.now();
    const every = this.#stream.isTTY === true ? 100 : 10_000;
    if (now - this.#shown < every) return;
    this.#shown = now;
    if (this.#stream.isTTY === true) this.#stream.write(`\r${this.#bar()}\x1b[K`);
    else this.#stream.write(`${this.#line()}\n`);
  }

  #end(): void {
    if (this.#stream.isTTY !== true) this.#stream.write(`${this.#line()}\n`);
    else this.#stream.write(this.#leave ? `\r${this.#bar()}\x1b[K\n` : "\r\x1b[K");
  }

  #line(): string {
    const of = this.#total === undefined ? "" : `/${this.#total}`;
    const seconds = (performance.now() - this.#start) / 1000;
    const rate = this.#count / Math.max(seconds, 1e-9);
    const front = this.#desc === "" ? "" : `${this.#desc}: `;
    return `${front}${this.#count}${of} [${seconds.toFixed(1)}s, ${rate.toPrecision(3)}/s${this.#postfix}]`;
  }

  #bar(): string {
    const line = this.#line();
    if (this.#total === undefined || this.#total === 0) return line;
    const share = Math.min(this.#count / this.#total, 1);
    const front = this.#desc === "" ? "" : `${this.#desc}: `;
    const percent = `${String(Math.floor(share * 100)).padStart(3)}%`;
    const rest = line.slice(front.length);
    const width = Math.max((this.#stream.columns ?? 80) - front.length - percent.length - rest.length - 4, 8);
    const full = Math.round(share * width);
    return `${front}${percent}|${"█".repeat(full)}${" ".repeat(width - full)}| ${rest}`;
  }
}

/**
 * Shows the progress of a loop: `for await (const [x, y] of progress(loader, { desc: "epoch 1" }))`, or of so many steps:
 * `for (const epoch of progress(3))` counts 0, 1, 2. Errors: what is neither a number nor iterable.
 */
export function progress(steps: number, options?: ProgressOptions): Progress<number>;
export function progress<T>(source: Source<T>, options?: ProgressOptions): Progress<T>;
export function progress<T>(source: Source<T> | number, options?: ProgressOptions): Progress<T> | Progress<number> {
  if (typeof source === "number" && Number.isInteger(source) && source >= 0 && source < 2 ** 32) {
    return new Progress<number>(
      Array.from({ length: source }, (_, i) => i),
      options,
    );
  }
  const isIterable =
    typeof source === "object" && source !== null && (Symbol.iterator in source || Symbol.asyncIterator in source);
  if (isIterable) return new Progress(source, options);
  throw new ArgumentError(`progress: expected an iterable or a number of steps, received ${describe(source)}`);
}
