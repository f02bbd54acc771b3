/** Distances and similarities of vectors. */

import { type Args, dimList, readArgs } from "../args.js";
import { byName } from "../by-name.js";
import { native } from "../native.js";
import { handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";

/** Options of {@link CosineSimilarity}. */
export interface CosineSimilarityOptions {
  /** The dimension of the vectors. Default 1. */
  dim?: number;
  /** The least length that a vector counts with. Default 1e-8. */
  eps?: number;
}

type CosineArgs = Args<CosineSimilarityOptions, ["dim", "eps"]>;

/** The cosine of the angle between vectors along `dim`; the operands broadcast. */
export const cosineSimilarity = byName(
  "nn.functional.cosineSimilarity",
  (x1: TensorBase, x2: TensorBase, ...rest: CosineArgs): Tensor => {
    const { dim = 1, eps = 1e-8 } = readArgs<CosineSimilarityOptions>("cosineSimilarity", ["dim", "eps"], rest);
    return wrap(native.cosineSimilarity(handleOf(x1), handleOf(x2), dim, eps));
  },
);

/** Options of {@link PairwiseDistance}. */
export interface PairwiseDistanceOptions {
  /** The norm. Default 2. */
  p?: number;
  /** Added to the differences. Default 1e-6. */
  eps?: number;
  /** Whether the last dimension stays, with size 1. Default false. */
  keepdim?: boolean;
}

const DISTANCE = ["p", "eps", "keepdim"] as const;
type DistanceArgs = Args<PairwiseDistanceOptions, ["p", "eps", "keepdim"]>;

/** The p-norm of x1 - x2 + eps along the last dimension: [N, D], [N, D] -> [N]. */
export const pairwiseDistance = byName(
  "nn.functional.pairwiseDistance",
  (x1: TensorBase, x2: TensorBase, ...rest: DistanceArgs): Tensor => {
    const o = readArgs<PairwiseDistanceOptions>("pairwiseDistance", DISTANCE, rest);
    const { p = 2, eps = 1e-6, keepdim = false } = o;
    return wrap(native.pairwiseDistance(handleOf(x1), handleOf(x2), p, eps, keepdim));
  },
);

/** The p-norm distances (default 2) of all pairs of rows, the first with the others first: [N, D] -> [N (N - 1) / 2]. */
export const pdist = byName("nn.functional.pdist", (x: TensorBase, ...rest: Args<{ p?: number }, ["p"]>): Tensor => {
  const { p = 2 } = readArgs<{ p?: number }>("pdist", ["p"], rest);
  return wrap(native.pdist(handleOf(x), p));
});

/** Options of {@link normalize}. */
export interface NormalizeOptions {
  /** The norm. Default 2. */
  p?: number;
  /** The dimension or dimensions of the vectors. Default 1. */
  dim?: number | readonly number[];
  /** The least length that a vector is divided by. Default 1e-12. */
  eps?: number;
}

/** x / max(|x|_p, eps), vector by vector along `dim`. */
export const normalize = byName(
  "nn.functional.normalize",
  (x: TensorBase, ...rest: Args<NormalizeOptions, ["p", "dim", "eps"]>): Tensor => {
    const { p = 2, dim = 1, eps = 1e-12 } = readArgs<NormalizeOptions>("normalize", ["p", "dim", "eps"], rest);
    return wrap(native.normalize(handleOf(x), p, dimList(dim) ?? [], eps));
  },
);

/** The cosine of the angle between vectors along `dim`. Two tensors of one shape -> that shape without `dim`. */
export class CosineSimilarity extends Module {
  readonly dim: number;
  readonly eps: number;

  constructor(...args: CosineArgs) {
    super();
    const { dim = 1, eps = 1e-8 } = readArgs<CosineSimilarityOptions>("CosineSimilarity", ["dim", "eps"], args);
    this.dim = dim;
    this.eps = eps;
  }
  forward(x1: Tensor, x2: Tensor): Tensor {
    return cosineSimilarity(x1, x2, this.dim, this.eps);
  }
}

/** The p-norm of x1 - x2 + eps along the last dimension. [N, D] or [D] each -> [N] or []. */
export class PairwiseDistance extends Module {
  readonly norm: number;
  readonly eps: number;
  readonly keepdim: boolean;

  constructor(...args: DistanceArgs) {
    super();
    const {
      p = 2,
      eps = 1e-6,
      keepdim = false,
    } = readArgs<PairwiseDistanceOptions>("PairwiseDistance", DISTANCE, args);
    this.norm = p;
    this.eps = eps;
    this.keepdim = keepdim;
  }
  forward(x1: Tensor, x2: Tensor): Tensor {
    return pairwiseDistance(x1, x2, this.norm, this.eps, this.keepdim);
  }
}
