/** DenseNet: every layer reads all layers before it.   [Huang et al. 2016](https://arxiv.org/abs/1608.06993) */
import { type Args, readArgs } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import { dropout } from "../../nn/functional.js";
import { AvgPool2d, BatchNorm2d, Conv2d, init, type Layer, Linear, MaxPool2d, Module, ReLU, Sequential, type StateDict } from "../../nn/index.js"; // biome-ignore format: one line
import { cat } from "../../ops/join.js";
import { describe } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { checkpoint } from "../../utils/checkpoint.js";
import { builder } from "./builder.js";
import { ModuleWithClassifier } from "./head.js";
import { initialise, zeroBias } from "./initialise.js";
import * as weights from "./weights/densenet.js";

/** Options of {@link DenseNet}. */
export interface DenseNetOptions {
  /** Default 1000. */
  numClasses?: number;
  /** How many bottlenecks' widths a layer has inside. Default 4. */
  bnSize?: number;
  /** The probability of the dropout after each layer. Default 0. */
  dropRate?: number;
  /** Whether backward computes layers again in the place of keeping them. Default false. */
  memoryEfficient?: boolean;
}

/** All arguments of {@link DenseNet}. */
export interface DenseNetAll extends DenseNetOptions {
  /** How many channels each layer adds. Default 32. */
  growthRate?: number;
  /** The number of layers in each of the blocks. Default [6, 12, 24, 16]. */
  blockConfig?: readonly number[];
  /** The channels of the first convolution. Default 64. */
  numInitFeatures?: number;
}
const NAMES = [
  ...(["growthRate", "blockConfig", "numInitFeatures", "bnSize", "dropRate"] as const),
  ...(["numClasses", "memoryEfficient"] as const),
] as const;

/** A 1 x 1 and a 3 x 3 convolution of all that came before, to `growth` channels. */
class _DenseLayer extends Module {
  norm1: BatchNorm2d;
  readonly relu1 = new ReLU({ inplace: true });
  conv1: Conv2d<false>;
  norm2: BatchNorm2d;
  readonly relu2 = new ReLU({ inplace: true });
  conv2: Conv2d<false>;
  readonly dropRate: number;
  readonly memoryEfficient: boolean;

  constructor(inputs: number, growth: number, bnSize: number, dropRate: number, memoryEfficient: boolean) {
    super();
    this.norm1 = new BatchNorm2d(inputs);
    this.conv1 = new Conv2d(inputs, bnSize * growth, 1, { stride: 1, bias: false });
    this.norm2 = new BatchNorm2d(bnSize * growth);
    this.conv2 = new Conv2d(bnSize * growth, growth, 3, { stride: 1, padding: 1, bias: false });
    this.dropRate = dropRate;
    this.memoryEfficient = memoryEfficient;
  }

  forward(features: Tensor | readonly Tensor[]): Tensor {
    const list = Array.isArray(features) ? features : [features];
    const narrow = (...xs: Tensor[]) => this.conv1.forward(this.relu1.forward(this.norm1.forward(cat(xs, 1))));
    const again = this.memoryEfficient && list.some((x) => x.requiresGrad);
    const inner = again ? checkpoint(narrow, ...list) : narrow(...list);
    const out = this.conv2.forward(this.relu2.forward(this.norm2.forward(inner)));
    return this.dropRate > 0 ? dropout(out, { p: this.dropRate, training: this.training }) : out;
  }
}

/** Layers by name, whose outputs are joined. */
class _DenseBlock extends Module {
  constructor(count: number, inputs: number, bnSize: number, growth: number, o: Required<DenseNetOptions>) {
    super();
    for (let i = 0; i < count; i++) {
      const layer = new _DenseLayer(inputs + i * growth, growth, bnSize, o.dropRate, o.memoryEfficient);
      this.addModule(`denselayer${i + 1}`, layer);
    }
  }

  forward(x: Tensor): Tensor {
    const features = [x];
    for (const [, layer] of this.namedChildren()) features.push((layer as _DenseLayer).forward(features));
    return cat(features, 1);
  }
}

