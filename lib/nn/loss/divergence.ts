/** Losses between distributions: Kullback-Leibler divergence, Poisson and Gaussian likelihoods. */

import { type Args, readArgs } from "../../args.js";
import { byName } from "../../by-name.js";
import { native } from "../../native.js";
import { div } from "../../ops/pointwise.js";
import { handleOf, operand, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";
import { Module } from "../module.js";
import {
  type LegacyReductionOptions,
  Loss,
  type Reduction,
  type ReductionOptions,
  readReduction,
} from "./reduction.js";

/** Options of {@link KLDivLoss}. */
export interface KLDivOptions extends Omit<LegacyReductionOptions, "reduction"> {
  /** As for other losses, or `"batchmean"`: the sum divided by the batch size, which is the divergence. Default "mean". */
  reduction?: Reduction | "batchmean";
  /** Whether targets are logarithms too. Default false. */
  logTarget?: boolean;
}

const KL = ["sizeAverage", "reduce", "reduction", "logTarget"] as const;
type KLArgs = Args<KLDivOptions, ["sizeAverage", "reduce", "reduction", "logTarget"]>;

/** t (ln t - x) for log-probabilities x and probabilities t; e^t (t - x) for logarithms t. */
export const klDiv = byName(
  "nn.functional.klDiv",
  (input: TensorBase, target: TensorBase, ...rest: KLArgs): Tensor =>
    divergence(input, target, readArgs<KLDivOptions>("klDiv", KL, rest)),
);

function divergence(input: TensorBase, target: TensorBase, o: KLDivOptions): Tensor {
  const { reduction = "mean", logTarget = false, ...legacy } = o;
  const ofBatch = reduction === "batchmean";
  if (reduction === "mean") {
    warnOnce(
      "CANDLEWICK_KL_MEAN",
      "reduction: 'mean' divides the total loss by both the batch size and the support size.'batchmean' divides only by the batch size, and aligns with the KL div math definition.'mean' will be changed to behave the same as 'batchmean' in the next major release.",
    );
  }
  const word = readReduction({ ...legacy, reduction: ofBatch ? "sum" : reduction });
  const y = wrap(native.klDiv(handleOf(input), handleOf(target), word, logTarget));
  return ofBatch && input.ndim > 0 ? div(y, input.size(0)) : y;
}

/** Options of {@link PoissonNLLLoss}. */
export interface PoissonNLLOptions extends LegacyReductionOptions {
  /** Whether inputs are logarithms of rates. Default true. */
  logInput?: boolean;
  /** Whether to add Stirling's approximation of ln(target!) above 1. Default false. */
  full?: boolean;
  /** Keeps the logarithm of a rate finite. Default 1e-8. */
  eps?: number;
}

const POISSON = ["logInput", "full", "sizeAverage", "eps", "reduce", "reduction"] as const;
type PoissonArgs = Args<PoissonNLLOptions, ["logInput", "full", "sizeAverage", "eps", "reduce", "reduction"]>;

/** e^x - t x for logarithms x of rates; x - t ln(x + eps) for rates. */
export const poissonNllLoss = byName(
  "nn.functional.poissonNllLoss",
  (input: TensorBase, target: TensorBase, ...rest: PoissonArgs): Tensor => {
    const o = readArgs<PoissonNLLOptions>("poissonNllLoss", POISSON, rest);
    const { logInput = true, full = false, eps = 1e-8 } = o;
    return wrap(native.poissonNllLoss(handleOf(input), handleOf(target), logInput, full, eps, readReduction(o)));
  },
);

/** Options of {@link GaussianNLLLoss}. */
export interface GaussianNLLOptions extends ReductionOptions {
  /** Whether to add the constant ln(2 pi) / 2. Default false. */
  full?: boolean;
  /** Variances are kept above it. Default 1e-6. */
  eps?: number;
}

const GAUSSIAN = ["full", "eps", "reduction"] as const;
type GaussianArgs = Args<GaussianNLLOptions, ["full", "eps", "reduction"]>;

/**
 * (ln var + (x - t)^2 / var) / 2. The variances have the input's shape, or 1 in one of its dimensions or without its last;
 * or are one number. Errors: negative variances.
 */
export const gaussianNllLoss = byName(
  "nn.functional.gaussianNllLoss",
  (input: TensorBase, target: TensorBase, variance: TensorBase | number, ...rest: GaussianArgs): Tensor =>
    gaussian(input, target, variance, readArgs<GaussianNLLOptions>("gaussianNllLoss", GAUSSIAN, rest)),
);

function gaussian(input: TensorBase, target: TensorBase, variance: TensorBase | number, o: GaussianNLLOptions): Tensor {
  const { full = false, eps = 1e-6 } = o;
  return wrap(
    native.gaussianNllLoss(handleOf(input), handleOf(target), operand(variance), full, eps, readReduction(o)),
  );
}

/** The Kullback-Leibler divergence of log-probabilities from targets of the same shape; see {@link KLDivOptions.reduction}. */
export class KLDivLoss extends Module {
  readonly reduction: Reduction | "batchmean";
  readonly logTarget: boolean;

  constructor(...args: KLArgs) {
    super();
    const o = readArgs<KLDivOptions>("KLDivLoss", KL, args);
    const { reduction, ...legacy } = o;
    this.reduction = reduction === "batchmean" ? reduction : readReduction({ ...legacy, reduction });
    this.logTarget = o.logTarget ?? false;
  }
  forward(input: Tensor, target: Tensor): Tensor {
    return divergence(input, target, { reduction: this.reduction, logTarget: this.logTarget });
  }
}

/** The negative log-likelihood of counts under Poisson distributions. Input and target of one shape. */
export class PoissonNLLLoss extends Loss {
  readonly logInput: boolean;
  readonly full: boolean;
  readonly eps: number;

  constructor(...args: PoissonArgs) {
    const o = readArgs<PoissonNLLOptions>("PoissonNLLLoss", POISSON, args);
    super(o);
    this.logInput = o.logInput ?? true;
    this.full = o.full ?? false;
    this.eps = o.eps ?? 1e-8;
  }
  forward(input: Tensor, target: Tensor): Tensor {
    const { logInput, full, eps, reduction } = this;
    return poissonNllLoss(input, target, { logInput, full, eps, reduction });
  }
}

/** The negative log-likelihood of targets under normal distributions with these means and variances.   [Nix & Weigend 1994] */
export class GaussianNLLLoss extends Loss {
  readonly full: boolean;
  readonly eps: number;

  constructor(...args: GaussianArgs) {
    const o = readArgs<GaussianNLLOptions>("GaussianNLLLoss", GAUSSIAN, args);
    super(o);
    this.full = o.full ?? false;
    this.eps = o.eps ?? 1e-6;
  }
  forward(input: Tensor, target: Tensor, variance: Tensor | number): Tensor {
    return gaussian(input, target, variance, this);
  }
}
