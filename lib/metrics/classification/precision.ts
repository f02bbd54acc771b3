/** Precision: the part of positive predictions that are right.   [scikit-learn](https://scikit-learn.org/stable/modules/model_evaluation.html#precision-recall-f-measure-metrics) */
import type { Tensor } from "../../tensor.js";
import { functionOf, metricOf, taskFunction, taskMetric } from "../measure.js";
import { type Counts, type Reduction, ratio } from "./reduce.js";
import { binaryStat, MICRO, multiclassStat, multilabelStat, STAT, type StatTaskOptions } from "./stat-scores.js";

/** tp / (tp + fp). */
const precisionOf = (counts: Counts, r: Reduction): Tensor => ratio(counts, r, ({ tp, fp }) => [tp, tp.add(fp)]);
const measure = {
  ...{ binary: binaryStat(precisionOf, true), multiclass: multiclassStat(precisionOf, true) },
  multilabel: multilabelStat(precisionOf, true),
};

/** The part of positive predictions that are right, of a binary task: preds and target [N, ...] -> a number. */
export const binaryPrecision = functionOf("binaryPrecision", measure.binary, STAT.binary);
/** The part of positive predictions that are right, of several classes: a number, or [C] without an average. */
export const multiclassPrecision = functionOf("multiclassPrecision", measure.multiclass, STAT.multiclass);
/** The part of positive predictions that are right, of several labels: a number, or [L] without an average. */
export const multilabelPrecision = functionOf("multilabelPrecision", measure.multilabel, STAT.multilabel);
/** {@link binaryPrecision} over batches. */
export class BinaryPrecision extends metricOf(measure.binary, STAT.binary) {}
/** {@link multiclassPrecision} over batches; the average is `"macro"`. */
export class MulticlassPrecision extends metricOf(measure.multiclass, STAT.multiclassClass) {}
/** {@link multilabelPrecision} over batches; the average is `"macro"`. */
export class MultilabelPrecision extends metricOf(measure.multilabel, STAT.multilabel) {}
/** The part of positive predictions that are right, by task; the average is `"micro"`. */
export const precision = taskFunction<StatTaskOptions, Tensor, typeof STAT.task>(
  "precision",
  {
    binary: [binaryPrecision, STAT.binary],
    multiclass: [multiclassPrecision, STAT.multiclass],
    multilabel: [multilabelPrecision, STAT.multilabel],
  },
  STAT.task,
  MICRO,
);
/** {@link precision} over batches. */
export const Precision = taskMetric<StatTaskOptions, Tensor, typeof STAT.task>(
  "Precision",
  {
    binary: [BinaryPrecision, STAT.binary],
    multiclass: [MulticlassPrecision, STAT.multiclassClass],
    multilabel: [MultilabelPrecision, STAT.multilabel],
  },
  STAT.task,
  MICRO,
);
