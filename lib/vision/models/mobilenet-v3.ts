/** MobileNet V3.   [Howard et al. 2019](https://arxiv.org/abs/1905.02244) */
import { type RequiredArgs, readArgs, required } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import { AdaptiveAvgPool2d, Dropout, Hardsigmoid, Hardswish, type Layer, Linear, Module, Sequential } from "../../nn/index.js"; // biome-ignore format: one line
import type { Tensor } from "../../tensor.js";
import { Conv2dNormActivation } from "../ops/conv-norm-activation.js";
import { batchNormOf, type MakeActivation, type NormLayer, normOf, relu } from "../ops/layers.js";
import { SqueezeExcitation } from "../ops/squeeze-excitation.js";
import { builder } from "./builder.js";
import { divisible } from "./divisible.js";
import { ModuleWithLayers } from "./head.js";
import { initialise } from "./initialise.js";
import { MOBILE } from "./mobilenet-v2.js";
import * as weights from "./weights/mobilenet-v3.js";

/** Options of {@link MobileNetV3}. */
export interface MobileNetV3Options {
  /** Default 1000. */
  numClasses?: number;
  /** The class of the blocks: a row of the table, normalisation. Default: {@link InvertedResidual}. */
  block?: (new (config: InvertedResidualConfig, normLayer: NormLayer) => Layer) | null;
  /** The normalisation. Default: batch norm with eps 0.001 and momentum 0.01. */
  normLayer?: NormLayer | null;
  /** The probability of the dropout. Default 0.2. */
  dropout?: number;
}

/** All arguments of {@link MobileNetV3}. */
export interface MobileNetV3All extends MobileNetV3Options {
  /** The rows of the table of blocks. */
  invertedResidualSetting: readonly InvertedResidualConfig[];
  /** The width of the classifier's hidden layer. */
  lastChannel: number;
}
const NAMES = ["invertedResidualSetting", "lastChannel", "numClasses", "block", "normLayer", "dropout"] as const;
type Rest = ["numClasses", "block", "normLayer", "dropout"];

/** Options of the builders. */
export interface MobileNetV3BuilderOptions extends MobileNetV3Options {
  /** Multiplies the numbers of channels. Default 1. */
  widthMult?: number;
  /** Whether the last stage has half as many channels. Default false. */
  reducedTail?: boolean;
  /** Whether the last stage replaces its stride by a dilation. Default false. */
  dilated?: boolean;
}

const hardswish: MakeActivation = (inplace) => new Hardswish({ inplace: inplace === true });

/** A row of the paper's tables. */
export interface InvertedResidualConfig {
  /** The channels of the input. */
  readonly inputChannels: number;
  /** The side of the kernel. */
  readonly kernel: number;
  /** The channels inside. */
  readonly expandedChannels: number;
  /** The channels of the output. */
  readonly outChannels: number;
  /** Whether there is squeeze and excitation. */
  readonly useSe: boolean;
  /** The activation: ReLU or hardswish. */
  readonly activation: "RE" | "HS";
  readonly stride: number;
  readonly dilation: number;
}

/** A block of a row. */
class InvertedResidual extends Module {
  block: Sequential;
  readonly useResConnect: boolean;

  constructor(config: InvertedResidualConfig, normLayer: NormLayer) {
    super();
    const { inputChannels: input, kernel: kernelSize, expandedChannels: expanded, outChannels: out } = config;
    const { useSe, activation, stride, dilation } = config;
    if (!(stride >= 1 && stride <= 2)) throw new ArgumentError("illegal stride value");
    this.useResConnect = stride === 1 && input === out;
    const activationLayer = activation === "HS" ? hardswish : relu;
    const layers: Layer[] = [];
    if (expanded !== input) {
      layers.push(new Conv2dNormActivation(input, expanded, { kernelSize: 1, normLayer, activationLayer }));
    }
    const step = dilation > 1 ? 1 : stride;
    layers.push(
      new Conv2dNormActivation(expanded, expanded, {
        ...{ kernelSize, stride: step, dilation, groups: expanded, normLayer, activationLayer },
      }),
    );
    if (useSe) {
      const squeeze = divisible(Math.floor(expanded / 4), 8);
      layers.push(new SqueezeExcitation(expanded, squeeze, { scaleActivation: () => new Hardsigmoid() }));
    }
    layers.push(new Conv2dNormActivation(expanded, out, { kernelSize: 1, normLayer, activationLayer: null }));
    this.block = new Sequential(...layers);
  }

  forward(x: Tensor): Tensor {
    const y = this.block.forward(x);
    return this.useResConnect ? y.add_(x) : y;
  }
}

/** x [N, 3, H, W] -> logits [N, classes]. */
export class MobileNetV3 extends ModuleWithLayers {
  features: Sequential;
  avgpool: AdaptiveAvgPool2d;

