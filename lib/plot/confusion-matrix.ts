/** Confusion matrices and correlations: heat maps with a meaning. */
import { readArgs } from "../args.js";
import { ArgumentError } from "../errors.js";
import { describe, isTensor } from "../tensor/base.js";
import { sameLength } from "./checks.js";
import type { Figure } from "./figure.js";
import { type HeatmapOptions, heatmap } from "./heatmap.js";
import { type Matrix, matrixOf, type Numbers, numbersOf } from "./values.js";

/** Options of {@link confusionMatrix}. */
export interface ConfusionMatrixOptions extends Omit<HeatmapOptions, "xticklabels" | "yticklabels" | "center"> {
  /** The names of the classes. Default 0, 1, 2, ... */
  classes?: readonly unknown[];
  /** `"true"` divides by the row, so that the diagonal is recall; `"pred"` by the column; `"all"` by the sum. Default "none". */
  normalize?: "true" | "pred" | "all" | "none" | null;
}
const SHEET = ["annot", "fmt", "xlabel", "ylabel", "title", "cbar", "cbarLabel", "square", "ax", "cmap", "vmin", "vmax", "figsize", "facecolor"] as const; // biome-ignore format: one line

/**
 * A confusion matrix, rows true and columns predicted, as annotated heat map: `confusionMatrix(cm.compute(), { classes })`.
 * Normalised rows without a sample are without a number.
 */
export function confusionMatrix(matrix: Matrix, options: ConfusionMatrixOptions = {}): Figure {
  const op = "confusionMatrix";
  const o = readArgs<ConfusionMatrixOptions>(op, ["classes", "normalize", ...SHEET], [options]);
  const { classes, normalize = "none", ...rest } = o;
  const counts = matrixOf(op, "the matrix", matrix);
  if (counts.length !== counts[0]?.length) throw new ArgumentError(`${op}: expected as many rows as columns, received ${counts.length} x ${counts[0]?.length}`, { op }); // biome-ignore format: one line
  if (classes !== undefined) sameLength(op, counts, classes, "classes");
  const names = classes ?? counts.map((_, i) => i);
  const values = normalized(op, counts, normalize);
  const isWhole = values.flat().every((v) => Number.isInteger(v) || Number.isNaN(v));
  return heatmap(values, {
    ...{ annot: counts.length <= 40, fmt: isWhole ? "d" : ".2f", cmap: "Blues", square: true },
    ...{ xlabel: "Predicted", ylabel: "True", xticklabels: names, yticklabels: names },
    ...(normalize === "none" || normalize === null ? { vmin: 0 } : { vmin: 0, vmax: 1 }),
    ...rest,
  });
}

function normalized(op: string, counts: number[][], by: unknown): number[][] {
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  switch (by) {
    case "none":
    case null:
      return counts;
    case "true":
      return counts.map((row) => row.map((v) => v / sum(row)));
    case "pred": {
      const columns = counts.map((_, j) => sum(counts.map((row) => row[j] ?? 0)));
      return counts.map((row) => row.map((v, j) => v / (columns[j] ?? 0)));
    }
    case "all": {
      const all = sum(counts.map(sum));
      return counts.map((row) => row.map((v) => v / all));
    }
    default:
      throw new ArgumentError(`${op}: expected normalize to be "true", "pred", "all" or "none", received ${describe(by)}`, { op }); // biome-ignore format: one line
  }
}

/** Options of {@link correlation}. */
export interface CorrelationOptions extends Omit<HeatmapOptions, "xticklabels" | "yticklabels"> {}

/** Pearson's correlation of two lists; NaN where one is constant. */
function pearson(a: readonly number[], b: readonly number[]): number {
  const mean = (v: readonly number[]) => v.reduce((s, x) => s + x, 0) / v.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((x, i) => {
    const y = b[i] ?? 0;
    ab += (x - ma) * (y - mb);
    aa += (x - ma) ** 2;
    bb += (y - mb) ** 2;
  });
  return aa === 0 || bb === 0 ? Number.NaN : ab / Math.sqrt(aa * bb);
}

/** The correlation of a table's columns, by name, or of a tensor's [rows, columns], as heat map from -1 to 1. */
export function correlation(
  table: Readonly<Record<string, Numbers>> | Matrix,
  options: CorrelationOptions = {},
): Figure {
  const op = "correlation";
  const o = readArgs<CorrelationOptions>(op, ["center", ...SHEET], [options]);
  const isTable = typeof table === "object" && table !== null && !Array.isArray(table) && !isTensor(table);
  const rows = isTable ? [] : matrixOf(op, "the table", table);
  const columns: [string, number[]][] = isTable
    ? Object.entries(table as Record<string, Numbers>).map(([name, values]) => [
        name,
        numbersOf(op, `"${name}"`, values),
      ])
    : (rows[0] ?? []).map((_, j) => [String(j), rows.map((row) => row[j] ?? Number.NaN)]);
  if (columns.length === 0) throw new ArgumentError(`${op}: expected columns by name, received none`, { op });
  for (const [, values] of columns) sameLength(op, columns[0]?.[1] ?? [], values);
  const names = columns.map(([name]) => name);
  const values = columns.map(([, a]) => columns.map(([, b]) => pearson(a, b)));
  return heatmap(values, {
    ...{ annot: columns.length <= 40, fmt: ".2f", cmap: "coolwarm", vmin: -1, vmax: 1, square: true },
    ...{ xticklabels: names, yticklabels: names },
    ...o,
  });
}
