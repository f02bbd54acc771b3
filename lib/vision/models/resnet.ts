/**
 * Residual networks: ResNet, with groups (ResNeXt), with more channels (Wide ResNet).
 * [He et al. 2015](https://arxiv.org/abs/1512.03385), [Xie et al. 2016](https://arxiv.org/abs/1611.05431),
 * [Zagoruyko, Komodakis 2016](https://arxiv.org/abs/1605.07146)
 */
import { type RequiredArgs, readArgs, required } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import {
  AdaptiveAvgPool2d,
  type BatchNorm2d,
  Conv2d,
  init,
  type Layer,
  Linear,
  MaxPool2d,
  Module,
  ReLU,
  Sequential,
} from "../../nn/index.js";
import { pyRepr } from "../../repr.js";
import { describe } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { batchNorm, checkSizes, type NormLayer, normOf } from "../ops/layers.js";
import { builder, fixed } from "./builder.js";
import { ModuleWithFc } from "./head.js";
import { initialise } from "./initialise.js";
import * as weights from "./weights/resnet.js";

/** Options of the residual networks. */
export interface ResNetOptions {
  /** Default 1000. */
  numClasses?: number;
  /** Whether the weight of each branch's last normalisation starts at zero, so that each block starts as its shortcut. Default false. */
  zeroInitResidual?: boolean;
  /** The groups of the 3 x 3 convolutions. Default 1. */
  groups?: number;
  /** The channels of a group. Default 64. */
  widthPerGroup?: number;
  /** Whether layer2, layer3 and layer4 replace their stride by a dilation. Default: none does. */
  replaceStrideWithDilation?: readonly boolean[] | null;
  /** The normalisation. Default: batch norm. */
  normLayer?: NormLayer | null;
}

/** All arguments of {@link ResNet}. */
export interface ResNetAll extends ResNetOptions {
  /** The class of the blocks. */
  block: ResidualBlock;
  /** The number of blocks in each of the four layers. */
  layers: readonly number[];
}
const NAMES = [
  ...(["block", "layers", "numClasses", "zeroInitResidual", "groups", "widthPerGroup"] as const),
  ...(["replaceStrideWithDilation", "normLayer"] as const),
] as const;
type Rest = ["numClasses", "zeroInitResidual", "groups", "widthPerGroup", "replaceStrideWithDilation", "normLayer"];

/** All arguments of {@link BasicBlock} and {@link Bottleneck}. */
export interface BlockAll {
  /** The channels of the input. */
  inplanes: number;
  /** The channels of the 3 x 3 convolution at the width of 64 a group. */
  planes: number;
  /** Default 1. */
  stride?: number;
  /** The shortcut; null for the input itself. Default null. */
  downsample?: Layer | null;
  /** Default 1. */
  groups?: number;
  /** The channels of a group. Default 64. */
  baseWidth?: number;
  /** Default 1. */
  dilation?: number;
  /** The normalisation. Default: batch norm. */
  normLayer?: NormLayer | null;
}
const BLOCK = ["inplanes", "planes", "stride", "downsample", "groups", "baseWidth", "dilation", "normLayer"] as const;
type BlockRest = ["stride", "downsample", "groups", "baseWidth", "dilation", "normLayer"];
type BlockArgs = RequiredArgs<BlockAll, ["inplanes", "planes"], BlockRest>;

/** The class of a residual block. */
export interface ResidualBlock {
  new (options: BlockAll): Layer;
  /** The channels of the output, divided by `planes`. */
  readonly expansion: number;
}

/** The arguments of a block, with its defaults. */
function blockArgs(op: string, args: BlockArgs) {
  const o = readArgs<BlockAll>(op, BLOCK, args);
  return {
    ...{ inplanes: required(op, o, "inplanes"), planes: required(op, o, "planes"), stride: o.stride ?? 1 },
    ...{ downsample: o.downsample ?? null, groups: o.groups ?? 1, baseWidth: o.baseWidth ?? 64 },
    ...{ dilation: o.dilation ?? 1, norm: normOf(op, o.normLayer, batchNorm) },
  };
}

function conv3x3(from: number, to: number, stride = 1, groups = 1, dilation = 1): Conv2d<false> {
  return new Conv2d(from, to, 3, { stride, padding: dilation, groups, bias: false, dilation });
}

function conv1x1(from: number, to: number, stride = 1): Conv2d<false> {
  return new Conv2d(from, to, 1, { stride, bias: false });
}

/** Two 3 x 3 convolutions and a shortcut. */
export class BasicBlock extends Module {
  static readonly expansion = 1;
  conv1: Conv2d<false>;
  bn1: Layer;
  relu: ReLU;
  conv2: Conv2d<false>;
  bn2: Layer;
  downsample: Layer | null;

