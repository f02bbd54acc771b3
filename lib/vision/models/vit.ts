/** Vision transformer: patches of an image as words.   [Dosovitskiy et al. 2020](https://arxiv.org/abs/2010.11929) */
import { empty, zeros } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { Conv2d, Dropout, GELU, init, type Layer, LayerNorm, Linear, Module, MultiheadAttention, Parameter, Sequential, type StateDict, Tanh } from "../../nn/index.js"; // biome-ignore format: one line
import { cat } from "../../ops/join.js";
import type { Tensor } from "../../tensor.js";
import { MLP } from "../ops/mlp.js";
import { builder } from "./builder.js";
import { initialise, PERCEPTRON, zeroBias } from "./initialise.js";
import * as weights from "./weights/vit.js";

/** Options of {@link VisionTransformer}. */
export interface VisionTransformerOptions {
  /** Default 1000. */
  numClasses?: number;
  /** The height and width of images. Default 224, with weights theirs. */
  imageSize?: number;
  /** The probability of the dropout. Default 0. */
  dropout?: number;
  /** That of the attention's. Default 0. */
  attentionDropout?: number;
  /** The width of a layer before the last, with tanh. Default: none. */
  representationSize?: number | null;
}

/** What a vision transformer is made of. */
export interface VisionTransformerShape {
  readonly patchSize: number;
  readonly numLayers: number;
  readonly numHeads: number;
  readonly hiddenDim: number;
  readonly mlpDim: number;
}

const norm = (width: number) => new LayerNorm(width, { eps: 1e-6 });

class MLPBlock extends MLP {
  static readonly stateVersion = 2;

  constructor(width: number, mlpDim: number, dropout: number) {
    super(width, [mlpDim, width], { activationLayer: () => new GELU(), dropout });
    initialise(this, PERCEPTRON);
  }

  /** Version 1 called its layers linear_1 and linear_2. */
  override upgradeState(state: StateDict, prefix: string, version: number | null): void {
    if ((version ?? 1) >= 2) return;
    for (const [old, now] of [
      ["linear_1", "0"],
      ["linear_2", "3"],
    ]) {
      for (const kind of ["weight", "bias"]) {
        const value = state[`${prefix}${old}.${kind}`];
        if (value === undefined) continue;
        state[`${prefix}${now}.${kind}`] = value;
        delete state[`${prefix}${old}.${kind}`];
      }
    }
  }
}

/** Attention and a perceptron, each after a layer norm and beside a shortcut. */
class EncoderBlock extends Module {
  readonly ln_1: LayerNorm;
  readonly self_attention: MultiheadAttention;
  readonly dropout: Dropout;
  readonly ln_2: LayerNorm;
  readonly mlp: MLPBlock;

  constructor({ numHeads, hiddenDim, mlpDim }: VisionTransformerShape, dropout: number, attentionDropout: number) {
    super();
    this.ln_1 = norm(hiddenDim);
    this.self_attention = new MultiheadAttention(hiddenDim, numHeads, { dropout: attentionDropout, batchFirst: true });
    this.dropout = new Dropout(dropout);
    this.ln_2 = norm(hiddenDim);
    this.mlp = new MLPBlock(hiddenDim, mlpDim, dropout);
  }

  forward(input: Tensor): Tensor {
    const x = this.ln_1.forward(input);
    const [attended] = this.self_attention.forward(x, x, x, { needWeights: false });
    const y = this.dropout.forward(attended).add(input);
    return y.add(this.mlp.forward(this.ln_2.forward(y)));
  }
}

/** Positions, blocks, a layer norm: x [N, S, E] -> the same. */
class Encoder extends Module {
  readonly pos_embedding: Parameter;
  readonly dropout: Dropout;
  readonly layers: Sequential;
  readonly ln: LayerNorm;

  constructor(length: number, shape: VisionTransformerShape, dropout: number, attentionDropout: number) {
    super();
    this.pos_embedding = new Parameter(empty([1, length, shape.hiddenDim]).normal_(0, 0.02));
    this.dropout = new Dropout(dropout);
    const layer = (i: number): [string, Layer] => [
      `encoder_layer_${i}`,
      new EncoderBlock(shape, dropout, attentionDropout),
    ];
    this.layers = new Sequential(Array.from({ length: shape.numLayers }, (_, i) => layer(i)));
    this.ln = norm(shape.hiddenDim);
  }

