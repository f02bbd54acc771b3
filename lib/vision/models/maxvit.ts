/** MaxViT: convolutions, attention in windows, attention on grids.   [Tu et al. 2022](https://arxiv.org/abs/2204.01697) */
import { ArgumentError } from "../../errors.js";
import { AdaptiveAvgPool2d, AvgPool2d, Conv2d, Flatten, GELU, Identity, init, type Layer, LayerNorm, Linear, Module, ModuleList, Sequential, SiLU, Tanh } from "../../nn/index.js"; // biome-ignore format: one line
import type { Tensor } from "../../tensor.js";
import { Conv2dNormActivation } from "../ops/conv-norm-activation.js";
import { batchNormOf } from "../ops/layers.js";
import { SqueezeExcitation } from "../ops/squeeze-excitation.js";
import { StochasticDepth } from "../ops/stochastic-depth.js";
import { builder } from "./builder.js";
import { initialise, zeroBias } from "./initialise.js";
import { PartitionAttentionLayer } from "./maxvit-attention.js";
import type { Size } from "./swin-attention.js";
import { MaxVit_T_Weights } from "./weights/maxvit.js";

/** Options of {@link MaxVit}. */
export interface MaxVitOptions {
  /** Default 1000. */
  numClasses?: number;
  /** The height and width of images. Default [224, 224]. */
  inputSize?: Size;
  /** The probability with which the last layer is left out; those before it less. Default: the builder's. */
  stochasticDepthProb?: number;
  /** The probability of the perceptrons' dropout. Default 0. */
  mlpDropout?: number;
  /** That of the attention's. Default 0. */
  attentionDropout?: number;
}

/** What a MaxViT is made of. */
export interface MaxVitShape {
  readonly stemChannels: number;
  readonly partitionSize: number;
  readonly blockChannels: readonly number[];
  readonly blockLayers: readonly number[];
  readonly headDim: number;
}

const [EXPANSION, SQUEEZE, MLP_RATIO] = [4, 0.25, 4];
const norm = batchNormOf({ eps: 1e-3, momentum: 0.01 });
const gelu = () => new GELU();
/** The size after a 3 x 3 convolution of stride 2. */
const halved = ([h, w]: Size): Size => [Math.floor((h - 1) / 2) + 1, Math.floor((w - 1) / 2) + 1];

/** To more channels, a convolution of each channel, squeeze and excitation, back to few; beside a shortcut. */
class MBConv extends Module {
  readonly proj: Layer;
  readonly stochastic_depth: Layer;
  readonly layers: Sequential;

  constructor(from: number, to: number, stride: number, stochasticDepthProb: number) {
    super();
    const conv = () => new Conv2d(from, to, 1, { stride: 1 });
    if (stride === 1 && from === to) this.proj = new Identity();
    else
      this.proj =
        stride === 2 ? new Sequential(new AvgPool2d(3, { stride, padding: 1 }), conv()) : new Sequential(conv());
    const [mid, squeezed] = [Math.trunc(to * EXPANSION), Math.trunc(to * SQUEEZE)];
    this.stochastic_depth = stochasticDepthProb > 0 ? new StochasticDepth(stochasticDepthProb, "row") : new Identity();
    const common = { activationLayer: gelu, normLayer: norm, inplace: false };
    this.layers = new Sequential([
      ["pre_norm", norm(from)],
      ["conv_a", new Conv2dNormActivation(from, mid, { kernelSize: 1, padding: 0, ...common })],
      ["conv_b", new Conv2dNormActivation(mid, mid, { stride, padding: 1, groups: mid, ...common })],
      ["squeeze_excitation", new SqueezeExcitation(mid, squeezed, { activation: () => new SiLU() })],
      ["conv_c", new Conv2d(mid, to, 1)],
    ]);
  }

  forward(x: Tensor): Tensor {
    const shortcut = this.proj.forward(x);
    return shortcut.add(this.stochastic_depth.forward(this.layers.forward(x)));
  }
}

interface LayerShape {
  readonly from: number;
  readonly to: number;
  readonly stride: number;
  readonly headDim: number;
  readonly partitionSize: number;
  readonly gridSize: Size;
  readonly stochasticDepthProb: number;
  readonly mlpDropout: number;
  readonly attentionDropout: number;
}

/** A convolution, attention in windows, attention on a grid. */
class MaxVitLayer extends Module {
  readonly layers: Sequential;

  constructor(o: LayerShape) {
    super();
    const attention = (type: "window" | "grid") =>
      new PartitionAttentionLayer({ ...o, channels: o.to, type, mlpRatio: MLP_RATIO });
    this.layers = new Sequential([
      ["MBconv", new MBConv(o.from, o.to, o.stride, o.stochasticDepthProb)],
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
  readonly layers: ModuleList<MaxVitLayer>;

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
export class MaxVit extends Module {
  readonly stem: Sequential;
  readonly blocks: ModuleList<MaxVitBlock>;
  classifier: Sequential;

  constructor(shape: MaxVitShape, options: MaxVitOptions = {}) {
    super();
    const { stemChannels, partitionSize, blockChannels, blockLayers, headDim } = shape;
    const { numClasses = 1000, inputSize = [224, 224], stochasticDepthProb = 0 } = options;
    const { mlpDropout = 0, attentionDropout = 0 } = options;
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
        ...{ stride: 2, normLayer: norm, activationLayer: gelu, bias: false, inplace: false },
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
      const common = { headDim, partitionSize, gridSize: sizes[i] ?? [0, 0], mlpDropout, attentionDropout } as const;
      return new MaxVitBlock({ from: blockChannels[i - 1] ?? stemChannels, to, ...common }, own);
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

/** MaxViT tiny. */
export const maxvit_t = builder(
  "maxvit_t",
  MaxVit_T_Weights,
  (options: MaxVitOptions) =>
    new MaxVit(
      {
        ...{ stemChannels: 64, partitionSize: 7, headDim: 32 },
        ...{ blockChannels: [64, 128, 256, 512], blockLayers: [2, 2, 5, 2] },
      },
      { stochasticDepthProb: 0.2, ...options },
    ),
  { options: (o, { meta }) => ({ ...o, inputSize: meta.min_size }) },
);
