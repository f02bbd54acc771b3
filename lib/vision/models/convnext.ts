/** ConvNeXt: convolutions in the manner of transformers.   [Liu et al. 2022](https://arxiv.org/abs/2201.03545) */

import { type RequiredArgs, readArgs, required } from "../../args.js";
import { ones } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { layerNorm } from "../../nn/functional.js";
import { AdaptiveAvgPool2d, Conv2d, Flatten, GELU, init, type Layer, LayerNorm, Linear, Module, Parameter, Sequential } from "../../nn/index.js"; // biome-ignore format: one line
import type { Tensor } from "../../tensor.js";
import { Conv2dNormActivation } from "../ops/conv-norm-activation.js";
import { type NormLayer, normOf } from "../ops/layers.js";
import { Permute } from "../ops/permute.js";
import { StochasticDepth } from "../ops/stochastic-depth.js";
import { builder } from "./builder.js";
import { ModuleWithLayers } from "./head.js";
import { initialise, zeroBias } from "./initialise.js";
import * as weights from "./weights/convnext.js";

/** Options of {@link ConvNeXt}. */
export interface ConvNeXtOptions {
  /** The probability with which the last block is left out; it falls linearly towards the first. Default: the builder's; of the class, 0. */
  stochasticDepthProb?: number;
  /** What each block's branch is multiplied by at first. Default 1e-6. */
  layerScale?: number;
  /** Default 1000. */
  numClasses?: number;
  /** The class of the blocks: channels, layer scale, stochastic depth. Default: {@link CNBlock}. */
  block?: (new (channels: number, layerScale: number, stochasticDepthProb: number) => Layer) | null;
  /** The normalisation of the stem, between the stages and before the classifier. Default: layer norm of the channels, eps 1e-6. */
  normLayer?: NormLayer | null;
}

/** A stage of {@link ConvNeXt}. */
export interface CNBlockConfig {
  /** The channels of the blocks. */
  readonly inputChannels: number;
  /** The channels after the stage; none for the last. */
  readonly outChannels?: number | null;
  /** The number of blocks. */
  readonly numLayers: number;
}

/** All arguments of {@link ConvNeXt}. */
export interface ConvNeXtAll extends ConvNeXtOptions {
  blockSetting: readonly CNBlockConfig[];
}
const NAMES = ["blockSetting", "stochasticDepthProb", "layerScale", "numClasses", "block", "normLayer"] as const;
type Rest = ["stochasticDepthProb", "layerScale", "numClasses", "block", "normLayer"];

/** Layer norm of the channels of images [N, C, H, W]. */
export class LayerNorm2d extends LayerNorm {
  override forward(x: Tensor): Tensor {
    const { normalizedShape, weight, bias, eps } = this;
    return layerNorm(x.permute([0, 2, 3, 1]), normalizedShape, weight, bias, eps).permute([0, 3, 1, 2]);
  }
}

const layerNorm2d = (channels: number) => new LayerNorm2d(channels, { eps: 1e-6 });

/** A 7 x 7 convolution of each channel and two linear layers, beside a shortcut. */
export class CNBlock extends Module {
  block: Sequential;
  readonly layer_scale: Parameter;
  stochastic_depth: StochasticDepth;

  constructor(channels: number, layerScale: number, stochasticDepthProb: number) {
    super();
    this.block = new Sequential(
      new Conv2d(channels, channels, 7, { padding: 3, groups: channels }),
      new Permute([0, 2, 3, 1]),
      new LayerNorm(channels, { eps: 1e-6 }),
      ...[new Linear(channels, 4 * channels), new GELU(), new Linear(4 * channels, channels)],
      new Permute([0, 3, 1, 2]),
    );
    this.layer_scale = new Parameter(ones([channels, 1, 1]).mul(layerScale));
    this.stochastic_depth = new StochasticDepth(stochasticDepthProb, "row");
  }

  forward(x: Tensor): Tensor {
    return this.stochastic_depth.forward(this.layer_scale.mul(this.block.forward(x))).add_(x);
  }
}

/** x [N, 3, H, W] of at least 32 x 32 -> logits [N, classes]. */
export class ConvNeXt extends ModuleWithLayers {
  features: Sequential;
  avgpool: AdaptiveAvgPool2d;

  constructor(...args: RequiredArgs<ConvNeXtAll, ["blockSetting"], Rest>) {
    super();
    const op = "ConvNeXt";
    const o = readArgs<ConvNeXtAll>(op, NAMES, args);
    const stages: readonly CNBlockConfig[] = required(op, o, "blockSetting");
    if (!Array.isArray(stages)) throw new ArgumentError("The block_setting should be List[CNBlockConfig]");
    const [start] = stages;
    if (start === undefined) throw new ArgumentError("The block_setting should not be empty");
    const { numClasses = 1000, stochasticDepthProb = 0, layerScale = 1e-6 } = o;
    const block = o.block ?? CNBlock;
    const norm = normOf(op, o.normLayer, layerNorm2d);
    const total = stages.reduce((n, { numLayers }) => n + numLayers, 0);
    const layers: Layer[] = [
      new Conv2dNormActivation(3, start.inputChannels, {
        ...{ kernelSize: 4, stride: 4, padding: 0, normLayer: norm, activationLayer: null, bias: true },
      }),
    ];
    let done = 0;
    for (const { inputChannels: channels, outChannels = null, numLayers } of stages) {
      const make = () => new block(channels, layerScale, (stochasticDepthProb * done++) / (total - 1));
      layers.push(new Sequential(...Array.from({ length: numLayers }, make)));
      if (outChannels !== null) {
        layers.push(new Sequential(norm(channels), new Conv2d(channels, outChannels, 2, { stride: 2 })));
      }
    }
    this.features = new Sequential(...layers);
    this.avgpool = new AdaptiveAvgPool2d(1);
    const end = stages.at(-1);
    const last = end?.outChannels ?? end?.inputChannels ?? 0;
    this.classifier = new Sequential(norm(last), new Flatten(1), new Linear(last, numClasses));
    const begin = (m: Conv2d<boolean> | Linear<boolean>) => {
      init.truncNormal_(m.weight, 0, 0.02);
      zeroBias(m);
    };
    initialise(this, { conv: begin, linear: begin, norms: [] });
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(this.avgpool.forward(this.features.forward(x)));
  }
}

/** Stages of 3, 3, `third` and 3 blocks, of channels that double. */
const convnext = (channels: number, third: number, stochasticDepthProb: number) => (options: ConvNeXtOptions) => {
  const stages = [3, 3, third, 3].map((numLayers, i) => ({
    ...{ inputChannels: channels * 2 ** i, outChannels: i === 3 ? null : channels * 2 ** (i + 1), numLayers },
  }));
  return new ConvNeXt(stages, { stochasticDepthProb, ...options });
};

/** ConvNeXt tiny. */
export const convnext_tiny = builder("convnext_tiny", weights.ConvNeXt_Tiny_Weights, convnext(96, 9, 0.1));
/** ConvNeXt small. */
export const convnext_small = builder("convnext_small", weights.ConvNeXt_Small_Weights, convnext(96, 27, 0.4));
/** ConvNeXt base. */
export const convnext_base = builder("convnext_base", weights.ConvNeXt_Base_Weights, convnext(128, 27, 0.5));
/** ConvNeXt large. */
export const convnext_large = builder("convnext_large", weights.ConvNeXt_Large_Weights, convnext(192, 27, 0.5));