  constructor(...args: BlockArgs) {
    super();
    const { inplanes, planes, stride, downsample, groups, baseWidth, dilation, norm } = blockArgs("BasicBlock", args);
    if (groups !== 1 || baseWidth !== 64)
      throw new ArgumentError("BasicBlock only supports groups=1 and base_width=64");
    if (dilation > 1) throw new ArgumentError("Dilation > 1 not supported in BasicBlock");
    this.conv1 = conv3x3(inplanes, planes, stride);
    this.bn1 = norm(planes);
    this.relu = new ReLU({ inplace: true });
    this.conv2 = conv3x3(planes, planes);
    this.bn2 = norm(planes);
    this.downsample = downsample;
  }

  forward(x: Tensor): Tensor {
    const inner = this.relu.forward(this.bn1.forward(this.conv1.forward(x)));
    const out = this.bn2.forward(this.conv2.forward(inner));
    return this.relu.forward(out.add_(this.downsample === null ? x : this.downsample.forward(x)));
  }

  /** The normalisation that ends the branch. */
  get lastNorm(): Layer {
    return this.bn2;
  }
}

/** A 1 x 1, a 3 x 3 and a 1 x 1 convolution, and a shortcut; the stride is in the second (ResNet V1.5). */
export class Bottleneck extends Module {
  static readonly expansion = 4;
  conv1: Conv2d<false>;
  bn1: Layer;
  conv2: Conv2d<false>;
  bn2: Layer;
  conv3: Conv2d<false>;
  bn3: Layer;
  relu: ReLU;
  downsample: Layer | null;

  constructor(...args: BlockArgs) {
    super();
    const { inplanes, planes, stride, downsample, groups, baseWidth, dilation, norm } = blockArgs("Bottleneck", args);
    const width = Math.trunc(planes * (baseWidth / 64)) * groups;
    this.conv1 = conv1x1(inplanes, width);
    this.bn1 = norm(width);
    this.conv2 = conv3x3(width, width, stride, groups, dilation);
    this.bn2 = norm(width);
    this.conv3 = conv1x1(width, planes * Bottleneck.expansion);
    this.bn3 = norm(planes * Bottleneck.expansion);
    this.relu = new ReLU({ inplace: true });
    this.downsample = downsample;
  }

  forward(x: Tensor): Tensor {
    const narrow = this.relu.forward(this.bn1.forward(this.conv1.forward(x)));
    const inner = this.relu.forward(this.bn2.forward(this.conv2.forward(narrow)));
    const out = this.bn3.forward(this.conv3.forward(inner));
    return this.relu.forward(out.add_(this.downsample === null ? x : this.downsample.forward(x)));
  }

  /** The normalisation that ends the branch. */
  get lastNorm(): Layer {
    return this.bn3;
  }
}

/** The layers as they are built; any layer may replace them. */
interface ResNetLayers extends InstanceType<typeof ModuleWithFc> {
  get conv1(): Conv2d<boolean>;
  set conv1(layer: Layer);
  bn1: Layer;
  relu: Layer;
  maxpool: Layer;
  get layer1(): Sequential;
  set layer1(layer: Layer);
  get layer2(): Sequential;
  set layer2(layer: Layer);
  get layer3(): Sequential;
  set layer3(layer: Layer);
  get layer4(): Sequential;
  set layer4(layer: Layer);
  avgpool: Layer;
}
const Layers = ModuleWithFc as abstract new () => ResNetLayers;