  forward(x: Tensor): Tensor {
    return this.ln.forward(this.layers.forward(this.dropout.forward(x.add(this.pos_embedding))));
  }
}

/** x [N, 3, S, S] of the size that it was made for -> logits [N, classes]. */
export class VisionTransformer extends Module {
  readonly imageSize: number;
  readonly patchSize: number;
  readonly hiddenDim: number;
  readonly class_token: Parameter;
  readonly conv_proj: Conv2d;
  readonly encoder: Encoder;
  heads: Sequential;

  constructor(shape: VisionTransformerShape, options: VisionTransformerOptions = {}) {
    super();
    const { patchSize, hiddenDim } = shape;
    const { numClasses = 1000, imageSize = 224, dropout = 0, attentionDropout = 0 } = options;
    if (imageSize % patchSize !== 0) throw new ArgumentError("Input shape indivisible by patch size!");
    this.imageSize = imageSize;
    this.patchSize = patchSize;
    this.hiddenDim = hiddenDim;
    this.conv_proj = new Conv2d(3, hiddenDim, patchSize, { stride: patchSize });
    this.class_token = new Parameter(zeros([1, 1, hiddenDim]));
    this.encoder = new Encoder((imageSize / patchSize) ** 2 + 1, shape, dropout, attentionDropout);
    const between = options.representationSize ?? null;
    const before = between === null ? null : new Linear(hiddenDim, between);
    const head = new Linear(between ?? hiddenDim, numClasses);
    this.heads = new Sequential(before === null ? [["head", head]] : [["pre_logits", before], ["act", new Tanh()], ["head", head]]); // biome-ignore format: one line
    init.truncNormal_(this.conv_proj.weight, 0, Math.sqrt(1 / (3 * patchSize * patchSize)));
    zeroBias(this.conv_proj);
    if (before !== null) {
      init.truncNormal_(before.weight, 0, Math.sqrt(1 / before.inFeatures));
      zeroBias(before);
    }
    init.zeros_(head.weight);
    zeroBias(head);
  }

  forward(x: Tensor): Tensor {
    const [n = 0, , height, width] = x.shape;
    if (height !== this.imageSize) throw new ArgumentError(`Wrong image height! Expected ${this.imageSize} but got ${height}!`); // biome-ignore format: one line
    if (width !== this.imageSize) throw new ArgumentError(`Wrong image width! Expected ${this.imageSize} but got ${width}!`); // biome-ignore format: one line
    const patches = this.conv_proj.forward(x).flatten(2).permute([0, 2, 1]);
    const tokens = cat([this.class_token.expand([n, -1, -1]), patches], 1);
    return this.heads.forward(this.encoder.forward(tokens).select(1, 0));
  }
}

const vit =
  (patchSize: number, numLayers: number, numHeads: number, hiddenDim: number, mlpDim: number) =>
  (options: VisionTransformerOptions) =>
    new VisionTransformer({ patchSize, numLayers, numHeads, hiddenDim, mlpDim }, options);

/** The weights are for images of one size. */
const ofSize = { options: (o: VisionTransformerOptions, { meta }: { meta: { min_size: readonly [number, number] } }) => ({ ...o, imageSize: meta.min_size[0] }) }; // biome-ignore format: one line

/** ViT base, patches of 16 x 16. */
export const vit_b_16 = builder("vit_b_16", weights.ViT_B_16_Weights, vit(16, 12, 12, 768, 3072), ofSize);
/** ViT base, patches of 32 x 32. */
export const vit_b_32 = builder("vit_b_32", weights.ViT_B_32_Weights, vit(32, 12, 12, 768, 3072), ofSize);
/** ViT large, patches of 16 x 16. */
export const vit_l_16 = builder("vit_l_16", weights.ViT_L_16_Weights, vit(16, 24, 16, 1024, 4096), ofSize);
/** ViT large, patches of 32 x 32. */
export const vit_l_32 = builder("vit_l_32", weights.ViT_L_32_Weights, vit(32, 24, 16, 1024, 4096), ofSize);
/** ViT huge, patches of 14 x 14. */
export const vit_h_14 = builder("vit_h_14", weights.ViT_H_14_Weights, vit(14, 32, 16, 1280, 5120), ofSize);
