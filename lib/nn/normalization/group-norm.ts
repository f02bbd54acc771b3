/** Group normalisation.   [Wu & He 2018] */

import { type Args, readArgs, required } from "../../args.js";
import { byName } from "../../by-name.js";
import { empty } from "../../creation.js";
import { ArgumentError, ShapeError } from "../../errors.js";
import { native } from "../../native.js";
import { pyRepr } from "../../repr.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { ones_, zeros_ } from "../init.js";
import type { FactoryOptions } from "../linear.js";
import { optionalHandle } from "../loss/reduction.js";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import type { LayerNormFunctionOptions } from "./layer-norm.js";

/**
 * (x - mean) / sqrt(var + eps) * weight + bias of x [N, C, ...], the statistics over each sample's groups of channels,
 * weight and bias by channel. Errors: channels that do not divide into the groups; one value per group.
 */
export const groupNorm = byName(
  "nn.functional.groupNorm",
  (x: TensorBase, numGroups: number, ...rest: Args<LayerNormFunctionOptions, ["weight", "bias", "eps"]>): Tensor => {
    const o = readArgs<LayerNormFunctionOptions>("groupNorm", ["weight", "bias", "eps"], rest);
    const [n = 0, channels = 0, ...places] = x.shape;
    const values = places.reduce((product, size) => product * size, Math.floor((n * channels) / numGroups));
    if (x.ndim >= 2 && values === 1) {
      const sizes = [Math.floor((n * channels) / numGroups), numGroups, ...places];
      throw new ShapeError(
        `Expected more than 1 value per channel when training, got input size [${sizes.join(", ")}]`,
      );
    }
    const affine = [optionalHandle(o.weight), optionalHandle(o.bias)] as const;
    return wrap(native.groupNorm(handleOf(x), numGroups, ...affine, o.eps ?? 1e-5));
  },
);

/** Options of {@link GroupNorm}. */
export interface GroupNormOptions extends FactoryOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Whether to learn a weight and a bias. Default true. */
  affine?: boolean;
  /** Whether an affine layer learns a bias. Default true. */
  bias?: boolean;
}

interface GroupNormAll extends GroupNormOptions {
  numGroups: number;
  numChannels: number;
}

const NAMES = ["numGroups", "numChannels", "eps", "affine", "device", "dtype", "bias"] as const;

/**
 * y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias, the statistics over each sample's groups of channels, in training
 * and in evaluation. Input and output [N, C, ...]. Learns `weight` and `bias` [C], starting at 1 and 0.
 */
export class GroupNorm extends Module {
  readonly numGroups: number;
  readonly numChannels: number;
  readonly eps: number;
  readonly affine: boolean;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(
    ...args:
      | [
          numGroups: number,
          numChannels: number,
          ...rest: Args<GroupNormOptions, ["eps", "affine", "device", "dtype", "bias"]>,
        ]
      | [options: GroupNormAll]
  ) {
    super();
    const o = readArgs<GroupNormAll>("GroupNorm", NAMES, args);
    const { eps = 1e-5, affine = true, bias = true, device, dtype } = o;
    const groups = required("GroupNorm", o, "numGroups");
    const channels = required("GroupNorm", o, "numChannels");
    if (channels % groups !== 0) {
      throw new ArgumentError(`num_channels (${channels}) must be divisible by num_groups (${groups})`);
    }
    this.numGroups = groups;
    this.numChannels = channels;
    this.eps = eps;
    this.affine = affine;
    this.weight = affine ? new Parameter(empty([channels], { device, dtype })) : null;
    this.bias = affine && bias ? new Parameter(empty([channels], { device, dtype })) : null;
    this.resetParameters();
  }

  /** Back to weight 1 and bias 0. */
  resetParameters(): void {
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  forward(x: Tensor): Tensor {
    return groupNorm(x, this.numGroups, this.weight, this.bias, this.eps);
  }

  override extraRepr(): string {
    const { numGroups, numChannels, eps, affine, bias } = this;
    return `${numGroups}, ${numChannels}, eps=${pyRepr(eps)}, affine=${pyRepr(affine)}, bias=${pyRepr(bias !== null)}`;
  }
}
