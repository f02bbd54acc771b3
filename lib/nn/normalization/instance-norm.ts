/** Instance normalisation: each channel of each sample by its own statistics.   [Ulyanov et al. 2016] */

import { type Args, readArgs } from "../../args.js";
import { byName } from "../../by-name.js";
import { ShapeError } from "../../errors.js";
import { native } from "../../native.js";
import { squeeze, unsqueeze } from "../../ops/shape.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { optionalHandle } from "../loss/reduction.js";
import { CHANNEL_NORM_NAMES, ChannelNorm, type ChannelNormAll, type ChannelNormOptions } from "./channel-norm.js";

/** Options of {@link instanceNorm}. */
export interface InstanceNormFunctionOptions {
  /** The running means, [C]. Default: none. */
  runningMean?: TensorBase | null;
  /** The running variances, [C]. Default: none. */
  runningVar?: TensorBase | null;
  /** The scale of each channel. Default: none. */
  weight?: TensorBase | null;
  /** The shift of each channel. Default: none. */
  bias?: TensorBase | null;
  /** Whether to use the input's statistics, and to update the running ones. Default true. */
  useInputStats?: boolean;
  /** The weight of the new statistics. Default 0.1. */
  momentum?: number;
  /** Added to the variance. Default 1e-5. */
  eps?: number;
}

const NAMES = ["runningMean", "runningVar", "weight", "bias", "useInputStats", "momentum", "eps"] as const;

/**
 * Normalises x [N, C, ...] by the statistics of each channel of each sample, or by the running ones.
 * Errors: one place per channel; no running statistics where they are to be used.
 */
export const instanceNorm = byName(
  "nn.functional.instanceNorm",
  (
    x: TensorBase,
    ...rest: Args<
      InstanceNormFunctionOptions,
      ["runningMean", "runningVar", "weight", "bias", "useInputStats", "momentum", "eps"]
    >
  ): Tensor => normalise(x, readArgs<InstanceNormFunctionOptions>("instanceNorm", NAMES, rest)),
);

function normalise(x: TensorBase, o: InstanceNormFunctionOptions): Tensor {
  const { useInputStats = true, momentum = 0.1, eps = 1e-5 } = o;
  if (useInputStats && x.shape.slice(2).reduce((n, size) => n * size, 1) === 1) {
    throw new ShapeError(
      `Expected more than 1 spatial element when training, got input size torch.Size([${x.shape.join(", ")}])`,
      { op: "instanceNorm" },
    );
  }
  const statistics = [optionalHandle(o.runningMean), optionalHandle(o.runningVar)] as const;
  const affine = [optionalHandle(o.weight), optionalHandle(o.bias)] as const;
  return wrap(native.instanceNorm(handleOf(x), ...statistics, ...affine, useInputStats, momentum, eps));
}

type InstanceNormArgs =
  | [
      numFeatures: number,
      ...rest: Args<ChannelNormOptions, ["eps", "momentum", "affine", "trackRunningStats", "device", "dtype", "bias"]>,
    ]
  | [options: ChannelNormAll];

/** What the instance normalisations share. */
abstract class InstanceNorm extends ChannelNorm {
  constructor(...args: InstanceNormArgs) {
    const o = readArgs<ChannelNormAll>(new.target.name, CHANNEL_NORM_NAMES, args);
    super(o, { affine: false, trackRunningStats: false });
  }

  /** The number of dimensions of one sample. */
  protected abstract sampleRank(): number;

  forward(x: Tensor): Tensor {
    const rank = this.sampleRank();
    if (x.ndim !== rank && x.ndim !== rank + 1) {
      throw new ShapeError(`expected ${rank}D or ${rank + 1}D input (got ${x.ndim}D input)`);
    }
    const channels = x.ndim - rank;
    if (this.affine && x.size(channels) !== this.numFeatures) {
      throw new ShapeError(
        `expected input's size at dim=${channels} to match num_features (${this.numFeatures}), but got: ${x.size(channels)}.`,
      );
    }
    const { running_mean: runningMean, running_var: runningVar, weight, bias, eps } = this;
    const useInputStats = this.training || !this.trackRunningStats;
    const o = { runningMean, runningVar, weight, bias, useInputStats, momentum: this.momentum ?? 0, eps };
    return x.ndim === rank ? squeeze(normalise(unsqueeze(x, 0), o), 0) : normalise(x, o);
  }
}

/** Instance normalisation of [N, C, L] or [C, L]; as {@link InstanceNorm2d}. */
export class InstanceNorm1d extends InstanceNorm {
  protected override sampleRank(): number {
    return 2;
  }
}

/**
 * y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias, the statistics over each channel of each sample, in evaluation too
 * unless `trackRunningStats`. Input and output [N, C, H, W] or [C, H, W]. Learns `weight` and `bias` only if `affine`.
 */
export class InstanceNorm2d extends InstanceNorm {
  protected override sampleRank(): number {
    return 3;
  }
}

/** Instance normalisation of [N, C, D, H, W] or [C, D, H, W]; as {@link InstanceNorm2d}. */
export class InstanceNorm3d extends InstanceNorm {
  protected override sampleRank(): number {
    return 4;
  }
}
