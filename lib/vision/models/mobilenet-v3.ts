/** MobileNet V3.   [Howard et al. 2019](https://arxiv.org/abs/1905.02244) */
import { AdaptiveAvgPool2d, Dropout, Hardsigmoid, Hardswish, type Layer, Linear, Module, Sequential } from "../../nn/index.js"; // biome-ignore format: one line
import type { Tensor } from "../../tensor.js";
import { Conv2dNormActivation } from "../ops/conv-norm-activation.js";
import { type Activation, batchNormOf, type NormLayer, relu } from "../ops/layers.js";
import { SqueezeExcitation } from "../ops/squeeze-excitation.js";
import { builder } from "./builder.js";
import { divisible } from "./divisible.js";
import { initialise } from "./initialise.js";
import { MOBILE } from "./mobilenet-v2.js";
import * as weights from "./weights/mobilenet-v3.js";

/** Options of {@link MobileNetV3}. */
export interface MobileNetV3Options {
  /** Default 1000. */
  numClasses?: number;
  /** Makes the normalisations. Default: batch norm with eps 0.001 and momentum 0.01. */
  normLayer?: NormLayer;
  /** The probability of the dropout. Default 0.2. */
  dropout?: number;
  /** Multiplies the numbers of channels. Default 1. */
  widthMult?: number;
  /** Whether the last stage has half as many channels. Default false. */
  reducedTail?: boolean;
  /** Whether the last stage dilates in the place of its stride. Default false. */
  dilated?: boolean;
}

const hardswish: Activation = (inplace) => new Hardswish({ inplace });

/** A row of the paper's tables: input, kernel, expanded, output channels, squeeze-and-excitation, activation, stride, dilation. */
type Row = readonly [input: number, kernel: number, expanded: number, out: number, se: boolean, act: "RE" | "HS", stride: number, dilation: number]; // biome-ignore format: one line

/** A block of a row. */
class InvertedResidual extends Module {
  readonly block: Sequential;
  readonly useResConnect: boolean;

  constructor([input, kernelSize, expanded, out, se, act, stride, dilation]: Row, normLayer: NormLayer) {
    super();
    this.useResConnect = stride === 1 && input === out;
    const activationLayer = act === "HS" ? hardswish : relu;
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
    if (se) {
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
export class MobileNetV3 extends Module {
  readonly features: Sequential;
  readonly avgpool: AdaptiveAvgPool2d;
  classifier: Sequential;

  constructor(rows: readonly Row[], lastChannel: number, options: MobileNetV3Options = {}) {
    super();
    const { numClasses = 1000, dropout = 0.2, normLayer = batchNormOf({ eps: 0.001, momentum: 0.01 }) } = options;
    const [first, final] = [rows[0]?.[0] ?? 16, rows.at(-1)?.[3] ?? 16];
    this.features = new Sequential(
      new Conv2dNormActivation(3, first, { stride: 2, normLayer, activationLayer: hardswish }),
      ...rows.map((row) => new InvertedResidual(row, normLayer)),
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

const mobilenet = (rows: readonly Row[], lastChannel: number) => (options: MobileNetV3Options) => {
  const { widthMult = 1, reducedTail = false, dilated = false } = options;
  const width = (channels: number) => divisible(channels * widthMult, 8);
  const tail = rows.length - 3;
  const half = (channels: number) => (reducedTail ? Math.floor(channels / 2) : channels);
  const scaled = rows.map(([input, kernel, expanded, out, se, act, stride, dilation], i): Row => {
    const last = i >= tail;
    return [
      ...([width(i > tail ? half(input) : input), kernel, width(i > tail ? half(expanded) : expanded)] as const),
      ...([width(last ? half(out) : out), se, act, stride, last && dilated ? 2 : dilation] as const),
    ];
  });
  return new MobileNetV3(scaled, divisible(half(lastChannel) * widthMult, 8), options);
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
