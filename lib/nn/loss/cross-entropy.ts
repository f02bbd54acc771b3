/** Cross entropy and the negative log-likelihood. */

import { type Args, readArgs } from "../../args.js";
import { byName } from "../../by-name.js";
import { native } from "../../native.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { type LegacyReductionOptions, optionalHandle, readReduction, WeightedLoss } from "./reduction.js";

/** Options of {@link NLLLoss} and {@link nllLoss}. */
export interface NLLOptions extends LegacyReductionOptions {
  /** The weight of each class, [C]. Default: all 1. */
  weight?: TensorBase | null;
  /** A target that counts neither in the loss nor in the mean. Default -100. */
  ignoreIndex?: number;
}

/** Options of {@link CrossEntropyLoss} and {@link crossEntropy}. */
export interface CrossEntropyOptions extends NLLOptions {
  /** How much of the target is spread evenly over all classes, 0 to 1. Default 0. */
  labelSmoothing?: number;
}

const NLL = ["weight", "sizeAverage", "ignoreIndex", "reduce", "reduction"] as const;
const CE = [...NLL, "labelSmoothing"] as const;
type NLLArgs = Args<NLLOptions, ["weight", "sizeAverage", "ignoreIndex", "reduce", "reduction"]>;
type CEArgs = Args<
  CrossEntropyOptions,
  ["weight", "sizeAverage", "ignoreIndex", "reduce", "reduction", "labelSmoothing"]
>;

/** -ln(softmax(x)[target]): logits [N, C, ...] or [C] against int64 classes [N, ...], or probabilities like x. */
export const crossEntropy = byName(
  "nn.functional.crossEntropy",
  (x: TensorBase, target: TensorBase, ...rest: CEArgs): Tensor =>
    entropy(x, target, readArgs<CrossEntropyOptions>("crossEntropy", CE, rest)),
);

function entropy(x: TensorBase, target: TensorBase, o: CrossEntropyOptions): Tensor {
  const { weight, ignoreIndex = -100, labelSmoothing = 0 } = o;
  const handles = [handleOf(x), handleOf(target), optionalHandle(weight)] as const;
  return wrap(native.crossEntropy(...handles, ignoreIndex, readReduction(o), labelSmoothing));
}

/** -x[target]: log-probabilities [N, C, ...] or [C] against int64 classes [N, ...]. */
export const nllLoss = byName(
  "nn.functional.nllLoss",
  (x: TensorBase, target: TensorBase, ...rest: NLLArgs): Tensor =>
    likelihood(x, target, readArgs<NLLOptions>("nllLoss", NLL, rest)),
);

function likelihood(x: TensorBase, target: TensorBase, o: NLLOptions): Tensor {
  const { weight, ignoreIndex = -100 } = o;
  return wrap(native.nllLoss(handleOf(x), handleOf(target), optionalHandle(weight), ignoreIndex, readReduction(o)));
}

/**
 * Cross entropy between logits and classes: -ln(softmax(x)[target]), averaged over the batch.
 * Input [N, C], [N, C, d1, ...] or [C]; target int64 [N], [N, d1, ...] or [], or probabilities of the input's shape.
 *
 * ```ts
 * const loss = new nn.CrossEntropyLoss().forward(model.forward(x), labels);
 * loss.backward();
 * ```
 */
export class CrossEntropyLoss extends WeightedLoss {
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;

  constructor(...args: CEArgs) {
    const o = readArgs<CrossEntropyOptions>("CrossEntropyLoss", CE, args);
    super(o);
    this.ignoreIndex = o.ignoreIndex ?? -100;
    this.labelSmoothing = o.labelSmoothing ?? 0;
  }
  forward(input: Tensor, target: Tensor): Tensor {
    return entropy(input, target, this);
  }
}

/** The negative log-likelihood -x[target] of log-probabilities, e.g. of {@link LogSoftmax}. Shapes as {@link CrossEntropyLoss}. */
export class NLLLoss extends WeightedLoss {
  readonly ignoreIndex: number;

  constructor(...args: NLLArgs) {
    const o = readArgs<NLLOptions>("NLLLoss", NLL, args);
    super(o);
    this.ignoreIndex = o.ignoreIndex ?? -100;
  }
  forward(input: Tensor, target: Tensor): Tensor {
    return likelihood(input, target, this);
  }
}

/** {@link NLLLoss} under the name it once had for images. */
export class NLLLoss2d extends NLLLoss {}
