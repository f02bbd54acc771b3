/** The first values of torchvision's models: one walk over the modules, in their order, so that PyTorch's draws come in its order. */
import { BatchNorm2d, Conv2d, GroupNorm, init, Linear } from "../../nn/index.js";
import type { Module } from "../../nn/module.js";

/** How the layers of a model begin; what is not said stays as the layer's constructor made it. */
export interface Beginning {
  conv?(m: Conv2d<boolean>): void;
  linear?(m: Linear<boolean>): void;
  /** The norms that begin with weight 1 and bias 0. Default both kinds. */
  norms?: readonly (typeof BatchNorm2d | typeof GroupNorm)[];
}

/** Gives a model's layers their first values. */
export function initialise(model: Module, { conv, linear, norms = [BatchNorm2d, GroupNorm] }: Beginning): void {
  const isNorm = (m: Module): m is BatchNorm2d | GroupNorm => norms.some((kind) => m instanceof kind);
  for (const m of model.modules()) {
    if (m instanceof Conv2d) conv?.(m);
    else if (m instanceof Linear) linear?.(m);
    else if (isNorm(m)) {
      if (m.weight !== null) init.ones_(m.weight);
      zeroBias(m);
    }
  }
}

/** Zeros a layer's bias where it has one. */
export function zeroBias({ bias }: Pick<Conv2d<boolean> | Linear<boolean> | BatchNorm2d | GroupNorm, "bias">): void {
  if (bias !== null) init.zeros_(bias);
}

/** The perceptrons of vision transformers: weights by Glorot, biases close to 0. */
export const PERCEPTRON: Beginning = {
  linear(m) {
    init.xavierUniform_(m.weight);
    if (m.bias !== null) init.normal_(m.bias, 0, 1e-6);
  },
};
