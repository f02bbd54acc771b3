/** The bars of a terminal: those that run lie below each other and are drawn as one block; what has ended moves up out of it. */

/** What a bar is written to. */
export interface ProgressStream {
  /** Whether it is a terminal. */
  readonly isTTY?: boolean;
  /** The width of the terminal. */
  readonly columns?: number;
  write(text: string): unknown;
}

/** A line of the block. */
export interface Row {
  line(columns: number): string;
}

const boards = new WeakMap<ProgressStream, Board>();

/** The block of one stream. */
export class Board {
  readonly #stream: ProgressStream;
  readonly #rows: Row[] = [];
  #drawn = 0;

  private constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  static of(stream: ProgressStream): Board {
    const board = boards.get(stream) ?? new Board(stream);
    boards.set(stream, board);
    return board;
  }

  add(row: Row): void {
    this.#rows.push(row);
    this.draw();
  }

  /** Takes a row out; its last line stays above the others where it is `left`. */
  remove(row: Row, left: boolean): void {
    const at = this.#rows.indexOf(row);
    if (at < 0) return;
    this.#rows.splice(at, 1);
    this.#write(left ? `${row.line(this.#columns)}\x1b[K\n` : "");
  }

  /** Draws the block anew. */
  draw(): void {
    this.#write("");
  }

  /** Writes text above the block. */
  above(text: string): void {
    this.#write(`${text}\x1b[K\n`);
  }

  get #columns(): number {
    return this.#stream.columns ?? 80;
  }

  #write(above: string): void {
    const up = this.#drawn > 1 ? `\x1b[${this.#drawn - 1}A` : "";
    const block = this.#rows.map((row) => `${row.line(this.#columns)}\x1b[K`).join("\n");
    const below = this.#drawn > this.#rows.length ? "\x1b[J" : "";
    this.#drawn = this.#rows.length;
    this.#stream.write(`\r${up}${above}${block}${below}`);
  }
}
