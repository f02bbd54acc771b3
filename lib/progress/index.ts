/** `progress`: a bar on a terminal, plain lines in a log. */
import { readArgs } from "../args.js";
import { ArgumentError } from "../errors.js";
import { describe } from "../tensor/base.js";
import { Bar, type BarOptions } from "./bar.js";
import type { ProgressStream } from "./board.js";

export type { ProgressStream } from "./board.js";

/** What stands behind the bar: `{ loss: 0.123 }`. */
export type Postfix = Readonly<Record<string, string | number>>;

/** Options of {@link progress}, as tqdm's. */
export interface ProgressOptions {
  /** Written in front. Default "". */
  desc?: string;
  /** How many steps there are. Default: the iterable's `length` or `size`, where it has one. */
  total?: number;
  /** What a step is called. Default "it". */
  unit?: string;
  /** Whether numbers are written as 1.23k, 4.56M. Default false. */
  unitScale?: boolean;
  /** Whether the finished bar stays. Default true. */
  leave?: boolean;
  /** Written behind. Default: nothing. */
  postfix?: Postfix | string;
  /** Whether nothing is written. Default false. */
  disable?: boolean;
  /** Where to write. Default: standard error. */
  stream?: ProgressStream;
}
const NAMES = ["desc", "total", "unit", "unitScale", "leave", "postfix", "disable", "stream"] as const;

type Source<T> = (Iterable<T> | AsyncIterable<T>) & { readonly length?: number; readonly size?: unknown };

function postfixText(values: unknown): string {
  if (typeof values === "string") return values;
  if (typeof values !== "object" || values === null) {
    throw new ArgumentError(`setPostfix: expected values by name, received ${describe(values)}`);
  }
  const show = (value: unknown): string =>
    typeof value === "number" && !Number.isInteger(value) ? String(Number(value.toPrecision(3))) : String(value);
  return Object.entries(values)
    .map(([key, value]) => `${key}=${show(value)}`)
    .join(", ");
}

/** An iterable that shows how far it is. */
export class Progress<T> implements AsyncIterable<T>, Iterable<T> {
  readonly #source: Source<T>;
  readonly #options: BarOptions | undefined;
  #bar: Bar | undefined;
  #desc: string | undefined;
  #postfix: string | undefined;

  constructor(source: Source<T>, options: ProgressOptions = {}) {
    const op = "progress";
    const o = readArgs<ProgressOptions>(op, NAMES, [options]);
    const size = typeof source.size === "number" ? source.size : undefined;
    const total = o.total ?? source.length ?? size;
    if (total !== undefined && !(typeof total === "number" && total >= 0)) {
      throw new ArgumentError(`${op}: expected total to be a number of steps, received ${describe(total)}`, { op });
    }
    this.#source = source;
    if (o.disable === true) return;
    this.#options = {
      ...{ desc: o.desc ?? "", total, unit: o.unit ?? "it", unitScale: o.unitScale ?? false, leave: o.leave ?? true },
      ...{ postfix: o.postfix === undefined ? "" : postfixText(o.postfix), stream: o.stream ?? process.stderr },
    };
  }

  /** Sets what is written behind the bar: `bar.setPostfix({ loss: 0.123 })`. */
  setPostfix(values: Postfix | string): void {
    this.#postfix = postfixText(values);
    if (this.#bar !== undefined) this.#bar.postfix = this.#postfix;
  }
  /** Sets what is written in front of the bar. */
  setDescription(desc: string): void {
    this.#desc = desc;
    if (this.#bar !== undefined) this.#bar.desc = desc;
  }
  /** Writes a line above the bars, which stay whole: what `console.log` does not. */
  write(text: string): void {
    if (this.#bar !== undefined) this.#bar.write(text);
    else console.log(text);
  }

  *[Symbol.iterator](): Generator<T, void, undefined> {
    if (!(Symbol.iterator in this.#source)) {
      throw new ArgumentError("progress: use for await with an asynchronous iterable");
    }
    const bar = this.#begin();
    try {
      for (const item of this.#source) {
        yield item;
        bar?.update();
      }
    } finally {
      bar?.close();
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    const bar = this.#begin();
    try {
      for await (const item of this.#source) {
        yield item;
        bar?.update();
      }
    } finally {
      bar?.close();
    }
  }

  #begin(): Bar | undefined {
    if (this.#options === undefined) return undefined;
    const { desc = this.#options.desc, postfix = this.#options.postfix } = { desc: this.#desc, postfix: this.#postfix };
    this.#bar = new Bar({ ...this.#options, desc, postfix });
    return this.#bar;
  }
}

/**
 * Shows the progress of a loop: `for await (const [x, y] of progress(loader, { desc: "epoch 1" }))`, or of so many steps:
 * `for (const epoch of progress(3))` counts 0, 1, 2. Loops in loops have bars below each other. Errors: what is neither a number nor
 * iterable. [tqdm](https://tqdm.github.io)
 */
export function progress(steps: number, options?: ProgressOptions): Progress<number>;
export function progress<T>(source: Source<T>, options?: ProgressOptions): Progress<T>;
export function progress<T>(source: Source<T> | number, options?: ProgressOptions): Progress<T> | Progress<number> {
  if (typeof source === "number" && Number.isInteger(source) && source >= 0 && source < 2 ** 32) {
    return new Progress<number>(counting(source), options);
  }
  const isIterable =
    typeof source === "object" && source !== null && (Symbol.iterator in source || Symbol.asyncIterator in source);
  if (isIterable) return new Progress(source, options);
  throw new ArgumentError(`progress: expected an iterable or a number of steps, received ${describe(source)}`);
}

/** 0, 1, 2, ... without a list of them. */
function counting(length: number): Source<number> {
  return {
    length,
    *[Symbol.iterator]() {
      for (let i = 0; i < length; i++) yield i;
    },
  };
}
