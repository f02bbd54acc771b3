/** A bar that counts. */
import { Board, type ProgressStream, type Row } from "./board.js";
import { barLine, type Meter, plainLine } from "./meter.js";

/** How a bar looks and where it is written. */
export interface BarOptions {
  readonly desc: string;
  readonly total: number | undefined;
  /** Steps that were done before. Default 0. */
  readonly initial?: number;
  readonly unit: string;
  readonly unitScale: boolean;
  readonly postfix: string;
  readonly leave: boolean;
  readonly stream: ProgressStream;
}

/** Milliseconds between two drawings of a bar, and between two lines of a log. */
const [FRAME, LINE] = [100, 5000];
/** The weight of the newest rate, as tqdm's. */
const SMOOTHING = 0.3;

/** A bar on a terminal; elsewhere a line every few seconds, and one at the end. */
export class Bar implements Row {
  readonly #options: BarOptions;
  readonly #start = performance.now();
  #desc: string;
  #postfix: string;
  #n: number;
  #shown: { at: number; n: number };
  #rate: number | undefined;
  #open = true;

  constructor(options: BarOptions) {
    this.#options = options;
    this.#desc = options.desc;
    this.#postfix = options.postfix;
    this.#n = options.initial ?? 0;
    this.#shown = { at: this.#start, n: this.#n };
    if (this.#isTerminal) Board.of(options.stream).add(this);
  }

  get #isTerminal(): boolean {
    return this.#options.stream.isTTY === true;
  }
  /** Steps done. */
  get n(): number {
    return this.#n;
  }
  set desc(text: string) {
    this.#desc = text;
  }
  set postfix(text: string) {
    this.#postfix = text;
  }

  /** Counts steps. */
  update(steps = 1): void {
    this.#n += steps;
    const now = performance.now();
    const since = now - this.#shown.at;
    if (since < (this.#isTerminal ? FRAME : LINE)) return;
    const rate = ((this.#n - this.#shown.n) / since) * 1000;
    this.#rate = this.#rate === undefined ? rate : SMOOTHING * rate + (1 - SMOOTHING) * this.#rate;
    this.#shown = { at: now, n: this.#n };
    if (this.#isTerminal) Board.of(this.#options.stream).draw();
    else this.#options.stream.write(`${plainLine(this.#meter())}\n`);
  }

  /** Writes text above the bars. */
  write(text: string): void {
    if (this.#isTerminal && this.#open) Board.of(this.#options.stream).above(text);
    else this.#options.stream.write(`${text}\n`);
  }

  /** Ends the bar; a second call does nothing. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.#isTerminal) Board.of(this.#options.stream).remove(this, this.#options.leave);
    else this.#options.stream.write(`${plainLine(this.#meter())}\n`);
  }

  line(columns: number): string {
    return barLine(this.#meter(), columns);
  }

  #meter(): Meter {
    const { total, unit, unitScale } = this.#options;
    const elapsed = (performance.now() - this.#start) / 1000;
    const done = this.#n - (this.#options.initial ?? 0);
    const mean = done === 0 || elapsed <= 0 ? undefined : done / elapsed;
    const rate = this.#open ? (this.#rate ?? mean) : mean; // of a bar that has ended, the mean
    return { ...{ desc: this.#desc, n: this.#n, total, elapsed, rate, unit, unitScale }, postfix: this.#postfix };
  }
}
