/** `Figure`: a drawing with one or more axes. */
import { readArgs } from "../args.js";
import { ArgumentError } from "../errors.js";
import { describe } from "../tensor/base.js";
import { Axes } from "./axes.js";
import { count, positive, share, sizeOf } from "./checks.js";
import { type Color, parseColor } from "./color.js";
import { draw } from "./draw/index.js";
import type { TextOptions } from "./options.js";
import { type SaveOptions, save, toPNG } from "./save.js";
import { show } from "./show.js";
import type { FigureSpec } from "./spec.js";

/** Options of {@link figure} and {@link subplots}. */
export interface FigureOptions {
  /** Width and height in inches, at 100 pixels each. Default [6.4, 4.8]. */
  figsize?: readonly [width: number, height: number];
  /** The colour behind. Default white. */
  facecolor?: Color;
}

/** The names of {@link FigureOptions}. */
export const FIGURE_OPTIONS = ["figsize", "facecolor"] as const;

/**
 * A figure: axes on a sheet, drawn only when it is saved or shown. Text never lies on text: margins grow with it, titles wrap.
 * In a notebook a figure as the last value of a cell is shown.
 */
export class Figure {
  #spec: Omit<FigureSpec, "axes">;
  readonly #axes: Axes[] = [];

  constructor(options: FigureOptions = {}) {
    const op = "figure";
    const o = readArgs<FigureOptions>(op, FIGURE_OPTIONS, [options]);
    this.#spec = {
      ...{ figsize: sizeOf(op, o.figsize ?? [6.4, 4.8]), title: null, wspace: 0, hspace: 0 },
      facecolor: parseColor(op, o.facecolor ?? "white"),
    };
  }

  /** The axes, row by row. */
  get axes(): readonly Axes[] {
    return this.#axes;
  }
  /** The figure as plain data. */
  get spec(): FigureSpec {
    return { ...this.#spec, axes: this.#axes.map((axes) => axes.spec) };
  }

  /** Adds axes: the cell `index`, from 1, of a grid of `rows` x `columns`. */
  addSubplot(rows = 1, columns = 1, index = 1): Axes {
    const op = "addSubplot";
    const [r, c, i] = [count(op, "rows", rows), count(op, "columns", columns), count(op, "index", index)];
    if (i > r * c) throw new ArgumentError(`num must be an integer with 1 <= num <= ${r * c}, not ${i}`, { op });
    const place = { rows: r, columns: c, row: Math.floor((i - 1) / c), column: (i - 1) % c };
    const axes = new Axes(this, place);
    this.#axes.push(axes);
    return axes;
  }

  /** The title above all axes. */
  suptitle(text: string, options: TextOptions = {}): this {
    const op = "suptitle";
    const o = readArgs<TextOptions>(op, ["color", "fontsize"], [options]);
    const title = { text: String(text), color: parseColor(op, o.color ?? "black"), size: positive(op, "fontsize", o.fontsize ?? 12) }; // biome-ignore format: one line
    this.#spec = { ...this.#spec, title };
    return this;
  }

  /** More space between axes, as a share of their width and height; text always has its room. */
  subplotsAdjust(options: { wspace?: number; hspace?: number }): this {
    const op = "subplotsAdjust";
    const o = readArgs<{ wspace: number; hspace: number }>(op, ["wspace", "hspace"], [options]);
    for (const name of ["wspace", "hspace"] as const) {
      if (o[name] !== undefined) this.#spec = { ...this.#spec, [name]: share(op, name, o[name]) };
    }
    return this;
  }

  /** The SVG: titles are text in it. The same figure gives the same text. */
  toSVG(): string {
    return draw(this.spec).svg();
  }
  /** The bytes of a PNG, 100 pixels an inch, or `dpi`. */
  toPNG(options: { dpi?: number } = {}): Promise<Uint8Array> {
    return toPNG(this.spec, options);
  }
  /** Writes .png, .svg, .html or .json; the file appears whole or not at all. Errors: another ending; the system's (IOError). */
  save(path: string | URL, options: SaveOptions = {}): Promise<void> {
    return save(this.spec, path, options);
  }
  /** Opens the figure where there is a desktop, draws it in a terminal that can, else writes a file and prints its path. */
  show(): Promise<void> {
    return show(this.spec);
  }
  /** What Deno's notebooks show. */
  async [Symbol.for("Jupyter.display")](): Promise<Record<string, string>> {
    return { "image/svg+xml": this.toSVG(), "image/png": Buffer.from(await this.toPNG()).toString("base64") };
  }

  get [Symbol.toStringTag](): string {
    const [width, height] = this.#spec.figsize.map((inches) => Math.round(inches * 100));
    return `Figure(${width}x${height})`;
  }
  toString(): string {
    return `<Figure size ${this.#spec.figsize.map((inches) => Math.round(inches * 100)).join("x")} with ${this.#axes.length} Axes>`;
  }
}

/** A new figure without axes: `plot.figure({ figsize: [8, 6] }).addSubplot(2, 2, 1)`. */
export function figure(options: FigureOptions = {}): Figure {
  if (typeof options !== "object" || options === null) throw new ArgumentError(`figure: expected options, received ${describe(options)}`, { op: "figure" }); // biome-ignore format: one line
  return new Figure(options);
}

/** A figure with a grid of axes: `axes[r][c]`, always two-dimensional. */
export function subplots(rows = 1, columns = 1, options: FigureOptions = {}): [figure: Figure, axes: Axes[][]] {
  const op = "subplots";
  const [r, c] = [count(op, "rows", rows), count(op, "columns", columns)];
  const made = new Figure(options);
  const axes = Array.from({ length: r }, (_, i) => Array.from({ length: c }, (_, j) => made.addSubplot(r, c, i * c + j + 1))); // biome-ignore format: one line
  return [made, axes];
}