  constructor(...args: RequiredArgs<MobileNetV3All, ["invertedResidualSetting", "lastChannel"], Rest>) {
    super();
    const op = "MobileNetV3";
    const o = readArgs<MobileNetV3All>(op, NAMES, args);
    const [rows, lastChannel] = [required(op, o, "invertedResidualSetting"), required(op, o, "lastChannel")];
    if (!Array.isArray(rows) || rows.length === 0) {
      throw new ArgumentError("The inverted_residual_setting should not be empty");
    }
    const { numClasses = 1000, dropout = 0.2 } = o;
    const normLayer = normOf(op, o.normLayer, batchNormOf({ eps: 0.001, momentum: 0.01 }));
    const block = o.block ?? InvertedResidual;
    const [first, final] = [rows[0].inputChannels, rows.at(-1)?.outChannels ?? 16];
    this.features = new Sequential(
      new Conv2dNormActivation(3, first, { stride: 2, normLayer, activationLayer: hardswish }),
      ...rows.map((row: InvertedResidualConfig) => new block(row, normLayer)),
      new Conv2dNormActivation(final, 6 * final, { kernelSize: 1, normLayer, activationLayer: hardswish }),
    );
    this.avgpool = new AdaptiveAvgPool2d(1);
    this.classifier = new Sequential(
      ...[new Linear(6 * final, lastChannel), new Hardswish(true), new Dropout(dropout, { inplace: true })],
      new Linear(lastChannel, numClasses),
    );
    initialise(this, MOBILE);
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(this.avgpool.forward(this.features.forward(x)).flatten(1));
  }
}

/** A row: input, kernel, expanded, output channels, squeeze-and-excitation, activation, stride, dilation. */
type Row = readonly [input: number, kernel: number, expanded: number, out: number, se: boolean, act: "RE" | "HS", stride: number, dilation: number]; // biome-ignore format: one line

/** The tables of the paper; the last three rows are the last stage, of stride 2 or dilated. */
const LARGE: readonly Row[] = [
  [16, 3, 16, 16, false, "RE", 1, 1],
  [16, 3, 64, 24, false, "RE", 2, 1],
  [24, 3, 72, 24, false, "RE", 1, 1],
  [24, 5, 72, 40, true, "RE", 2, 1],
  [40, 5, 120, 40, true, "RE", 1, 1],
  [40, 5, 120, 40, true, "RE", 1, 1],
  [40, 3, 240, 80, false, "HS", 2, 1],
  [80, 3, 200, 80, false, "HS", 1, 1],
  [80, 3, 184, 80, false, "HS", 1, 1],
  [80, 3, 184, 80, false, "HS", 1, 1],
  [80, 3, 480, 112, true, "HS", 1, 1],
  [112, 3, 672, 112, true, "HS", 1, 1],
  [112, 5, 672, 160, true, "HS", 2, 1],
  [160, 5, 960, 160, true, "HS", 1, 1],
  [160, 5, 960, 160, true, "HS", 1, 1],
];
const SMALL: readonly Row[] = [
  [16, 3, 16, 16, true, "RE", 2, 1],
  [16, 3, 72, 24, false, "RE", 2, 1],
  [24, 3, 88, 24, false, "RE", 1, 1],
  [24, 5, 96, 40, true, "HS", 2, 1],
  [40, 5, 240, 40, true, "HS", 1, 1],
  [40, 5, 240, 40, true, "HS", 1, 1],
  [40, 5, 120, 48, true, "HS", 1, 1],
  [48, 5, 144, 48, true, "HS", 1, 1],
  [48, 5, 288, 96, true, "HS", 2, 1],
  [96, 5, 576, 96, true, "HS", 1, 1],
  [96, 5, 576, 96, true, "HS", 1, 1],
];

const mobilenet = (rows: readonly Row[], lastChannel: number) => (options: MobileNetV3BuilderOptions) => {
  const { widthMult = 1, reducedTail = false, dilated = false, ...rest } = options;
  const width = (channels: number) => divisible(channels * widthMult, 8);
  const tail = rows.length - 3;
  const half = (channels: number) => (reducedTail ? Math.floor(channels / 2) : channels);
  const scaled = rows.map(([input, kernel, expanded, out, useSe, activation, stride, dilation], i) => {
    const last = i >= tail;
    return {
      ...{ inputChannels: width(i > tail ? half(input) : input), kernel, useSe, activation, stride },
      ...{ expandedChannels: width(i > tail ? half(expanded) : expanded), outChannels: width(last ? half(out) : out) },
      dilation: last && dilated ? 2 : dilation,
    };
  });
  return new MobileNetV3(scaled, divisible(half(lastChannel) * widthMult, 8), rest);
};

/** MobileNet V3 large. */
export const mobilenet_v3_large = builder(
  "mobilenet_v3_large",
  weights.MobileNet_V3_Large_Weights,
  mobilenet(LARGE, 1280),
);
/** MobileNet V3 small. */
export const mobilenet_v3_small = builder(
  "mobilenet_v3_small",
  weights.MobileNet_V3_Small_Weights,
  mobilenet(SMALL, 1024),
);
