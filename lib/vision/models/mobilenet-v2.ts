/** MobileNet V2: inverted residuals with linear bottlenecks.   [Sandler et al. 2018](https://arxiv.org/abs/1801.04381) */
import { type Args, readArgs } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import { Conv2d, Dropout, init, type Layer, Linear, Module, ReLU6, Sequential } from "../../nn/index.js"; // biome-ignore format: one line
import { describe } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { Conv2dNormActivation } from "../ops/conv-norm-activation.js";
import { batchNorm, type MakeActivation, type NormLayer, normOf } from "../ops/layers.js";
import { builder } from "./builder.js";
import { divisible } from "./divisible.js";
import { ModuleWithLayers } from "./head.js";
import { type Beginning, initialise, zeroBias } from "./initialise.js";
import { MobileNet_V2_Weights } from "./weights/mobilenet-v2.js";

/** Options of {@link MobileNetV2}. */
export interface MobileNetV2Options {
  /** Default 1000. */
  numClasses?: number;
  /** Multiplies the numbers of channels. Default 1. */
  widthMult?: number;
  /** Rows of blocks: expansion, channels, how many, the stride of the first. Default: the paper's. */
  invertedResidualSetting?: readonly (readonly number[])[] | null;
  /** What numbers of channels are multiples of. Default 8. */
  roundNearest?: number;
  /** The class of the blocks: channels before and after, stride, expansion, normalisation. Default: {@link InvertedResidual}. */
  block?: (new (from: number, to: number, stride: number, expand: number, normLayer: NormLayer) => Layer) | null;
  /** The normalisation. Default: batch norm. */
  normLayer?: NormLayer | null;
  /** The probability of the dropout. Default 0.2. */
  dropout?: number;
}

const NAMES = [
  ...(["numClasses", "widthMult", "invertedResidualSetting", "roundNearest", "block"] as const),
  ...(["normLayer", "dropout"] as const),
] as const;

const SETTING: readonly (readonly number[])[] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

export const relu6: MakeActivation = (inplace) => new ReLU6({ inplace: inplace === true });

/** To more channels, a convolution of each channel, back to few without an activation; with a shortcut where sizes agree. */
export class InvertedResidual extends Module {
  conv: Sequential;
  readonly useResConnect: boolean;

  constructor(from: number, to: number, stride: number, expand: number, normLayer: NormLayer = batchNorm) {
    super();
    if (stride !== 1 && stride !== 2) throw new ArgumentError(`stride should be 1 or 2 instead of ${stride}`);
    const hidden = Math.round(from * expand);
    const norm = normOf("InvertedResidual", normLayer, batchNorm);
    this.useResConnect = stride === 1 && from === to;
    const common = { normLayer, activationLayer: relu6 };
    const layers: Layer[] = [];
    if (expand !== 1) layers.push(new Conv2dNormActivation(from, hidden, { kernelSize: 1, ...common }));
    layers.push(new Conv2dNormActivation(hidden, hidden, { stride, groups: hidden, ...common }));
    layers.push(new Conv2d(hidden, to, 1, { bias: false }), norm(to));
    this.conv = new Sequential(...layers);
  }

  forward(x: Tensor): Tensor {
    return this.useResConnect ? x.add(this.conv.forward(x)) : this.conv.forward(x);
  }
}

/** x [N, 3, H, W] -> logits [N, classes]. */
export class MobileNetV2 extends ModuleWithLayers {
  features: Sequential;

  constructor(...args: Args<MobileNetV2Options, typeof NAMES>) {
    super();
    const o = readArgs<MobileNetV2Options>("MobileNetV2", NAMES, args);
    const { numClasses = 1000, widthMult = 1, roundNearest = 8, dropout = 0.2 } = o;
    const setting = o.invertedResidualSetting ?? SETTING;
    if (!Array.isArray(setting) || setting.length === 0 || setting[0]?.length !== 4) {
      throw new ArgumentError(`inverted_residual_setting should be non-empty or a 4-element list, got ${describe(setting)}`); // biome-ignore format: one line
    }
    const normLayer = normOf("MobileNetV2", o.normLayer, batchNorm);
    const block = o.block ?? InvertedResidual;
    let channels = divisible(32 * widthMult, roundNearest);
    const last = divisible(1280 * Math.max(1, widthMult), roundNearest);
    const layers: Layer[] = [new Conv2dNormActivation(3, channels, { stride: 2, normLayer, activationLayer: relu6 })];
    for (const [t = 1, c = 1, n = 1, s = 1] of setting) {
      const to = divisible(c * widthMult, roundNearest);
      for (let i = 0; i < n; i++) {
        layers.push(new block(channels, to, i === 0 ? s : 1, t, normLayer));
        channels = to;
      }
    }
    layers.push(new Conv2dNormActivation(channels, last, { kernelSize: 1, normLayer, activationLayer: relu6 }));
    this.features = new Sequential(...layers);
    this.classifier = new Sequential(new Dropout(dropout), new Linear(last, numClasses));
    initialise(this, MOBILE);
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(this.features.forward(x).mean([2, 3]));
  }
}

/** How MobileNets begin. */
export const MOBILE: Beginning = {
  conv(m) {
    init.kaimingNormal_(m.weight, { mode: "fan_out" });
    zeroBias(m);
  },
  linear(m) {
    init.normal_(m.weight, 0, 0.01);
    zeroBias(m);
  },
};

/** MobileNet V2. */
export const mobilenet_v2 = builder(
  "mobilenet_v2",
  MobileNet_V2_Weights,
  (options: MobileNetV2Options) => new MobileNetV2(options),
);
