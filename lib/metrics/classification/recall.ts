/** Recall: the part of positives that are found.   [scikit-learn](https://scikit-learn.org/stable/modules/model_evaluation.html#precision-recall-f-measure-metrics) */
import type { Tensor } from "../../tensor.js";
import { functionOf, metricOf, taskFunction, taskMetric } from "../measure.js";
import { type Counts, type Reduction, ratio } from "./reduce.js";
import { binaryStat, MICRO, multiclassStat, multilabelStat, STAT, type StatTaskOptions } from "./stat-scores.js";

/** tp / (tp + fn). */
const recallOf = (counts: Counts, r: Reduction): Tensor => ratio(counts, r, ({ tp, fn }) => [tp, tp.add(fn)]);
const measure = {
  ...{ binary: binaryStat(recallOf, true), multiclass: multiclassStat(recallOf, true) },
  multilabel: multilabelStat(recallOf, true),
};

/** The part of positives that are found, of a binary task: preds and target [N, ...] -> a number. */
export const binaryRecall = functionOf("binaryRecall", measure.binary, STAT.binary);
/** The part of positives that are found, of several classes: a number, or [C] without an average. */
export const multiclassRecall = functionOf("multiclassRecall", measure.multiclass, STAT.multiclass);
/** The part of positives that are found, of several labels: a number, or [L] without an average. */
export const multilabelRecall = functionOf("multilabelRecall", measure.multilabel, STAT.multilabel);
/** {@link binaryRecall} over batches. */
export class BinaryRecall extends metricOf(measure.binary, STAT.binary) {}
/** {@link multiclassRecall} over batches; the average is `"macro"`. */
export class MulticlassRecall extends metricOf(measure.multiclass, STAT.multiclassClass) {}
/** {@link multilabelRecall} over batches; the average is `"macro"`. */
export class MultilabelRecall extends metricOf(measure.multilabel, STAT.multilabel) {}
/** The part of positives that are found, by task; the average is `"micro"`. */
export const recall = taskFunction<StatTaskOptions, Tensor, typeof STAT.task>(
  "recall",
  {
    binary: [binaryRecall, STAT.binary],
    multiclass: [multiclassRecall, STAT.multiclass],
    multilabel: [multilabelRecall, STAT.multilabel],
  },
  STAT.task,
  MICRO,
);
/** {@link recall} over batches. */
export const Recall = taskMetric<StatTaskOptions, Tensor, typeof STAT.task>(
  "Recall",
  {
    binary: [BinaryRecall, STAT.binary],
    multiclass: [MulticlassRecall, STAT.multiclassClass],
    multilabel: [MultilabelRecall, STAT.multilabel],
  },
  STAT.task,
  MICRO,
);
