/** `ModelComparison`: models in the rows of a table. */
import { inspect } from "node:util";
import { ArgumentError } from "../errors.js";
import { bars } from "../plot/charts.js";
import { correlation } from "../plot/confusion-matrix.js";
import { type Figure, type FigureOptions, subplots } from "../plot/figure.js";
import { widthOf } from "../progress/width.js";
import { isTensor } from "../tensor/base.js";
import type { Cost } from "./cost.js";

/** One model of a comparison. */
export interface ModelRow extends Cost {
  readonly name: string;
  /** The values of the metrics by their names. */
  readonly metrics: Readonly<Record<string, unknown>>;
  /** The class of each sample, where the outputs are scores [N, classes]; else none. */
  readonly predictions: readonly number[];
}

/** A number with a unit of thousands: 11.2M. */
function large(value: number): string {
  const [unit, scale] = value >= 1e9 ? ["G", 1e9] : value >= 1e6 ? ["M", 1e6] : value >= 1e3 ? ["k", 1e3] : ["", 1];
  return `${Number((value / Number(scale)).toPrecision(3))}${unit}`;
}

/** A metric's value as one number; undefined where it is several. */
function scalar(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return isTensor(value) && value.numel() === 1 ? Number(value.item()) : undefined;
}

/** Models, one a row. It prints as a table. */
export class ModelComparison {
  readonly rows: readonly ModelRow[];

  constructor(rows: readonly ModelRow[]) {
    this.rows = rows;
  }

  /** The names of the metrics that are one number: others, such as confusion matrices, are in `rows`. */
  get scalars(): string[] {
    return Object.keys(this.rows[0]?.metrics ?? {}).filter((key) => scalar(this.rows[0]?.metrics[key]) !== undefined);
  }

  #cells(metric: (v: number) => string, cost: (row: ModelRow) => string[]): string[][] {
    const { scalars } = this;
    return this.rows.map((row) => [row.name, ...scalars.map((key) => metric(scalar(row.metrics[key]) ?? Number.NaN)), ...cost(row)]); // biome-ignore format: one line
  }

  /** The table as text. */
  toString(): string {
    const head = ["model", ...this.scalars, "parameters", "size", "mult-adds", "latency"];
    const cost = (row: ModelRow) => [large(row.parameters), `${large(row.bytes)}B`, large(row.multAdds), `${row.latency.toPrecision(3)} ms`]; // biome-ignore format: one line
    const cells = [head, ...this.#cells((v) => v.toFixed(4), cost)];
    const widths = head.map((_, i) => Math.max(...cells.map((row) => widthOf(row[i] ?? ""))));
    const pad = (text: string, i: number) => {
      const space = " ".repeat((widths[i] ?? 0) - widthOf(text));
      return i === 0 ? text + space : space + text;
    };
    const lines = cells.map((row) => row.map(pad).join("  ").trimEnd());
    return [lines[0], "-".repeat(Math.max(...lines.map(widthOf))), ...lines.slice(1)].join("\n");
  }
  /** The same, for console.log. @internal */
  [inspect.custom](): string {
    return this.toString();
  }

  /** The table as comma-separated values; sizes in bytes, latency in milliseconds. */
  toCSV(): string {
    const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const head = ["model", ...this.scalars, "parameters", "bytes", "mult_adds", "latency_ms"];
    const cost = (row: ModelRow) => [row.parameters, row.bytes, row.multAdds, row.latency].map(String);
    return `${[head, ...this.#cells(String, cost)].map((row) => row.map(quoted).join(",")).join("\n")}\n`;
  }

  /** Bars of each metric, of the parameters and of the latency. */
  plot(options: FigureOptions = {}): Figure {
    const charts: [string, (row: ModelRow) => number][] = [
      ...this.scalars.map((key): [string, (row: ModelRow) => number] => [key, (row) => scalar(row.metrics[key]) ?? 0]),
      ["parameters", (row) => row.parameters],
      ["latency (ms)", (row) => row.latency],
    ];
    const columns = Math.min(charts.length, 3);
    const rows = Math.ceil(charts.length / columns);
    const [figure, axes] = subplots(rows, columns, { figsize: [columns * 3.6, rows * 3], ...options });
    for (const [i, ax] of axes.flat().entries()) {
      const [title, of] = charts[i] ?? [];
      if (title === undefined || of === undefined) ax.axis("off");
      else bars(Object.fromEntries(this.rows.map((row) => [row.name, of(row)])), { ax, title, fmt: large });
    }
    return figure;
  }

  /** How alike the models' classes are, sample by sample. Errors: fewer than two models, or outputs that are no scores of classes. */
  correlation(): Figure {
    const all = this.rows.filter((row) => row.predictions.length > 0);
    if (all.length < 2) throw new ArgumentError("correlation: expected two models or more whose outputs are scores [N, classes]"); // biome-ignore format: one line
    return correlation(Object.fromEntries(all.map((row) => [row.name, row.predictions])), { title: "Correlation of predictions" }); // biome-ignore format: one line
  }
}
