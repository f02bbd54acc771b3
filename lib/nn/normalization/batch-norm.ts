/** Batch normalisation: y = (x - mean) / sqrt(var + eps) * weight + bias, per channel.   [Ioffe & Szegedy 2015] */

import { type Args, readArgs } from "../../args.js";
import { byName } from "../../by-name.js";
import { ArgumentError, ShapeError } from "../../errors.js";
import { native } from "../../native.js";
import { pyFloat } from "../../repr.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { optionalHandle } from "../loss/reduction.js";
import { CHANNEL_NORM_NAMES, ChannelNorm, type ChannelNormAll, type ChannelNormOptions } from "./channel-norm.js";

/** Options of {@link batchNorm}. */
export interface BatchNormFunctionOptions {
  /** The scale of each channel. Default: none. */
  weight?: TensorBase | null;
  /** The shift of each channel. Default: none. */
  bias?: TensorBase | null;
  /** Whether to use the batch's statistics, and to update the running ones. Default false. */
  training?: boolean;
  /** The weight of the new statistics. Default 0.1. */
  momentum?: number;
  /** Added to the variance. Default 1e-5. */
  eps?: number;
}

/**
 * Normalises x [N, C, ...] per channel, by the batch's statistics in training (which then update the running ones in
 * place), else by the running ones. Errors: one value per channel in training.
 */
export const batchNorm = byName(
  "nn.functional.batchNorm",
  (
    x: TensorBase,
    runningMean: TensorBase | null,
    runningVar: TensorBase | null,
    ...rest: Args<BatchNormFunctionOptions, ["weight", "bias", "training", "momentum", "eps"]>
  ): Tensor => {
    const names = ["weight", "bias", "training", "momentum", "eps"] as const;
    const o = readArgs<BatchNormFunctionOptions>("batchNorm", names, rest);
    const { weight = null, bias = null, training = false, momentum = 0.1, eps = 1e-5 } = o;
    return normalise(x, runningMean, runningVar, weight, bias, training, momentum, eps);
  },
);

function normalise(
  x: TensorBase,
  mean: TensorBase | null,
  variance: TensorBase | null,
  weight: TensorBase | null,
  bias: TensorBase | null,
  training: boolean,
  momentum: number,
  eps: number,
): Tensor {
  if (training && eps <= 0) {
    throw new ArgumentError(`batch_norm eps must be positive during training, but got ${pyFloat(eps)}`);
  }
  if (eps < 0) throw new ArgumentError(`batch_norm eps must be non-negative, but got ${pyFloat(eps)}`);
  const [n = 1, , ...places] = x.shape;
  if (training && places.reduce((product, size) => product * size, n) === 1) {
    throw new ShapeError(
      `Expected more than 1 value per channel when training, got input size torch.Size([${x.shape.join(", ")}])`,
      { op: "batchNorm" },
    );
  }
  const parts = [optionalHandle(mean), optionalHandle(variance), optionalHandle(weight), optionalHandle(bias)] as const;
  return wrap(native.batchNorm(handleOf(x), ...parts, training, momentum, eps));
}

type BatchNormArgs =
  | [
      numFeatures: number,
      ...rest: Args<ChannelNormOptions, ["eps", "momentum", "affine", "trackRunningStats", "device", "dtype", "bias"]>,
    ]
  | [options: ChannelNormAll];

/** What the batch normalisations share. */
export abstract class BatchNorm extends ChannelNorm {
  constructor(...args: BatchNormArgs) {
    super(readArgs<ChannelNormAll>(new.target.name, CHANNEL_NORM_NAMES, args), {
      affine: true,
      trackRunningStats: true,
    });
  }

  /** Refuses inputs with a wrong number of dimensions. */
  protected abstract checkInput(x: Tensor): void;

  forward(x: Tensor): Tensor {
    this.checkInput(x);
    const { training, running_mean, running_var, weight, bias } = this;
    let factor = this.momentum ?? 0;
    if (training && this.trackRunningStats && this.num_batches_tracked !== null) {
      this.num_batches_tracked.add_(1);
      if (this.momentum === null) factor = 1 / this.num_batches_tracked.item();
    }
    const useBatch = training || (running_mean === null && running_var === null);
    const track = !training || this.trackRunningStats;
    return normalise(
      x,
      track ? running_mean : null,
      track ? running_var : null,
      weight,
      bias,
      useBatch,
      factor,
      this.eps,
    );
  }
}

/** Batch normalisation of [N, C] or [N, C, L]; as {@link BatchNorm2d}. */
export class BatchNorm1d extends BatchNorm {
  protected override checkInput(x: Tensor): void {
    if (x.ndim !== 2 && x.ndim !== 3) throw new ShapeError(`expected 2D or 3D input (got ${x.ndim}D input)`);
  }
}

/**
 * y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias, per channel. Input and output [N, C, H, W].
 * In training by the batch's own statistics (biased variance), which also move the running ones (unbiased) by
 * `momentum`; in evaluation by the running ones. Learns `weight` and `bias`, starting at 1 and 0.
 */
export class BatchNorm2d extends BatchNorm {
  protected override checkInput(x: Tensor): void {
    if (x.ndim !== 4) throw new ShapeError(`expected 4D input (got ${x.ndim}D input)`);
  }
}

/** Batch normalisation of [N, C, D, H, W]; as {@link BatchNorm2d}. */
export class BatchNorm3d extends BatchNorm {
  protected override checkInput(x: Tensor): void {
    if (x.ndim !== 5) throw new ShapeError(`expected 5D input (got ${x.ndim}D input)`);
  }
}

/** Batch normalisation across processes; in the one process here, that of [N, C, ...]. */
export class SyncBatchNorm extends BatchNorm {
  protected override checkInput(x: Tensor): void {
    if (x.ndim < 2) throw new ShapeError(`expected at least 2D input (got ${x.ndim}D input)`);
  }
}
