/** Batch normalisation folded into the layer before it, for inference. */

import { byName, byNameBeside } from "../../by-name.js";
import { deepcopy } from "../../deepcopy.js";
import { ArgumentError } from "../../errors.js";
import { isModule } from "../../marks.js";
import { rsqrt } from "../../ops/pointwise.js";
import { describe } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import type { Module } from "../module.js";
import type { BatchNorm1d, BatchNorm2d } from "../normalization/batch-norm.js";
import { Parameter } from "../parameter.js";

/** A batch normalisation. */
type BatchNorm = BatchNorm1d | BatchNorm2d;
/** A layer with a weight and perhaps a bias. */
type Weighted = Module & { weight: Parameter; bias: Parameter | null };

/** w * (gamma / sqrt(var + eps)) per output, and (b - mean) / sqrt(var + eps) * gamma + beta. */
function fused(
  w: Tensor,
  b: Tensor | null,
  mean: Tensor,
  variance: Tensor,
  eps: number,
  gamma: Tensor | null,
  beta: Tensor | null,
  shape: readonly number[],
): [Parameter, Parameter] {
  const inverse = rsqrt(variance.add(eps));
  const scale = gamma === null ? inverse : inverse.mul(gamma);
  const shifted = (b === null ? mean.neg() : b.sub(mean)).mul(scale);
  const weight = w.mul(scale.reshape([...shape])).to(w.dtype);
  const bias = (beta === null ? shifted : shifted.add(beta)).to(b?.dtype ?? w.dtype);
  return [
    new Parameter(weight.detach(), w.requiresGrad),
    new Parameter(bias.detach(), b === null ? false : b.requiresGrad),
  ];
}

/** The weight and bias of a convolution with a batch normalisation folded in; `transpose` for transposed convolutions. */
export const fuseConvBnWeights = byName(
  "nn.utils.fuseConvBnWeights",
  (
    convW: Tensor,
    convB: Tensor | null,
    bnRm: Tensor,
    bnRv: Tensor,
    bnEps: number,
    bnW: Tensor | null,
    bnB: Tensor | null,
    transpose = false,
  ): [Parameter, Parameter] => {
    const rest = Array<number>(Math.max(convW.ndim - 2, 0)).fill(1);
    return fused(convW, convB, bnRm, bnRv, bnEps, bnW, bnB, transpose ? [1, -1, ...rest] : [-1, 1, ...rest]);
  },
);

/** The weight and bias of a linear layer with a batch normalisation folded in. */
export const fuseLinearBnWeights = byName(
  "nn.utils.fuseLinearBnWeights",
  (
    linearW: Tensor,
    linearB: Tensor | null,
    bnRm: Tensor,
    bnRv: Tensor,
    bnEps: number,
    bnW: Tensor | null,
    bnB: Tensor | null,
  ): [Parameter, Parameter] => fused(linearW, linearB, bnRm, bnRv, bnEps, bnW, bnB, [-1, 1]),
);

/** Weight and bias, then mean, variance, epsilon, weight and bias of the normalisation. */
type Fuse = (
  ...args: [Tensor, Tensor | null, Tensor, Tensor, number, Tensor | null, Tensor | null]
) => [Parameter, Parameter];

function checkModules(op: string, ...modules: unknown[]): void {
  for (const module of modules) {
    if (!isModule(module)) throw new ArgumentError(`${op}: expected a module, received ${describe(module)}`, { op });
  }
}

function fuseInto<M extends Weighted>(layer: M, bn: BatchNorm, fuse: Fuse): M {
  if (layer.training || bn.training) throw new ArgumentError("Fusion only for eval!");
  const { running_mean: mean, running_var: variance } = bn;
  if (mean === null || variance === null) {
    throw new ArgumentError("bn.running_mean and bn.running_var must not be None");
  }
  const copy = deepcopy(layer);
  [copy.weight, copy.bias] = fuse(layer.weight, layer.bias, mean, variance, bn.eps, bn.weight, bn.bias);
  return copy;
}

/**
 * A copy of a convolution that also does what the batch normalisation behind it does; `transpose` for transposed
 * convolutions. Errors: one of the two in training mode, or without statistics.
 */
export const fuseConvBnEval = byNameBeside(
  "nn.utils.fuseConvBnEval",
  <M extends Weighted>(conv: M, bn: BatchNorm, transpose = false): M => {
    checkModules("fuseConvBnEval", conv, bn);
    return fuseInto(conv, bn, (...args) => fuseConvBnWeights(...args, transpose));
  },
);

/** The same for a linear layer. Errors: numbers of features that do not fit. */
export const fuseLinearBnEval = byNameBeside(
  "nn.utils.fuseLinearBnEval",
  <M extends Weighted & { outFeatures: number }>(linear: M, bn: BatchNorm): M => {
    checkModules("fuseLinearBnEval", linear, bn);
    if (linear.outFeatures !== bn.numFeatures && bn.numFeatures !== 1) {
      throw new ArgumentError(
        `To fuse, linear.out_features == bn.num_features or bn.num_features == 1, got linear.out_features=${linear.outFeatures} and bn.num_features=${bn.numFeatures}`,
      );
    }
    return fuseInto(linear, bn, fuseLinearBnWeights);
  },
);
