/** Confusion matrices: how often each class was predicted for each target.   [Wikipedia](https://en.wikipedia.org/wiki/Confusion_matrix) */
import { arange, zeros } from "../../creation.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";
import { functionOf, type Measure, metricOf, needed, taskFunction, taskMetric } from "../measure.js";
import { checkClasses, checkLabels, counting, probabilities } from "./inputs.js";
import { type ClassesOptions, type CommonOptions, checkCount, checkIgnoreIndex, checkOneOf, checkThreshold, type LabelsOptions, type ThresholdOptions } from "./options.js"; // biome-ignore format: one line
import { confusion, labelsOf } from "./stat-scores.js";

/** Whether counts are divided by those of the row, of the column or of all. */
export type Normalize = "true" | "pred" | "all" | "none" | null;
/** Options of confusion matrices. */
export interface NormalizeOptions {
  /** `"true"` divides by the number of each target, `"pred"` of each prediction, `"all"` of all. Default: counts. */
  normalize?: Normalize;
}
/** The state: int64 [targets, predictions], of labels [L, 2, 2]. */
export interface MatrixState extends Readonly<Record<string, Tensor>> {
  readonly confmat: Tensor;
}
/** Options of binary metrics of a confusion matrix. */
export interface BinaryMatrixOptions extends CommonOptions, ThresholdOptions {}
/** Options of multiclass metrics of a confusion matrix. */
export interface MulticlassMatrixOptions extends CommonOptions, ClassesOptions {}
/** Options of multilabel metrics of a confusion matrix. */
export interface MultilabelMatrixOptions extends CommonOptions, ThresholdOptions, LabelsOptions {}

/** What a metric makes of a confusion matrix. */
export type MatrixValue<O> = (confmat: Tensor, options: O) => Tensor;
/** Checks of a metric's own options. */
export type MatrixCheck<O> = (op: string, options: Partial<O>) => void;

/** A binary metric of the matrix [2, 2]. */
export function binaryMatrix<O extends BinaryMatrixOptions>(
  value: MatrixValue<O>,
  check: MatrixCheck<O> = () => {},
  higherIsBetter?: boolean,
): Measure<O, MatrixState, Tensor> {
  return {
    read(op, given) {
      if (given.validateArgs ?? true) {
        checkThreshold(op, given.threshold ?? 0.5);
        checkIgnoreIndex(op, given.ignoreIndex);
        check(op, given);
      }
      return given as O;
    },
    count(_op, preds, target, o) {
      const { threshold = 0.5, ignoreIndex = null } = o;
      if (o.validateArgs ?? true) checkLabels(preds, target, ignoreIndex);
      const [p, t] = counting(preds.flatten(), target.flatten(), ignoreIndex);
      return { confmat: confusion(p.isFloatingPoint() ? probabilities(p, "sigmoid").gt(threshold) : p, t, 2) };
    },
    value: ({ confmat }, o) => value(confmat, o),
    empty: () => ({ confmat: zeros([2, 2], { dtype: "int64" }) }),
    higherIsBetter,
  };
}

/** A multiclass metric of the matrix [C, C]. */
export function multiclassMatrix<O extends MulticlassMatrixOptions>(
  value: MatrixValue<O>,
  check: MatrixCheck<O> = () => {},
  higherIsBetter?: boolean,
): Measure<O, MatrixState, Tensor> {
  return {
    read(op, given) {
      const numClasses = needed<O, "numClasses">(op, given, "numClasses");
      if (given.validateArgs ?? true) {
        checkCount(op, "num_classes", numClasses);
        checkIgnoreIndex(op, given.ignoreIndex);
        check(op, given);
      }
      return given as O;
    },
    count(_op, preds, target, o) {
      const { ignoreIndex = null, numClasses } = o;
      if (o.validateArgs ?? true) checkClasses(preds, target, numClasses, ignoreIndex);
      const [p, t] = counting(labelsOf(preds, target).flatten(), target.flatten(), ignoreIndex);
      return { confmat: confusion(p, t, numClasses) };
    },
    value: ({ confmat }, o) => value(confmat, o),
    empty: ({ numClasses: n }) => ({ confmat: zeros([n, n], { dtype: "int64" }) }),
    higherIsBetter,
  };
}

/** A multilabel metric of the matrices [L, 2, 2]. */
export function multilabelMatrix<O extends MultilabelMatrixOptions>(
  value: MatrixValue<O>,
  check: MatrixCheck<O> = () => {},
  higherIsBetter?: boolean,
): Measure<O, MatrixState, Tensor> {
  return {
    read(op, given) {
      const numLabels = needed<O, "numLabels">(op, given, "numLabels");
      if (given.validateArgs ?? true) {
        checkCount(op, "num_labels", numLabels);
        checkThreshold(op, given.threshold ?? 0.5);
        checkIgnoreIndex(op, given.ignoreIndex);
        check(op, given);
      }
      return given as O;
    },
    count(_op, preds, target, o) {
      const { threshold = 0.5, ignoreIndex = null, numLabels } = o;
      if (o.validateArgs ?? true) checkLabels(preds, target, ignoreIndex, numLabels);
      const positive = preds.isFloatingPoint() ? probabilities(preds, "sigmoid").gt(threshold) : preds;
      const rows = (x: Tensor) => x.movedim(1, -1).reshape(-1, numLabels).to("int64");
      const places = rows(target).mul(2).add(rows(positive)).add(arange(numLabels).mul(4));
      const [counted] = counting(places.flatten(), rows(target).flatten(), ignoreIndex);
      return { confmat: counted.bincount({ minlength: 4 * numLabels }).reshape(numLabels, 2, 2) };
    },
    value: ({ confmat }, o) => value(confmat, o),
    empty: ({ numLabels }) => ({ confmat: zeros([numLabels, 2, 2], { dtype: "int64" }) }),
    higherIsBetter,
  };
}

