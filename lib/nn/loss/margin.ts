/** Losses that ask for a margin between scores. */

import { type Args, readArgs } from "../../args.js";
import { byName } from "../../by-name.js";
import { ArgumentError, ShapeError } from "../../errors.js";
import { native } from "../../native.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { type LegacyReductionOptions, Loss, optionalHandle, readReduction, WeightedLoss } from "./reduction.js";

/** Options of losses with a margin. */
export interface MarginOptions extends LegacyReductionOptions {
  /** The margin. Default 0; 1 for {@link HingeEmbeddingLoss}. */
  margin?: number;
}

const MARGIN = ["margin", "sizeAverage", "reduce", "reduction"] as const;
type MarginArgs = Args<MarginOptions, ["margin", "sizeAverage", "reduce", "reduction"]>;

/** x for targets 1, max(0, margin - x) for targets -1. */
export const hingeEmbeddingLoss = byName(
  "nn.functional.hingeEmbeddingLoss",
  (input: TensorBase, target: TensorBase, ...rest: MarginArgs): Tensor => {
    const o = readArgs<MarginOptions>("hingeEmbeddingLoss", MARGIN, rest);
    return wrap(native.hingeEmbeddingLoss(handleOf(input), handleOf(target), o.margin ?? 1, readReduction(o)));
  },
);

/** max(0, margin - target (a - b)): targets 1 want a above b, -1 below. Errors: other numbers of dimensions. */
export const marginRankingLoss = byName(
  "nn.functional.marginRankingLoss",
  (a: TensorBase, b: TensorBase, target: TensorBase, ...rest: MarginArgs): Tensor => {
    const o = readArgs<MarginOptions>("marginRankingLoss", MARGIN, rest);
    return wrap(native.marginRankingLoss(handleOf(a), handleOf(b), handleOf(target), o.margin ?? 0, readReduction(o)));
  },
);

const LEGACY = ["sizeAverage", "reduce", "reduction"] as const;
type LegacyArgs = Args<LegacyReductionOptions, ["sizeAverage", "reduce", "reduction"]>;

/**
 * sum over targets j and other classes i of max(0, 1 - (x[j] - x[i])) / C: x [N, C] or [C], targets int64 of that shape,
 * each row ending at its first -1. Errors: targets out of range.
 */
export const multilabelMarginLoss = byName(
  "nn.functional.multilabelMarginLoss",
  (input: TensorBase, target: TensorBase, ...rest: LegacyArgs): Tensor => {
    const o = readArgs<LegacyReductionOptions>("multilabelMarginLoss", LEGACY, rest);
    return wrap(native.multilabelMarginLoss(handleOf(input), handleOf(target), readReduction(o)));
  },
);

/** Options of {@link MultiMarginLoss}. */
export interface MultiMarginOptions extends LegacyReductionOptions {
  /** The power of each class's part, 1 or 2. Default 1. */
  p?: number;
  /** The margin. Default 1. */
  margin?: number;
  /** The weight of each class, [C]. Default: all 1. */
  weight?: TensorBase | null;
}

const MULTI = ["p", "margin", "weight", "sizeAverage", "reduce", "reduction"] as const;
type MultiArgs = Args<MultiMarginOptions, ["p", "margin", "weight", "sizeAverage", "reduce", "reduction"]>;

/** sum over i != t of weight[t] max(0, margin - x[t] + x[i])^p / C: x [N, C] or [C], classes t int64 [N] or []. */
export const multiMarginLoss = byName(
  "nn.functional.multiMarginLoss",
  (input: TensorBase, target: TensorBase, ...rest: MultiArgs): Tensor =>
    multiMargin(input, target, readArgs<MultiMarginOptions>("multiMarginLoss", MULTI, rest)),
);

function multiMargin(input: TensorBase, target: TensorBase, o: MultiMarginOptions): Tensor {
  const { p = 1, margin = 1, weight = null } = o;
  if (p !== 1 && p !== 2) throw new ArgumentError("only p == 1 and p == 2 supported");
  if (weight !== null && weight.ndim !== 1) throw new ShapeError("weight must be one-dimensional");
  return wrap(
    native.multiMarginLoss(handleOf(input), handleOf(target), p, margin, optionalHandle(weight), readReduction(o)),
  );
}

abstract class MarginLoss extends Loss {
  readonly margin: number;

  constructor(op: string, args: readonly unknown[], margin: number) {
    const o = readArgs<MarginOptions>(op, MARGIN, args);
    super(o);
    this.margin = o.margin ?? margin;
  }
}

/** x for targets 1, max(0, margin - x) for targets -1: for distances x of pairs. Input and target of one shape. */
export class HingeEmbeddingLoss extends MarginLoss {
  constructor(...args: MarginArgs) {
    super("HingeEmbeddingLoss", args, 1);
  }
  forward(input: Tensor, target: Tensor): Tensor {
    return hingeEmbeddingLoss(input, target, { margin: this.margin, reduction: this.reduction });
  }
}

/** max(0, margin - target (a - b)): targets 1 want a above b, -1 below. All [N] or []. */
export class MarginRankingLoss extends MarginLoss {
  constructor(...args: MarginArgs) {
    super("MarginRankingLoss", args, 0);
  }
  forward(a: Tensor, b: Tensor, target: Tensor): Tensor {
    return marginRankingLoss(a, b, target, { margin: this.margin, reduction: this.reduction });
  }
}

/** Margins of several wanted classes above the others: see {@link multilabelMarginLoss}. */
export class MultiLabelMarginLoss extends Loss {
  constructor(...args: LegacyArgs) {
    super(readArgs<LegacyReductionOptions>("MultiLabelMarginLoss", LEGACY, args));
  }
  forward(input: Tensor, target: Tensor): Tensor {
    return multilabelMarginLoss(input, target, { reduction: this.reduction });
  }
}

/** Margins of one class above the others, as of a support vector machine: see {@link multiMarginLoss}. */
export class MultiMarginLoss extends WeightedLoss {
  readonly p: number;
  readonly margin: number;

  constructor(...args: MultiArgs) {
    const o = readArgs<MultiMarginOptions>("MultiMarginLoss", MULTI, args);
    const { p = 1, margin = 1, weight = null } = o;
    if (p !== 1 && p !== 2) throw new ArgumentError("only p == 1 and p == 2 supported");
    if (weight !== null && weight.ndim !== 1) {
      throw new ShapeError(`MultiMarginLoss: expected weight to be None or 1D tensor, got ${weight.ndim}D instead`);
    }
    super(o);
    this.p = p;
    this.margin = margin;
  }
  forward(input: Tensor, target: Tensor): Tensor {
    return multiMargin(input, target, this);
  }
}
