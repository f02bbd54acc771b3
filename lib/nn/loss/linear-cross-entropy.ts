/** Cross entropy of the logits of a linear layer. */
import { readArgs, required } from "../../args.js";
import { byName } from "../../by-name.js";
import { ArgumentError, ShapeError } from "../../errors.js";
import { reshape } from "../../ops/shape.js";
import { pyRepr } from "../../repr.js";
import type { TensorBase } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { type FactoryOptions, Linear, linear } from "../linear.js";
import { crossEntropy } from "./cross-entropy.js";
import { type Reduction, WeightedLoss } from "./reduction.js";

/** Options of {@link linearCrossEntropy}. */
export interface LinearCrossEntropyOptions {
  /** Added to the logits, [C] or [C, d1, ...]. Default: none. */
  linearBias?: TensorBase | null;
  /** The weight of each class, [C]. Default: all 1. */
  weight?: TensorBase | null;
  /** What becomes of the losses of a batch. Default "mean". */
  reduction?: Reduction;
  /** A target that does not count; classes only. Default: -100 for classes. */
  ignoreIndex?: number | null;
  /** How much of the target is spread evenly over all classes, 0 to 1. Default 0. */
  labelSmoothing?: number;
  /** PyTorch's chunking, which changes no result; only null is accepted. */
  options?: null;
}

/**
 * Cross entropy of x W^T + b. x [in] or [N, in]; W [C, in] or [C, d1, ..., in]; target classes [N, d1, ...] or
 * probabilities [N, C, d1, ...].
 * Errors: sizes that do not fit; an ignored class with probabilities.
 */
export const linearCrossEntropy = byName(
  "nn.functional.linearCrossEntropy",
  (x: TensorBase, linearWeight: TensorBase, target: TensorBase, o: LinearCrossEntropyOptions = {}): Tensor => {
    const { linearBias = null, ignoreIndex = null, reduction, weight, labelSmoothing } = o;
    checkOptions(o.options);
    if (x.ndim < 1 || x.ndim > 2) throw new ShapeError(`expected input with dimensionality 1 or 2, got ${x.ndim}`);
    if (linearWeight.ndim < 2) {
      throw new ShapeError(`expected linear_weight with dimensionality at least 2, got ${linearWeight.ndim}`);
    }
    const [width = 0] = x.shape.slice(-1);
    const [inFeatures = 0] = linearWeight.shape.slice(-1);
    if (width !== inFeatures) {
      throw new ShapeError(
        `expected equal input and linear_weight last dimensions (in_features), got ${width} and ${inFeatures}, respectively`,
      );
    }
    const outputs = linearWeight.shape.slice(0, -1);
    if (linearBias !== null && String(linearBias.shape) !== String(outputs)) {
      throw new ShapeError(`expected linear_bias shape ${pyRepr(outputs)}, got ${pyRepr([...linearBias.shape])}`);
    }
    if (outputs.length > 1 && x.ndim === 1) {
      throw new ShapeError(
        `K-dimensional loss defined by linear_weight shape ${pyRepr([...linearWeight.shape])} requires batched input, (N, ${inFeatures}), got unbatched input with shape ${pyRepr([...x.shape])}`,
      );
    }
    const form = [...x.shape.slice(0, -1), ...outputs];
    if (ignoreIndex !== null && String(target.shape) === String(form)) {
      throw new ArgumentError("ignore_index cannot be specified when target contains probabilities");
    }
    const flatBias = linearBias === null ? null : reshape(linearBias, [-1]);
    const logits = reshape(linear(x, reshape(linearWeight, [-1, inFeatures]), flatBias), form);
    return crossEntropy(logits, target, { weight, reduction, ignoreIndex: ignoreIndex ?? -100, labelSmoothing });
  },
);

function checkOptions(options: unknown): void {
  if (options === null || options === undefined) return;
  throw new ArgumentError("linearCrossEntropy: expected options to be null (there is no chunked form)");
}

