/** Cohen's kappa: agreement beyond what chance gives.   [Cohen 1960](https://en.wikipedia.org/wiki/Cohen%27s_kappa) */
import { arange, eye, onesLike } from "../../creation.js";
import type { Tensor } from "../../tensor.js";
import { functionOf, metricOf, taskFunction, taskMetric } from "../measure.js";
import { type BinaryMatrixOptions, binaryMatrix, type MatrixCheck, type MulticlassMatrixOptions, multiclassMatrix } from "./confusion-matrix.js"; // biome-ignore format: one line
import { checkOneOf } from "./options.js";

/** Options of Cohen's kappa. */
export interface KappaOptions {
  /** How much a confusion weighs: by the distance of the classes, its square, or all alike. Default: all alike. */
  weights?: "linear" | "quadratic" | "none" | null;
}

/** 1 - observed disagreement / disagreement by chance. */
function kappaOf(confmat: Tensor, { weights = null }: KappaOptions): Tensor {
  const counts = confmat.to("float32");
  const n = counts.size(0);
  const [columns, rows] = [counts.sum(0, true), counts.sum(1, true)];
  const expected = rows.matmul(columns).div(columns.sum());
  const places = arange(n).to("float32");
  const apart = places.unsqueeze(0).sub(places.unsqueeze(1));
  const cost =
    weights === "linear" ? apart.abs() : weights === "quadratic" ? apart.square() : onesLike(counts).sub(eye(n));
  return cost.mul(counts).sum().div(cost.mul(expected).sum()).neg().add(1);
}

const check: MatrixCheck<KappaOptions> = (op, { weights }) =>
  checkOneOf(op, "weight", ["linear", "quadratic", "none", null], weights);
const binary = binaryMatrix<BinaryMatrixOptions & KappaOptions>(kappaOf, check, true);
const multiclass = multiclassMatrix<MulticlassMatrixOptions & KappaOptions>(kappaOf, check, true);
const NAMES = {
  binary: ["threshold", "weights", "ignoreIndex", "validateArgs"],
  binaryClass: ["threshold", "ignoreIndex", "weights", "validateArgs"],
  multiclass: ["numClasses", "weights", "ignoreIndex", "validateArgs"],
  multiclassClass: ["numClasses", "ignoreIndex", "weights", "validateArgs"],
  task: ["threshold", "numClasses", "weights", "ignoreIndex", "validateArgs"],
} as const;

/** Cohen's kappa of a binary task. */
export const binaryCohenKappa = functionOf("binaryCohenKappa", binary, NAMES.binary);
/** Cohen's kappa of several classes. */
export const multiclassCohenKappa = functionOf("multiclassCohenKappa", multiclass, NAMES.multiclass);
/** {@link binaryCohenKappa} over batches. */
export class BinaryCohenKappa extends metricOf(binary, NAMES.binaryClass) {}
/** {@link multiclassCohenKappa} over batches. */
export class MulticlassCohenKappa extends metricOf(multiclass, NAMES.multiclassClass) {}

type TaskOptions = BinaryMatrixOptions & Partial<MulticlassMatrixOptions> & KappaOptions;
/** Cohen's kappa by task. */
export const cohenKappa = taskFunction<TaskOptions, Tensor, typeof NAMES.task>(
  "cohenKappa",
  { binary: [binaryCohenKappa, NAMES.binary], multiclass: [multiclassCohenKappa, NAMES.multiclass] },
  NAMES.task,
);
/** {@link cohenKappa} over batches. */
export const CohenKappa = taskMetric<TaskOptions, Tensor, typeof NAMES.task>(
  "CohenKappa",
  { binary: [BinaryCohenKappa, NAMES.binary], multiclass: [MulticlassCohenKappa, NAMES.multiclass] },
  NAMES.task,
);
