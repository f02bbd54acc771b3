/** Figures of metrics' values, as torchmetrics' `plot` draws them. */
import { ArgumentError } from "../errors.js";
import { bars } from "../plot/charts.js";
import { confusionMatrix } from "../plot/confusion-matrix.js";
import { curves } from "../plot/curves.js";
import { type Figure, subplots } from "../plot/figure.js";
import { describe, isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

/** What a metric's value is: numbers, a confusion matrix, or a curve. */
export type ValueKind = "numbers" | "matrix" | "roc" | "precision-recall";

/** Options of a metric's `plot`. */
export interface MetricPlotOptions {
  /** The names of classes or labels. Default 0, 1, 2, ... */
  labels?: readonly unknown[];
  /** Default: the metric's name. */
  title?: string;
  /** Width and height in inches. */
  figsize?: readonly [width: number, height: number];
}

/** Draws one value, or the values of several steps, of a metric. Errors: what is no value. */
export function pictureOf(name: string, kind: ValueKind, value: unknown, options: MetricPlotOptions): Figure {
  const { title = name, labels, ...size } = options;
  const label = (i: number) => String(labels?.[i] ?? i);
  switch (kind) {
    case "matrix":
      return matrices(value, { title, labels, label, ...size });
    case "roc":
    case "precision-recall": {
      const lines = curveLines(value, kind);
      const named = Object.fromEntries(lines.map((line, i) => [lines.length === 1 ? name : label(i), line]));
      const [xlabel, ylabel] = kind === "roc" ? ["False positive rate", "True positive rate"] : ["Recall", "Precision"];
      const figure = curves(named, { title, xlabel, ylabel, marker: "", ...size });
      if (kind === "roc") figure.axes[0]?.plot([0, 1], [0, 1], { color: "0.6", linestyle: "--" });
      return figure;
    }
    case "numbers":
      return numbers(name, value, { title, label, ...size });
  }
}

type Shared = { title: string; label: (i: number) => string; figsize?: readonly [number, number] };

function numbers(name: string, value: unknown, { title, label, ...size }: Shared): Figure {
  const steps = Array.isArray(value) ? value : [value];
  if (steps.length === 0 || !steps.every((v) => isTensor(v) || typeof v === "number")) {
    throw new ArgumentError(`${name}.plot: expected a value of the metric or a list of them, received ${describe(value)}`, { op: "plot" }); // biome-ignore format: one line
  }
  const rows = steps.map((v: Tensor | number) => (isTensor(v) ? (v.detach().flatten().tolist() as number[]) : [v]).map(Number)); // biome-ignore format: one line
  const [first = []] = rows;
  if (!Array.isArray(value)) return bars(Object.fromEntries(first.map((v, i) => [first.length === 1 ? name : label(i), v])), { title, ...size }); // biome-ignore format: one line
  const lines = first.map((_, i) => [first.length === 1 ? name : label(i), rows.map((row) => row[i] ?? Number.NaN)]);
  return curves(Object.fromEntries(lines), { title, xlabel: "step", ...size });
}

function matrices(
  value: unknown,
  { title, labels, label, ...size }: Shared & { labels?: readonly unknown[] | undefined },
): Figure {
  // biome-ignore format: one line
  if (!isTensor(value) || (value.ndim !== 2 && value.ndim !== 3)) {
    throw new ArgumentError(`plot: expected a confusion matrix [C, C] or [labels, 2, 2], received ${describe(value)}`, { op: "plot" }); // biome-ignore format: one line
  }
  if (value.ndim === 2)
    return confusionMatrix(value, { title, ...(labels === undefined ? {} : { classes: labels }), ...size });
  const count = value.size(0);
  const columns = Math.ceil(Math.sqrt(count));
  const [figure, axes] = subplots(Math.ceil(count / columns), columns, { figsize: [columns * 3.2, Math.ceil(count / columns) * 3], ...size }); // biome-ignore format: one line
  axes.flat().forEach((ax, i) => {
    if (i < count) confusionMatrix(value.select(0, i), { ax, title: label(i), cbar: false });
    else ax.axis("off");
  });
  return figure.suptitle(title);
}

/** x and y of each class of a curve's value: [x, y, thresholds], of tensors [T] or [C, T] or lists of them. */
function curveLines(value: unknown, kind: ValueKind): [Tensor, Tensor][] {
  const [first, second] = Array.isArray(value) ? value : [];
  const [x, y] = kind === "roc" ? [first, second] : [second, first];
  const rows = (v: unknown): Tensor[] => (isTensor(v) ? (v.ndim === 2 ? v.unbind(0) : [v]) : Array.isArray(v) ? v : []);
  const [xs, ys] = [rows(x), rows(y)];
  if (xs.length === 0 || xs.length !== ys.length) {
    throw new ArgumentError(`plot: expected a curve, [x, y, thresholds], received ${describe(value)}`, { op: "plot" });
  }
  return xs.map((v, i) => [v, ys[i] as Tensor]);
}
