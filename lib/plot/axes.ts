/** `Axes`: one coordinate system of a figure, with matplotlib's methods. */
import { readArgs } from "../args.js";
import { ArgumentError } from "../errors.js";
import { describe, isTensor } from "../tensor/base.js";
import { countsOf, edgesOf } from "./bins.js";
import { markerName, positive, sameLength, scaleName, share, shortForm } from "./checks.js";
import { type Color, cycleColor, parseColor, pointColors } from "./color.js";
import { LEGEND_PLACES } from "./draw/legend.js";
import type { Figure } from "./figure.js";
import type { BarOptions, HistOptions, ImshowOptions, LineOptions, ScatterOptions, TextOptions } from "./options.js";
import { Picture } from "./picture.js";
import { pixelsOf, withAlpha } from "./pixels.js";
import type { AxesSpec, AxisSpec, LabelSpec, Mark } from "./spec.js";
import { type ImageLike, imageOf, type Numbers, numbersOf } from "./values.js";

const DASHES: Readonly<Record<string, readonly number[]>> = {
  ...{ "-": [], solid: [], "--": [3.7, 1.6], dashed: [3.7, 1.6] },
  ...{ ":": [1, 1.65], dotted: [1, 1.65], "-.": [6.4, 1.6, 1, 1.6], dashdot: [6.4, 1.6, 1, 1.6] },
};
const SIZES = { title: 12, label: 10 };

const axis = (): AxisSpec => ({ label: null, limits: null, scale: "linear", inverted: false, ticks: null, labels: null, rotation: null }); // biome-ignore format: one line

const gaps = (values: readonly number[]): (number | null)[] => values.map((v) => (Number.isFinite(v) ? v : null));

/**
 * One coordinate system of a figure: what {@link subplots} gives. Its methods are matplotlib's and return the axes, so that calls can
 * follow one another. [matplotlib](https://matplotlib.org/stable/api/axes_api.html)
 */
export class Axes {
  /** What is drawn, as plain data. */
  readonly spec: AxesSpec;
  /** The figure that the axes belong to. */
  readonly figure: Figure;
  #colors = 0;

  constructor(figure: Figure, place: AxesSpec["place"]) {
    this.figure = figure;
    this.spec = {
      ...{ place, title: null, x: axis(), y: axis(), equal: false, visible: true, grid: false },
      ...{ legend: null, colorbar: null, marks: [] },
    };
  }

