/** Vision transformer: patches of an image as words.   [Dosovitskiy et al. 2020](https://arxiv.org/abs/2010.11929) */
import { type RequiredArgs, readArgs, required } from "../../args.js";
import { empty, zeros } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { Conv2d, Dropout, GELU, init, type Layer, LayerNorm, Linear, Module, MultiheadAttention, Parameter, Sequential, type StateDict, Tanh } from "../../nn/index.js"; // biome-ignore format: one line
import { cat } from "../../ops/join.js";
import type { Tensor } from "../../tensor.js";
import { Conv2dNormActivation } from "../ops/conv-norm-activation.js";
import { type ActivationLayer, type MakeNorm, type NormLayer, normOf } from "../ops/layers.js";
import { MLP } from "../ops/mlp.js";
import { builder, fixed } from "./builder.js";
import { initialise, PERCEPTRON, zeroBias } from "./initialise.js";
import * as weights from "./weights/vit.js";
import type { Weights } from "./weights.js";

/** Options of {@link VisionTransformer}. */
export interface VisionTransformerOptions {
  /** The probability of the dropout. Default 0. */
  dropout?: number;
  /** The probability of the attention's dropout. Default 0. */
  attentionDropout?: number;
  /** Default 1000. */
  numClasses?: number;
  /** The width of a hidden layer with tanh before the classifier. Default: none. */
  representationSize?: number | null;
  /** The normalisation. Default: layer norm with eps 1e-6. */
  normLayer?: NormLayer | null;
  /** Convolutions in the place of the patches' projection. Default: none.   [Xiao et al. 2021](https://arxiv.org/abs/2106.14881) */
  convStemConfigs?: readonly ConvStemConfig[] | null;
}

/** Options of the builders. */
export interface VisionTransformerBuilderOptions extends VisionTransformerOptions {
  /** The height and width of images. Default 224, with weights theirs. */
  imageSize?: number;
}

/** A convolution of a stem, with its normalisation and activation. */
export interface ConvStemConfig {
  readonly outChannels: number;
  readonly kernelSize: number;
  readonly stride: number;
  /** Default: batch norm. */
  readonly normLayer?: NormLayer;
  /** Default: ReLU. */
  readonly activationLayer?: ActivationLayer;
}

/** What a vision transformer is made of. */
interface VisionTransformerShape {
  /** The height and width of a patch. */
  patchSize: number;
  /** The number of blocks. */
  numLayers: number;
  /** The heads of the attention. */
  numHeads: number;
  /** The width of a token. */
  hiddenDim: number;
  /** The width of the perceptrons' hidden layers. */
  mlpDim: number;
}

/** All arguments of {@link VisionTransformer}. */
export interface VisionTransformerAll extends VisionTransformerShape, VisionTransformerOptions {
  /** The height and width of images. */
  imageSize: number;
}
const NAMES = [
  ...(["imageSize", "patchSize", "numLayers", "numHeads", "hiddenDim", "mlpDim", "dropout"] as const),
  ...(["attentionDropout", "numClasses", "representationSize", "normLayer", "convStemConfigs"] as const),
] as const;
type Shape = ["imageSize", "patchSize", "numLayers", "numHeads", "hiddenDim", "mlpDim"];
type Rest = ["dropout", "attentionDropout", "numClasses", "representationSize", "normLayer", "convStemConfigs"];

/** What the parts of an encoder share. */
interface EncoderConfig extends VisionTransformerShape {
  readonly dropout: number;
  readonly attentionDropout: number;
  readonly norm: MakeNorm;
}

const layerNorm: MakeNorm = (width) => new LayerNorm(width, { eps: 1e-6 });

class MLPBlock extends MLP {
  static readonly stateVersion = 2;