function normalized(confmat: Tensor, { normalize = null }: NormalizeOptions): Tensor {
  if (normalize === null || normalize === "none") return confmat;
  const counts = confmat.to("float32");
  const dims = { true: [-1], pred: [-2], all: [-2, -1] }[normalize];
  const parts = counts.div(counts.sum(dims, true));
  const missing = parts.isnan().sum().item() as number;
  if (missing > 0) {
    warnOnce(
      "CANDLEWICK_CONFUSION_NAN",
      `${missing} NaN values found in confusion matrix have been replaced with zeros.`,
    );
  }
  return parts.nanToNum({ nan: 0 });
}
const checkNormalize: MatrixCheck<NormalizeOptions> = (op, { normalize }) =>
  checkOneOf(op, "normalize", ["true", "pred", "all", "none", null], normalize);

const binary = binaryMatrix<BinaryMatrixOptions & NormalizeOptions>(normalized, checkNormalize);
const multiclass = multiclassMatrix<MulticlassMatrixOptions & NormalizeOptions>(normalized, checkNormalize);
const multilabel = multilabelMatrix<MultilabelMatrixOptions & NormalizeOptions>(normalized, checkNormalize);
const NAMES = {
  binary: ["threshold", "normalize", "ignoreIndex", "validateArgs"],
  binaryClass: ["threshold", "ignoreIndex", "normalize", "validateArgs"],
  multiclass: ["numClasses", "normalize", "ignoreIndex", "validateArgs"],
  multiclassClass: ["numClasses", "ignoreIndex", "normalize", "validateArgs"],
  multilabel: ["numLabels", "threshold", "normalize", "ignoreIndex", "validateArgs"],
  multilabelClass: ["numLabels", "threshold", "ignoreIndex", "normalize", "validateArgs"],
  task: ["threshold", "numClasses", "numLabels", "normalize", "ignoreIndex", "validateArgs"],
} as const;

/** The confusion matrix of a binary task: preds and target [N, ...] -> [[tn, fp], [fn, tp]]. */
export const binaryConfusionMatrix = functionOf("binaryConfusionMatrix", binary, NAMES.binary);
/** The confusion matrix of several classes: preds [N, ...] or scores [N, C, ...] -> [C, C], a row for each target. */
export const multiclassConfusionMatrix = functionOf("multiclassConfusionMatrix", multiclass, NAMES.multiclass);
/** A confusion matrix for each label: preds and target [N, L, ...] -> [L, 2, 2]. */
export const multilabelConfusionMatrix = functionOf("multilabelConfusionMatrix", multilabel, NAMES.multilabel);
/** {@link binaryConfusionMatrix} over batches. */
export class BinaryConfusionMatrix extends metricOf(binary, NAMES.binaryClass) {
  protected override get valueKind() {
    return "matrix" as const;
  }
}
/** {@link multiclassConfusionMatrix} over batches. */
export class MulticlassConfusionMatrix extends metricOf(multiclass, NAMES.multiclassClass) {
  protected override get valueKind() {
    return "matrix" as const;
  }
}
/** {@link multilabelConfusionMatrix} over batches. */
export class MultilabelConfusionMatrix extends metricOf(multilabel, NAMES.multilabelClass) {
  protected override get valueKind() {
    return "matrix" as const;
  }
}

type TaskOptions = BinaryMatrixOptions & Partial<MulticlassMatrixOptions & MultilabelMatrixOptions> & NormalizeOptions;
/** The confusion matrix by task. */
export const confusionMatrix = taskFunction<TaskOptions, Tensor, typeof NAMES.task>(
  "confusionMatrix",
  {
    binary: [binaryConfusionMatrix, NAMES.binary],
    multiclass: [multiclassConfusionMatrix, NAMES.multiclass],
    multilabel: [multilabelConfusionMatrix, NAMES.multilabel],
  },
  NAMES.task,
);
/** {@link confusionMatrix} over batches. */
export const ConfusionMatrix = taskMetric<TaskOptions, Tensor, typeof NAMES.task>(
  "ConfusionMatrix",
  {
    binary: [BinaryConfusionMatrix, NAMES.binary],
    multiclass: [MulticlassConfusionMatrix, NAMES.multiclass],
    multilabel: [MultilabelConfusionMatrix, NAMES.multilabel],
  },
  NAMES.task,
);
