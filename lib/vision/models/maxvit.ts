/** MaxViT: convolutions, attention in windows, attention on grids.   [Tu et al. 2022](https://arxiv.org/abs/2204.01697) */
import { type RequiredArgs, readArgs, required } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import { AdaptiveAvgPool2d, AvgPool2d, Conv2d, Flatten, GELU, Identity, init, type Layer, LayerNorm, Linear, Module, ModuleList, Sequential, SiLU, Tanh } from "../../nn/index.js"; // biome-ignore format: one line
import type { Tensor } from "../../tensor.js";
import { Conv2dNormActivation } from "../ops/conv-norm-activation.js";
import {
  type ActivationLayer,
  activationOf,
  batchNormOf,
  checkSizes,
  type MakeActivation,
  type MakeNorm,
  type NormLayer,
  normOf,
} from "../ops/layers.js";
import { SqueezeExcitation } from "../ops/squeeze-excitation.js";
import { StochasticDepth } from "../ops/stochastic-depth.js";
import { builder, fixed } from "./builder.js";
import { ModuleWithLayers } from "./head.js";
import { initialise, zeroBias } from "./initialise.js";
import { PartitionAttentionLayer } from "./maxvit-attention.js";
import type { Size } from "./swin-attention.js";
import { MaxVit_T_Weights } from "./weights/maxvit.js";

/** Options of {@link MaxVit}. */
export interface MaxVitOptions {
  /** The probability with which the last layer is left out; it falls linearly towards the first. Default: the builder's. */
  stochasticDepthProb?: number;
  /** The normalisation of the convolutions. Default: batch norm with eps 0.001 and momentum 0.01. */
  normLayer?: NormLayer | null;
  /** The activation. Default: GELU. */
  activationLayer?: ActivationLayer | null;
  /** The channels of squeeze and excitation, divided by those of the block. Default 0.25. */
  squeezeRatio?: number;
  /** The channels inside a block, divided by those of its output. Default 4. */
  expansionRatio?: number;
  /** The perceptrons' hidden widths, divided by the channels. Default 4. */
  mlpRatio?: number;
  /** The probability of the perceptrons' dropout. Default 0. */
  mlpDropout?: number;
  /** The probability of the attention's dropout. Default 0. */
  attentionDropout?: number;
  /** Default 1000. */
  numClasses?: number;
}

/** Options of the builder. */
export interface MaxVitBuilderOptions extends MaxVitOptions {
  /** The height and width of images. Default [224, 224]. */
  inputSize?: Size;
}

/** All arguments of {@link MaxVit}. */
export interface MaxVitAll extends MaxVitOptions {
  /** The height and width of images. */
  inputSize: Size;
  /** The channels of the first convolutions. */
  stemChannels: number;
  /** The height and width of a window, and of the grid. */
  partitionSize: number;
  /** The channels of each block. */
  blockChannels: readonly number[];
  /** The number of layers of each block. */
  blockLayers: readonly number[];
  /** The width of a head of the attention. */
  headDim: number;
  stochasticDepthProb: number;
}
const NAMES = [
  ...(["inputSize", "stemChannels", "partitionSize", "blockChannels", "blockLayers", "headDim"] as const),
  ...(["stochasticDepthProb", "normLayer", "activationLayer", "squeezeRatio", "expansionRatio", "mlpRatio"] as const),
  ...(["mlpDropout", "attentionDropout", "numClasses"] as const),
] as const;
type Shape = [
  ...["inputSize", "stemChannels", "partitionSize", "blockChannels", "blockLayers", "headDim"],
  "stochasticDepthProb",
];
type Rest = [
  ...["normLayer", "activationLayer", "squeezeRatio", "expansionRatio", "mlpRatio"],
  ...["mlpDropout", "attentionDropout", "numClasses"],
];

