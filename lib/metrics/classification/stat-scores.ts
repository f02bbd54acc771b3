/** True and false positives and negatives, which most classification metrics are made of. */
import { zeros } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { oneHot } from "../../nn/functional.js";
import { stack, where } from "../../ops/join.js";
import type { Tensor } from "../../tensor.js";
import { functionOf, type Measure, metricOf, needed, taskFunction, taskMetric } from "../measure.js";
import { joined } from "../metric.js";
import { checkClasses, checkLabels, counting, probabilities } from "./inputs.js";
import { AVERAGES, type Average, type ClassesOptions, type CommonOptions, checkCount, checkIgnoreIndex, checkOneOf, checkThreshold, expectArgument, type LabelsOptions, type MultidimAverage, type ThresholdOptions } from "./options.js"; // biome-ignore format: one line
import type { Counts, Reduction } from "./reduce.js";

/** Options of metrics of counts. */
export interface StatOptions extends CommonOptions {
  /** Whether further dimensions are more samples, or each sample has a value of its own. Default `"global"`. */
  multidimAverage?: MultidimAverage;
  /** The value of 0 / 0: 0 or 1. Default 0. */
  zeroDivision?: number;
}
/** Options of binary metrics of counts. */
export interface BinaryStatOptions extends StatOptions, ThresholdOptions {}
/** Options of multiclass metrics of counts. */
export interface MulticlassStatOptions extends StatOptions, Partial<ClassesOptions> {
  /** Among how many best classes the target must be. Default 1. */
  topK?: number;
  /** Default `"macro"`. */
  average?: Average;
}
/** Options of multilabel metrics of counts. */
export interface MultilabelStatOptions extends StatOptions, LabelsOptions, ThresholdOptions {
  /** Default `"macro"`. */
  average?: Average;
}

/** The counts of a state: tensors that were added, or lists of samples. */
export interface StatState extends Readonly<Record<string, Tensor | readonly Tensor[]>> {
  readonly tp: Tensor | readonly Tensor[];
  readonly fp: Tensor | readonly Tensor[];
  readonly tn: Tensor | readonly Tensor[];
  readonly fn: Tensor | readonly Tensor[];
}

/** What a metric makes of counts. */
export type StatValue<O> = (counts: Counts, reduction: Reduction, options: O) => Tensor;

const finalCounts = ({ tp, fp, tn, fn }: StatState): Counts => ({
  ...{ tp: joined(tp), fp: joined(fp), tn: joined(tn), fn: joined(fn) },
});
/** Counts as a state: each sample's by itself, or to be added. */
const stateFrom = ({ tp, fp, tn, fn }: Counts, { multidimAverage = "global" }: StatOptions): StatState =>
  multidimAverage === "global" ? { tp, fp, tn, fn } : { tp: [tp], fp: [fp], tn: [tn], fn: [fn] };
const noCounts = (shape: readonly number[], o: StatOptions): StatState => {
  const none = zeros([...shape], { dtype: "int64" });
  return stateFrom({ tp: none, fp: none, tn: none, fn: none }, o);
};
const reductionOf = (o: StatOptions, more: Pick<Reduction, "average"> & Partial<Reduction>): Reduction => ({
  ...{ multidimAverage: o.multidimAverage ?? "global", zeroDivision: o.zeroDivision ?? 0, multilabel: false, topK: 1 },
  ...more,
});

function checkStat(op: string, o: StatOptions): void {
  checkOneOf(op, "multidim_average", ["global", "samplewise"], o.multidimAverage);
  checkIgnoreIndex(op, o.ignoreIndex);
  expectArgument(op, [undefined, 0, 1].includes(o.zeroDivision), "`zero_division` to be 0 or 1", o.zeroDivision);
}
function checkDimensions(op: string, x: Tensor, least: number, { multidimAverage }: StatOptions): void {
  if (multidimAverage !== "samplewise" || x.ndim >= least) return;
  throw new ArgumentError(`Expected input to be at least ${least}D when multidim_average is set to \`samplewise\``, {
    op,
  });
}

