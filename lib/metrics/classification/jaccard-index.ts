/** Jaccard index: intersection over union of predictions and targets.   [Wikipedia](https://en.wikipedia.org/wiki/Jaccard_index) */
import { onesLike } from "../../creation.js";
import type { Tensor } from "../../tensor.js";
import { functionOf, metricOf, taskFunction, taskMetric } from "../measure.js";
import { type BinaryMatrixOptions, binaryMatrix, type MatrixCheck, type MulticlassMatrixOptions, type MultilabelMatrixOptions, multiclassMatrix, multilabelMatrix } from "./confusion-matrix.js"; // biome-ignore format: one line
import { AVERAGES, type Average, checkOneOf, expectArgument } from "./options.js";
import { safeDivide } from "./reduce.js";

/** Options of the Jaccard index. */
export interface JaccardOptions {
  /** Default `"macro"`. */
  average?: Average;
  /** The value of 0 / 0: 0 or 1. Default 0. */
  zeroDivision?: number;
}

/** tp / (tp + fp + fn) of one class. */
function binaryIndex(confmat: Tensor, { zeroDivision = 0 }: { zeroDivision?: number }): Tensor {
  const at = (i: number, j: number) => confmat.index(i, j);
  return safeDivide(at(1, 1), at(0, 1).add(at(1, 0)).add(at(1, 1)), zeroDivision);
}

/** The same of each class [C, C] or label [L, 2, 2], averaged. */
function averagedIndex(confmat: Tensor, o: JaccardOptions & { ignoreIndex?: number | null }): Tensor {
  const { average = "macro", zeroDivision = 0 } = o;
  const counts = confmat.to("float32");
  const labels = counts.ndim === 3;
  const cell = (i: number, j: number) => counts.select(1, i).select(1, j);
  const hits = labels ? cell(1, 1) : counts.diag();
  const unions = labels ? hits.add(cell(0, 1)).add(cell(1, 0)) : counts.sum(0).add(counts.sum(1)).sub(hits);
  const ignored = o.ignoreIndex ?? -1;
  const leavesOut = ignored >= 0 && ignored < counts.size(0);
  if (average === "micro") {
    const union = leavesOut ? unions.sum().sub(unions.index(ignored)) : unions.sum();
    return safeDivide(hits.sum(), union, zeroDivision);
  }
  const index = safeDivide(hits, unions, zeroDivision);
  if (average === null || average === "none") return index;
  let weights = labels ? hits.add(cell(1, 0)) : counts.sum(1);
  if (average === "macro") {
    weights = onesLike(index);
    if (leavesOut) weights.index(ignored).fill_(0);
    if (!labels) weights = weights.maskedFill(counts.sum(1).add(counts.sum(0)).eq(0), 0);
  }
  return weights.mul(index).div(weights.sum()).sum();
}

const check: MatrixCheck<JaccardOptions> = (op, { average, zeroDivision }) => {
  checkOneOf(op, "average", AVERAGES, average);
  expectArgument(op, [undefined, 0, 1].includes(zeroDivision), "`zero_division` to be 0 or 1", zeroDivision);
};
const binary = binaryMatrix<BinaryMatrixOptions & { zeroDivision?: number }>(binaryIndex, check, true);
const multiclass = multiclassMatrix<MulticlassMatrixOptions & JaccardOptions>(averagedIndex, check, true);
const multilabel = multilabelMatrix<MultilabelMatrixOptions & JaccardOptions>(averagedIndex, check, true);
const NAMES = {
  binary: ["threshold", "ignoreIndex", "validateArgs", "zeroDivision"],
  multiclass: ["numClasses", "average", "ignoreIndex", "validateArgs", "zeroDivision"],
  multilabel: ["numLabels", "threshold", "average", "ignoreIndex", "validateArgs", "zeroDivision"],
  task: ["threshold", "numClasses", "numLabels", "average", "ignoreIndex", "validateArgs", "zeroDivision"],
} as const;

/** Intersection over union, of a binary task. */
export const binaryJaccardIndex = functionOf("binaryJaccardIndex", binary, NAMES.binary);
/** Intersection over union, of several classes: a number, or [C] without an average. */
export const multiclassJaccardIndex = functionOf("multiclassJaccardIndex", multiclass, NAMES.multiclass);
/** Intersection over union, of several labels: a number, or [L] without an average. */
export const multilabelJaccardIndex = functionOf("multilabelJaccardIndex", multilabel, NAMES.multilabel);
/** {@link binaryJaccardIndex} over batches. */
export class BinaryJaccardIndex extends metricOf(binary, NAMES.binary) {}
/** {@link multiclassJaccardIndex} over batches. */
export class MulticlassJaccardIndex extends metricOf(multiclass, NAMES.multiclass) {}
/** {@link multilabelJaccardIndex} over batches. */
export class MultilabelJaccardIndex extends metricOf(multilabel, NAMES.multilabel) {}

type TaskOptions = BinaryMatrixOptions & Partial<MulticlassMatrixOptions & MultilabelMatrixOptions> & JaccardOptions;
/** Intersection over union, by task. */
export const jaccardIndex = taskFunction<TaskOptions, Tensor, typeof NAMES.task>(
  "jaccardIndex",
  {
    binary: [binaryJaccardIndex, NAMES.binary],
    multiclass: [multiclassJaccardIndex, NAMES.multiclass],
    multilabel: [multilabelJaccardIndex, NAMES.multilabel],
  },
  NAMES.task,
);
/** {@link jaccardIndex} over batches. */
export const JaccardIndex = taskMetric<TaskOptions, Tensor, typeof NAMES.task>(
  "JaccardIndex",
  {
    binary: [BinaryJaccardIndex, NAMES.binary],
    multiclass: [MulticlassJaccardIndex, NAMES.multiclass],
    multilabel: [MultilabelJaccardIndex, NAMES.multilabel],
  },
  NAMES.task,
);
