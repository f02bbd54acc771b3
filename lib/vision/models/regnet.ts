/** RegNet: networks of a space that a few numbers span.   [Radosavovic et al. 2020](https://arxiv.org/abs/2003.13678) */
import { type RequiredArgs, readArgs, required } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import { AdaptiveAvgPool2d, BatchNorm2d, init, type Layer, Linear, Module, ReLU, Sequential } from "../../nn/index.js";
import type { Tensor } from "../../tensor.js";
import { Conv2dNormActivation } from "../ops/conv-norm-activation.js";
import { type ActivationLayer, activationOf, batchNorm, type NormLayer, normOf, relu } from "../ops/layers.js";
import { SqueezeExcitation } from "../ops/squeeze-excitation.js";
import { builder } from "./builder.js";
import { divisible } from "./divisible.js";
import { ModuleWithFc } from "./head.js";
import { initialise, zeroBias } from "./initialise.js";
import * as weights from "./weights/regnet.js";

/** Options of {@link RegNet}. */
export interface RegNetOptions {
  /** Default 1000. */
  numClasses?: number;
  /** The channels of the first convolution. Default 32. */
  stemWidth?: number;
  /** The class of the first convolution: channels before and after, normalisation, activation. Default: 3 x 3 of stride 2. */
  stemType?: (new (from: number, to: number, normLayer: NormLayer, activation: ActivationLayer) => Layer) | null;
  /** The class of the blocks. Default: bottlenecks with a shortcut. */
  blockType?: RegNetBlock | null;
  /** The normalisation. Default: batch norm. */
  normLayer?: NormLayer | null;
  /** The activation. Default: ReLU. */
  activation?: ActivationLayer | null;
}

/** The class of a block: channels before and after, stride, normalisation, activation, width of a group, squeeze and excitation's part. */
export type RegNetBlock = new (
  from: number,
  to: number,
  stride: number,
  normLayer: NormLayer,
  activation: ActivationLayer,
  groupWidth: number,
  seRatio: number,
) => Layer;

/** All arguments of {@link RegNet}. */
export interface RegNetAll extends RegNetOptions {
  /** The numbers from which the stages follow. */
  blockParams: RegNetParams;
}
const NAMES = ["blockParams", "numClasses", "stemWidth", "stemType", "blockType", "normLayer", "activation"] as const;
type Rest = ["numClasses", "stemWidth", "stemType", "blockType", "normLayer", "activation"];

/** The numbers of a network: blocks, first width, slope, step of the widths, width of a group, squeeze and excitation's part. */
export interface RegNetParams {
  readonly depth: number;
  readonly w0: number;
  readonly wa: number;
  readonly wm: number;
  readonly groupWidth: number;
  readonly seRatio?: number;
}

interface StageParams {
  readonly width: number;
  readonly depth: number;
  readonly groupWidth: number;
}

/** To the nearest integer, halves to the even one. */
function rounded(x: number): number {
  const down = Math.floor(x);
  return x - down === 0.5 ? down + (down % 2) : Math.round(x);
}

/** The stages: widths grow by the powers of wm nearest to a line, in multiples of 8; blocks of one width are a stage. */
function stagesOf({ depth, w0, wa, wm, groupWidth }: RegNetParams): StageParams[] {
  if (wa < 0 || w0 <= 0 || wm <= 1 || w0 % 8 !== 0) throw new ArgumentError("Invalid RegNet settings");
  const counts = new Map<number, number>();
  for (let i = 0; i < depth; i++) {
    const power = rounded(Math.log((i * wa + w0) / w0) / Math.log(wm));
    const width = rounded((w0 * wm ** power) / 8) * 8;
    counts.set(width, (counts.get(width) ?? 0) + 1);
  }
  return [...counts].map(([width, blocks]) => {
    const group = Math.min(groupWidth, width);
    return { width: divisible(width, group), depth: blocks, groupWidth: group };
  });
}

