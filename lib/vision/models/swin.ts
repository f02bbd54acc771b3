/**
 * Swin transformers: attention in windows that shift, on maps that halve.
 * [Liu et al. 2021](https://arxiv.org/abs/2103.14030), V2 [Liu et al. 2021](https://arxiv.org/abs/2111.09883)
 */
import { type RequiredArgs, readArgs, required } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import { slice } from "../../index-items.js";
import { pad } from "../../nn/functional.js";
import { AdaptiveAvgPool2d, Conv2d, Flatten, GELU, init, type Layer, LayerNorm, Linear, Module, Sequential } from "../../nn/index.js"; // biome-ignore format: one line
import { cat } from "../../ops/join.js";
import type { Tensor } from "../../tensor.js";
import { checkSizes, type MakeNorm, type NormLayer, normOf } from "../ops/layers.js";
import { MLP } from "../ops/mlp.js";
import { Permute } from "../ops/permute.js";
import { StochasticDepth } from "../ops/stochastic-depth.js";
import { builder } from "./builder.js";
import { ModuleWithHead } from "./head.js";
import { initialise, PERCEPTRON, zeroBias } from "./initialise.js";
import { ShiftedWindowAttention, ShiftedWindowAttentionV2, type Size, type WindowAttentionShape } from "./swin-attention.js"; // biome-ignore format: one line
import * as weights from "./weights/swin.js";

/** Options of {@link SwinTransformer}. */
export interface SwinTransformerOptions {
  /** The perceptrons' hidden widths, divided by the channels. Default 4. */
  mlpRatio?: number;
  /** The probability of the dropout. Default 0. */
  dropout?: number;
  /** The probability of the attention's dropout. Default 0. */
  attentionDropout?: number;
  /** The probability with which the last block is left out; it falls linearly towards the first. Default: the builder's; of the class, 0.1. */
  stochasticDepthProb?: number;
  /** Default 1000. */
  numClasses?: number;
  /** The normalisation. Default: layer norm with eps 1e-5. */
  normLayer?: NormLayer | null;
  /** The class of the blocks. Default {@link SwinTransformerBlock}; of V2 {@link SwinTransformerBlockV2}. */
  block?: SwinBlock | null;
  /** The class of what halves the maps: channels, normalisation. Default {@link PatchMerging}; of V2 {@link PatchMergingV2}. */
  downsampleLayer?: new (
    dim: number,
    normLayer: MakeNorm,
  ) => Layer;
}

/** The class of a block. */
export type SwinBlock = new (
  dim: number,
  numHeads: number,
  windowSize: Size,
  shiftSize: Size,
  mlpRatio: number,
  dropout: number,
  attentionDropout: number,
  stochasticDepthProb: number,
  normLayer: MakeNorm,
) => Layer;

/** All arguments of {@link SwinTransformer}. */
export interface SwinTransformerAll extends SwinTransformerOptions {
  /** The height and width of a patch. */
  patchSize: Size;
  /** The channels of the first stage; each stage has twice as many as the one before. */
  embedDim: number;
  /** The number of blocks of each stage. */
  depths: readonly number[];
  /** The heads of each stage's attention. */
  numHeads: readonly number[];
  /** The height and width of a window. */
  windowSize: Size;
}
const NAMES = [
  ...([
    "patchSize",
    "embedDim",
    "depths",
    "numHeads",
    "windowSize",
    "mlpRatio",
    "dropout",
    "attentionDropout",
  ] as const),
  ...(["stochasticDepthProb", "numClasses", "normLayer", "block", "downsampleLayer"] as const),
] as const;
type Shape = ["patchSize", "embedDim", "depths", "numHeads", "windowSize"];
type Rest = [
  ...["mlpRatio", "dropout", "attentionDropout", "stochasticDepthProb", "numClasses", "normLayer", "block"],
  "downsampleLayer",
];

const layerNorm: MakeNorm = (width) => new LayerNorm(width, { eps: 1e-5 });

/** Four neighbours as the channels of one: [N, H, W, C] -> [N, H/2, W/2, 4C]. */
function merged(x: Tensor): Tensor {
  const [h = 0, w = 0] = x.shape.slice(-3);
  const padded = pad(x, [0, 0, 0, w % 2, 0, h % 2]);
  const quarter = (row: number, column: number) =>
    padded.index("...", slice(row, null, 2), slice(column, null, 2), slice());
  return cat([quarter(0, 0), quarter(1, 0), quarter(0, 1), quarter(1, 1)], -1);
}

/** Half the size, twice the channels. */
export class PatchMerging extends Module {
  reduction: Linear<false>;
  norm: Layer;

  constructor(dim: number, norm: MakeNorm = layerNorm) {
    super();
    this.reduction = new Linear(4 * dim, 2 * dim, { bias: false });
    this.norm = norm(4 * dim);
  }

  forward(x: Tensor): Tensor {
    return this.reduction.forward(this.norm.forward(merged(x)));
  }
}

/** The same with the norm last. */
export class PatchMergingV2 extends Module {
  reduction: Linear<false>;
  norm: Layer;

  constructor(dim: number, norm: MakeNorm = layerNorm) {
    super();
    this.reduction = new Linear(4 * dim, 2 * dim, { bias: false });
    this.norm = norm(2 * dim);
  }