/** Counts of predictions and targets that are 0 or 1; other targets do not count. Sums over some dimensions. */
function countsOf(preds: Tensor, target: Tensor, dims: readonly number[]): Counts {
  const [right, positive, negative] = [target.eq(preds), target.eq(1), target.eq(0)];
  const sum = (x: Tensor) => x.sum([...dims]);
  const [hit, miss] = [right, right.logicalNot()];
  return {
    ...{ tp: sum(hit.logicalAnd(positive)), fn: sum(miss.logicalAnd(positive)) },
    ...{ fp: sum(miss.logicalAnd(negative)), tn: sum(hit.logicalAnd(negative)) },
  };
}

/** A binary metric of counts. */
export function binaryStat<O extends BinaryStatOptions>(
  value: StatValue<O>,
  higherIsBetter?: boolean,
): Measure<O, StatState, Tensor> {
  return {
    read(op, given) {
      if (given.validateArgs ?? true) {
        checkThreshold(op, given.threshold ?? 0.5);
        checkStat(op, given);
      }
      return given as O;
    },
    count(op, preds, target, o) {
      const { threshold = 0.5, ignoreIndex = null, multidimAverage = "global" } = o;
      if (o.validateArgs ?? true) {
        checkLabels(preds, target, ignoreIndex);
        checkDimensions(op, preds, 2, o);
      }
      const positive = preds.isFloatingPoint() ? probabilities(preds, "sigmoid").gt(threshold) : preds;
      const flat = (x: Tensor) => x.reshape(x.size(0), -1);
      const wanted = flat(target);
      const counted = ignoreIndex === null ? wanted : wanted.maskedFill(wanted.eq(ignoreIndex), -1);
      return stateFrom(countsOf(flat(positive), counted, multidimAverage === "global" ? [0, 1] : [1]), o);
    },
    value: (state, o) => value(finalCounts(state), reductionOf(o, { average: "binary" }), o),
    empty: (o) => noCounts([], o),
    higherIsBetter,
  };
}

/** A multilabel metric of counts. */
export function multilabelStat<O extends MultilabelStatOptions>(
  value: StatValue<O>,
  higherIsBetter?: boolean,
): Measure<O, StatState, Tensor> {
  return {
    read(op, given) {
      const numLabels = needed<O, "numLabels">(op, given, "numLabels");
      if (given.validateArgs ?? true) {
        checkCount(op, "num_labels", numLabels);
        checkThreshold(op, given.threshold ?? 0.5);
        checkOneOf(op, "average", AVERAGES, given.average);
        checkStat(op, given);
      }
      return given as O;
    },
    count(op, preds, target, o) {
      const { threshold = 0.5, ignoreIndex = null, multidimAverage = "global", numLabels } = o;
      if (o.validateArgs ?? true) {
        checkLabels(preds, target, ignoreIndex, numLabels);
        checkDimensions(op, preds, 3, o);
      }
      const positive = preds.isFloatingPoint() ? probabilities(preds, "sigmoid").gt(threshold) : preds;
      const rows = (x: Tensor) => x.reshape(x.size(0), x.size(1), -1);
      const wanted = rows(target);
      const counted = ignoreIndex === null ? wanted : wanted.maskedFill(wanted.eq(ignoreIndex), -1);
      return stateFrom(countsOf(rows(positive), counted, multidimAverage === "global" ? [0, -1] : [-1]), o);
    },
    value: (state, o) => {
      const { average = "macro" } = o;
      return value(finalCounts(state), reductionOf(o, { average, multilabel: true }), o);
    },
    empty: (o) => noCounts([o.numLabels], o),
    higherIsBetter,
  };
}

