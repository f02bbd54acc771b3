/** Precision and recall at every threshold.   [scikit-learn](https://scikit-learn.org/stable/auto_examples/model_selection/plot_precision_recall.html) */
import { onesLike } from "../../creation.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";
import { functionOf, metricOf, taskFunction, taskMetric } from "../measure.js";
import { type BinaryCurveOptions, binaryCurve, type Curve, type CurveData, type CurveOptions, curveOfClasses, curveOfLabels, type MulticlassCurveOptions, type MultilabelCurveOptions, multiclassCurve, multilabelCurve, oneMore, sweep } from "./curve.js"; // biome-ignore format: one line
import { safeDivide } from "./reduce.js";

/** How the curves of classes become one: of all scores together, or as a mean. */
export interface CurveAverageOptions {
  /** Default: a curve for each class. */
  average?: "micro" | "macro" | null;
}

/** Precision, recall, thresholds of one class, from the lowest threshold on. */
export function binaryPrecisionRecall(data: CurveData, positive = 1): [Tensor, Tensor, Tensor] {
  if ("confmat" in data) {
    const cell = (i: number, j: number) => data.confmat.select(-2, i).select(-1, j);
    const [tps, fps, fns] = [cell(1, 1), cell(0, 1), cell(1, 0)];
    const precision = oneMore(safeDivide(tps, tps.add(fps), null), 1);
    return [precision, oneMore(safeDivide(tps, tps.add(fns), null), 0), data.thresholds];
  }
  const [fps, tps, thresholds] = sweep(data.preds, data.target, positive);
  const precision = tps.div(tps.add(fps));
  let recall = tps.div(tps.select(0, -1));
  if (data.target.eq(0).all().item()) {
    warnOnce("CANDLEWICK_NO_POSITIVES", "No positive samples found in target, recall is undefined. Setting recall to one for all thresholds."); // biome-ignore format: one line
    recall = onesLike(recall);
  }
  return [oneMore(precision.flip(0), 1), oneMore(recall.flip(0), 0), thresholds.flip(0)];
}

/** The same of each class: [C, T + 1] at thresholds, else lists. */
export const classPrecisionRecall = (data: CurveData, { average }: { average?: unknown }): Curve =>
  curveOfClasses(data, average, binaryPrecisionRecall, { descending: false });
/** The same of each label. */
export const labelPrecisionRecall = (data: CurveData, o: CurveOptions): Curve =>
  curveOfLabels(data, o, binaryPrecisionRecall);

const binary = binaryCurve<BinaryCurveOptions, Curve>((data) => binaryPrecisionRecall(data));
const AVERAGES = ["micro", "macro", null, undefined];
const multiclass = multiclassCurve<MulticlassCurveOptions & CurveAverageOptions, Curve>(classPrecisionRecall, AVERAGES);
const multilabel = multilabelCurve<MultilabelCurveOptions, Curve>(labelPrecisionRecall);
/** The options of curves, in torchmetrics' orders. */
export const CURVE = {
  binary: ["thresholds", "ignoreIndex", "validateArgs"],
  binaryClass: ["thresholds", "ignoreIndex", "validateArgs", "normalization"],
  multiclass: ["numClasses", "thresholds", "average", "ignoreIndex", "validateArgs"],
  multilabel: ["numLabels", "thresholds", "ignoreIndex", "validateArgs"],
  task: ["thresholds", "numClasses", "numLabels", "average", "ignoreIndex", "validateArgs"],
} as const;
/** The options of the curves of all tasks. */
export type CurveTaskOptions = BinaryCurveOptions & Partial<MulticlassCurveOptions & MultilabelCurveOptions> & CurveAverageOptions; // biome-ignore format: one line

/** Precision [T + 1], recall [T + 1] and thresholds [T] of a binary task: scores and target [N, ...]. */
export const binaryPrecisionRecallCurve = functionOf("binaryPrecisionRecallCurve", binary, CURVE.binary);
/** Precision and recall of each class: [C, T + 1] with thresholds, else lists; scores [N, C, ...]. */
export const multiclassPrecisionRecallCurve = functionOf("multiclassPrecisionRecallCurve", multiclass, CURVE.multiclass); // biome-ignore format: one line
/** Precision and recall of each label: [L, T + 1] with thresholds, else lists; scores and target [N, L, ...]. */
export const multilabelPrecisionRecallCurve = functionOf("multilabelPrecisionRecallCurve", multilabel, CURVE.multilabel); // biome-ignore format: one line
/** {@link binaryPrecisionRecallCurve} over batches. */
export class BinaryPrecisionRecallCurve extends metricOf(binary, CURVE.binaryClass) {
  protected override get valueKind() {
    return "precision-recall" as const;
  }
}
/** {@link multiclassPrecisionRecallCurve} over batches. */
export class MulticlassPrecisionRecallCurve extends metricOf(multiclass, CURVE.multiclass) {
  protected override get valueKind() {
    return "precision-recall" as const;
  }
}
/** {@link multilabelPrecisionRecallCurve} over batches. */
export class MultilabelPrecisionRecallCurve extends metricOf(multilabel, CURVE.multilabel) {
  protected override get valueKind() {
    return "precision-recall" as const;
  }
}
/** Precision and recall at every threshold, by task. */
export const precisionRecallCurve = taskFunction<CurveTaskOptions, Curve, typeof CURVE.task>(
  "precisionRecallCurve",
  {
    binary: [binaryPrecisionRecallCurve, CURVE.binary],
    multiclass: [multiclassPrecisionRecallCurve, CURVE.multiclass],
    multilabel: [multilabelPrecisionRecallCurve, CURVE.multilabel],
  },
  CURVE.task,
);
/** {@link precisionRecallCurve} over batches. */
export const PrecisionRecallCurve = taskMetric<CurveTaskOptions, Curve, typeof CURVE.task>(
  "PrecisionRecallCurve",
  {
    binary: [BinaryPrecisionRecallCurve, CURVE.binary],
    multiclass: [MulticlassPrecisionRecallCurve, CURVE.multiclass],
    multilabel: [MultilabelPrecisionRecallCurve, CURVE.multilabel],
  },
  CURVE.task,
);
