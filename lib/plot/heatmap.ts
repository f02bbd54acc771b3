/** Matrices as colours, with their numbers. */
import { readArgs } from "../args.js";
import { tensor } from "../creation.js";
import { ArgumentError } from "../errors.js";
import { describe } from "../tensor/base.js";
import type { Axes } from "./axes.js";
import { sameLength } from "./checks.js";
import { textColorOn } from "./color.js";
import { type ColorTable, colorAt, colorTable } from "./colormap.js";
import { FIGURE_OPTIONS, Figure, type FigureOptions } from "./figure.js";
import { type NumberFormat, numberFormat } from "./format.js";
import { Picture } from "./picture.js";
import { pixelsOf, type Shades } from "./pixels.js";
import { type Matrix, matrixOf } from "./values.js";

/** Options of {@link heatmap}, as seaborn's. */
export interface HeatmapOptions extends FigureOptions, Shades {
  /** Whether each cell shows its number, or other text for each. Default false. */
  annot?: boolean | readonly (readonly unknown[])[];
  /** How numbers are written, as in Python. Default ".2g". */
  fmt?: NumberFormat;
  /** The value of the map's middle colour, for maps of two sides. */
  center?: number;
  xticklabels?: readonly unknown[] | boolean;
  yticklabels?: readonly unknown[] | boolean;
  xlabel?: string;
  ylabel?: string;
  title?: string;
  /** Whether a bar explains the colours. Default true. */
  cbar?: boolean;
  /** What stands beside the bar. */
  cbarLabel?: string;
  /** Whether cells are squares. Default false. */
  square?: boolean;
  /** The axes to draw into. Default: a new figure's. */
  ax?: Axes;
}
const NAMES = ["annot", "fmt", "center", "xticklabels", "yticklabels", "xlabel", "ylabel", "title", "cbar", "cbarLabel", "square", "ax", "cmap", "vmin", "vmax", ...FIGURE_OPTIONS] as const; // biome-ignore format: one line

/** The colour of a cell without a number. */
const MISSING = "#d9d9d9";

/**
 * A matrix [rows, columns] as colours: `heatmap(matrix, { annot: true, fmt: "d" })`. NaN is a gray cell with a cross. Returns the
 * figure. [seaborn](https://seaborn.pydata.org/generated/seaborn.heatmap.html)
 */
export function heatmap(matrix: Matrix, options: HeatmapOptions = {}): Figure {
  const op = "heatmap";
  const o = readArgs<HeatmapOptions>(op, NAMES, [options]);
  const rows = matrixOf(op, "the matrix", matrix);
  const columns = rows[0]?.length ?? 0;
  const { figure, axes } = sheetFor(o, defaultSize(rows.length, columns));
  const limits = limitsOf(op, rows, o);
  const cmap = o.cmap ?? (o.center === undefined ? "viridis" : "coolwarm");
  const table = colorTable(op, cmap);
  const shades = { cmap, vmin: limits[0], vmax: limits[1] };
  const values = tensor(rows, { dtype: "float64" });
  axes.imshow(values, { ...shades, aspect: o.square === true ? "equal" : "auto" });
  missing(axes, rows);
  const texts = textsOf(op, o.annot ?? false, rows, numberFormat(op, o.fmt ?? ".2g"));
  if (texts !== undefined) annotate(axes, rows, texts, table, limits);
  labels(op, axes, "x", o.xticklabels, columns);
  labels(op, axes, "y", o.yticklabels, rows.length);
  if (o.xlabel !== undefined) axes.setXlabel(o.xlabel);
  if (o.ylabel !== undefined) axes.setYlabel(o.ylabel);
  if (o.title !== undefined) axes.setTitle(o.title);
  if (o.cbar !== false) {
    const ramp = tensor(Array.from({ length: 256 }, (_, i) => 1 - i / 255)).view(1, 1, 256, 1);
    const [picture] = Picture.all(pixelsOf(op, ramp, { cmap, vmin: 0, vmax: 1 }));
    axes.spec.colorbar = { picture: picture as Picture, limits, label: o.cbarLabel ?? "" };
  }
  return figure;
}

/** The figure and its axes: the caller's or new ones. */
export function sheetFor(
  o: FigureOptions & { ax?: Axes },
  size: readonly [number, number],
): { figure: Figure; axes: Axes } {
  const figure = o.ax?.figure ?? new Figure({ figsize: o.figsize ?? size, ...(o.facecolor === undefined ? {} : { facecolor: o.facecolor }) }); // biome-ignore format: one line
  return { figure, axes: o.ax ?? figure.addSubplot(1, 1, 1) };
}