/** What all layers of a model share. */
interface Common {
  readonly norm: MakeNorm;
  readonly activation: MakeActivation;
  readonly squeezeRatio: number;
  readonly expansionRatio: number;
  readonly mlpRatio: number;
  readonly mlpDropout: number;
  readonly attentionDropout: number;
  readonly headDim: number;
  readonly partitionSize: number;
}

/** The size after a 3 x 3 convolution of stride 2. */
const halved = ([h, w]: Size): Size => [Math.floor((h - 1) / 2) + 1, Math.floor((w - 1) / 2) + 1];

/** To more channels, a convolution of each channel, squeeze and excitation, back to few; beside a shortcut. */
class MBConv extends Module {
  proj: Layer;
  stochastic_depth: Layer;
  layers: Sequential;

  constructor({ from, to, stride, stochasticDepthProb, ...o }: LayerShape) {
    super();
    const conv = () => new Conv2d(from, to, 1, { stride: 1 });
    if (stride === 1 && from === to) this.proj = new Identity();
    else
      this.proj =
        stride === 2 ? new Sequential(new AvgPool2d(3, { stride, padding: 1 }), conv()) : new Sequential(conv());
    const [mid, squeezed] = [Math.trunc(to * o.expansionRatio), Math.trunc(to * o.squeezeRatio)];
    this.stochastic_depth = stochasticDepthProb > 0 ? new StochasticDepth(stochasticDepthProb, "row") : new Identity();
    const common = { activationLayer: o.activation, normLayer: o.norm, inplace: null };
    this.layers = new Sequential([
      ["pre_norm", o.norm(from)],
      ["conv_a", new Conv2dNormActivation(from, mid, { kernelSize: 1, padding: 0, ...common })],
      ["conv_b", new Conv2dNormActivation(mid, mid, { stride, padding: 1, groups: mid, ...common })],
      ["squeeze_excitation", new SqueezeExcitation(mid, squeezed, { activation: SiLU })],
      ["conv_c", new Conv2d(mid, to, 1)],
    ]);
  }

  forward(x: Tensor): Tensor {
    const shortcut = this.proj.forward(x);
    return shortcut.add(this.stochastic_depth.forward(this.layers.forward(x)));
  }
}

interface LayerShape extends Common {
  readonly from: number;
  readonly to: number;
  readonly stride: number;
  readonly gridSize: Size;
  readonly stochasticDepthProb: number;
}

/** A convolution, attention in windows, attention on a grid. */
class MaxVitLayer extends Module {
  layers: Sequential;

  constructor(o: LayerShape) {
    super();
    const attention = (type: "window" | "grid") => new PartitionAttentionLayer({ ...o, channels: o.to, type });
    this.layers = new Sequential([
      ["MBconv", new MBConv(o)],
      ["window_attention", attention("window")],
      ["grid_attention", attention("grid")],
    ]);
  }

  forward(x: Tensor): Tensor {
    return this.layers.forward(x);
  }
}

/** Layers of one size, which the first halves. */
class MaxVitBlock extends Module {
  layers: ModuleList<MaxVitLayer>;

  constructor(o: Omit<LayerShape, "stride" | "stochasticDepthProb">, probabilities: readonly number[]) {
    super();
    this.layers = new ModuleList(
      probabilities.map((stochasticDepthProb, i) => {
        const first = i === 0;
        return new MaxVitLayer({ ...o, from: first ? o.from : o.to, stride: first ? 2 : 1, stochasticDepthProb });
      }),
    );
  }

  forward(x: Tensor): Tensor {
    return [...this.layers].reduce((y, layer) => layer.forward(y), x);
  }
}

/** x [N, 3, H, W] of the size that it was made for -> logits [N, classes]. */
export class MaxVit extends ModuleWithLayers {
  stem: Sequential;
  blocks: ModuleList<MaxVitBlock>;

