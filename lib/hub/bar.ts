/** A bar of bytes for a download. */
import type { ProgressStream } from "../progress.js";

const WIDTH = 30;

/** Shows how far a download is: on a terminal a bar that moves, in a log a line at the beginning and at the end. */
export class DownloadBar {
  readonly #name: string;
  readonly #total: number | undefined;
  readonly #stream: ProgressStream;
  readonly #start = performance.now();
  #shown = 0;

  constructor(name: string, total: number | undefined, stream: ProgressStream = process.stderr) {
    this.#name = name;
    this.#total = total;
    this.#stream = stream;
    if (stream.isTTY !== true)
      stream.write(`Downloading ${name}${total === undefined ? "" : ` (${megabytes(total)})`}\n`);
  }

  /** Says how many bytes are there. */
  update(bytes: number): void {
    const now = performance.now();
    if (this.#stream.isTTY !== true || now - this.#shown < 100) return;
    this.#shown = now;
    this.#stream.write(`\r${this.#line(bytes, now)}`);
  }

  /** Ends the bar. */
  done(bytes: number): void {
    const line = this.#line(bytes, performance.now());
    this.#stream.write(this.#stream.isTTY === true ? `\r${line}\n` : `${line}\n`);
  }

  #line(bytes: number, now: number): string {
    const rate = `${megabytes((bytes / Math.max(1, now - this.#start)) * 1000)}/s`;
    if (this.#total === undefined || this.#total === 0) return `${this.#name}: ${megabytes(bytes)} ${rate}`;
    const part = Math.min(1, bytes / this.#total);
    const full = Math.floor(part * WIDTH);
    const bar = "█".repeat(full).padEnd(WIDTH, " ");
    return `${this.#name}: ${`${Math.floor(100 * part)}`.padStart(3)}%|${bar}| ${megabytes(bytes)}/${megabytes(this.#total)} ${rate}`;
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