/** A multiclass metric of counts. */
export function multiclassStat<O extends MulticlassStatOptions>(
  value: StatValue<O>,
  higherIsBetter?: boolean,
): Measure<O, StatState, Tensor> {
  return {
    read(op, given) {
      if (given.validateArgs ?? true) checkMulticlass(op, given);
      return given as O;
    },
    count(op, preds, target, o) {
      const { ignoreIndex = null, topK = 1, numClasses = null } = o;
      if (o.validateArgs ?? true) {
        checkClasses(preds, target, numClasses, ignoreIndex);
        checkDimensions(op, target, 2, o);
      }
      return stateFrom(multiclassCounts(topK === 1 ? labelsOf(preds, target) : preds, target, o), o);
    },
    value: (state, o) => {
      const { average = "macro", topK = 1 } = o;
      return value(finalCounts(state), reductionOf(o, { average, topK }), o);
    },
    empty: (o) => noCounts(o.average === "micro" && (o.topK ?? 1) === 1 ? [] : [o.numClasses ?? 1], o),
    higherIsBetter,
  };
}

function checkMulticlass(op: string, o: MulticlassStatOptions): void {
  const { numClasses, topK = 1, average = "macro" } = o;
  if (numClasses === undefined) {
    const text = `Argument \`num_classes\` can only be \`None\` for \`average='micro'\`, but got \`average=${average}\`.`;
    if (average !== "micro") throw new ArgumentError(text, { op });
  } else checkCount(op, "num_classes", numClasses);
  expectArgument(op, Number.isInteger(topK) && topK >= 1, "`top_k` to be an integer larger than or equal to 1", topK);
  if (topK > (numClasses ?? 1)) {
    throw new ArgumentError(`Expected argument \`top_k\` to be smaller or equal to \`num_classes\` but got ${topK} and ${numClasses}`, { op }); // biome-ignore format: one line
  }
  checkOneOf(op, "average", AVERAGES, average);
  checkStat(op, o);
}

/** The classes that are predicted: the best of scores [N, C, ...], or labels as they are. */
export const labelsOf = (preds: Tensor, target: Tensor) => (preds.ndim === target.ndim + 1 ? preds.argmax(1) : preds);

function multiclassCounts(preds: Tensor, target: Tensor, o: MulticlassStatOptions): Counts {
  const { topK = 1, average = "macro", multidimAverage = "global", ignoreIndex = null, numClasses = 1 } = o;
  if (multidimAverage === "samplewise" || topK > 1) return oneHotCounts(preds, target, o);
  const [p, t] = counting(preds.flatten(), target.flatten(), ignoreIndex);
  if (average === "micro") {
    const tp = p.eq(t).sum();
    const wrong = p.ne(t).sum();
    return {
      tp,
      fp: wrong,
      fn: wrong,
      tn: tp
        .add(wrong)
        .mul(-1)
        .add(numClasses * p.numel())
        .sub(wrong),
    };
  }
  // Three histograms, and no matrix of all pairs of classes.
  const histogram = (x: Tensor) => x.to("int64").bincount({ minlength: numClasses });
  const tp = histogram(t.index(p.eq(t)));
  const [fp, fn] = [histogram(p).sub(tp), histogram(t).sub(tp)];
  return { tp, fp, fn, tn: fp.add(fn).add(tp).neg().add(p.numel()) };
}

/** How often each class was predicted for each target: int64 [targets, predictions]. */
export function confusion(preds: Tensor, target: Tensor, numClasses: number): Tensor {
  const pairs = target.to("int64").mul(numClasses).add(preds.to("int64"));
  return pairs.bincount({ minlength: numClasses ** 2 }).reshape(numClasses, numClasses);
}

/** Counts of one-hot rows, for values by sample and for the best k: a target among them is the prediction. */
function oneHotCounts(preds: Tensor, target: Tensor, o: MulticlassStatOptions): Counts {
  const { topK = 1, multidimAverage = "global", ignoreIndex = null, numClasses = 1 } = o;
  const flat = target.reshape(target.size(0), -1); // [N, L]
  const ignored = ignoreIndex === null ? null : flat.eq(ignoreIndex);
  const safe = ignored === null ? flat : flat.maskedFill(ignored, 0);
  let labels = preds.reshape(preds.size(0), -1);
  if (topK > 1) {
    const scores = preds.reshape(preds.size(0), preds.size(1), -1); // [N, C, L]
    const best = scores.topk(topK, 1).indices;
    const among = best.eq(flat.unsqueeze(1)).any(1);
    labels = where(among, flat, best.select(1, 0));
  }
  if (ignored !== null) labels = labels.maskedFill(ignored, 0);
  const hot = (x: Tensor) => oneHot(x.to("int64"), numClasses); // [N, L, C]
  const wanted = hot(safe);
  const counted = ignored === null ? wanted : wanted.maskedFill(ignored.unsqueeze(-1), -1);
  return countsOf(hot(labels), counted, multidimAverage === "global" ? [0, 1] : [1]);
}