  #add(mark: Mark): this {
    this.spec.marks.push(mark);
    return this;
  }
  #next(op: string, color: unknown): string {
    return color === undefined ? cycleColor(this.#colors++) : parseColor(op, color);
  }
  #label(op: string, text: unknown, options: TextOptions, size: number): LabelSpec {
    const { color = "black", fontsize = size } = readArgs<Required<TextOptions>>(op, ["color", "fontsize"], [options]);
    return { text: String(text), color: parseColor(op, color), size: positive(op, "fontsize", fontsize) };
  }

  /** Draws an image: [H, W] and [1, H, W] by a colour map, [3, H, W], [4, H, W] and [H, W, 3] as colours. */
  imshow(image: ImageLike, options: ImshowOptions = {}): this {
    const op = "imshow";
    const o = readArgs<ImshowOptions>(op, ["cmap", "vmin", "vmax", "interpolation", "extent", "alpha", "aspect"], [options]); // biome-ignore format: one line
    const pixels = pixelsOf(op, imageOf(op, image).unsqueeze(0), o);
    const [picture] = Picture.all(o.alpha === undefined ? pixels : withAlpha(pixels, share(op, "alpha", o.alpha)));
    return this.addPicture(picture as Picture, o);
  }

  /** @internal Draws pixels. */
  addPicture(picture: Picture, o: Pick<ImshowOptions, "interpolation" | "extent" | "aspect"> = {}): this {
    const [, height, width] = picture.shape;
    const extent = o.extent ?? ([-0.5, width - 0.5, height - 0.5, -0.5] as const);
    if (o.extent === undefined) this.spec.y.inverted = true;
    this.spec.equal = (o.aspect ?? "equal") === "equal";
    return this.#add({ type: "image", picture, extent, smooth: o.interpolation === "bilinear" });
  }

  /** Draws a line: `plot(y)`, `plot(x, y)`, with matplotlib's `"r--o"` behind or options. NaN is a gap. */
  plot(...args: readonly (Numbers | string | LineOptions)[]): this {
    const op = "plot";
    const isData = (v: unknown) => isTensor(v) || Array.isArray(v) || ArrayBuffer.isView(v);
    const data = args.filter(isData).map((v, i) => numbersOf(op, `argument ${i + 1}`, v));
    const rest = args.filter((v) => !isData(v));
    const [format] = rest.filter((v) => typeof v === "string") as string[];
    const options = rest.filter((v) => typeof v !== "string")[0] ?? {};
    const NAMES = ["color", "linewidth", "linestyle", "marker", "label", "alpha"] as const;
    const o = { ...shortForm(op, format), ...readArgs<LineOptions>(op, NAMES, [options]) };
    const y = data.at(-1);
    if (y === undefined || data.length > 2) throw new ArgumentError("plot: expected plot(y) or plot(x, y)", { op });
    const x = data.length === 2 ? (data[0] as number[]) : y.map((_, i) => i);
    sameLength(op, x, y);
    const dash = DASHES[o.linestyle ?? "-"];
    if (dash === undefined && o.linestyle !== "") throw new ArgumentError(`plot: expected linestyle to be one of ${Object.keys(DASHES).map((d) => JSON.stringify(d)).join(", ")}, received ${describe(o.linestyle)}`, { op }); // biome-ignore format: one line
    return this.#add({
      ...{ type: "line", x: gaps(x), y: gaps(y), color: this.#next(op, o.color), dash: dash ?? [] },
      ...{ width: o.linestyle === "" ? 0 : positive(op, "linewidth", o.linewidth ?? 1.5) },
      ...{ opacity: share(op, "alpha", o.alpha ?? 1), marker: markerName(op, o.marker ?? ""), label: o.label ?? null },
    });
  }

  /** Bars that stand: `bar(names or x, heights)`. */
  bar(x: readonly (string | number)[] | Numbers, height: Numbers | number, options: BarOptions = {}): this {
    return this.#bars("bar", x, height, options);
  }
  /** Bars that lie: `barh(names or y, widths)`. */
  barh(
    y: readonly (string | number)[] | Numbers,
    width: Numbers | number,
    options: BarOptions & { height?: number } = {},
  ): this {
    // biome-ignore format: one line
    return this.#bars("barh", y, width, options);
  }

  #bars(op: "bar" | "barh", at: unknown, lengths: unknown, options: BarOptions & { height?: number }): this {
    const names = ["width", "height", "bottom", "color", "edgecolor", "label", "alpha"] as const;
    const o = readArgs<BarOptions & { height?: number }>(op, names, [options]);
    const isNamed = Array.isArray(at) && at.some((v) => typeof v === "string");
    const places = isNamed ? (at as unknown[]).map((_, i) => i) : numbersOf(op, "the places", at);
    const long = numbersOf(op, "the lengths", typeof lengths === "number" ? places.map(() => lengths) : lengths);
    sameLength(op, places, long);
    const from = o.bottom === undefined ? places.map(() => 0) : typeof o.bottom === "number" ? places.map(() => o.bottom as number) : numbersOf(op, "bottom", o.bottom); // biome-ignore format: one line
    sameLength(op, places, from);
    const half = positive(op, "width", (op === "barh" ? o.height : undefined) ?? o.width ?? 0.8) / 2;
    if (isNamed) {
      const axis = op === "bar" ? this.spec.x : this.spec.y;
      Object.assign(axis, { ticks: places, labels: (at as unknown[]).map(String) });
    }
    const boxes = places.map((p, i): [number, number, number, number] => {
      const [low, high] = [from[i] ?? 0, (from[i] ?? 0) + (long[i] ?? 0)];
      return op === "bar" ? [p - half, low, p + half, high] : [low, p - half, high, p + half];
    });
    const many = Array.isArray(o.color) && typeof o.color[0] !== "number";
    const colors = many ? (o.color as Color[]).map((c) => parseColor(op, c)) : [this.#next(op, o.color)];
    const edge = o.edgecolor === undefined ? null : parseColor(op, o.edgecolor);
    return this.#add({ type: "bars", boxes, colors, edge, opacity: share(op, "alpha", o.alpha ?? 1), label: o.label ?? null }); // biome-ignore format: one line
  }

  /** Points. `c` may be numbers, which `cmap` colours. */
  scatter(x: Numbers, y: Numbers, options: ScatterOptions = {}): this {
    const op = "scatter";
    const o = readArgs<ScatterOptions>(op, ["s", "c", "cmap", "marker", "label", "alpha"], [options]);
    const [xs, ys] = [numbersOf(op, "x", x), numbersOf(op, "y", y)];
    sameLength(op, xs, ys);
    const colors = pointColors(op, o, xs.length) ?? [this.#next(op, undefined)];
    return this.#add({
      ...{ type: "points", x: gaps(xs), y: gaps(ys), colors, size: Math.sqrt(positive(op, "s", o.s ?? 36)) },
      ...{ opacity: share(op, "alpha", o.alpha ?? 1), marker: markerName(op, o.marker ?? "o"), label: o.label ?? null },
    });
  }

  /** How often values lie in each bin. NaN counts nowhere. */
  hist(values: Numbers, options: HistOptions = {}): this {
    const op = "hist";
    const o = readArgs<HistOptions>(op, ["bins", "range", "density", "color", "label", "alpha"], [options]);
    const numbers = numbersOf(op, "the values", values).filter(Number.isFinite);
    if (numbers.length === 0) throw new ArgumentError("hist: expected a value that is finite, received none", { op });
    const edges = edgesOf(op, numbers, o);
    const counts = countsOf(numbers, edges);
    const all = counts.reduce((a, b) => a + b, 0);
    const boxes = counts.map((count, i): [number, number, number, number] => {
      const [a = 0, b = 0] = [edges[i], edges[i + 1]];
      return [a, 0, b, o.density === true ? count / Math.max(all * (b - a), 1e-300) : count];
    });
    const color = this.#next(op, o.color);
    return this.#add({ type: "bars", boxes, colors: [color], edge: null, opacity: share(op, "alpha", o.alpha ?? 1), label: o.label ?? null }); // biome-ignore format: one line
  }

  /** Text at a place of the data. */
  text(
    x: number,
    y: number,
    text: string,
    options: TextOptions & { ha?: "left" | "center" | "right"; va?: "top" | "center" | "bottom" | "baseline" } = {},
  ): this {
    // biome-ignore format: one line
    const { ha = "left", va = "baseline", ...rest } = options;
    const { color, size } = this.#label("text", text, rest, SIZES.label);
    return this.#add({
      type: "text",
      x,
      y,
      text: String(text),
      color,
      size,
      align: ha,
      valign: va,
      room: null,
      on: null,
    });
  }
  /** A line at a value of y, from side to side. */
  axhline(y: number, options: LineOptions = {}): this {
    return this.#rule("axhline", y, "y", options);
  }
  /** A line at a value of x, from bottom to top. */
  axvline(x: number, options: LineOptions = {}): this {
    return this.#rule("axvline", x, "x", options);
  }
  #rule(op: string, at: number, across: "x" | "y", options: LineOptions): this {
    const o = readArgs<LineOptions>(op, ["color", "linewidth", "linestyle", "label"], [options]);
    const dash = DASHES[o.linestyle ?? "-"] ?? [];
    return this.#add({ type: "rule", at, across, color: this.#next(op, o.color), width: positive(op, "linewidth", o.linewidth ?? 1.5), dash, label: o.label ?? null }); // biome-ignore format: one line
  }

  /** The title above. */
  setTitle(text: string, options: TextOptions = {}): this {
    this.spec.title = this.#label("setTitle", text, options, SIZES.title);
    return this;
  }
  setXlabel(text: string, options: TextOptions = {}): this {
    this.spec.x.label = this.#label("setXlabel", text, options, SIZES.label);
    return this;
  }
  setYlabel(text: string, options: TextOptions = {}): this {
    this.spec.y.label = this.#label("setYlabel", text, options, SIZES.label);
    return this;
  }
  /** Where ticks are, and what stands at them; `[]` for none. `rotation` is 0 or 90 degrees. */
  setXticks(
    ticks: Numbers | readonly [],
    labels?: readonly unknown[] | null,
    options: { rotation?: number } = {},
  ): this {
    return this.#ticks("setXticks", this.spec.x, ticks, labels, options);
  }
  setYticks(ticks: Numbers | readonly [], labels?: readonly unknown[] | null): this {
    return this.#ticks("setYticks", this.spec.y, ticks, labels, {});
  }
  #ticks(op: string, axis: AxisSpec, ticks: unknown, labels: unknown, { rotation }: { rotation?: number }): this {
    const places = Array.isArray(ticks) && ticks.length === 0 ? [] : numbersOf(op, "ticks", ticks);
    if (Array.isArray(labels)) sameLength(op, places, labels, "labels");
    Object.assign(axis, { ticks: places, labels: Array.isArray(labels) ? labels.map(String) : null, rotation: rotation ?? null }); // biome-ignore format: one line
    return this;
  }
  setXlim(low: number | readonly [number, number], high?: number): this {
    return this.#limits("setXlim", this.spec.x, low, high);
  }
  setYlim(low: number | readonly [number, number], high?: number): this {
    return this.#limits("setYlim", this.spec.y, low, high);
  }
  #limits(op: string, axis: AxisSpec, low: unknown, high: unknown): this {
    const [a, b] = Array.isArray(low) ? low : [low, high];
    if (!Number.isFinite(a) || !Number.isFinite(b) || a === b) throw new ArgumentError(`${op}: expected two different numbers, received ${describe(a)} and ${describe(b)}`, { op }); // biome-ignore format: one line
    axis.limits = [Math.min(a, b), Math.max(a, b)];
    axis.inverted = b < a;
    return this;
  }
  /** `"linear"` or `"log"`. */
  setXscale(scale: "linear" | "log"): this {
    this.spec.x.scale = scaleName("setXscale", scale);
    return this;
  }
  setYscale(scale: "linear" | "log"): this {
    this.spec.y.scale = scaleName("setYscale", scale);
    return this;
  }
  /** Turns the axis of y round: large values at the bottom. */
  invertYaxis(): this {
    this.spec.y.inverted = !this.spec.y.inverted;
    return this;
  }
  /** `"off"` hides frame, ticks and labels, `"on"` shows them, `"equal"` makes the units of both axes as long. */
  axis(state: "off" | "on" | "equal" | "auto" | boolean): this {
    if (!["off", "on", "equal", "auto", true, false].includes(state)) throw new ArgumentError(`axis: expected "off", "on", "equal" or "auto", received ${describe(state)}`, { op: "axis" }); // biome-ignore format: one line
    if (state === "equal" || state === "auto") this.spec.equal = state === "equal";
    else this.spec.visible = state === "on" || state === true;
    return this;
  }
  /** Lines across at the ticks. */
  grid(visible = true): this {
    this.spec.grid = visible;
    return this;
  }
  /** Names what has a `label`. `loc` is matplotlib's; "best" covers the least. */
  legend(options: { loc?: string; title?: string } = {}): this {
    const { loc = "best", title } = readArgs<{ loc: string; title: string }>("legend", ["loc", "title"], [options]);
    if (!LEGEND_PLACES.includes(loc)) throw new ArgumentError(`legend: expected loc to be one of ${LEGEND_PLACES.join(", ")}, received ${describe(loc)}`, { op: "legend" }); // biome-ignore format: one line
    this.spec.legend = { loc, title: title ?? null };
    return this;
  }
}
