/**
 * EfficientNet and EfficientNet V2.
 * [Tan, Le 2019](https://arxiv.org/abs/1905.11946), [Tan, Le 2021](https://arxiv.org/abs/2104.00298)
 */
import { type RequiredArgs, readArgs, required } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import { AdaptiveAvgPool2d, Dropout, init, type Layer, Linear, Module, Sequential, SiLU } from "../../nn/index.js"; // biome-ignore format: one line
import type { Tensor } from "../../tensor.js";
import { Conv2dNormActivation } from "../ops/conv-norm-activation.js";
import { batchNorm, batchNormOf, type MakeActivation, type NormLayer, normOf } from "../ops/layers.js";
import { SqueezeExcitation } from "../ops/squeeze-excitation.js";
import { StochasticDepth } from "../ops/stochastic-depth.js";
import { builder } from "./builder.js";
import { divisible } from "./divisible.js";
import { ModuleWithLayers } from "./head.js";
import { initialise, zeroBias } from "./initialise.js";
import * as weights from "./weights/efficientnet.js";

/** Options of {@link EfficientNet}. */
export interface EfficientNetOptions {
  /** Default 1000. */
  numClasses?: number;
  /** The probability of the dropout. Default: the builder's. */
  dropout?: number;
  /** The probability with which the last block is left out; it falls linearly towards the first. Default 0.2. */
  stochasticDepthProb?: number;
  /** The normalisation. Default: the builder's; of the class, batch norm. */
  normLayer?: NormLayer | null;
}

/** All arguments of {@link EfficientNet}. */
export interface EfficientNetAll extends EfficientNetOptions {
  /** The rows of the table of stages. */
  invertedResidualSetting: readonly EfficientNetStage[];
  dropout: number;
  /** The channels of the last convolution. Default: four times those of the last stage. */
  lastChannel?: number | null;
}
const NAMES = [
  ...(["invertedResidualSetting", "dropout", "stochasticDepthProb", "numClasses"] as const),
  ...(["normLayer", "lastChannel"] as const),
] as const;
type Rest = ["stochasticDepthProb", "numClasses", "normLayer", "lastChannel"];

const silu: MakeActivation = (inplace) => new SiLU({ inplace: inplace === true });

/** A row of the papers' tables. */
export interface EfficientNetStage {
  /** Whether one convolution does the work of the first two: {@link FusedMBConv}. */
  readonly fused: boolean;
  /** How many times the channels of the input a block has inside. */
  readonly expandRatio: number;
  /** The side of the kernel. */
  readonly kernel: number;
  /** The stride of the first block. */
  readonly stride: number;
  readonly inputChannels: number;
  readonly outChannels: number;
  /** The number of blocks. */
  readonly numLayers: number;
}

/** What both kinds of blocks share. */
abstract class Block extends Module {
  readonly useResConnect: boolean;
  block: Sequential;
  stochastic_depth: StochasticDepth;

  constructor(
    { inputChannels: from, outChannels: to, stride }: EfficientNetStage,
    layers: readonly Layer[],
    stochasticDepthProb: number,
  ) {
    super();
    if (stride !== 1 && stride !== 2) throw new ArgumentError("illegal stride value");
    this.useResConnect = stride === 1 && from === to;
    this.block = new Sequential(...layers);
    this.stochastic_depth = new StochasticDepth(stochasticDepthProb, "row");
  }

  forward(x: Tensor): Tensor {
    const y = this.block.forward(x);
    return this.useResConnect ? this.stochastic_depth.forward(y).add_(x) : y;
  }
}

/** To more channels, a convolution of each channel, squeeze and excitation, back to few. */
export class MBConv extends Block {
  constructor(stage: EfficientNetStage, stochasticDepthProb: number, normLayer: NormLayer) {
    const { expandRatio: expand, kernel: kernelSize, stride, inputChannels: from, outChannels: to } = stage;
    const hidden = divisible(from * expand, 8);
    const layers: Layer[] = [];
    if (hidden !== from) {
      layers.push(new Conv2dNormActivation(from, hidden, { kernelSize: 1, normLayer, activationLayer: silu }));
    }
    layers.push(
      new Conv2dNormActivation(hidden, hidden, {
        ...{ kernelSize, stride, groups: hidden, normLayer, activationLayer: silu },
      }),
      new SqueezeExcitation(hidden, Math.max(1, Math.floor(from / 4)), { activation: () => silu(true) }),
      new Conv2dNormActivation(hidden, to, { kernelSize: 1, normLayer, activationLayer: null }),
    );
    super(stage, layers, stochasticDepthProb);
  }
}