/** A residual network: x [N, 3, H, W] -> logits [N, classes]. */
export class ResNet extends Layers {
  constructor(...args: RequiredArgs<ResNetAll, ["block", "layers"], Rest>) {
    super();
    const op = "ResNet";
    const o = readArgs<ResNetAll>(op, NAMES, args);
    const [block, layers] = [required(op, o, "block"), required(op, o, "layers")];
    if (typeof block !== "function" || typeof block.expansion !== "number") {
      throw new ArgumentError(`${op}: expected block to be a class of blocks, received ${describe(block)}`, { op });
    }
    checkSizes(op, "layers", layers);
    if (layers.length !== 4) {
      throw new ArgumentError(`${op}: expected layers to be 4 numbers of blocks, received ${layers.length}`, { op });
    }
    const { numClasses = 1000, groups = 1, widthPerGroup = 64 } = o;
    const norm = normOf(op, o.normLayer, batchNorm);
    const dilate = o.replaceStrideWithDilation ?? [false, false, false];
    if (dilate.length !== 3) {
      throw new ArgumentError(
        `replace_stride_with_dilation should be None or a 3-element tuple, got ${pyRepr(dilate)}`,
      );
    }
    let inplanes = 64;
    let dilation = 1;
    const stage = (planes: number, blocks: number, step = 1, dilated = false): Sequential => {
      const before = dilation;
      if (dilated) dilation *= step;
      const stride = dilated ? 1 : step;
      const out = planes * block.expansion;
      const downsample =
        stride !== 1 || inplanes !== out ? new Sequential(conv1x1(inplanes, out, stride), norm(out)) : null;
      const common = { planes, groups, baseWidth: widthPerGroup, normLayer: norm };
      const list = [new block({ ...common, inplanes, stride, downsample, dilation: before })];
      inplanes = out;
      for (let i = 1; i < blocks; i++) {
        list.push(new block({ ...common, inplanes, stride: 1, downsample: null, dilation }));
      }
      return new Sequential(...list);
    };
    this.conv1 = new Conv2d(3, inplanes, 7, { stride: 2, padding: 3, bias: false });
    this.bn1 = norm(inplanes);
    this.relu = new ReLU({ inplace: true });
    this.maxpool = new MaxPool2d(3, { stride: 2, padding: 1 });
    this.layer1 = stage(64, layers[0] ?? 0);
    this.layer2 = stage(128, layers[1] ?? 0, 2, dilate[0]);
    this.layer3 = stage(256, layers[2] ?? 0, 2, dilate[1]);
    this.layer4 = stage(512, layers[3] ?? 0, 2, dilate[2]);
    this.avgpool = new AdaptiveAvgPool2d([1, 1]);
    this.fc = new Linear(512 * block.expansion, numClasses);
    initialise(this, { conv: (m) => init.kaimingNormal_(m.weight, { mode: "fan_out", nonlinearity: "relu" }) });
    if (!o.zeroInitResidual) return;
    for (const m of this.modules()) {
      if (!(m instanceof Bottleneck || m instanceof BasicBlock)) continue;
      const { weight } = m.lastNorm as BatchNorm2d;
      if (weight !== null && weight !== undefined) init.constant_(weight, 0);
    }
  }

  forward(x: Tensor): Tensor {
    const stem = this.maxpool.forward(this.relu.forward(this.bn1.forward(this.conv1.forward(x))));
    const features = this.layer4.forward(this.layer3.forward(this.layer2.forward(this.layer1.forward(stem))));
    return this.fc.forward(this.avgpool.forward(features).flatten(1));
  }
}

const resnet = (block: ResidualBlock, layers: readonly number[]) => (options: ResNetOptions) =>
  new ResNet(block, layers, options);
/** With groups and widths that are the builder's. */
const resnext = (name: string, layers: readonly number[], values: Partial<ResNetOptions>) => (options: ResNetOptions) =>
  new ResNet(Bottleneck, layers, fixed(name, options, values));

/** ResNet-18. */
export const resnet18 = builder("resnet18", weights.ResNet18_Weights, resnet(BasicBlock, [2, 2, 2, 2]));
/** ResNet-34. */
export const resnet34 = builder("resnet34", weights.ResNet34_Weights, resnet(BasicBlock, [3, 4, 6, 3]));
/** ResNet-50. */
export const resnet50 = builder("resnet50", weights.ResNet50_Weights, resnet(Bottleneck, [3, 4, 6, 3]));
/** ResNet-101. */
export const resnet101 = builder("resnet101", weights.ResNet101_Weights, resnet(Bottleneck, [3, 4, 23, 3]));
/** ResNet-152. */
export const resnet152 = builder("resnet152", weights.ResNet152_Weights, resnet(Bottleneck, [3, 8, 36, 3]));
/** ResNeXt-50 of 32 groups of 4 channels. */
export const resnext50_32x4d = builder(
  "resnext50_32x4d",
  weights.ResNeXt50_32X4D_Weights,
  resnext("resnext50_32x4d", [3, 4, 6, 3], { groups: 32, widthPerGroup: 4 }),
);
/** ResNeXt-101 of 32 groups of 8 channels. */
export const resnext101_32x8d = builder(
  "resnext101_32x8d",
  weights.ResNeXt101_32X8D_Weights,
  resnext("resnext101_32x8d", [3, 4, 23, 3], { groups: 32, widthPerGroup: 8 }),
);
/** ResNeXt-101 of 64 groups of 4 channels. */
export const resnext101_64x4d = builder(
  "resnext101_64x4d",
  weights.ResNeXt101_64X4D_Weights,
  resnext("resnext101_64x4d", [3, 4, 23, 3], { groups: 64, widthPerGroup: 4 }),
);
/** Wide ResNet-50-2: the 3 x 3 convolutions have twice as many channels. */
export const wide_resnet50_2 = builder(
  "wide_resnet50_2",
  weights.Wide_ResNet50_2_Weights,
  resnext("wide_resnet50_2", [3, 4, 6, 3], { widthPerGroup: 128 }),
);
/** Wide ResNet-101-2: the 3 x 3 convolutions have twice as many channels. */
export const wide_resnet101_2 = builder(
  "wide_resnet101_2",
  weights.Wide_ResNet101_2_Weights,
  resnext("wide_resnet101_2", [3, 4, 23, 3], { widthPerGroup: 128 }),
);