/** Half the channels, half the size. */
class _Transition extends Sequential {
  constructor(inputs: number, outputs: number) {
    super({
      norm: new BatchNorm2d(inputs),
      relu: new ReLU({ inplace: true }),
      conv: new Conv2d(inputs, outputs, 1, { stride: 1, bias: false }),
      pool: new AvgPool2d(2, { stride: 2 }),
    });
  }
}

/** The layers before the classifier; the first may be replaced by its name, as for other images than colour. */
interface Features extends Sequential {
  get conv0(): Conv2d<boolean>;
  set conv0(layer: Layer);
}

/** x [N, 3, H, W] of at least 29 x 29 -> logits [N, classes]. */
export class DenseNet extends ModuleWithClassifier {
  features: Features;

  constructor(...args: Args<DenseNetAll, typeof NAMES>) {
    super();
    const o = readArgs<DenseNetAll>("DenseNet", NAMES, args);
    const { growthRate: growth = 32, blockConfig: blocks = [6, 12, 24, 16], numInitFeatures: initial = 64 } = o;
    const { numClasses = 1000, bnSize = 4, dropRate = 0, memoryEfficient = false } = o;
    if (!Array.isArray(blocks)) {
      throw new ArgumentError(`DenseNet: expected blockConfig to be a list of integers, received ${describe(blocks)}`);
    }
    const layers: [string, Layer][] = [
      ["conv0", new Conv2d(3, initial, 7, { stride: 2, padding: 3, bias: false })],
      ["norm0", new BatchNorm2d(initial)],
      ["relu0", new ReLU({ inplace: true })],
      ["pool0", new MaxPool2d(3, { stride: 2, padding: 1 })],
    ];
    let channels = initial;
    blocks.forEach((count, i) => {
      const options = { numClasses, bnSize, dropRate, memoryEfficient };
      layers.push([`denseblock${i + 1}`, new _DenseBlock(count, channels, bnSize, growth, options)]);
      channels += count * growth;
      if (i === blocks.length - 1) return;
      layers.push([`transition${i + 1}`, new _Transition(channels, Math.floor(channels / 2))]);
      channels = Math.floor(channels / 2);
    });
    layers.push(["norm5", new BatchNorm2d(channels)]);
    this.features = new Sequential(layers) as Features; // the names are properties of it
    this.classifier = new Linear(channels, numClasses);
    initialise(this, { conv: (m) => init.kaimingNormal_(m.weight), linear: zeroBias });
  }

  forward(x: Tensor): Tensor {
    const features = this.features.forward(x).relu_();
    return this.classifier.forward(features.mean([2, 3], { keepdim: true }).flatten(1));
  }

  /** The published files call the parts of a layer `norm.1`, `conv.2` and so on. */
  override upgradeState(state: StateDict, prefix: string): void {
    for (const key of Object.keys(state)) {
      const found = /^(.*denselayer\d+\.(?:norm|relu|conv))\.([12]\..*)$/.exec(key.slice(prefix.length));
      const value = state[key];
      if (found === null || value === undefined) continue;
      state[`${prefix}${found[1]}${found[2]}`] = value;
      delete state[key];
    }
  }
}

const densenet = (growth: number, blocks: readonly number[], initial: number) => (options: DenseNetOptions) =>
  new DenseNet(growth, blocks, initial, options);

/** DenseNet-121. */
export const densenet121 = builder("densenet121", weights.DenseNet121_Weights, densenet(32, [6, 12, 24, 16], 64));
/** DenseNet-161. */
export const densenet161 = builder("densenet161", weights.DenseNet161_Weights, densenet(48, [6, 12, 36, 24], 96));
/** DenseNet-169. */
export const densenet169 = builder("densenet169", weights.DenseNet169_Weights, densenet(32, [6, 12, 32, 32], 64));
/** DenseNet-201. */
export const densenet201 = builder("densenet201", weights.DenseNet201_Weights, densenet(32, [6, 12, 48, 32], 64));