/** The first convolution. */
class SimpleStemIN extends Conv2dNormActivation {
  constructor(from: number, to: number, normLayer: NormLayer, activationLayer: ActivationLayer) {
    super(from, to, { kernelSize: 3, stride: 2, normLayer, activationLayer });
  }
}

type BlockArgs = ConstructorParameters<RegNetBlock>;

/** A 1 x 1, a 3 x 3 of groups, squeeze and excitation, a 1 x 1. */
class BottleneckTransform extends Sequential {
  constructor(...[from, to, stride, normLayer, activationLayer, groupWidth, seRatio]: BlockArgs) {
    const common = { normLayer, activationLayer };
    const groups = Math.floor(to / groupWidth);
    const layers: [string, Layer][] = [
      ["a", new Conv2dNormActivation(from, to, { kernelSize: 1, ...common })],
      ["b", new Conv2dNormActivation(to, to, { stride, groups, ...common })],
    ];
    if (seRatio > 0) {
      layers.push(["se", new SqueezeExcitation(to, rounded(seRatio * from), { activation: activationLayer })]);
    }
    layers.push(["c", new Conv2dNormActivation(to, to, { kernelSize: 1, normLayer, activationLayer: null })]);
    super(layers);
  }
}

class ResBottleneckBlock extends Module {
  proj: Conv2dNormActivation | null;
  f: BottleneckTransform;
  activation: Layer;

  constructor(...args: BlockArgs) {
    super();
    const [from, to, stride, normLayer, activation] = args;
    this.proj =
      from !== to || stride !== 1
        ? new Conv2dNormActivation(from, to, { kernelSize: 1, stride, normLayer, activationLayer: null })
        : null;
    this.f = new BottleneckTransform(...args);
    this.activation = activationOf("RegNet", activation, relu)(true);
  }

  forward(x: Tensor): Tensor {
    const shortcut = this.proj === null ? x : this.proj.forward(x);
    return this.activation.forward(shortcut.add(this.f.forward(x)));
  }
}

/** Blocks of one width. */
class AnyStage extends Sequential {}

/** x [N, 3, H, W] -> logits [N, classes]. */
export class RegNet extends ModuleWithFc {
  stem: Layer;
  trunk_output: Sequential;
  avgpool: AdaptiveAvgPool2d;

  constructor(...args: RequiredArgs<RegNetAll, ["blockParams"], Rest>) {
    super();
    const op = "RegNet";
    const o = readArgs<RegNetAll>(op, NAMES, args);
    const params = required(op, o, "blockParams");
    const { numClasses = 1000, stemWidth = 32 } = o;
    const [stem, block] = [o.stemType ?? SimpleStemIN, o.blockType ?? ResBottleneckBlock];
    const normLayer = normOf(op, o.normLayer, batchNorm);
    const activation = o.activation ?? ReLU;
    this.stem = new stem(3, stemWidth, normLayer, activation);
    let width = stemWidth;
    const stages = stagesOf(params).map((stage, i): [string, Layer] => {
      const blocks = Array.from({ length: stage.depth }, (_, j): [string, Layer] => {
        const [from, stride] = j === 0 ? [width, 2] : [stage.width, 1];
        const rest = [normLayer, activation, stage.groupWidth, params.seRatio ?? 0] as const;
        return [`block${i + 1}-${j}`, new block(from, stage.width, stride, ...rest)];
      });
      width = stage.width;
      return [`block${i + 1}`, new AnyStage(blocks)];
    });
    this.trunk_output = new Sequential(stages);
    this.avgpool = new AdaptiveAvgPool2d([1, 1]);
    this.fc = new Linear(width, numClasses);
    initialise(this, {
      conv(m) {
        const [, , height = 1, breadth = 1] = m.weight.shape;
        init.normal_(m.weight, 0, Math.sqrt(2 / (height * breadth * m.outChannels)));
      },
      linear(m) {
        init.normal_(m.weight, 0, 0.01);
        zeroBias(m);
      },
      norms: [BatchNorm2d],
    });
  }