  constructor(width: number, mlpDim: number, dropout: number) {
    super(width, [mlpDim, width], { activationLayer: GELU, dropout });
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
  ln_1: Layer;
  self_attention: MultiheadAttention;
  dropout: Dropout;
  ln_2: Layer;
  mlp: MLPBlock;

  constructor({ numHeads, hiddenDim, mlpDim, dropout, attentionDropout, norm }: EncoderConfig) {
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
  dropout: Dropout;
  layers: Sequential;
  ln: Layer;

  constructor(length: number, config: EncoderConfig) {
    super();
    this.pos_embedding = new Parameter(empty([1, length, config.hiddenDim]).normal_(0, 0.02));
    this.dropout = new Dropout(config.dropout);
    const layer = (i: number): [string, Layer] => [`encoder_layer_${i}`, new EncoderBlock(config)];
    this.layers = new Sequential(Array.from({ length: config.numLayers }, (_, i) => layer(i)));
    this.ln = config.norm(config.hiddenDim);
  }

  forward(x: Tensor): Tensor {
    return this.ln.forward(this.layers.forward(this.dropout.forward(x.add(this.pos_embedding))));
  }
}

/** The projection of patches, or a stem of convolutions. */
function projection(hiddenDim: number, patchSize: number, stem: readonly ConvStemConfig[] | null): Conv2d | Sequential {
  if (stem === null) return new Conv2d(3, hiddenDim, patchSize, { stride: patchSize });
  let channels = 3;
  const layers = stem.map(({ outChannels, ...options }, i): [string, Layer] => {
    const layer = new Conv2dNormActivation(channels, outChannels, options);
    channels = outChannels;
    return [`conv_bn_relu_${i}`, layer];
  });
  return new Sequential([...layers, ["conv_last", new Conv2d(channels, hiddenDim, 1)]]);
}

/** The classifier, which any layer may replace by its name. */
interface Heads extends Sequential {
  get head(): Linear;
  set head(layer: Layer);
}

interface WithHeads extends InstanceType<typeof Module> {
  get heads(): Heads;
  set heads(layer: Layer);
}
const ModuleWithHeads = Module as abstract new () => WithHeads;

/** x [N, 3, imageSize, imageSize] -> logits [N, numClasses]. */
export class VisionTransformer extends ModuleWithHeads {
  readonly imageSize: number;
  readonly patchSize: number;
  readonly hiddenDim: number;
  readonly class_token: Parameter;
  conv_proj: Conv2d | Sequential;
  encoder: Encoder;

  constructor(...args: RequiredArgs<VisionTransformerAll, Shape, Rest>) {
    super();
    const op = "VisionTransformer";
    const o = readArgs<VisionTransformerAll>(op, NAMES, args);
    const [imageSize, patchSize] = [required(op, o, "imageSize"), required(op, o, "patchSize")];
    const { numClasses = 1000, dropout = 0, attentionDropout = 0 } = o;
    if (imageSize % patchSize !== 0) throw new ArgumentError("Input shape indivisible by patch size!");
    const config: EncoderConfig = {
      ...{ patchSize, numLayers: required(op, o, "numLayers"), numHeads: required(op, o, "numHeads") },
      ...{ hiddenDim: required(op, o, "hiddenDim"), mlpDim: required(op, o, "mlpDim") },
      ...{ dropout, attentionDropout, norm: normOf(op, o.normLayer, layerNorm) },
    };
    const { hiddenDim } = config;
    this.imageSize = imageSize;
    this.patchSize = patchSize;
    this.hiddenDim = hiddenDim;
    this.conv_proj = projection(hiddenDim, patchSize, o.convStemConfigs ?? null);
    this.class_token = new Parameter(zeros([1, 1, hiddenDim]));
    this.encoder = new Encoder((imageSize / patchSize) ** 2 + 1, config);
    const between = o.representationSize ?? null;
    const before = between === null ? null : new Linear(hiddenDim, between);
    const head = new Linear(between ?? hiddenDim, numClasses);
    const layers: [string, Layer][] = [["head", head]];
    if (before !== null) layers.unshift(["pre_logits", before], ["act", new Tanh()]);
    this.heads = new Sequential(layers) as Heads; // its names are properties of it
    this.initialise(before, head);
  }

  private initialise(before: Linear | null, head: Linear): void {
    const { conv_proj: projection, patchSize } = this;
    const last = projection instanceof Conv2d ? projection : projection.get<Conv2d>(-1);
    if (last === projection) init.truncNormal_(last.weight, 0, Math.sqrt(1 / (3 * patchSize * patchSize)));
    else init.normal_(last.weight, 0, Math.sqrt(2 / last.outChannels));
    zeroBias(last);
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
  ({ imageSize = 224, ...options }: VisionTransformerBuilderOptions) =>
    new VisionTransformer(imageSize, patchSize, numLayers, numHeads, hiddenDim, mlpDim, options);

/** The weights are for images of one size. */
const ofSize = {
  options: (o: VisionTransformerBuilderOptions, { set, meta }: Weights) =>
    fixed(set, o, { imageSize: meta.min_size[0] }),
};

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
