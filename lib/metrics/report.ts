/** Precision, recall and F1 of every class as a table. */
import { readArgs } from "../args.js";
import { ArgumentError } from "../errors.js";
import { describe, isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

/** Options of {@link classificationReport}. */
export interface ReportOptions {
  /** The names of the classes. Default: their numbers. */
  targetNames?: readonly string[] | null;
  /** Digits behind the point. Default 2. */
  digits?: number;
  /** The value of 0 / 0. Default 0. */
  zeroDivision?: number;
}

interface Row {
  readonly name: string;
  readonly values: readonly [precision: number, recall: number, f1: number];
  readonly support: number;
}

/** Labels of scores [N, C], or labels. */
function labelsOf(op: string, name: string, given: unknown): number[] {
  if (isTensor(given)) return (given.ndim === 2 ? given.argmax(1) : given).flatten().to("int64").tolist() as number[];
  if (Array.isArray(given)) return given.map(Number);
  throw new ArgumentError(`${op}: expected ${name} to be a tensor or a list of labels, received ${describe(given)}`, {
    op,
  });
}

/**
 * scikit-learn's table as text: precision, recall, F1 and support of every class that occurs, accuracy, and the means. `preds` are labels
 * or scores [N, C]. The recall of a class is its accuracy: a mean hides a class that is never found.
 * Errors: lists of different lengths; other than one name a class.
 * [scikit-learn](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.classification_report.html)
 */
export function classificationReport(
  target: Tensor | readonly number[],
  preds: Tensor | readonly number[],
  names?: readonly string[] | ReportOptions | null,
  options: ReportOptions = {},
): string {
  const op = "classificationReport";
  const rest = Array.isArray(names)
    ? { ...options, targetNames: names as readonly string[] }
    : { ...options, ...names };
  const o = readArgs<ReportOptions>(op, ["targetNames", "digits", "zeroDivision"], [rest]);
  const { digits = 2, zeroDivision = 0, targetNames = null } = o;
  const [wanted, found] = [labelsOf(op, "target", target), labelsOf(op, "preds", preds)];
  if (wanted.length !== found.length) {
    throw new ArgumentError(`Found input variables with inconsistent numbers of samples: [${wanted.length}, ${found.length}]`, { op }); // biome-ignore format: one line
  }
  const labels = [...new Set([...wanted, ...found])].sort((a, b) => a - b);
  if (targetNames !== null && targetNames.length !== labels.length) {
    throw new ArgumentError(`Number of classes, ${labels.length}, does not match size of target_names, ${targetNames.length}. Try specifying the labels parameter`, { op }); // biome-ignore format: one line
  }
  const divided = (a: number, b: number) => (b === 0 ? zeroDivision : a / b);
  const countOf = (list: readonly number[]) => {
    const counts = new Map<number, number>();
    for (const label of list) counts.set(label, (counts.get(label) ?? 0) + 1);
    return (label: number) => counts.get(label) ?? 0;
  };
  const [support, predicted] = [countOf(wanted), countOf(found)];
  const hits = countOf(wanted.filter((label, i) => label === found[i]));
  const rows = labels.map((label, i): Row => {
    const [tp, all, given] = [hits(label), support(label), predicted(label)];
    const values = [divided(tp, given), divided(tp, all), divided(2 * tp, all + given)] as const;
    return { name: targetNames?.[i] ?? String(label), values, support: all };
  });
  const n = wanted.length;
  const mean = (weight: (row: Row) => number) => {
    const total = rows.reduce((sum, row) => sum + weight(row), 0);
    return [0, 1, 2].map((k) => divided(rows.reduce((sum, row) => sum + weight(row) * (row.values[k] ?? 0), 0), total)) as [number, number, number]; // biome-ignore format: one line
  };
  const right = wanted.filter((label, i) => label === found[i]).length;
  return table(rows, n, divided(right, n), mean, digits);
}

function table(
  rows: readonly Row[],
  n: number,
  accuracy: number,
  mean: (weight: (row: Row) => number) => [number, number, number],
  digits: number,
): string {
  const averages: Row[] = [
    { name: "macro avg", values: mean(() => 1), support: n },
    { name: "weighted avg", values: mean(({ support }) => support), support: n },
  ];
  const width = Math.max(...rows.map(({ name }) => name.length), "weighted avg".length, digits);
  const line = (name: string, cells: readonly string[], support: string) =>
    `${[`${name.padStart(width)} `, ...cells.map((cell) => cell.padStart(9)), support.padStart(9)].join(" ")}\n`;
  const shown = ({ name, values, support }: Row) =>
    line(name, values.map((v) => v.toFixed(digits)), String(support)); // biome-ignore format: one line
  return [
    line("", ["precision", "recall", "f1-score"], "support"),
    "\n",
    ...rows.map(shown),
    "\n",
    line("accuracy", ["", "", accuracy.toFixed(digits)], String(n)),
    ...averages.map(shown),
  ].join("");
}
