/** Hamming distance: the part of predictions that are wrong.   [Wikipedia](https://en.wikipedia.org/wiki/Hamming_distance) */
import type { Tensor } from "../../tensor.js";
import { functionOf, metricOf, taskFunction, taskMetric } from "../measure.js";
import { type Counts, type Reduction, ratio } from "./reduce.js";
import { binaryStat, MICRO, multiclassStat, multilabelStat, STAT, type StatTaskOptions } from "./stat-scores.js";

/** 1 - accuracy. */
const distanceOf = (counts: Counts, r: Reduction): Tensor =>
  ratio(
    counts,
    { ...r, zeroDivision: 0, topK: 1 },
    ({ tp, fp, tn, fn }) =>
      r.average === "binary" || r.multilabel ? [tp.add(tn), tp.add(tn).add(fp).add(fn)] : [tp, tp.add(fn)],
    (score) => score.neg().add(1),
  );
const measure = {
  ...{ binary: binaryStat(distanceOf, false), multiclass: multiclassStat(distanceOf, false) },
  multilabel: multilabelStat(distanceOf, false),
};

/** The part of predictions that are wrong, of a binary task: preds and target [N, ...] -> a number. */
export const binaryHammingDistance = functionOf("binaryHammingDistance", measure.binary, STAT.binary);
/** The part of predictions that are wrong, of several classes: a number, or [C] without an average. */
export const multiclassHammingDistance = functionOf("multiclassHammingDistance", measure.multiclass, STAT.multiclass);
/** The part of predictions that are wrong, of several labels: a number, or [L] without an average. */
export const multilabelHammingDistance = functionOf("multilabelHammingDistance", measure.multilabel, STAT.multilabel);
/** {@link binaryHammingDistance} over batches. */
export class BinaryHammingDistance extends metricOf(measure.binary, STAT.binary) {}
/** {@link multiclassHammingDistance} over batches; the average is `"macro"`. */
export class MulticlassHammingDistance extends metricOf(measure.multiclass, STAT.multiclassClass) {}
/** {@link multilabelHammingDistance} over batches; the average is `"macro"`. */
export class MultilabelHammingDistance extends metricOf(measure.multilabel, STAT.multilabel) {}
/** The part of predictions that are wrong, by task; the average is `"micro"`. */
export const hammingDistance = taskFunction<StatTaskOptions, Tensor, typeof STAT.task>(
  "hammingDistance",
  {
    binary: [binaryHammingDistance, STAT.binary],
    multiclass: [multiclassHammingDistance, STAT.multiclass],
    multilabel: [multilabelHammingDistance, STAT.multilabel],
  },
  STAT.task,
  MICRO,
);
/** {@link hammingDistance} over batches. */
export const HammingDistance = taskMetric<StatTaskOptions, Tensor, typeof STAT.task>(
  "HammingDistance",
  {
    binary: [BinaryHammingDistance, STAT.binary],
    multiclass: [MulticlassHammingDistance, STAT.multiclassClass],
    multilabel: [MultilabelHammingDistance, STAT.multilabel],
  },
  STAT.task,
  MICRO,
);