/** Cells of about half an inch. */
function defaultSize(rows: number, columns: number): [number, number] {
  const side = (cells: number, least: number) => Math.min(Math.max(cells * 0.5 + 1.6, least), 14);
  return [side(columns, 4.8) + 0.8, side(rows, 4)];
}

function limitsOf(
  op: string,
  rows: readonly (readonly number[])[],
  { vmin, vmax, center }: HeatmapOptions,
): [number, number] {
  const held = rows.flat().filter(Number.isFinite);
  const low = vmin ?? held.reduce((a, b) => Math.min(a, b), held[0] ?? 0);
  const high = vmax ?? held.reduce((a, b) => Math.max(a, b), held[0] ?? 1);
  if (![low, high].every(Number.isFinite) || low > high) {
    throw new ArgumentError(`${op}: expected vmin and vmax to be numbers that rise, received ${describe(low)} and ${describe(high)}`, { op }); // biome-ignore format: one line
  }
  if (center === undefined) return low === high ? [low, low + 1] : [low, high];
  const reach = Math.max(high - center, center - low) || 1;
  return [center - reach, center + reach];
}

/** Writes into cells, black or white. */
function annotate(
  axes: Axes,
  rows: readonly number[][],
  texts: readonly string[][],
  table: ColorTable,
  limits: readonly [number, number],
): void {
  // biome-ignore format: one line
  const look = { type: "text", size: 10, align: "center", valign: "center", room: [1, 1] } as const;
  for (const [y, row] of texts.entries()) {
    for (const [x, text] of row.entries()) {
      const value = rows[y]?.[x] ?? Number.NaN;
      const on = Number.isFinite(value) ? colorAt(table, (value - limits[0]) / (limits[1] - limits[0])) : MISSING;
      axes.spec.marks.push({ ...look, x, y, text, color: textColorOn(on), on });
    }
  }
}

/** Cells without a number: gray, with a cross. */
function missing(axes: Axes, rows: readonly (readonly number[])[]): void {
  const cells = rows.flatMap((row, i) => row.flatMap((v, j) => (Number.isFinite(v) ? [] : [[j, i] as const])));
  if (cells.length === 0) return;
  const boxes = cells.map(([x, y]) => [x - 0.5, y + 0.5, x + 0.5, y - 0.5] as const);
  axes.spec.marks.push({ type: "bars", boxes, colors: [MISSING], edge: null, opacity: 1, label: null });
  const gap = [null, null];
  const x = cells.flatMap(([x]) => [x - 0.5, x + 0.5, null, x - 0.5, x + 0.5, null]);
  const y = cells.flatMap(([, y]) => [y - 0.5, y + 0.5, null, y + 0.5, y - 0.5, null]);
  axes.spec.marks.push({ type: "line", x: [...x, ...gap], y: [...y, ...gap], color: "#888888", width: 0.8, opacity: 1, dash: [], marker: "", label: null }); // biome-ignore format: one line
}

function textsOf(
  op: string,
  annot: NonNullable<HeatmapOptions["annot"]>,
  rows: number[][],
  write: (v: number) => string,
): string[][] | undefined {
  // biome-ignore format: one line
  if (annot === false) return undefined;
  if (annot === true) return rows.map((row) => row.map((v) => (Number.isFinite(v) ? write(v) : "")));
  if (
    !Array.isArray(annot) ||
    annot.length !== rows.length ||
    annot.some((row, i) => row?.length !== rows[i]?.length)
  ) {
    throw new ArgumentError(`${op}: expected annot to be a boolean or text for each of [${rows.length}, ${rows[0]?.length}] cells, received ${describe(annot)}`, { op }); // biome-ignore format: one line
  }
  return annot.map((row) => row.map((v: unknown) => (typeof v === "number" ? write(v) : String(v))));
}

function labels(
  op: string,
  axes: Axes,
  axis: "x" | "y",
  names: readonly unknown[] | boolean | undefined,
  count: number,
): void {
  // biome-ignore format: one line
  const places = Array.from({ length: count }, (_, i) => i);
  const list = names === false ? [] : Array.isArray(names) ? names : places;
  if (list.length > 0) sameLength(op, places, list, `${axis}ticklabels`);
  if (axis === "x") axes.setXticks(list.length === 0 ? [] : places, list);
  else axes.setYticks(list.length === 0 ? [] : places, list);
}
