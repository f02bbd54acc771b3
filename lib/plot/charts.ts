/** Bars, histograms and scattered points. */
import { readArgs } from "../args.js";
import { ArgumentError } from "../errors.js";
import { describe } from "../tensor/base.js";
import type { Axes } from "./axes.js";
import { edgesOf } from "./bins.js";
import type { Color } from "./color.js";
import { FIGURE_OPTIONS, type Figure, type FigureOptions } from "./figure.js";
import { type NumberFormat, numberFormat } from "./format.js";
import { sheetFor } from "./heatmap.js";
import type { HistOptions, ScatterOptions } from "./options.js";
import { type Numbers, numbersOf } from "./values.js";

/** Titles of a chart. */
interface Titles extends FigureOptions {
  title?: string;
  xlabel?: string;
  ylabel?: string;
  /** The axes to draw into. Default: a new figure's. */
  ax?: Axes;
}
const TITLES = ["title", "xlabel", "ylabel", "ax", ...FIGURE_OPTIONS] as const;

function titled(axes: Axes, o: Titles): void {
  if (o.title !== undefined) axes.setTitle(o.title);
  if (o.xlabel !== undefined) axes.setXlabel(o.xlabel);
  if (o.ylabel !== undefined) axes.setYlabel(o.ylabel);
}

/** Options of {@link bars}. */
export interface BarsOptions extends Titles {
  /** Whether bars lie. Default false. */
  horizontal?: boolean;
  /** Whether each bar has its number. Default true. */
  annot?: boolean;
  /** How numbers are written, as in Python. Default ".3g". */
  fmt?: NumberFormat;
  color?: Color | readonly Color[];
}

/** Bars by name: `bars({ ModelV0: 0.83, ModelV1: 0.75 })`. */
export function bars(values: Readonly<Record<string, number>>, options: BarsOptions = {}): Figure {
  const op = "bars";
  const o = readArgs<BarsOptions>(op, ["horizontal", "annot", "fmt", "color", ...TITLES], [options]);
  const names = typeof values === "object" && values !== null && !Array.isArray(values) ? Object.keys(values) : [];
  if (names.length === 0) throw new ArgumentError(`${op}: expected numbers by name, { ModelV0: 0.83 }, received ${describe(values)}`, { op }); // biome-ignore format: one line
  const wrong = names.find((name) => typeof values[name] !== "number");
  if (wrong !== undefined) throw new ArgumentError(`${op}: expected "${wrong}" to be a number, received ${describe(values[wrong])}`, { op }); // biome-ignore format: one line
  const lies = o.horizontal === true;
  const long = Math.min(Math.max(names.length * 0.7 + 1.5, 4.8), 16);
  const { figure, axes } = sheetFor(o, lies ? [6.4, Math.max(long * 0.7, 2.4)] : [Math.max(long, 6.4), 4.8]);
  const lengths = names.map((name) => values[name] as number);
  axes[lies ? "barh" : "bar"](names, lengths, { color: o.color ?? "C0" });
  if (lies) axes.invertYaxis(); // the first is on top
  if (o.annot !== false) {
    const write = numberFormat(op, o.fmt ?? ".3g");
    const most = lengths.filter(Number.isFinite).reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
    const limits = [Math.min(0, ...lengths.filter(Number.isFinite)), Math.max(0, ...lengths.filter(Number.isFinite))] as const; // biome-ignore format: one line
    const reach = [limits[0] < 0 ? limits[0] - most * 0.15 : 0, limits[1] > 0 ? limits[1] + most * 0.16 : 0]; // biome-ignore format: one line
    axes[lies ? "setXlim" : "setYlim"](reach[0] ?? 0, reach[0] === reach[1] ? 1 : (reach[1] ?? 1));
    lengths.forEach((v, i) => {
      const [x, y] = lies ? [v, i] : [i, v];
      const gap = most * 0.01 * (v < 0 ? -1 : 1);
      const place = lies ? { align: v < 0 ? "right" : "left", valign: "center" } as const : { align: "center", valign: v < 0 ? "top" : "bottom" } as const; // biome-ignore format: one line
      axes.spec.marks.push({ type: "text", x: lies ? x + gap : x, y: lies ? y : y + gap, text: write(v), color: "#000000", size: 10, ...place, room: lies ? [most, 1] : [1, most * 0.12], on: null }); // biome-ignore format: one line
    });
  }
  titled(axes, o);
  return figure;
}

/** Options of {@link histogram}. */
export interface HistogramOptions extends Titles, HistOptions {}

/** How often values lie in each bin: of one list, or of several by name, which share their bins. NaN counts nowhere. */
export function histogram(values: Numbers | Readonly<Record<string, Numbers>>, options: HistogramOptions = {}): Figure {
  const op = "histogram";
  const o = readArgs<HistogramOptions>(
    op,
    ["bins", "range", "density", "color", "label", "alpha", ...TITLES],
    [options],
  );
  const { figure, axes } = sheetFor(o, [6.4, 4.8]);
  const { title: _t, xlabel: _x, ylabel: _y, ax: _a, figsize: _f, facecolor: _c, ...hist } = o;
  const isNamed = typeof values === "object" && values !== null && Object.getPrototypeOf(values) === Object.prototype;
  if (!isNamed) axes.hist(values as Numbers, hist);
  else histograms(axes, values as Record<string, Numbers>, hist);
  titled(axes, { ylabel: o.density === true ? "density" : "count", ...o });
  if (isNamed || o.label !== undefined) axes.legend();
  return figure;
}

function histograms(axes: Axes, series: Readonly<Record<string, Numbers>>, o: HistOptions): void {
  const op = "histogram";
  const names = Object.keys(series);
  if (names.length === 0) throw new ArgumentError(`${op}: expected values by name, received none`, { op });
  const all = names.map((name) => numbersOf(op, `"${name}"`, series[name]));
  const edges = edgesOf(op, all.flat().filter(Number.isFinite), o);
  for (const [i, label] of names.entries()) axes.hist(all[i] as number[], { alpha: 0.6, ...o, bins: edges, label });
}

/** Options of {@link scatter}. */
export interface ScatterFigureOptions extends Titles, ScatterOptions {}

/** Points: `scatter(x, y, { c: classes, cmap: "tab10" })`. */
export function scatter(x: Numbers, y: Numbers, options: ScatterFigureOptions = {}): Figure {
  const o = readArgs<ScatterFigureOptions>(
    "scatter",
    ["s", "c", "cmap", "marker", "label", "alpha", ...TITLES],
    [options],
  );
  const { figure, axes } = sheetFor(o, [6.4, 4.8]);
  const { title: _t, xlabel: _x, ylabel: _y, ax: _a, figsize: _f, facecolor: _c, ...points } = o;
  axes.scatter(x, y, points);
  titled(axes, o);
  if (o.label !== undefined) axes.legend();
  return figure;
}