  forward(x: Tensor): Tensor {
    return this.fc.forward(this.avgpool.forward(this.trunk_output.forward(this.stem.forward(x))).flatten(1));
  }
}

const regnet = (depth: number, w0: number, wa: number, wm: number, groupWidth: number, seRatio = 0) => {
  return (options: RegNetOptions) => new RegNet({ depth, w0, wa, wm, groupWidth, seRatio }, options);
};
/** With squeeze and excitation. */
const y = (depth: number, w0: number, wa: number, wm: number, groupWidth: number) =>
  regnet(depth, w0, wa, wm, groupWidth, 0.25);

/** RegNet Y of 400 million multiply-adds. */
export const regnet_y_400mf = builder("regnet_y_400mf", weights.RegNet_Y_400MF_Weights, y(16, 48, 27.89, 2.09, 8));
/** RegNet Y of 800 million. */
export const regnet_y_800mf = builder("regnet_y_800mf", weights.RegNet_Y_800MF_Weights, y(14, 56, 38.84, 2.4, 16));
/** RegNet Y of 1.6 billion. */
export const regnet_y_1_6gf = builder("regnet_y_1_6gf", weights.RegNet_Y_1_6GF_Weights, y(27, 48, 20.71, 2.65, 24));
/** RegNet Y of 3.2 billion. */
export const regnet_y_3_2gf = builder("regnet_y_3_2gf", weights.RegNet_Y_3_2GF_Weights, y(21, 80, 42.63, 2.66, 24));
/** RegNet Y of 8 billion. */
export const regnet_y_8gf = builder("regnet_y_8gf", weights.RegNet_Y_8GF_Weights, y(17, 192, 76.82, 2.19, 56));
/** RegNet Y of 16 billion. */
export const regnet_y_16gf = builder("regnet_y_16gf", weights.RegNet_Y_16GF_Weights, y(18, 200, 106.23, 2.48, 112));
/** RegNet Y of 32 billion. */
export const regnet_y_32gf = builder("regnet_y_32gf", weights.RegNet_Y_32GF_Weights, y(20, 232, 115.89, 2.53, 232));
/** RegNet Y of 128 billion. */
export const regnet_y_128gf = builder("regnet_y_128gf", weights.RegNet_Y_128GF_Weights, y(27, 456, 160.83, 2.52, 264));
/** RegNet X of 400 million multiply-adds. */
export const regnet_x_400mf = builder(
  "regnet_x_400mf",
  weights.RegNet_X_400MF_Weights,
  regnet(22, 24, 24.48, 2.54, 16),
);
/** RegNet X of 800 million. */
export const regnet_x_800mf = builder(
  "regnet_x_800mf",
  weights.RegNet_X_800MF_Weights,
  regnet(16, 56, 35.73, 2.28, 16),
);
/** RegNet X of 1.6 billion. */
export const regnet_x_1_6gf = builder(
  "regnet_x_1_6gf",
  weights.RegNet_X_1_6GF_Weights,
  regnet(18, 80, 34.01, 2.25, 24),
);
/** RegNet X of 3.2 billion. */
export const regnet_x_3_2gf = builder(
  "regnet_x_3_2gf",
  weights.RegNet_X_3_2GF_Weights,
  regnet(25, 88, 26.31, 2.25, 48),
);
/** RegNet X of 8 billion. */
export const regnet_x_8gf = builder("regnet_x_8gf", weights.RegNet_X_8GF_Weights, regnet(23, 80, 49.56, 2.88, 120));
/** RegNet X of 16 billion. */
export const regnet_x_16gf = builder("regnet_x_16gf", weights.RegNet_X_16GF_Weights, regnet(22, 216, 55.59, 2.1, 128));
/** RegNet X of 32 billion. */
export const regnet_x_32gf = builder("regnet_x_32gf", weights.RegNet_X_32GF_Weights, regnet(23, 320, 69.86, 2, 168));
