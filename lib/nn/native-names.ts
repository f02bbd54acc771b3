/** What PyTorch calls its layers underneath: results together with the statistics behind them, and single gradients. */
import { byName } from "../by-name.js";
import { empty } from "../creation.js";
import { type DType, dtypeCode } from "../dtype.js";
import { ArgumentError } from "../errors.js";
import { native, type TensorHandle } from "../native.js";
import { handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { optionalHandle } from "./loss/reduction.js";

type Optional = TensorBase | null;

/** The result and its statistics, which have the input's type. */
function three([y, mean, rstd]: [TensorHandle, TensorHandle, TensorHandle], x: TensorBase): [Tensor, Tensor, Tensor] {
  const typed = (statistic: TensorHandle) => {
    const s = wrap(statistic);
    return s.dtype === "float32" ? s.to(x.dtype) : s;
  };
  return [wrap(y), typed(mean), typed(rstd)];
}

/** Layer normalisation with each row's mean and 1 / std. */
export const nativeLayerNorm = byName(
  "nativeLayerNorm",
  (
    x: TensorBase,
    normalizedShape: readonly number[],
    weight: Optional,
    bias: Optional,
    eps: number,
  ): [Tensor, Tensor, Tensor] => {
    const affine = [optionalHandle(weight), optionalHandle(bias)] as const;
    return three(native.layerNormWithStats(handleOf(x), [...normalizedShape], ...affine, eps), x);
  },
);

/** Group normalisation of x, which has N samples, C channels and HxW places, with each group's mean and 1 / std. */
export const nativeGroupNorm = byName(
  "nativeGroupNorm",
  (
    x: TensorBase,
    weight: Optional,
    bias: Optional,
    N: number,
    C: number,
    HxW: number,
    group: number,
    eps: number,
  ): [Tensor, Tensor, Tensor] => {
    if (x.numel() !== N * C * HxW) {
      throw new ArgumentError(`nativeGroupNorm: expected ${N} * ${C} * ${HxW} elements, received ${x.numel()}`);
    }
    const affine = [optionalHandle(weight), optionalHandle(bias)] as const;
    return three(native.groupNormWithStats(handleOf(x), group, ...affine, eps), x);
  },
);

/** Batch normalisation with each channel's mean and 1 / std in training, and nothing in evaluation. */
export const nativeBatchNorm = byName(
  "nativeBatchNorm",
  (
    x: TensorBase,
    weight: Optional,
    bias: Optional,
    runningMean: Optional,
    runningVar: Optional,
    training: boolean,
    momentum: number,
    eps: number,
  ): [Tensor, Tensor, Tensor] => {
    const statistics = [optionalHandle(runningMean), optionalHandle(runningVar)] as const;
    const affine = [optionalHandle(weight), optionalHandle(bias)] as const;
    return three(native.batchNormWithStats(handleOf(x), ...statistics, ...affine, training, momentum, eps), x);
  },
);

type Statistics = [runningMean: TensorBase, runningVar: TensorBase];
type BatchNormNumbers = [training: boolean, momentum: number, eps: number];

/** {@link nativeBatchNorm}, with running statistics or without. */
export const _nativeBatchNormLegit = byName(
  "_nativeBatchNormLegit",
  (
    x: TensorBase,
    weight: Optional,
    bias: Optional,
    ...rest: [...Statistics, ...BatchNormNumbers] | BatchNormNumbers
  ): [Tensor, Tensor, Tensor] => {
    if (rest.length === 3) return nativeBatchNorm(x, weight, bias, null, null, ...rest);
    return nativeBatchNorm(x, weight, bias, ...rest);
  },
);

/** {@link nativeBatchNorm} in training, and a reserve that is empty here. */
export function _batchNormWithUpdate(
  x: TensorBase,
  weight: Optional,
  bias: Optional,
  runningMean: TensorBase,
  runningVar: TensorBase,
  momentum: number,
  eps: number,
): [Tensor, Tensor, Tensor, Tensor] {
  const parts = nativeBatchNorm(x, weight, bias, runningMean, runningVar, true, momentum, eps);
  return [...parts, empty([0], { dtype: "uint8" })];
}

/** The gradient of dropout: grad * mask * scale. */
export function nativeDropoutBackward(gradOutput: TensorBase, mask: TensorBase, scale: number): Tensor {
  return wrap(native.nativeDropoutBackward(handleOf(gradOutput), handleOf(mask), scale));
}

/** The gradient of softmax by its input, from its result. */
export const _softmaxBackwardData = byName(
  "_softmaxBackwardData",
  (gradOutput: TensorBase, output: TensorBase, dim: number, inputDtype: DType): Tensor =>
    wrap(native.softmaxBackwardData(handleOf(gradOutput), handleOf(output), dim, dtypeCode(inputDtype))),
);
