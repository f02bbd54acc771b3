/** Losses of distances between embeddings: cosine embedding and triplets. */

import { type Args, readArgs } from "../../args.js";
import { byName } from "../../by-name.js";
import { ArgumentError, ShapeError } from "../../errors.js";
import { native } from "../../native.js";
import { add, clamp, minimum, sub } from "../../ops/pointwise.js";
import { mean, sum } from "../../ops/reduction.js";
import { pyFloat } from "../../repr.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { PairwiseDistance, pairwiseDistance } from "../distance.js";
import { Module } from "../module.js";
import type { MarginOptions } from "./margin.js";
import {
  checkReduction,
  type LegacyReductionOptions,
  Loss,
  type ReductionOptions,
  readReduction,
} from "./reduction.js";

const MARGIN = ["margin", "sizeAverage", "reduce", "reduction"] as const;
type MarginArgs = Args<MarginOptions, ["margin", "sizeAverage", "reduce", "reduction"]>;

/** 1 - cos(a, b) for targets 1, max(0, cos(a, b) - margin) for targets -1. a and b [N, D] with targets [N], or [D] with []. */
export const cosineEmbeddingLoss = byName(
  "nn.functional.cosineEmbeddingLoss",
  (a: TensorBase, b: TensorBase, target: TensorBase, ...rest: MarginArgs): Tensor => {
    const o = readArgs<MarginOptions>("cosineEmbeddingLoss", MARGIN, rest);
    return wrap(
      native.cosineEmbeddingLoss(handleOf(a), handleOf(b), handleOf(target), o.margin ?? 0, readReduction(o)),
    );
  },
);

/** Options of {@link TripletMarginLoss}. */
export interface TripletMarginOptions extends LegacyReductionOptions {
  /** How much nearer the positive is to be. Default 1. */
  margin?: number;
  /** The norm of the distances. Default 2. */
  p?: number;
  /** Added to the differences. Default 1e-6. */
  eps?: number;
  /** Whether the distance from the negative is the smaller one to anchor and positive. Default false. */
  swap?: boolean;
}

const TRIPLET = ["margin", "p", "eps", "swap", "sizeAverage", "reduce", "reduction"] as const;
type TripletArgs = Args<TripletMarginOptions, ["margin", "p", "eps", "swap", "sizeAverage", "reduce", "reduction"]>;

/** max(0, |anchor - positive| - |anchor - negative| + margin), [N, D] or [D]. Errors: a margin that is not positive. */
export const tripletMarginLoss = byName(
  "nn.functional.tripletMarginLoss",
  (anchor: TensorBase, positive: TensorBase, negative: TensorBase, ...rest: TripletArgs): Tensor =>
    triplet(anchor, positive, negative, readArgs<TripletMarginOptions>("tripletMarginLoss", TRIPLET, rest)),
);

function triplet(anchor: TensorBase, positive: TensorBase, negative: TensorBase, o: TripletMarginOptions): Tensor {
  const { margin = 1, p = 2, eps = 1e-6, swap = false } = o;
  const handles = [handleOf(anchor), handleOf(positive), handleOf(negative)] as const;
  return wrap(native.tripletMarginLoss(...handles, margin, p, eps, swap, readReduction(o)));
}

/** A distance of rows. */
export type DistanceFunction = (a: Tensor, b: Tensor) => Tensor;

/** Options of {@link TripletMarginWithDistanceLoss}. */
export interface TripletWithDistanceOptions extends ReductionOptions {
  /** The distance, as a function or as a module. Default: {@link pairwiseDistance}. */
  distanceFunction?: DistanceFunction | (Module & { forward: DistanceFunction }) | null;
  /** How much nearer the positive is to be. Default 1. */
  margin?: number;
  /** Whether the distance from the negative is the smaller one to anchor and positive. Default false. */
  swap?: boolean;
}

/** As {@link tripletMarginLoss}, with a distance of one's own. */
export const tripletMarginWithDistanceLoss = byName(
  "nn.functional.tripletMarginWithDistanceLoss",
  (anchor: Tensor, positive: Tensor, negative: Tensor, o: TripletWithDistanceOptions = {}): Tensor => {
    const { distanceFunction, margin = 1, swap = false } = o ?? {};
    const reduction = checkReduction(o.reduction ?? "mean");
    if (margin <= 0) throw new ArgumentError(`margin must be greater than 0, got ${pyFloat(margin)}`);
    if (anchor.ndim !== positive.ndim || anchor.ndim !== negative.ndim) {
      throw new ShapeError(
        `The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: anchor ${anchor.ndim}D, positive ${positive.ndim}D, and negative ${negative.ndim}D inputs`,
      );
    }
    const distance: DistanceFunction =
      distanceFunction instanceof Module
        ? (a, b) => distanceFunction.forward(a, b)
        : (distanceFunction ?? ((a, b) => pairwiseDistance(a, b)));
    const near = distance(anchor, positive);
    let far = distance(anchor, negative);
    if (swap) far = minimum(far, distance(positive, negative));
    const losses = clamp(sub(add(near, margin), far), 0);
    if (reduction === "none") return losses;
    return reduction === "sum" ? sum(losses) : mean(losses);
  },
);

/** Cosine similarity of pairs, wanted for targets 1 and, above the margin, not for -1. */
export class CosineEmbeddingLoss extends Loss {
  readonly margin: number;

  constructor(...args: MarginArgs) {
    const o = readArgs<MarginOptions>("CosineEmbeddingLoss", MARGIN, args);
    super(o);
    this.margin = o.margin ?? 0;
  }
  forward(a: Tensor, b: Tensor, target: Tensor): Tensor {
    return cosineEmbeddingLoss(a, b, target, { margin: this.margin, reduction: this.reduction });
  }
}

function checkMargin(op: string, margin: number): void {
  if (margin > 0) return;
  throw new ArgumentError(`${op}: expected margin to be greater than 0, got ${pyFloat(margin)} instead`, { op });
}

/** Wants the positive nearer to the anchor than the negative, by a margin. All [N, D] or [D].   [Balntas et al. 2016] */
export class TripletMarginLoss extends Loss {
  readonly margin: number;
  readonly p: number;
  readonly eps: number;
  readonly swap: boolean;

  constructor(...args: TripletArgs) {
    const o = readArgs<TripletMarginOptions>("TripletMarginLoss", TRIPLET, args);
    const { margin = 1, p = 2, eps = 1e-6, swap = false } = o;
    checkMargin("TripletMarginLoss", margin);
    super(o);
    this.margin = margin;
    this.p = p;
    this.eps = eps;
    this.swap = swap;
  }
  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    return triplet(anchor, positive, negative, this);
  }
}

/** As {@link TripletMarginLoss}, with a distance of one's own. */
export class TripletMarginWithDistanceLoss extends Loss {
  readonly distance_function: Module | DistanceFunction;
  readonly margin: number;
  readonly swap: boolean;

  constructor(o: TripletWithDistanceOptions = {}) {
    const { distanceFunction, margin = 1, swap = false } = o ?? {};
    checkMargin("TripletMarginWithDistanceLoss", margin);
    super(o);
    this.distance_function = distanceFunction ?? new PairwiseDistance();
    this.margin = margin;
    this.swap = swap;
  }
  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { margin, swap, reduction } = this;
    const distanceFunction = this.distance_function as NonNullable<TripletWithDistanceOptions["distanceFunction"]>;
    return tripletMarginWithDistanceLoss(anchor, positive, negative, { distanceFunction, margin, swap, reduction });
  }
}
