/** Layer and root-mean-square normalisation over the last dimensions.   [Ba et al. 2016; Zhang & Sennrich 2019] */

import { type Args, readArgs, required } from "../../args.js";
import { byName } from "../../by-name.js";
import { empty } from "../../creation.js";
import { native } from "../../native.js";
import { pyRepr } from "../../repr.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { ones_, zeros_ } from "../init.js";
import type { FactoryOptions } from "../linear.js";
import { optionalHandle } from "../loss/reduction.js";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { type IntOrTuple, ints } from "../sizes.js";

/** Options of {@link layerNorm}. */
export interface LayerNormFunctionOptions {
  /** The scale of each element, of the normalised shape. Default: none. */
  weight?: TensorBase | null;
  /** The shift of each element, of the normalised shape. Default: none. */
  bias?: TensorBase | null;
  /** Added to the variance. Default 1e-5. */
  eps?: number;
}

/** (x - mean) / sqrt(var + eps) * weight + bias, over the last dimensions, which are `normalizedShape`. */
export const layerNorm = byName(
  "nn.functional.layerNorm",
  (
    x: TensorBase,
    normalizedShape: readonly number[],
    ...rest: Args<LayerNormFunctionOptions, ["weight", "bias", "eps"]>
  ): Tensor => {
    const o = readArgs<LayerNormFunctionOptions>("layerNorm", ["weight", "bias", "eps"], rest);
    const affine = [optionalHandle(o.weight), optionalHandle(o.bias)] as const;
    return wrap(native.layerNorm(handleOf(x), ints(normalizedShape), ...affine, o.eps ?? 1e-5));
  },
);

/** Options of {@link rmsNorm}. */
export interface RMSNormFunctionOptions {
  /** The scale of each element, of the normalised shape. Default: none. */
  weight?: TensorBase | null;
  /** Added to the mean square. Default: the epsilon of float32, or of float64 for such inputs. */
  eps?: number | null;
}

/** x / sqrt(mean(x^2) + eps) * weight, over the last dimensions, which are `normalizedShape`. */
export const rmsNorm = byName(
  "nn.functional.rmsNorm",
  (
    x: TensorBase,
    normalizedShape: readonly number[],
    ...rest: Args<RMSNormFunctionOptions, ["weight", "eps"]>
  ): Tensor => {
    const o = readArgs<RMSNormFunctionOptions>("rmsNorm", ["weight", "eps"], rest);
    return wrap(native.rmsNorm(handleOf(x), ints(normalizedShape), optionalHandle(o.weight), o.eps));
  },
);

/** Options of {@link RMSNorm}. */
export interface RMSNormOptions extends FactoryOptions {
  /** Added to the mean square. Default: the epsilon of float32, or of float64 for such inputs. */
  eps?: number | null;
  /** Whether to learn a weight. Default true. */
  elementwiseAffine?: boolean;
}

/** Options of {@link LayerNorm}. */
export interface LayerNormOptions extends FactoryOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Whether to learn a weight and a bias. Default true. */
  elementwiseAffine?: boolean;
  /** Whether an affine layer learns a bias. Default true. */
  bias?: boolean;
}

type WithShape<O> = O & {
  /** The last dimensions, or the last one. */
  normalizedShape: IntOrTuple;
};

const LAYER = ["normalizedShape", "eps", "elementwiseAffine", "bias", "device", "dtype"] as const;
const RMS = ["normalizedShape", "eps", "elementwiseAffine", "device", "dtype"] as const;

/**
 * y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias, over the last dimensions. Input and output [..., *normalizedShape].
 * Learns `weight` and `bias` of that shape, starting at 1 and 0.
 *
 * ```ts
 * new nn.LayerNorm(64).forward(torch.randn(2, 10, 64)).shape; // [2, 10, 64]
 * ```
 */
export class LayerNorm extends Module {
  readonly normalizedShape: readonly number[];
  readonly eps: number;
  readonly elementwiseAffine: boolean;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(
    ...args:
      | [
          normalizedShape: IntOrTuple,
          ...rest: Args<LayerNormOptions, ["eps", "elementwiseAffine", "bias", "device", "dtype"]>,
        ]
      | [options: WithShape<LayerNormOptions>]
  ) {
    super();
    const o = readArgs<WithShape<LayerNormOptions>>("LayerNorm", LAYER, args);
    const { eps = 1e-5, elementwiseAffine = true, bias = true, device, dtype } = o;
    this.normalizedShape = ints(required("LayerNorm", o, "normalizedShape"));
    this.eps = eps;
    this.elementwiseAffine = elementwiseAffine;
    const make = () => new Parameter(empty(this.normalizedShape, { device, dtype }));
    this.weight = elementwiseAffine ? make() : null;
    this.bias = elementwiseAffine && bias ? make() : null;
    this.resetParameters();
  }

  /** Back to weight 1 and bias 0. */
  resetParameters(): void {
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  forward(x: Tensor): Tensor {
    return layerNorm(x, this.normalizedShape, this.weight, this.bias, this.eps);
  }

  override extraRepr(): string {
    const { normalizedShape, eps, elementwiseAffine, bias } = this;
    return `${pyRepr(normalizedShape)}, eps=${pyRepr(eps)}, elementwise_affine=${pyRepr(elementwiseAffine)}, bias=${pyRepr(bias !== null)}`;
  }
}

/**
 * y = x / sqrt(mean(x^2) + eps) * weight, over the last dimensions. Input and output [..., *normalizedShape].
 * Learns `weight` of that shape, starting at 1.
 */
export class RMSNorm extends Module {
  readonly normalizedShape: readonly number[];
  readonly eps: number | null;
  readonly elementwiseAffine: boolean;
  weight: Parameter | null;

  constructor(
    ...args:
      | [normalizedShape: IntOrTuple, ...rest: Args<RMSNormOptions, ["eps", "elementwiseAffine", "device", "dtype"]>]
      | [options: WithShape<RMSNormOptions>]
  ) {
    super();
    const o = readArgs<WithShape<RMSNormOptions>>("RMSNorm", RMS, args);
    const { eps = null, elementwiseAffine = true, device, dtype } = o;
    this.normalizedShape = ints(required("RMSNorm", o, "normalizedShape"));
    this.eps = eps;
    this.elementwiseAffine = elementwiseAffine;
    this.weight = elementwiseAffine ? new Parameter(empty(this.normalizedShape, { device, dtype })) : null;
    this.resetParameters();
  }

  /** Back to weight 1. */
  resetParameters(): void {
    if (this.weight !== null) ones_(this.weight);
  }

  forward(x: Tensor): Tensor {
    return rmsNorm(x, this.normalizedShape, this.weight, this.eps);
  }

  override extraRepr(): string {
    const { normalizedShape, eps, elementwiseAffine } = this;
    return `${pyRepr(normalizedShape)}, eps=${pyRepr(eps)}, elementwise_affine=${pyRepr(elementwiseAffine)}`;
  }
}