/** Options of {@link LinearCrossEntropyLoss}. */
export interface LinearCrossEntropyLossOptions extends FactoryOptions {
  /** The extents d1, ... of a loss of several dimensions. Default: none. */
  outFeatures?: readonly number[];
  /** Whether the linear layer learns a bias. Default false. */
  bias?: boolean;
  /** What becomes of the losses of a batch. Default "mean". */
  reduction?: Reduction;
  /** The weight of each class, [C]. Default: all 1. */
  weight?: TensorBase | null;
  /** A target that does not count; classes only. Default: -100 for classes. */
  ignoreIndex?: number | null;
  /** How much of the target is spread evenly over all classes, 0 to 1. Default 0. */
  labelSmoothing?: number;
  /** PyTorch's chunking, which changes no result; only null is accepted. */
  options?: null;
}

type Sizes = { inFeatures: number; numClasses: number };
const LAYER = [
  ...(["inFeatures", "numClasses", "outFeatures", "bias", "reduction", "weight", "ignoreIndex"] as const),
  ...(["labelSmoothing", "options", "device", "dtype"] as const),
] as const;

/**
 * Cross entropy of the logits of a {@link Linear} layer of its own: input [N, inFeatures], target classes [N, d1, ...] or
 * probabilities [N, numClasses, d1, ...]. Learns `linear.weight` [numClasses * d1 * ..., inFeatures].
 */
export class LinearCrossEntropyLoss extends WeightedLoss {
  readonly numClasses: number;
  readonly outFeatures: readonly number[];
  readonly ignoreIndex: number | null;
  readonly labelSmoothing: number;
  readonly linear: Linear<boolean>;

  constructor(
    ...args:
      | [inFeatures: number, numClasses: number, options?: LinearCrossEntropyLossOptions]
      | [options: LinearCrossEntropyLossOptions & { inFeatures: number; numClasses: number }]
  ) {
    const o = readArgs<LinearCrossEntropyLossOptions & Sizes>("LinearCrossEntropyLoss", LAYER, args);
    const [inFeatures, numClasses] = [
      required("LinearCrossEntropyLoss", o, "inFeatures"),
      required("LinearCrossEntropyLoss", o, "numClasses"),
    ];
    const { outFeatures = [], bias = false, weight = null, ignoreIndex = null, labelSmoothing = 0, device, dtype } = o;
    checkOptions(o.options);
    if (weight !== null && String(weight.shape) !== String([numClasses])) {
      const [want, got] = [pyRepr([numClasses]), pyRepr([...weight.shape])];
      throw new ShapeError(`expected weight shape to be ${want}, got ${got}`);
    }
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
      throw new ArgumentError(`expected label_smoothing to be in range [0, 1], got ${labelSmoothing}`);
    }
    super({ weight, reduction: o.reduction });
    this.numClasses = numClasses;
    this.outFeatures = [...outFeatures];
    this.ignoreIndex = ignoreIndex;
    this.labelSmoothing = labelSmoothing;
    const outputs = outFeatures.reduce((n, size) => n * size, numClasses);
    this.linear = new Linear(inFeatures, outputs, { bias, device, dtype });
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { linear, numClasses, outFeatures, weight, reduction, ignoreIndex, labelSmoothing } = this;
    const outputs = [numClasses, ...outFeatures];
    const linearWeight = reshape(linear.weight, [...outputs, linear.inFeatures]);
    const linearBias = linear.bias === null ? null : reshape(linear.bias, outputs);
    return linearCrossEntropy(input, linearWeight, target, {
      linearBias,
      weight,
      reduction,
      ignoreIndex,
      labelSmoothing,
    });
  }

  override extraRepr(): string {
    const { linear, numClasses, outFeatures, reduction, ignoreIndex, labelSmoothing } = this;
    const smoothing = Number.isInteger(labelSmoothing) ? `${labelSmoothing}.0` : pyRepr(labelSmoothing);
    return [
      `in_features=${linear.inFeatures}, num_classes=${numClasses}, out_features=${pyRepr(outFeatures)}`,
      `bias=${pyRepr(linear.bias !== null)}, reduction=${reduction}, ignore_index=${pyRepr(ignoreIndex)}`,
      `label_smoothing=${smoothing}, options=None`,
    ].join(", ");
  }
}
