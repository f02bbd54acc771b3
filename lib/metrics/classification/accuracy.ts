/** Accuracy: the part of predictions that are right.   [scikit-learn](https://scikit-learn.org/stable/modules/model_evaluation.html#accuracy-score) */
import type { Tensor } from "../../tensor.js";
import { functionOf, metricOf, taskFunction, taskMetric } from "../measure.js";
import { type Counts, type Reduction, ratio } from "./reduce.js";
import { binaryStat, MICRO, multiclassStat, multilabelStat, STAT, type StatTaskOptions } from "./stat-scores.js";

/** (tp + tn) / all; of classes, tp / (tp + fn): the part of each class's samples that is found. */
const accuracyOf = (counts: Counts, r: Reduction): Tensor =>
  ratio(counts, { ...r, zeroDivision: 0 }, ({ tp, fp, tn, fn }) =>
    r.average === "binary" || r.multilabel ? [tp.add(tn), tp.add(tn).add(fp).add(fn)] : [tp, tp.add(fn)],
  );
const binary = binaryStat(accuracyOf, true);
const multiclass = multiclassStat(accuracyOf, true);
const multilabel = multilabelStat(accuracyOf, true);

/** The part of predictions that are right: preds and target [N, ...] -> a number, or [N] by sample. */
export const binaryAccuracy = functionOf("binaryAccuracy", binary, STAT.binary);
/** Accuracy of several classes: preds [N, ...] or scores [N, C, ...], target [N, ...] -> a number, or [C] without an average. */
export const multiclassAccuracy = functionOf("multiclassAccuracy", multiclass, STAT.multiclass);
/** Accuracy of several labels: preds and target [N, L, ...] -> a number, or [L] without an average. */
export const multilabelAccuracy = functionOf("multilabelAccuracy", multilabel, STAT.multilabel);
/** {@link binaryAccuracy} over batches. */
export class BinaryAccuracy extends metricOf(binary, STAT.binary) {}
/** {@link multiclassAccuracy} over batches; the average is `"macro"`. */
export class MulticlassAccuracy extends metricOf(multiclass, STAT.multiclassClass) {}
/** {@link multilabelAccuracy} over batches; the average is `"macro"`. */
export class MultilabelAccuracy extends metricOf(multilabel, STAT.multilabel) {}

/** Accuracy by task; the average is `"micro"`. */
export const accuracy = taskFunction<StatTaskOptions, Tensor, typeof STAT.task>(
  "accuracy",
  {
    binary: [binaryAccuracy, STAT.binary],
    multiclass: [multiclassAccuracy, STAT.multiclass],
    multilabel: [multilabelAccuracy, STAT.multilabel],
  },
  STAT.task,
  MICRO,
);
/** {@link accuracy} over batches: `new Accuracy({ task: "multiclass", numClasses: 10 })`. */
export const Accuracy = taskMetric<StatTaskOptions, Tensor, typeof STAT.task>(
  "Accuracy",
  {
    binary: [BinaryAccuracy, STAT.binary],
    multiclass: [MulticlassAccuracy, STAT.multiclassClass],
    multilabel: [MultilabelAccuracy, STAT.multilabel],
  },
  STAT.task,
  MICRO,
);
