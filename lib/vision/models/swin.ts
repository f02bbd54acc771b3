/**
 * Swin transformers: attention in windows that shift, on maps that halve.
 * [Liu et al. 2021](https://arxiv.org/abs/2103.14030), V2 [Liu et al. 2021](https://arxiv.org/abs/2111.09883)
 */
import { slice } from "../../index-items.js";
import { pad } from "../../nn/functional.js";
import { AdaptiveAvgPool2d, Conv2d, Flatten, GELU, init, type Layer, LayerNorm, Linear, Module, Sequential } from "../../nn/index.js"; // biome-ignore format: one line
import { cat } from "../../ops/join.js";
import type { Tensor } from "../../tensor.js";
import { MLP } from "../ops/mlp.js";
import { Permute } from "../ops/permute.js";
import { StochasticDepth } from "../ops/stochastic-depth.js";
import { builder } from "./builder.js";
import { initialise, PERCEPTRON, zeroBias } from "./initialise.js";
import { ShiftedWindowAttention, ShiftedWindowAttentionV2, type Size, type WindowAttentionShape } from "./swin-attention.js"; // biome-ignore format: one line
import * as weights from "./weights/swin.js";

/** Options of {@link SwinTransformer}. */
export interface SwinTransformerOptions {
  /** Default 1000. */
  numClasses?: number;
  /** How many times the channels the perceptrons have inside. Default 4. */
  mlpRatio?: number;
  /** The probability of the dropout. Default 0. */
  dropout?: number;
  /** That of the attention's. Default 0. */
  attentionDropout?: number;
  /** The probability with which the last block is left out; those before it less. Default: the builder's. */
  stochasticDepthProb?: number;
}

/** What a Swin transformer is made of. */
export interface SwinTransformerShape {
  readonly version: 1 | 2;
  readonly embedDim: number;
  readonly depths: readonly number[];
  readonly numHeads: readonly number[];
  readonly windowSize: Size;
}

const norm = (width: number) => new LayerNorm(width, { eps: 1e-5 });

/** Four neighbours as the channels of one: [N, H, W, C] -> [N, H/2, W/2, 4C]. */
function merged(x: Tensor): Tensor {
  const [h = 0, w = 0] = x.shape.slice(-3);
  const padded = pad(x, [0, 0, 0, w % 2, 0, h % 2]);
  const quarter = (row: number, column: number) =>
    padded.index("...", slice(row, null, 2), slice(column, null, 2), slice());
  return cat([quarter(0, 0), quarter(1, 0), quarter(0, 1), quarter(1, 1)], -1);
}

/** Half the size, twice the channels. */
class PatchMerging extends Module {
  readonly reduction: Linear<false>;
  readonly norm: LayerNorm;

  constructor(dim: number) {
    super();
    this.reduction = new Linear(4 * dim, 2 * dim, { bias: false });
    this.norm = norm(4 * dim);
  }

  forward(x: Tensor): Tensor {
    return this.reduction.forward(this.norm.forward(merged(x)));
  }
}

/** The same with the norm last. */
class PatchMergingV2 extends Module {
  readonly reduction: Linear<false>;
  readonly norm: LayerNorm;

  constructor(dim: number) {
    super();
    this.reduction = new Linear(4 * dim, 2 * dim, { bias: false });
    this.norm = norm(2 * dim);
  }

  forward(x: Tensor): Tensor {
    return this.norm.forward(this.reduction.forward(merged(x)));
  }
}

/** Attention and a perceptron, each after a norm and beside a shortcut. */
class SwinTransformerBlock extends Module {
  readonly norm1: LayerNorm;
  readonly attn: ShiftedWindowAttention;
  readonly stochastic_depth: StochasticDepth;
  readonly norm2: LayerNorm;
  readonly mlp: MLP;

  constructor(shape: WindowAttentionShape, mlpRatio: number, stochasticDepthProb: number) {
    super();
    const { dim, dropout } = shape;
    this.norm1 = norm(dim);
    this.attn = this.attention(shape);
    this.stochastic_depth = new StochasticDepth(stochasticDepthProb, "row");
    this.norm2 = norm(dim);
    this.mlp = new MLP(dim, [Math.trunc(dim * mlpRatio), dim], { activationLayer: () => new GELU(), dropout });
    initialise(this.mlp, PERCEPTRON);
  }

  protected attention(shape: WindowAttentionShape): ShiftedWindowAttention {
    return new ShiftedWindowAttention(shape);
  }

  forward(x: Tensor): Tensor {
    const y = x.add(this.stochastic_depth.forward(this.attn.forward(this.norm1.forward(x))));
    return y.add(this.stochastic_depth.forward(this.mlp.forward(this.norm2.forward(y))));
  }
}

