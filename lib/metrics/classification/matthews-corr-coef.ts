/** Matthews' correlation of predictions and targets.   [Wikipedia](https://en.wikipedia.org/wiki/Phi_coefficient) */
import { tensor } from "../../creation.js";
import type { Tensor } from "../../tensor.js";
import { functionOf, metricOf, taskFunction, taskMetric } from "../measure.js";
import { type BinaryMatrixOptions, binaryMatrix, type MulticlassMatrixOptions, type MultilabelMatrixOptions, multiclassMatrix, multilabelMatrix } from "./confusion-matrix.js"; // biome-ignore format: one line

/** The covariance of both over the root of their variances. */
function correlationOf(confmat: Tensor): Tensor {
  const matrix = confmat.ndim === 3 ? confmat.sum(0) : confmat;
  const edge = matrix.numel() === 4 ? ofTwo(matrix.flatten().tolist() as [number, number, number, number]) : undefined;
  if (edge !== undefined) return edge;
  const counts = matrix.to("float32");
  const [targets, predictions] = [counts.sum(-1), counts.sum(-2)];
  const n = counts.sum();
  const covariance = counts.trace().mul(n).sub(targets.mul(predictions).sum());
  const spread = (x: Tensor) => n.square().sub(x.square().sum());
  const product = spread(predictions).mul(spread(targets));
  return product.item() === 0 ? tensor(0) : covariance.div(product.sqrt());
}

/** The limits that torchmetrics takes where all samples are in one row or column of two classes; undefined elsewhere. */
function ofTwo([tn, fp, fn, tp]: readonly [number, number, number, number]): Tensor | undefined {
  if (tp + tn !== 0 && fp + fn === 0) return tensor(1);
  if (tp + tn === 0 && fp + fn !== 0) return tensor(-1);
  if ((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn) !== 0) return undefined;
  const eps = 2 ** -23;
  const numerator = (): number => {
    if (fn === 0 && tn === 0) return Math.sqrt(eps) * (tp - fp);
    if (fp === 0 && tn === 0) return Math.sqrt(eps) * (tp - fn);
    if (tp === 0 && fn === 0) return Math.sqrt(eps) * (tn - fp);
    if (tp === 0 && fp === 0) return Math.sqrt(eps) * (tn - fn);
    if (tp === 0) return tn - fp * fn;
    return tn === 0 ? tp - fp * fn : tp * tn;
  };
  const side = (n: number) => Math.fround(n + eps);
  const product = side(tp + fp) * side(tp + fn) * side(tn + fp) * side(tn + fn);
  return tensor(numerator() / Math.sqrt(product));
}

const binary = binaryMatrix<BinaryMatrixOptions>(correlationOf, undefined, true);
const multiclass = multiclassMatrix<MulticlassMatrixOptions>(correlationOf, undefined, true);
const multilabel = multilabelMatrix<MultilabelMatrixOptions>(correlationOf, undefined, true);
const NAMES = {
  binary: ["threshold", "ignoreIndex", "validateArgs"],
  multiclass: ["numClasses", "ignoreIndex", "validateArgs"],
  multilabel: ["numLabels", "threshold", "ignoreIndex", "validateArgs"],
  task: ["threshold", "numClasses", "numLabels", "ignoreIndex", "validateArgs"],
} as const;

/** Matthews' correlation of a binary task: from -1 to 1. */
export const binaryMatthewsCorrcoef = functionOf("binaryMatthewsCorrcoef", binary, NAMES.binary);
/** Matthews' correlation of several classes. */
export const multiclassMatthewsCorrcoef = functionOf("multiclassMatthewsCorrcoef", multiclass, NAMES.multiclass);
/** Matthews' correlation of several labels, of all labels together. */
export const multilabelMatthewsCorrcoef = functionOf("multilabelMatthewsCorrcoef", multilabel, NAMES.multilabel);
/** {@link binaryMatthewsCorrcoef} over batches. */
export class BinaryMatthewsCorrCoef extends metricOf(binary, NAMES.binary) {}
/** {@link multiclassMatthewsCorrcoef} over batches. */
export class MulticlassMatthewsCorrCoef extends metricOf(multiclass, NAMES.multiclass) {}
/** {@link multilabelMatthewsCorrcoef} over batches. */
export class MultilabelMatthewsCorrCoef extends metricOf(multilabel, NAMES.multilabel) {}

type TaskOptions = BinaryMatrixOptions & Partial<MulticlassMatrixOptions & MultilabelMatrixOptions>;
/** Matthews' correlation by task. */
export const matthewsCorrcoef = taskFunction<TaskOptions, Tensor, typeof NAMES.task>(
  "matthewsCorrcoef",
  {
    binary: [binaryMatthewsCorrcoef, NAMES.binary],
    multiclass: [multiclassMatthewsCorrcoef, NAMES.multiclass],
    multilabel: [multilabelMatthewsCorrcoef, NAMES.multilabel],
  },
  NAMES.task,
);
/** {@link matthewsCorrcoef} over batches. */
export const MatthewsCorrCoef = taskMetric<TaskOptions, Tensor, typeof NAMES.task>(
  "MatthewsCorrCoef",
  {
    binary: [BinaryMatthewsCorrCoef, NAMES.binary],
    multiclass: [MulticlassMatthewsCorrCoef, NAMES.multiclass],
    multilabel: [MultilabelMatthewsCorrCoef, NAMES.multilabel],
  },
  NAMES.task,
);
