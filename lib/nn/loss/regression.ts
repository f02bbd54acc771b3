/** Losses of differences: squared, absolute, and between. */

import { type Args, readArgs } from "../../args.js";
import { byName } from "../../by-name.js";
import { native } from "../../native.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";
import {
  type LegacyReductionOptions,
  Loss,
  optionalHandle,
  type ReductionOptions,
  readReduction,
} from "./reduction.js";

/** Options of {@link mseLoss} and {@link l1Loss}. */
export interface WeightedErrorOptions extends LegacyReductionOptions {
  /** The weight of each element, of the input's shape; a mean is divided by their sum. Default: all 1. */
  weight?: TensorBase | null;
}

const ERROR = ["sizeAverage", "reduce", "reduction", "weight"] as const;
const LEGACY = ["sizeAverage", "reduce", "reduction"] as const;
type ErrorArgs = Args<WeightedErrorOptions, ["sizeAverage", "reduce", "reduction", "weight"]>;
type LegacyArgs = Args<LegacyReductionOptions, ["sizeAverage", "reduce", "reduction"]>;

/** Sizes that differ broadcast, which is seldom what a loss is meant to do. */
function warnSizes(input: TensorBase, target: TensorBase): void {
  if (String(input.shape) === String(target.shape)) return;
  const [of, to] = [input, target].map((x) => `torch.Size([${x.shape.join(", ")}])`);
  warnOnce(
    "CANDLEWICK_LOSS_SIZES",
    `Using a target size (${to}) that is different to the input size (${of}). This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.`,
  );
}

/** (input - target)^2, averaged, summed or as it is; the operands broadcast. */
export const mseLoss = byName(
  "nn.functional.mseLoss",
  (input: TensorBase, target: TensorBase, ...rest: ErrorArgs): Tensor => {
    const o = readArgs<WeightedErrorOptions>("mseLoss", ERROR, rest);
    warnSizes(input, target);
    return wrap(native.mseLoss(handleOf(input), handleOf(target), optionalHandle(o.weight), readReduction(o)));
  },
);

/** |input - target|, averaged, summed or as it is; the operands broadcast. */
export const l1Loss = byName(
  "nn.functional.l1Loss",
  (input: TensorBase, target: TensorBase, ...rest: ErrorArgs): Tensor => {
    const o = readArgs<WeightedErrorOptions>("l1Loss", ERROR, rest);
    warnSizes(input, target);
    return wrap(native.l1Loss(handleOf(input), handleOf(target), optionalHandle(o.weight), readReduction(o)));
  },
);

/** Options of {@link SmoothL1Loss}. */
export interface SmoothL1Options extends LegacyReductionOptions {
  /** The difference from which on the loss is straight; 0 is {@link l1Loss}. Default 1. */
  beta?: number;
}

const SMOOTH = ["sizeAverage", "reduce", "reduction", "beta"] as const;
type SmoothArgs = Args<SmoothL1Options, ["sizeAverage", "reduce", "reduction", "beta"]>;

/** d^2 / (2 beta) for differences |d| < beta, else |d| - beta / 2. Errors: a negative beta. */
export const smoothL1Loss = byName(
  "nn.functional.smoothL1Loss",
  (input: TensorBase, target: TensorBase, ...rest: SmoothArgs): Tensor => {
    const o = readArgs<SmoothL1Options>("smoothL1Loss", SMOOTH, rest);
    warnSizes(input, target);
    return wrap(native.smoothL1Loss(handleOf(input), handleOf(target), o.beta ?? 1, readReduction(o)));
  },
);

/** Options of {@link HuberLoss}. */
export interface HuberOptions extends ReductionOptions {
  /** The difference from which on the loss is straight. Default 1. */
  delta?: number;
}

type HuberFunctionOptions = HuberOptions & { weight?: TensorBase | null };

/** d^2 / 2 for differences |d| <= delta, else delta (|d| - delta / 2). Errors: delta 0 or negative. */
export const huberLoss = byName(
  "nn.functional.huberLoss",
  (
    input: TensorBase,
    target: TensorBase,
    ...rest: Args<HuberFunctionOptions, ["reduction", "delta", "weight"]>
  ): Tensor => {
    const o = readArgs<HuberFunctionOptions>("huberLoss", ["reduction", "delta", "weight"], rest);
    warnSizes(input, target);
    const weight = optionalHandle(o.weight);
    return wrap(native.huberLoss(handleOf(input), handleOf(target), o.delta ?? 1, weight, readReduction(o)));
  },
);

/** The mean of (input - target)^2. Input and target of one shape. */
export class MSELoss extends Loss {
  constructor(...args: LegacyArgs) {
    super(readArgs<LegacyReductionOptions>("MSELoss", LEGACY, args));
  }
  forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, { reduction: this.reduction });
  }
}

/** The mean of |input - target|. Input and target of one shape. */
export class L1Loss extends Loss {
  constructor(...args: LegacyArgs) {
    super(readArgs<LegacyReductionOptions>("L1Loss", LEGACY, args));
  }
  forward(input: Tensor, target: Tensor): Tensor {
    return l1Loss(input, target, { reduction: this.reduction });
  }
}

/** Squared below beta, absolute above: less sensitive to outliers. Input and target of one shape.   [Girshick 2015] */
export class SmoothL1Loss extends Loss {
  readonly beta: number;

  constructor(...args: SmoothArgs) {
    const o = readArgs<SmoothL1Options>("SmoothL1Loss", SMOOTH, args);
    super(o);
    this.beta = o.beta ?? 1;
  }
  forward(input: Tensor, target: Tensor): Tensor {
    return smoothL1Loss(input, target, { reduction: this.reduction, beta: this.beta });
  }
}

/** Squared below delta, absolute with that slope above. Input and target of one shape.   [Huber 1964] */
export class HuberLoss extends Loss {
  readonly delta: number;

  constructor(...args: Args<HuberOptions, ["reduction", "delta"]>) {
    const o = readArgs<HuberOptions>("HuberLoss", ["reduction", "delta"], args);
    super(o);
    this.delta = o.delta ?? 1;
  }
  forward(input: Tensor, target: Tensor): Tensor {
    return huberLoss(input, target, { reduction: this.reduction, delta: this.delta });
  }
}
