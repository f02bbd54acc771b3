/** Losses of yes-or-no answers: binary cross entropy, soft margin, and both for several labels. */

import { type Args, readArgs } from "../../args.js";
import { byName } from "../../by-name.js";
import { native } from "../../native.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { type LegacyReductionOptions, Loss, optionalHandle, readReduction, WeightedLoss } from "./reduction.js";

/** Options of {@link BCELoss}. */
export interface BCEOptions extends LegacyReductionOptions {
  /** The weight of each element; broadcasts. Default: all 1. */
  weight?: TensorBase | null;
}

const WEIGHTED = ["weight", "sizeAverage", "reduce", "reduction"] as const;
type WeightedArgs = Args<BCEOptions, ["weight", "sizeAverage", "reduce", "reduction"]>;

/**
 * -(t ln x + (1 - t) ln(1 - x)) for probabilities x, the logarithms kept above -100.
 * Errors: another size or dtype of the target; values outside of [0, 1].
 */
export const binaryCrossEntropy = byName(
  "nn.functional.binaryCrossEntropy",
  (input: TensorBase, target: TensorBase, ...rest: WeightedArgs): Tensor => {
    const o = readArgs<BCEOptions>("binaryCrossEntropy", WEIGHTED, rest);
    return wrap(
      native.binaryCrossEntropy(handleOf(input), handleOf(target), optionalHandle(o.weight), readReduction(o)),
    );
  },
);

/** Options of {@link BCEWithLogitsLoss}. */
export interface BCEWithLogitsOptions extends BCEOptions {
  /** What the part of positive targets is multiplied by; broadcasts. Default: all 1. */
  posWeight?: TensorBase | null;
}

const LOGITS = [...WEIGHTED, "posWeight"] as const;
type LogitsArgs = Args<BCEWithLogitsOptions, ["weight", "sizeAverage", "reduce", "reduction", "posWeight"]>;

/** Binary cross entropy of sigmoid(input), without overflow. Errors: another size of the target. */
export const binaryCrossEntropyWithLogits = byName(
  "nn.functional.binaryCrossEntropyWithLogits",
  (input: TensorBase, target: TensorBase, ...rest: LogitsArgs): Tensor => {
    const o = readArgs<BCEWithLogitsOptions>("binaryCrossEntropyWithLogits", LOGITS, rest);
    const weights = [optionalHandle(o.weight), optionalHandle(o.posWeight)] as const;
    return wrap(native.binaryCrossEntropyWithLogits(handleOf(input), handleOf(target), ...weights, readReduction(o)));
  },
);

const LEGACY = ["sizeAverage", "reduce", "reduction"] as const;
type LegacyArgs = Args<LegacyReductionOptions, ["sizeAverage", "reduce", "reduction"]>;

/** ln(1 + e^(-target * input)) for targets 1 and -1. */
export const softMarginLoss = byName(
  "nn.functional.softMarginLoss",
  (input: TensorBase, target: TensorBase, ...rest: LegacyArgs): Tensor => {
    const o = readArgs<LegacyReductionOptions>("softMarginLoss", LEGACY, rest);
    return wrap(native.softMarginLoss(handleOf(input), handleOf(target), readReduction(o)));
  },
);

/** Binary cross entropies of logits [..., C] against 0 and 1, their mean over the classes: [...]. */
export const multilabelSoftMarginLoss = byName(
  "nn.functional.multilabelSoftMarginLoss",
  (input: TensorBase, target: TensorBase, ...rest: WeightedArgs): Tensor => {
    const o = readArgs<BCEOptions>("multilabelSoftMarginLoss", WEIGHTED, rest);
    const weight = optionalHandle(o.weight);
    return wrap(native.multilabelSoftMarginLoss(handleOf(input), handleOf(target), weight, readReduction(o)));
  },
);

/** Binary cross entropy of probabilities against targets in [0, 1] of the same shape. */
export class BCELoss extends WeightedLoss {
  constructor(...args: WeightedArgs) {
    super(readArgs<BCEOptions>("BCELoss", WEIGHTED, args));
  }
  forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropy(input, target, { weight: this.weight, reduction: this.reduction });
  }
}

/** Binary cross entropy of logits against targets in [0, 1] of the same shape; safer than a sigmoid and {@link BCELoss}. */
export class BCEWithLogitsLoss extends WeightedLoss {
  /** What positive targets are multiplied by: a buffer that is part of the state. */
  declare pos_weight: Tensor | null;

  constructor(...args: LogitsArgs) {
    const o = readArgs<BCEWithLogitsOptions>("BCEWithLogitsLoss", LOGITS, args);
    super(o);
    this.registerBuffer("pos_weight", o.posWeight ?? null);
  }
  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction, pos_weight: posWeight } = this;
    return binaryCrossEntropyWithLogits(input, target, { weight, reduction, posWeight });
  }
}

/** The mean of ln(1 + e^(-target * input)) for targets 1 and -1 of the input's shape. */
export class SoftMarginLoss extends Loss {
  constructor(...args: LegacyArgs) {
    super(readArgs<LegacyReductionOptions>("SoftMarginLoss", LEGACY, args));
  }
  forward(input: Tensor, target: Tensor): Tensor {
    return softMarginLoss(input, target, { reduction: this.reduction });
  }
}

/** The mean of the binary cross entropies of logits [N, C] against labels 0 and 1. */
export class MultiLabelSoftMarginLoss extends WeightedLoss {
  constructor(...args: WeightedArgs) {
    super(readArgs<BCEOptions>("MultiLabelSoftMarginLoss", WEIGHTED, args));
  }
  forward(input: Tensor, target: Tensor): Tensor {
    return multilabelSoftMarginLoss(input, target, { weight: this.weight, reduction: this.reduction });
  }
}
