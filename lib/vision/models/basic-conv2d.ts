/** What GoogLeNet and Inception V3 share. */
import { BatchNorm2d, Conv2d, init, type Layer, type Linear, Module } from "../../nn/index.js";
import type { Module as AnyModule } from "../../nn/module.js";
import { cat } from "../../ops/join.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";
import { initialise } from "./initialise.js";

/** Options of a convolution without a bias. */
export interface BasicConvOptions {
  kernelSize: number | [number, number];
  stride?: number;
  padding?: number | [number, number];
}

/** The class of such a convolution. */
export type ConvBlock = new (from: number, to: number, options: BasicConvOptions) => Layer;

/** A convolution, batch norm with eps 0.001, ReLU. */
export class BasicConv2d extends Module {
  conv: Conv2d<false>;
  bn: BatchNorm2d;

  constructor(from: number, to: number, options: BasicConvOptions) {
    super();
    this.conv = new Conv2d(from, to, { bias: false, ...options });
    this.bn = new BatchNorm2d(to, { eps: 0.001 });
  }

  forward(x: Tensor): Tensor {
    return this.bn.forward(this.conv.forward(x)).relu_();
  }
}

/** Images normalised by ImageNet's mean and deviation, as if by 0.5 and 0.5: what these models were trained with. */
export function transformInput(x: Tensor): Tensor {
  const [mean, deviation] = [
    [0.485, 0.456, 0.406],
    [0.229, 0.224, 0.225],
  ];
  const channels = [0, 1, 2].map((c) =>
    x
      .select(1, c)
      .unsqueeze(1)
      .mul((deviation[c] ?? 1) / 0.5)
      .add(((mean[c] ?? 0) - 0.5) / 0.5),
  );
  return cat(channels, 1);
}

/** Truncated normal weights: the layers' own deviation, or `std`. */
export function initialiseTruncated(model: AnyModule, std: number, deviations: ReadonlyMap<AnyModule, number>): void {
  const begin = (m: Conv2d<boolean> | Linear<boolean>) =>
    init.truncNormal_(m.weight, 0, deviations.get(m) ?? std, -2, 2);
  initialise(model, { conv: begin, linear: begin });
}

/** torchvision's warning where `initWeights` is not said. */
export function warnInit(model: "GoogleNet" | "inception_v3"): void {
  warnOnce(
    `CANDLEWICK_INIT_${model.toUpperCase()}`,
    `The default weight initialization of ${model} will be changed in future releases of torchvision. If you wish to keep the old behavior (which leads to long initialization times due to scipy/scipy#11299), please set init_weights=True.`,
  );
}