  forward(x: Tensor): Tensor {
    return this.norm.forward(this.reduction.forward(merged(x)));
  }
}

/** Attention and a perceptron, each after a norm and beside a shortcut. */
export class SwinTransformerBlock extends Module {
  norm1: Layer;
  attn: ShiftedWindowAttention;
  stochastic_depth: StochasticDepth;
  norm2: Layer;
  mlp: MLP;

  constructor(...args: ConstructorParameters<SwinBlock>) {
    super();
    const [dim, numHeads, windowSize, shiftSize, mlpRatio, dropout, attentionDropout, stochasticDepthProb, norm] = args;
    this.norm1 = norm(dim);
    this.attn = this.attention({ dim, numHeads, windowSize, shiftSize, dropout, attentionDropout });
    this.stochastic_depth = new StochasticDepth(stochasticDepthProb, "row");
    this.norm2 = norm(dim);
    this.mlp = new MLP(dim, [Math.trunc(dim * mlpRatio), dim], { activationLayer: GELU, dropout });
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
export class SwinTransformerBlockV2 extends SwinTransformerBlock {
  protected override attention(shape: WindowAttentionShape): ShiftedWindowAttention {
    return new ShiftedWindowAttentionV2(shape);
  }

  override forward(x: Tensor): Tensor {
    const y = x.add(this.stochastic_depth.forward(this.norm1.forward(this.attn.forward(x))));
    return y.add(this.stochastic_depth.forward(this.norm2.forward(this.mlp.forward(y))));
  }
}

/** x [N, 3, H, W] -> logits [N, classes]. */
export class SwinTransformer extends ModuleWithHead {
  features: Sequential;
  norm: Layer;
  permute: Permute;
  avgpool: AdaptiveAvgPool2d;
  flatten: Flatten;

  constructor(...args: RequiredArgs<SwinTransformerAll, Shape, Rest>) {
    super();
    const op = "SwinTransformer";
    const o = readArgs<SwinTransformerAll>(op, NAMES, args);
    const [patchSize, windowSize] = [required(op, o, "patchSize"), required(op, o, "windowSize")];
    const [depths, numHeads] = [required(op, o, "depths"), required(op, o, "numHeads")];
    const embedDim = required(op, o, "embedDim");
    const lists = { patchSize, windowSize, depths, numHeads };
    for (const [name, list] of Object.entries(lists)) checkSizes(op, name, list);
    if (depths.length !== numHeads.length) {
      throw new ArgumentError(`${op}: expected as many numHeads as depths, received ${numHeads.length} and ${depths.length}`, { op }); // biome-ignore format: one line
    }
    const { numClasses = 1000, mlpRatio = 4, dropout = 0, attentionDropout = 0, stochasticDepthProb = 0.1 } = o;
    const [block, merging] = [o.block ?? SwinTransformerBlock, o.downsampleLayer ?? PatchMerging];
    const norm = normOf(op, o.normLayer, layerNorm);
    const total = depths.reduce((n, depth) => n + depth, 0);
    const patches = new Conv2d(3, embedDim, patchSize, { stride: patchSize });
    const layers: Layer[] = [new Sequential(patches, new Permute([0, 2, 3, 1]), norm(embedDim))];
    let done = 0;
    depths.forEach((depth, stage) => {
      const dim = embedDim * 2 ** stage;
      const shifted: Size = [Math.floor(windowSize[0] / 2), Math.floor(windowSize[1] / 2)];
      const make = (i: number) => {
        const window = [windowSize, i % 2 === 0 ? ([0, 0] as const) : shifted] as const;
        const depthProb = (stochasticDepthProb * done++) / (total - 1);
        return new block(dim, numHeads[stage] ?? 1, ...window, mlpRatio, dropout, attentionDropout, depthProb, norm);
      };
      layers.push(new Sequential(...Array.from({ length: depth }, (_, i) => make(i))));
      if (stage < depths.length - 1) layers.push(new merging(dim, norm));
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
const V1 = { patchSize: [4, 4], windowSize: [7, 7] } as const;
const V2 = {
  ...({ patchSize: [4, 4], windowSize: [8, 8] } as const),
  ...{ block: SwinTransformerBlockV2, downsampleLayer: PatchMergingV2 },
};
const swin = (version: typeof V1 | typeof V2, shape: typeof TINY, stochasticDepthProb: number) => {
  return (options: SwinTransformerOptions) =>
    new SwinTransformer({ ...version, ...shape, stochasticDepthProb, ...options });
};

/** Swin tiny. */
export const swin_t = builder("swin_t", weights.Swin_T_Weights, swin(V1, TINY, 0.2));
/** Swin small. */
export const swin_s = builder("swin_s", weights.Swin_S_Weights, swin(V1, SMALL, 0.3));
/** Swin base. */
export const swin_b = builder("swin_b", weights.Swin_B_Weights, swin(V1, BASE, 0.5));
/** Swin V2 tiny. */
export const swin_v2_t = builder("swin_v2_t", weights.Swin_V2_T_Weights, swin(V2, TINY, 0.2));
/** Swin V2 small. */
export const swin_v2_s = builder("swin_v2_s", weights.Swin_V2_S_Weights, swin(V2, SMALL, 0.3));
/** Swin V2 base. */
export const swin_v2_b = builder("swin_v2_b", weights.Swin_V2_B_Weights, swin(V2, BASE, 0.5));
