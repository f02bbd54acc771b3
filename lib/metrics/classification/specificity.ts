/** Specificity: the part of negatives that are found.   [Wikipedia](https://en.wikipedia.org/wiki/Sensitivity_and_specificity) */
import type { Tensor } from "../../tensor.js";
import { functionOf, metricOf, taskFunction, taskMetric } from "../measure.js";
import { type Counts, type Reduction, ratio } from "./reduce.js";
import { binaryStat, MICRO, multiclassStat, multilabelStat, STAT, type StatTaskOptions } from "./stat-scores.js";

/** tn / (tn + fp). */
const specificityOf = (counts: Counts, r: Reduction): Tensor =>
  ratio(counts, { ...r, zeroDivision: 0, topK: 1 }, ({ tn, fp }) => [tn, tn.add(fp)]);
const measure = {
  ...{ binary: binaryStat(specificityOf, true), multiclass: multiclassStat(specificityOf, true) },
  multilabel: multilabelStat(specificityOf, true),
};

/** The part of negatives that are found, of a binary task: preds and target [N, ...] -> a number. */
export const binarySpecificity = functionOf("binarySpecificity", measure.binary, STAT.binary);
/** The part of negatives that are found, of several classes: a number, or [C] without an average. */
export const multiclassSpecificity = functionOf("multiclassSpecificity", measure.multiclass, STAT.multiclass);
/** The part of negatives that are found, of several labels: a number, or [L] without an average. */
export const multilabelSpecificity = functionOf("multilabelSpecificity", measure.multilabel, STAT.multilabel);
/** {@link binarySpecificity} over batches. */
export class BinarySpecificity extends metricOf(measure.binary, STAT.binary) {}
/** {@link multiclassSpecificity} over batches; the average is `"macro"`. */
export class MulticlassSpecificity extends metricOf(measure.multiclass, STAT.multiclassClass) {}
/** {@link multilabelSpecificity} over batches; the average is `"macro"`. */
export class MultilabelSpecificity extends metricOf(measure.multilabel, STAT.multilabel) {}
/** The part of negatives that are found, by task; the average is `"micro"`. */
export const specificity = taskFunction<StatTaskOptions, Tensor, typeof STAT.task>(
  "specificity",
  {
    binary: [binarySpecificity, STAT.binary],
    multiclass: [multiclassSpecificity, STAT.multiclass],
    multilabel: [multilabelSpecificity, STAT.multilabel],
  },
  STAT.task,
  MICRO,
);
/** {@link specificity} over batches. */
export const Specificity = taskMetric<StatTaskOptions, Tensor, typeof STAT.task>(
  "Specificity",
  {
    binary: [BinarySpecificity, STAT.binary],
    multiclass: [MulticlassSpecificity, STAT.multiclassClass],
    multilabel: [MultilabelSpecificity, STAT.multilabel],
  },
  STAT.task,
  MICRO,
);