  constructor(...args: RequiredArgs<MaxVitAll, Shape, Rest>) {
    super();
    const op = "MaxVit";
    const o = readArgs<MaxVitAll>(op, NAMES, args);
    const [inputSize, blockChannels] = [required(op, o, "inputSize"), required(op, o, "blockChannels")];
    const [blockLayers, stemChannels] = [required(op, o, "blockLayers"), required(op, o, "stemChannels")];
    const [partitionSize, stochasticDepthProb] = [required(op, o, "partitionSize"), required(op, o, "stochasticDepthProb")]; // biome-ignore format: one line
    for (const [name, list] of Object.entries({ inputSize, blockChannels, blockLayers })) checkSizes(op, name, list);
    if (blockChannels.length !== blockLayers.length) {
      throw new ArgumentError("block_channels and block_layers should have the same length");
    }
    const { numClasses = 1000 } = o;
    const common: Common = {
      ...{ norm: normOf(op, o.normLayer, batchNormOf({ eps: 1e-3, momentum: 0.01 })) },
      ...{ activation: activationOf(op, o.activationLayer, () => new GELU()), squeezeRatio: o.squeezeRatio ?? 0.25 },
      ...{ expansionRatio: o.expansionRatio ?? 4, mlpRatio: o.mlpRatio ?? 4, mlpDropout: o.mlpDropout ?? 0 },
      ...{ attentionDropout: o.attentionDropout ?? 0, headDim: required(op, o, "headDim"), partitionSize },
    };
    let gridSize: Size = halved(inputSize);
    const sizes = blockChannels.map(() => {
      gridSize = halved(gridSize);
      return gridSize;
    });
    sizes.forEach(([h, w], i) => {
      if (h % partitionSize === 0 && w % partitionSize === 0) return;
      throw new ArgumentError(`Input size (${h}, ${w}) of block ${i} is not divisible by partition size ${partitionSize}. Consider changing the partition size or the input size.`); // biome-ignore format: one line
    });
    this.stem = new Sequential(
      new Conv2dNormActivation(3, stemChannels, {
        ...{ stride: 2, normLayer: common.norm, activationLayer: common.activation, bias: false, inplace: null },
      }),
      new Conv2dNormActivation(stemChannels, stemChannels, { normLayer: null, activationLayer: null, bias: true }),
    );
    const total = blockLayers.reduce((n, layers) => n + layers, 0);
    const step = stochasticDepthProb / (total - 1);
    const probabilities = Array.from({ length: total }, (_, i) => (i === total - 1 ? stochasticDepthProb : i * step));
    let done = 0;
    const blocks = blockChannels.map((to, i) => {
      const own = probabilities.slice(done, done + (blockLayers[i] ?? 0));
      done += own.length;
      const shape = { from: blockChannels[i - 1] ?? stemChannels, to, gridSize: sizes[i] ?? ([0, 0] as const) };
      return new MaxVitBlock({ ...common, ...shape }, own);
    });
    this.blocks = new ModuleList(blocks);
    const last = blockChannels.at(-1) ?? 0;
    this.classifier = new Sequential(
      ...[new AdaptiveAvgPool2d(1), new Flatten(), new LayerNorm(last)],
      ...[new Linear(last, last), new Tanh(), new Linear(last, numClasses, { bias: false })],
    );
    const begin = (m: Conv2d<boolean> | Linear<boolean>) => {
      init.normal_(m.weight, 0, 0.02);
      zeroBias(m);
    };
    initialise(this, { conv: begin, linear: begin });
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward([...this.blocks].reduce((y, block) => block.forward(y), this.stem.forward(x)));
  }
}

const TINY = {
  ...{ stemChannels: 64, partitionSize: 7, headDim: 32, stochasticDepthProb: 0.2 },
  ...{ blockChannels: [64, 128, 256, 512], blockLayers: [2, 2, 5, 2] },
};

/** MaxViT tiny. */
export const maxvit_t = builder(
  "maxvit_t",
  MaxVit_T_Weights,
  ({ inputSize = [224, 224], ...options }: MaxVitBuilderOptions) => new MaxVit({ ...TINY, inputSize, ...options }),
  { options: (o, { set, meta }) => fixed(set, o, { inputSize: meta.min_size }) },
);
