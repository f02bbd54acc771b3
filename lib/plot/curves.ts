/** Numbers over time: losses, accuracies, learning rates. */
import { readArgs } from "../args.js";
import { ArgumentError } from "../errors.js";
import { describe, isTensor } from "../tensor/base.js";
import type { Axes } from "./axes.js";
import { FIGURE_OPTIONS, type Figure, type FigureOptions } from "./figure.js";
import { sheetFor } from "./heatmap.js";
import { type Numbers, numbersOf } from "./values.js";

/** Options of {@link curves}. */
export interface CurvesOptions extends FigureOptions {
  xlabel?: string;
  ylabel?: string;
  title?: string;
  /** Whether the axis of y is logarithmic. Default false. */
  logy?: boolean;
  /** From 0 (none) to 1: the weight of what came before, as in TensorBoard; the values themselves stay visible, faintly. Default 0. */
  smooth?: number;
  /** The marker of points. Default "o" for at most 30 points, else none. */
  marker?: string;
  /** The axes to draw into. Default: a new figure's. */
  ax?: Axes;
}
const NAMES = ["xlabel", "ylabel", "title", "logy", "smooth", "marker", "ax", ...FIGURE_OPTIONS] as const;

/** A curve: its values, or [x, y]. */
export type Curve = Numbers | readonly [x: Numbers, y: Numbers];

/** x and y of a curve; without x, 0, 1, 2, ... */
function pointsOf(op: string, name: string, curve: unknown): [x: number[], y: number[]] {
  const isPair = Array.isArray(curve) && curve.length === 2 && curve.every((v) => Array.isArray(v) || ArrayBuffer.isView(v) || (isTensor(v) && v.ndim > 0)); // biome-ignore format: one line
  const y = numbersOf(op, `"${name}"`, isPair ? curve[1] : curve);
  const x = isPair ? numbersOf(op, `the x of "${name}"`, curve[0]) : y.map((_, i) => i);
  if (x.length !== y.length) throw new ArgumentError(`${op}: expected as many x as y of "${name}", received ${x.length} and ${y.length}`, { op }); // biome-ignore format: one line
  return [x, y];
}

/** TensorBoard's smoothing: a mean whose weights fall, without the bias of its start. */
export function smoothed(values: readonly number[], weight: number): number[] {
  let [mean, count] = [0, 0];
  return values.map((v) => {
    if (!Number.isFinite(v)) return v;
    mean = mean * weight + (1 - weight) * v;
    count++;
    return mean / (1 - weight ** count);
  });
}

/** Curves by name: `curves({ train: losses, val: [epochs, accuracies] }, { xlabel: "epoch", ylabel: "loss" })`. NaN is a gap. */
export function curves(series: Readonly<Record<string, Curve>>, options: CurvesOptions = {}): Figure {
  const op = "curves";
  const o = readArgs<CurvesOptions>(op, NAMES, [options]);
  const names = typeof series === "object" && series !== null && !Array.isArray(series) && !isTensor(series) ? Object.keys(series) : []; // biome-ignore format: one line
  if (names.length === 0) throw new ArgumentError(`${op}: expected curves by name, { train: losses }, received ${describe(series)}`, { op }); // biome-ignore format: one line
  const { smooth = 0 } = o;
  if (!(typeof smooth === "number" && smooth >= 0 && smooth < 1)) throw new ArgumentError(`${op}: expected smooth to be a number from 0 to below 1, received ${describe(smooth)}`, { op }); // biome-ignore format: one line
  const { figure, axes } = sheetFor(o, [6.4, 4.8]);
  names.forEach((name, i) => {
    const [x, y] = pointsOf(op, name, series[name]);
    const marker = o.marker ?? (y.length <= 30 && smooth === 0 ? "o" : "");
    const color = `C${i}`;
    if (smooth > 0) axes.plot(x, y, { color, alpha: 0.25 });
    axes.plot(x, smooth > 0 ? smoothed(y, smooth) : y, { color, label: name, marker });
  });
  axes.grid().setXlabel(o.xlabel ?? "");
  if (o.ylabel !== undefined) axes.setYlabel(o.ylabel);
  if (o.title !== undefined) axes.setTitle(o.title);
  if (o.logy === true) axes.setYscale("log");
  if (names.length > 1 || names[0] !== "") axes.legend();
  return figure;
}

/** Options of {@link lrSchedule}. */
export interface ScheduleOptions extends FigureOptions {
  title?: string;
  /** Default "step". */
  xlabel?: string;
  logy?: boolean;
  ax?: Axes;
}

/** A scheduler of learning rates, as `optim.lrScheduler` has them. */
interface SchedulerLike {
  step(): void;
  getLastLr(): readonly number[];
  stateDict(): object;
  loadStateDict(state: never): void;
  readonly optimizer: { readonly paramGroups: readonly object[]; stepsTaken: number };
}

/**
 * The learning rate of each group over `steps` steps of a scheduler, which is left as it was; or rates that are given:
 * `lrSchedule(scheduler, 100)`, `lrSchedule([0.1, 0.05])`.
 */
export function lrSchedule(
  schedule: object | Numbers,
  steps?: number | ScheduleOptions,
  options: ScheduleOptions = {},
): Figure {
  const op = "lrSchedule";
  const isNumber = typeof steps === "number";
  const o = readArgs<ScheduleOptions>(op, ["title", "xlabel", "logy", "ax", ...FIGURE_OPTIONS], [isNumber ? options : (steps ?? options)]); // biome-ignore format: one line
  const rates = "step" in (schedule as object) ? ratesOf(op, schedule as SchedulerLike, isNumber ? steps : Number.NaN) : [numbersOf(op, "the rates", schedule)]; // biome-ignore format: one line
  const named = Object.fromEntries(rates.map((r, i) => [rates.length === 1 ? "learning rate" : `group ${i}`, r]));
  const { xlabel = "step", ...rest } = o;
  return curves(named, { xlabel, ylabel: "learning rate", marker: "", ...rest });
}

function ratesOf(op: string, scheduler: SchedulerLike, steps: number): number[][] {
  if (!Number.isInteger(steps) || steps < 1 || steps > 1e6) throw new ArgumentError(`${op}: expected a number of steps behind the scheduler, received ${describe(steps)}`, { op }); // biome-ignore format: one line
  const { optimizer } = scheduler;
  const before = copied(scheduler.stateDict());
  const groups = optimizer.paramGroups.map((group) => ({ ...group }));
  const taken = optimizer.stepsTaken++; // the optimizer is not asked to step, and the scheduler does not warn of it
  const rates = scheduler.getLastLr().map((): number[] => []);
  try {
    for (let i = 0; i < steps; i++) {
      for (const [g, lr] of scheduler.getLastLr().entries()) rates[g]?.push(lr);
      if (i + 1 < steps) scheduler.step();
    }
  } finally {
    optimizer.stepsTaken = taken;
    for (const [i, group] of optimizer.paramGroups.entries()) Object.assign(group, groups[i]);
    scheduler.loadStateDict(before as never);
  }
  return rates;
}

/** A state whose lists and objects are copied; tensors are left. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  const isPlain = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, copied(v)])) : value;
}