/** A convolution to more channels and one back to few. */
export class FusedMBConv extends Block {
  constructor(stage: EfficientNetStage, stochasticDepthProb: number, normLayer: NormLayer) {
    const { expandRatio: expand, kernel: kernelSize, stride, inputChannels: from, outChannels: to } = stage;
    const hidden = divisible(from * expand, 8);
    const wide = { kernelSize, stride, normLayer, activationLayer: silu };
    const layers =
      hidden === from
        ? [new Conv2dNormActivation(from, to, wide)]
        : [
            new Conv2dNormActivation(from, hidden, wide),
            new Conv2dNormActivation(hidden, to, { kernelSize: 1, normLayer, activationLayer: null }),
          ];
    super(stage, layers, stochasticDepthProb);
  }
}

/** x [N, 3, H, W] -> logits [N, classes]. */
export class EfficientNet extends ModuleWithLayers {
  features: Sequential;
  avgpool: AdaptiveAvgPool2d;

  constructor(...args: RequiredArgs<EfficientNetAll, ["invertedResidualSetting", "dropout"], Rest>) {
    super();
    const op = "EfficientNet";
    const o = readArgs<EfficientNetAll>(op, NAMES, args);
    const [stages, dropout] = [required(op, o, "invertedResidualSetting"), required(op, o, "dropout")];
    if (!Array.isArray(stages) || stages.length === 0) {
      throw new ArgumentError("The inverted_residual_setting should not be empty");
    }
    const { numClasses = 1000, stochasticDepthProb = 0.2, lastChannel = null } = o;
    const normLayer = normOf(op, o.normLayer, batchNorm);
    const [first, last] = [stages[0].inputChannels, stages.at(-1)?.outChannels ?? 0];
    const out = lastChannel ?? 4 * last;
    const total = stages.reduce((n, { numLayers }) => n + numLayers, 0);
    let done = 0;
    const layers: Layer[] = [new Conv2dNormActivation(3, first, { stride: 2, normLayer, activationLayer: silu })];
    for (const stage of stages as readonly EfficientNetStage[]) {
      const kind = stage.fused ? FusedMBConv : MBConv;
      const blocks = Array.from({ length: stage.numLayers }, (_, i) => {
        const own = i === 0 ? stage : { ...stage, inputChannels: stage.outChannels, stride: 1 };
        return new kind(own, (stochasticDepthProb * done++) / total, normLayer);
      });
      layers.push(new Sequential(...blocks));
    }
    layers.push(new Conv2dNormActivation(last, out, { kernelSize: 1, normLayer, activationLayer: silu }));
    this.features = new Sequential(...layers);
    this.avgpool = new AdaptiveAvgPool2d(1);
    this.classifier = new Sequential(new Dropout(dropout, { inplace: true }), new Linear(out, numClasses));
    initialise(this, {
      conv(m) {
        init.kaimingNormal_(m.weight, { mode: "fan_out" });
        zeroBias(m);
      },
      linear(m) {
        const range = 1 / Math.sqrt(m.outFeatures);
        init.uniform_(m.weight, -range, range);
        zeroBias(m);
      },
    });
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(this.avgpool.forward(this.features.forward(x)).flatten(1));
  }
}

/** Rows: fused or not, expansion, kernel, stride, channels before and after, blocks. */
type Row = readonly [kind: "fused" | "mb", expand: number, kernel: number, stride: number, from: number, to: number, blocks: number]; // biome-ignore format: one line