/** The same with the norms last. */
class SwinTransformerBlockV2 extends SwinTransformerBlock {
  protected override attention(shape: WindowAttentionShape): ShiftedWindowAttention {
    return new ShiftedWindowAttentionV2(shape);
  }

  override forward(x: Tensor): Tensor {
    const y = x.add(this.stochastic_depth.forward(this.norm1.forward(this.attn.forward(x))));
    return y.add(this.stochastic_depth.forward(this.norm2.forward(this.mlp.forward(y))));
  }
}

/** x [N, 3, H, W] -> logits [N, classes]. */
export class SwinTransformer extends Module {
  readonly features: Sequential;
  readonly norm: LayerNorm;
  readonly permute: Permute;
  readonly avgpool: AdaptiveAvgPool2d;
  readonly flatten: Flatten;
  head: Layer;

  constructor(shape: SwinTransformerShape, options: SwinTransformerOptions = {}) {
    super();
    const { version, embedDim, depths, numHeads, windowSize } = shape;
    const { numClasses = 1000, mlpRatio = 4, dropout = 0, attentionDropout = 0, stochasticDepthProb = 0.1 } = options;
    const [block, merging] =
      version === 1 ? [SwinTransformerBlock, PatchMerging] : [SwinTransformerBlockV2, PatchMergingV2];
    const total = depths.reduce((n, depth) => n + depth, 0);
    const layers: Layer[] = [
      new Sequential(new Conv2d(3, embedDim, 4, { stride: 4 }), new Permute([0, 2, 3, 1]), norm(embedDim)),
    ];
    let done = 0;
    depths.forEach((depth, stage) => {
      const dim = embedDim * 2 ** stage;
      const make = (i: number) => {
        const shift = (size: number) => (i % 2 === 0 ? 0 : Math.floor(size / 2));
        const own: WindowAttentionShape = {
          ...{
            dim,
            windowSize,
            shiftSize: [shift(windowSize[0]), shift(windowSize[1])],
            numHeads: numHeads[stage] ?? 1,
          },
          ...{ attentionDropout, dropout },
        };
        return new block(own, mlpRatio, (stochasticDepthProb * done++) / (total - 1));
      };
      layers.push(new Sequential(...Array.from({ length: depth }, (_, i) => make(i))));
      if (stage < depths.length - 1) layers.push(new merging(dim));
    });
    this.features = new Sequential(...layers);
    const width = embedDim * 2 ** (depths.length - 1);
    this.norm = norm(width);
    this.permute = new Permute([0, 3, 1, 2]);
    this.avgpool = new AdaptiveAvgPool2d(1);
    this.flatten = new Flatten(1);
    this.head = new Linear(width, numClasses);
    const linear = (m: Linear<boolean>) => {
      init.truncNormal_(m.weight, 0, 0.02);
      zeroBias(m);
    };
    initialise(this, { linear, norms: [] });
  }

  forward(x: Tensor): Tensor {
    const map = this.permute.forward(this.norm.forward(this.features.forward(x)));
    return this.head.forward(this.flatten.forward(this.avgpool.forward(map)));
  }
}

const TINY = { embedDim: 96, depths: [2, 2, 6, 2], numHeads: [3, 6, 12, 24] };
const SMALL = { embedDim: 96, depths: [2, 2, 18, 2], numHeads: [3, 6, 12, 24] };
const BASE = { embedDim: 128, depths: [2, 2, 18, 2], numHeads: [4, 8, 16, 32] };
const swin = (version: 1 | 2, shape: typeof TINY, stochasticDepthProb: number) => (options: SwinTransformerOptions) =>
  new SwinTransformer(
    { version, ...shape, windowSize: version === 1 ? [7, 7] : [8, 8] },
    { stochasticDepthProb, ...options },
  );

/** Swin tiny. */
export const swin_t = builder("swin_t", weights.Swin_T_Weights, swin(1, TINY, 0.2));
/** Swin small. */
export const swin_s = builder("swin_s", weights.Swin_S_Weights, swin(1, SMALL, 0.3));
/** Swin base. */
export const swin_b = builder("swin_b", weights.Swin_B_Weights, swin(1, BASE, 0.5));
/** Swin V2 tiny. */
export const swin_v2_t = builder("swin_v2_t", weights.Swin_V2_T_Weights, swin(2, TINY, 0.2));
/** Swin V2 small. */
export const swin_v2_s = builder("swin_v2_s", weights.Swin_V2_S_Weights, swin(2, SMALL, 0.3));
/** Swin V2 base. */
export const swin_v2_b = builder("swin_v2_b", weights.Swin_V2_B_Weights, swin(2, BASE, 0.5));
