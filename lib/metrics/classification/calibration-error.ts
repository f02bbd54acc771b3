/** Calibration error: how far confidences are from accuracies.   [Guo et al. 2017](https://arxiv.org/abs/1706.04599) */
import { linspace, ones, zeros } from "../../creation.js";
import { bucketize } from "../../ops/search.js";
import type { Tensor } from "../../tensor.js";
import { functionOf, type Measure, metricOf, needed, taskFunction, taskMetric } from "../measure.js";
import { joined } from "../metric.js";
import { checkLabels, checkRange, counting, probabilities } from "./inputs.js";
import { type ClassesOptions, type CommonOptions, checkCount, checkIgnoreIndex, checkOneOf, expectArgument } from "./options.js"; // biome-ignore format: one line

/** Options of calibration errors. */
export interface CalibrationOptions extends CommonOptions {
  /** The number of bins of confidence. Default 15. */
  nBins?: number;
  /** How the bins' differences become one: their mean, the root of their mean square, the largest. Default `"l1"`. */
  norm?: "l1" | "l2" | "max";
}

/** The confidences and whether the predictions were right. */
type CalibrationState = { readonly confidences: readonly Tensor[]; readonly accuracies: readonly Tensor[] };

function checkCalibration(op: string, o: Partial<CalibrationOptions>): void {
  const { nBins = 15, norm = "l1" } = o;
  expectArgument(op, Number.isInteger(nBins) && nBins > 0, "`n_bins` to be an integer larger than 0", nBins);
  checkOneOf(op, "norm", ["l1", "l2", "max"], norm);
  checkIgnoreIndex(op, o.ignoreIndex);
}

function errorOf(state: CalibrationState, { nBins = 15, norm = "l1" }: CalibrationOptions): Tensor {
  const confidences = joined(state.confidences);
  const accuracies = joined(state.accuracies).to("float32");
  const place = bucketize(confidences, linspace(0, 1, nBins + 1), { right: true }).sub(1);
  const sums = (values: Tensor) => zeros([nBins + 1]).scatterAdd(0, place, values);
  const counts = sums(ones([confidences.numel()]));
  const mean = (values: Tensor) => sums(values).div(counts).nanToNum();
  const apart = mean(accuracies).sub(mean(confidences)).abs();
  const parts = counts.div(counts.sum());
  if (norm === "l1") return apart.mul(parts).sum();
  return norm === "max" ? apart.max() : apart.square().mul(parts).sum().sqrt();
}

const none = (): CalibrationState => ({ confidences: [zeros([0])], accuracies: [zeros([0])] });

const binary: Measure<CalibrationOptions, CalibrationState, Tensor> = {
  read(op, given) {
    if (given.validateArgs ?? true) checkCalibration(op, given);
    return given;
  },
  count(op, preds, target, { ignoreIndex = null, validateArgs = true }) {
    if (validateArgs) {
      checkLabels(preds, target, ignoreIndex);
      expectArgument(
        op,
        preds.isFloatingPoint(),
        "`preds` to be floating tensor with probabilities/logits",
        preds.dtype,
      );
    }
    const [scores, wanted] = counting(preds.flatten(), target.flatten(), ignoreIndex);
    return { confidences: [probabilities(scores, "sigmoid").to("float32")], accuracies: [wanted.to("float32")] };
  },
  value: errorOf,
  empty: none,
  higherIsBetter: false,
};

type MulticlassOptions = CalibrationOptions & ClassesOptions;
const multiclass: Measure<MulticlassOptions, CalibrationState, Tensor> = {
  read(op, given) {
    const numClasses = needed<MulticlassOptions, "numClasses">(op, given, "numClasses");
    if (given.validateArgs ?? true) {
      checkCount(op, "num_classes", numClasses);
      checkCalibration(op, given);
    }
    return given as MulticlassOptions;
  },
  count(op, preds, target, { ignoreIndex = null, validateArgs = true, numClasses }) {
    if (validateArgs) {
      expectArgument(
        op,
        preds.isFloatingPoint(),
        "`preds` to be floating tensor with probabilities/logits",
        preds.dtype,
      );
      const fits = preds.ndim === target.ndim + 1 && preds.shape[1] === numClasses;
      expectArgument(op, fits, `\`preds\` to be (N, ${numClasses}, ...) for a target (N, ...)`, preds.shape.join(", "));
      checkRange(target, "target", numClasses, ignoreIndex);
    }
    const [scores, wanted] = counting(preds.movedim(1, -1).reshape(-1, numClasses), target.flatten(), ignoreIndex);
    const { values, indices } = probabilities(scores, "softmax").max(1);
    return { confidences: [values.to("float32")], accuracies: [indices.eq(wanted).to("float32")] };
  },
  value: errorOf,
  empty: none,
  higherIsBetter: false,
};

const NAMES = {
  binary: ["nBins", "norm", "ignoreIndex", "validateArgs"],
  multiclass: ["numClasses", "nBins", "norm", "ignoreIndex", "validateArgs"],
  task: ["nBins", "norm", "numClasses", "ignoreIndex", "validateArgs"],
} as const;

/** The calibration error of a binary task: scores and target [N, ...] -> a number. */
export const binaryCalibrationError = functionOf("binaryCalibrationError", binary, NAMES.binary);
/** The calibration error of the best of several classes: scores [N, C, ...]. */
export const multiclassCalibrationError = functionOf("multiclassCalibrationError", multiclass, NAMES.multiclass);
/** {@link binaryCalibrationError} over batches. */
export class BinaryCalibrationError extends metricOf(binary, NAMES.binary) {}
/** {@link multiclassCalibrationError} over batches. */
export class MulticlassCalibrationError extends metricOf(multiclass, NAMES.multiclass) {}

type TaskOptions = CalibrationOptions & Partial<ClassesOptions>;
/** The calibration error by task. */
export const calibrationError = taskFunction<TaskOptions, Tensor, typeof NAMES.task>(
  "calibrationError",
  { binary: [binaryCalibrationError, NAMES.binary], multiclass: [multiclassCalibrationError, NAMES.multiclass] },
  NAMES.task,
);
/** {@link calibrationError} over batches. */
export const CalibrationError = taskMetric<TaskOptions, Tensor, typeof NAMES.task>(
  "CalibrationError",
  { binary: [BinaryCalibrationError, NAMES.binary], multiclass: [MulticlassCalibrationError, NAMES.multiclass] },
  NAMES.task,
);
