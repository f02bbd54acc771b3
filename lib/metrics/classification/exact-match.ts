/** Exact match: the part of samples all of whose predictions are right.   [scikit-learn](https://scikit-learn.org/stable/modules/model_evaluation.html#accuracy-score) */
import { tensor, zeros } from "../../creation.js";
import { where } from "../../ops/join.js";
import type { Tensor } from "../../tensor.js";
import { functionOf, type Measure, metricOf, needed, taskFunction, taskMetric } from "../measure.js";
import { joined } from "../metric.js";
import { checkClasses, checkLabels, probabilities } from "./inputs.js";
import { type ClassesOptions, type CommonOptions, checkCount, checkIgnoreIndex, checkOneOf, checkThreshold, type LabelsOptions, type MultidimAverage, type ThresholdOptions } from "./options.js"; // biome-ignore format: one line
import { safeDivide } from "./reduce.js";
import { labelsOf } from "./stat-scores.js";

/** Options of exact matches. */
export interface ExactMatchOptions extends CommonOptions {
  /** Whether all samples have one value, or each its own. Default `"global"`. */
  multidimAverage?: MultidimAverage;
}

/** How many samples match, of how many. */
type MatchState = Readonly<Record<"correct", Tensor | readonly Tensor[]>> & { readonly total: Tensor };

function stateOf(correct: Tensor, samples: number, { multidimAverage = "global" }: ExactMatchOptions): MatchState {
  const total = tensor(samples, { dtype: "int64" });
  return multidimAverage === "global" ? { correct: correct.sum(), total } : { correct: [correct], total };
}
const rateOf = ({ correct, total }: MatchState): Tensor => safeDivide(joined(correct), total);
/** Totals by sample are of one sample, and stay what they are. */
const merge = (a: MatchState, b: MatchState): MatchState => ({
  correct: Array.isArray(b.correct)
    ? [...(a.correct as readonly Tensor[]), ...b.correct]
    : (a.correct as Tensor).add(b.correct as Tensor),
  total: Array.isArray(b.correct) ? b.total : a.total.add(b.total),
});
const empty = (o: ExactMatchOptions): MatchState => stateOf(zeros([0], { dtype: "int64" }), 0, o);

type MulticlassOptions = ExactMatchOptions & ClassesOptions;
const multiclass: Measure<MulticlassOptions, MatchState, Tensor> = {
  read(op, given) {
    const numClasses = needed<MulticlassOptions, "numClasses">(op, given, "numClasses");
    if (given.validateArgs ?? true) {
      checkCount(op, "num_classes", numClasses);
      checkOneOf(op, "multidim_average", ["global", "samplewise"], given.multidimAverage);
      checkIgnoreIndex(op, given.ignoreIndex);
    }
    return given as MulticlassOptions;
  },
  count(_op, preds, target, o) {
    const { ignoreIndex = null, validateArgs = true, numClasses, multidimAverage = "global" } = o;
    if (validateArgs) checkClasses(preds, target, numClasses, ignoreIndex);
    const rows = (x: Tensor) => x.reshape(x.size(0), -1);
    const [labels, wanted] = [rows(labelsOf(preds, target)), rows(target)];
    const right = labels.eq(wanted);
    const counted = ignoreIndex === null ? right : right.logicalOr(wanted.eq(ignoreIndex));
    return stateOf(counted.all(1).to("int64"), multidimAverage === "global" ? labels.size(0) : 1, o);
  },
  value: rateOf,
  empty,
  merge,
  higherIsBetter: true,
};

type MultilabelOptions = ExactMatchOptions & LabelsOptions & ThresholdOptions;
const multilabel: Measure<MultilabelOptions, MatchState, Tensor> = {
  read(op, given) {
    const numLabels = needed<MultilabelOptions, "numLabels">(op, given, "numLabels");
    if (given.validateArgs ?? true) {
      checkCount(op, "num_labels", numLabels);
      checkThreshold(op, given.threshold ?? 0.5);
      checkOneOf(op, "multidim_average", ["global", "samplewise"], given.multidimAverage);
      checkIgnoreIndex(op, given.ignoreIndex);
    }
    return given as MultilabelOptions;
  },
  count(_op, preds, target, o) {
    const { ignoreIndex = null, validateArgs = true, numLabels, threshold = 0.5, multidimAverage = "global" } = o;
    if (validateArgs) checkLabels(preds, target, ignoreIndex, numLabels);
    const positive = preds.isFloatingPoint() ? probabilities(preds, "sigmoid").gt(threshold).to("int64") : preds;
    const rows = (x: Tensor) => x.reshape(x.size(0), x.size(1), -1); // [N, L, R]
    const [labels, given] = [rows(positive), rows(target)];
    const wanted = ignoreIndex === null ? given : where(given.eq(ignoreIndex), labels, given);
    const matches = labels.eq(wanted).all(1); // [N, R]
    if (multidimAverage === "global") return stateOf(matches.flatten().to("int64"), matches.numel(), o);
    return stateOf(matches.sum(-1), labels.size(2), o);
  },
  value: rateOf,
  empty,
  merge,
  higherIsBetter: true,
};

const NAMES = {
  multiclass: ["numClasses", "multidimAverage", "ignoreIndex", "validateArgs"],
  multilabel: ["numLabels", "threshold", "multidimAverage", "ignoreIndex", "validateArgs"],
  task: ["numClasses", "numLabels", "threshold", "multidimAverage", "ignoreIndex", "validateArgs"],
  taskClass: ["threshold", "numClasses", "numLabels", "multidimAverage", "ignoreIndex", "validateArgs"],
} as const;

/** The part of samples [N, ...] whose classes are all right. */
export const multiclassExactMatch = functionOf("multiclassExactMatch", multiclass, NAMES.multiclass);
/** The part of samples [N, L, ...] whose labels are all right. */
export const multilabelExactMatch = functionOf("multilabelExactMatch", multilabel, NAMES.multilabel);
/** {@link multiclassExactMatch} over batches. */
export class MulticlassExactMatch extends metricOf(multiclass, NAMES.multiclass) {}
/** {@link multilabelExactMatch} over batches. */
export class MultilabelExactMatch extends metricOf(multilabel, NAMES.multilabel) {}

type TaskOptions = ExactMatchOptions & ThresholdOptions & Partial<ClassesOptions & LabelsOptions>;
/** The part of samples that are all right, by task. */
export const exactMatch = taskFunction<TaskOptions, Tensor, typeof NAMES.task>(
  "exactMatch",
  { multiclass: [multiclassExactMatch, NAMES.multiclass], multilabel: [multilabelExactMatch, NAMES.multilabel] },
  NAMES.task,
);
/** {@link exactMatch} over batches. */
export const ExactMatch = taskMetric<TaskOptions, Tensor, typeof NAMES.taskClass>(
  "ExactMatch",
  { multiclass: [MulticlassExactMatch, NAMES.multiclass], multilabel: [MultilabelExactMatch, NAMES.multilabel] },
  NAMES.taskClass,
);