const V1: readonly Row[] = [
  ["mb", 1, 3, 1, 32, 16, 1],
  ["mb", 6, 3, 2, 16, 24, 2],
  ["mb", 6, 5, 2, 24, 40, 2],
  ["mb", 6, 3, 2, 40, 80, 3],
  ["mb", 6, 5, 1, 80, 112, 3],
  ["mb", 6, 5, 2, 112, 192, 4],
  ["mb", 6, 3, 1, 192, 320, 1],
];
const S: readonly Row[] = [
  ["fused", 1, 3, 1, 24, 24, 2],
  ["fused", 4, 3, 2, 24, 48, 4],
  ["fused", 4, 3, 2, 48, 64, 4],
  ["mb", 4, 3, 2, 64, 128, 6],
  ["mb", 6, 3, 1, 128, 160, 9],
  ["mb", 6, 3, 2, 160, 256, 15],
];
const M: readonly Row[] = [
  ["fused", 1, 3, 1, 24, 24, 3],
  ["fused", 4, 3, 2, 24, 48, 5],
  ["fused", 4, 3, 2, 48, 80, 5],
  ["mb", 4, 3, 2, 80, 160, 7],
  ["mb", 6, 3, 1, 160, 176, 14],
  ["mb", 6, 3, 2, 176, 304, 18],
  ["mb", 6, 3, 1, 304, 512, 5],
];
const L: readonly Row[] = [
  ["fused", 1, 3, 1, 32, 32, 4],
  ["fused", 4, 3, 2, 32, 64, 7],
  ["fused", 4, 3, 2, 64, 96, 7],
  ["mb", 4, 3, 2, 96, 192, 10],
  ["mb", 6, 3, 1, 192, 224, 19],
  ["mb", 6, 3, 2, 224, 384, 25],
  ["mb", 6, 3, 1, 384, 640, 7],
];

/** The rows with their channels multiplied by `width`, their blocks by `depth`. */
function scaled(rows: readonly Row[], width: number, depth: number): EfficientNetStage[] {
  return rows.map(([kind, expandRatio, kernel, stride, from, to, blocks]) => ({
    ...{ fused: kind === "fused", expandRatio, kernel, stride, numLayers: Math.ceil(blocks * depth) },
    ...{ inputChannels: divisible(from * width, 8), outChannels: divisible(to * width, 8) },
  }));
}

const b = (width: number, depth: number, dropout: number, fixed: EfficientNetOptions = {}) => {
  return (options: EfficientNetOptions) =>
    new EfficientNet({ invertedResidualSetting: scaled(V1, width, depth), dropout, ...fixed, ...options });
};
const v2 = (rows: readonly Row[], dropout: number) => (options: EfficientNetOptions) =>
  new EfficientNet({
    ...{
      invertedResidualSetting: scaled(rows, 1, 1),
      lastChannel: 1280,
      dropout,
      normLayer: batchNormOf({ eps: 1e-3 }),
    },
    ...options,
  });
/** Batch norm as in TensorFlow, of the larger ones. */
const tensorflow = { normLayer: batchNormOf({ eps: 0.001, momentum: 0.01 }) };

/** EfficientNet B0. */
export const efficientnet_b0 = builder("efficientnet_b0", weights.EfficientNet_B0_Weights, b(1, 1, 0.2));
/** EfficientNet B1. */
export const efficientnet_b1 = builder("efficientnet_b1", weights.EfficientNet_B1_Weights, b(1, 1.1, 0.2));
/** EfficientNet B2. */
export const efficientnet_b2 = builder("efficientnet_b2", weights.EfficientNet_B2_Weights, b(1.1, 1.2, 0.3));
/** EfficientNet B3. */
export const efficientnet_b3 = builder("efficientnet_b3", weights.EfficientNet_B3_Weights, b(1.2, 1.4, 0.3));
/** EfficientNet B4. */
export const efficientnet_b4 = builder("efficientnet_b4", weights.EfficientNet_B4_Weights, b(1.4, 1.8, 0.4));
/** EfficientNet B5. */
export const efficientnet_b5 = builder(
  "efficientnet_b5",
  weights.EfficientNet_B5_Weights,
  b(1.6, 2.2, 0.4, tensorflow),
);
/** EfficientNet B6. */
export const efficientnet_b6 = builder(
  "efficientnet_b6",
  weights.EfficientNet_B6_Weights,
  b(1.8, 2.6, 0.5, tensorflow),
);
/** EfficientNet B7. */
export const efficientnet_b7 = builder("efficientnet_b7", weights.EfficientNet_B7_Weights, b(2, 3.1, 0.5, tensorflow));
/** EfficientNet V2 small. */
export const efficientnet_v2_s = builder("efficientnet_v2_s", weights.EfficientNet_V2_S_Weights, v2(S, 0.2));
/** EfficientNet V2 medium. */
export const efficientnet_v2_m = builder("efficientnet_v2_m", weights.EfficientNet_V2_M_Weights, v2(M, 0.3));
/** EfficientNet V2 large. */
export const efficientnet_v2_l = builder("efficientnet_v2_l", weights.EfficientNet_V2_L_Weights, v2(L, 0.4));