/** The options of functions and of classes, in torchmetrics' orders. */
export const STAT = {
  binary: ["threshold", "multidimAverage", "ignoreIndex", "validateArgs", "zeroDivision"],
  multiclass: ["numClasses", "average", "topK", "multidimAverage", "ignoreIndex", "validateArgs", "zeroDivision"],
  multiclassClass: ["numClasses", "topK", "average", "multidimAverage", "ignoreIndex", "validateArgs", "zeroDivision"],
  multilabel: ["numLabels", "threshold", "average", "multidimAverage", "ignoreIndex", "validateArgs", "zeroDivision"],
  task: [
    ...(["threshold", "numClasses", "numLabels", "average", "multidimAverage", "topK"] as const),
    ...(["ignoreIndex", "validateArgs", "zeroDivision"] as const),
  ],
} as const;
/** The options of all tasks. */
export type StatTaskOptions = BinaryStatOptions & MulticlassStatOptions & Partial<MultilabelStatOptions>;
/** The average of the functions and classes that are given a task. */
export const MICRO = { average: "micro" } as const;

const stacked = ({ tp, fp, tn, fn }: Counts, { average, multidimAverage, multilabel }: Reduction): Tensor => {
  const all = stack([tp, fp, tn, fn, tp.add(fn)], -1);
  const dim = multidimAverage === "global" ? 0 : 1;
  if (average === "binary" || average === null || average === "none") return all;
  if (average === "micro") return all.ndim > 1 ? all.sum(dim) : all;
  if (average === "macro") return all.to("float32").mean(dim);
  const support = tp.add(fn);
  const weights = dim === 0 || multilabel ? support.div(support.sum()) : support.div(support.sum(-1, true));
  return all.mul(weights.unsqueeze(-1)).sum(dim);
};
const [binary, multiclass, multilabel] = [binaryStat(stacked), multiclassStat(stacked), multilabelStat(stacked)];

/** [tp, fp, tn, fn, support] of a binary task. */
export const binaryStatScores = functionOf("binaryStatScores", binary, STAT.binary);
/** [C, 5] or [5]: tp, fp, tn, fn, support of several classes. */
export const multiclassStatScores = functionOf("multiclassStatScores", multiclass, STAT.multiclass);
/** [L, 5] or [5]: tp, fp, tn, fn, support of several labels. */
export const multilabelStatScores = functionOf("multilabelStatScores", multilabel, STAT.multilabel);
/** {@link binaryStatScores} over batches. */
export class BinaryStatScores extends metricOf(binary, STAT.binary) {}
/** {@link multiclassStatScores} over batches. */
export class MulticlassStatScores extends metricOf(multiclass, STAT.multiclassClass) {}
/** {@link multilabelStatScores} over batches. */
export class MultilabelStatScores extends metricOf(multilabel, STAT.multilabel) {}
/** True and false positives and negatives, and how many are positive, by task. */
export const statScores = taskFunction<StatTaskOptions, Tensor, typeof STAT.task>(
  "statScores",
  {
    binary: [binaryStatScores, STAT.binary],
    multiclass: [multiclassStatScores, STAT.multiclass],
    multilabel: [multilabelStatScores, STAT.multilabel],
  },
  STAT.task,
  MICRO,
);
/** {@link statScores} over batches. */
export const StatScores = taskMetric<StatTaskOptions, Tensor, typeof STAT.task>(
  "StatScores",
  {
    binary: [BinaryStatScores, STAT.binary],
    multiclass: [MulticlassStatScores, STAT.multiclassClass],
    multilabel: [MultilabelStatScores, STAT.multilabel],
  },
  STAT.task,
  MICRO,
);
