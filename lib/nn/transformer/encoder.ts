/** The encoder of a transformer.   [Vaswani et al. 2017] */
import { type Args, readArgs, required } from "../../args.js";
import { deepcopy } from "../../deepcopy.js";
import type { TensorBase } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import type { MultiheadAttention } from "../attention/multihead-attention.js";
import { ModuleList } from "../containers.js";
import type { Dropout } from "../dropout.js";
import type { Linear } from "../linear.js";
import { Module } from "../module.js";
import type { LayerNorm } from "../normalization/layer-norm.js";
import {
  type Activation,
  activationOf,
  applied,
  attended,
  detectsCausal,
  LAYER_NAMES,
  type LayerTail,
  Parts,
  type TransformerLayerAll,
  type TransformerLayerOptions,
} from "./shared.js";

/** Options of {@link TransformerEncoderLayer.forward}. */
export interface EncoderLayerMasks {
  /** [S, S] or [N heads, S, S]: places that are closed where true, or what is added to the scores. Default: none. */
  srcMask?: TensorBase | null;
  /** [N, S]: elements that are ignored where true, or what is added to their scores. Default: none. */
  srcKeyPaddingMask?: TensorBase | null;
  /** Whether `srcMask` is the causal mask. Default false. */
  isCausal?: boolean;
}

/**
 * Self-attention and two linear layers, each with a residual connection and a normalisation: norm2(y + ff(y)) of y =
 * norm1(x + attention(x)), or with `normFirst` y + ff(norm2(y)) of y = x + attention(norm1(x)).
 * Input and output [S, N, E], or [N, S, E] with `batchFirst`, or [S, E].
 *
 * ```ts
 * new nn.TransformerEncoderLayer(512, 8).forward(torch.rand(10, 32, 512)).shape; // [10, 32, 512]
 * ```
 */
export class TransformerEncoderLayer extends Module {
  self_attn: MultiheadAttention;
  linear1: Linear<boolean>;
  dropout: Dropout;
  linear2: Linear<boolean>;
  readonly normFirst: boolean;
  norm1: LayerNorm;
  norm2: LayerNorm;
  dropout1: Dropout;
  dropout2: Dropout;
  activation: Exclude<Activation, string>;

  constructor(dModel: number, nhead: number, ...rest: Args<TransformerLayerOptions, LayerTail>);
  constructor(options: TransformerLayerAll);
  constructor(...args: unknown[]) {
    super();
    const o = readArgs<TransformerLayerAll>("TransformerEncoderLayer", LAYER_NAMES, args);
    const name = "TransformerEncoderLayer";
    const parts = new Parts(o, required(name, o, "dModel"), required(name, o, "nhead"));
    this.self_attn = parts.attention();
    this.linear1 = parts.up();
    this.dropout = parts.dropout();
    this.linear2 = parts.down();
    this.normFirst = o.normFirst ?? false;
    this.norm1 = parts.norm();
    this.norm2 = parts.norm();
    this.dropout1 = parts.dropout();
    this.dropout2 = parts.dropout();
    this.activation = activationOf(o.activation ?? "relu");
  }

  forward(src: Tensor, ...rest: Args<EncoderLayerMasks, ["srcMask", "srcKeyPaddingMask", "isCausal"]>): Tensor {
    const names = ["srcMask", "srcKeyPaddingMask", "isCausal"] as const;
    const o = readArgs<EncoderLayerMasks>("TransformerEncoderLayer.forward", names, rest);
    const masks = { mask: o.srcMask, padding: o.srcKeyPaddingMask, causal: o.isCausal };
    const attention = (x: Tensor): Tensor => this.dropout1.forward(attended(this.self_attn, x, x, masks));
    if (this.normFirst) {
      const y = src.add(attention(this.norm1.forward(src)));
      return y.add(this.feedForward(this.norm2.forward(y)));
    }
    const y = this.norm1.forward(src.add(attention(src)));
    return this.norm2.forward(y.add(this.feedForward(y)));
  }

  private feedForward(x: Tensor): Tensor {
    const inner = this.dropout.forward(applied(this.activation, this.linear1.forward(x)));
    return this.dropout2.forward(this.linear2.forward(inner));
  }
}

/** A layer of an encoder. */
export type EncoderLayer = Module & {
  forward(src: Tensor, masks: EncoderLayerMasks): Tensor;
};

/** Options of {@link TransformerEncoder}. */
export interface TransformerEncoderOptions {
  /** Applied to the output of the last layer. Default: none. */
  norm?: (Module & { forward(x: Tensor): Tensor }) | null;
  /** Accepted for PyTorch's sake. */
  enableNestedTensor?: boolean;
  /** Accepted for PyTorch's sake. */
  maskCheck?: boolean;
}

interface EncoderAll extends TransformerEncoderOptions {
  encoderLayer: EncoderLayer;
  numLayers: number;
}

/** Options of {@link TransformerEncoder.forward}. */
export interface EncoderMasks {
  /** [S, S] or [N heads, S, S]: places that are closed where true, or what is added to the scores. Default: none. */
  mask?: TensorBase | null;
  /** [N, S]: elements that are ignored where true, or what is added to their scores. Default: none. */
  srcKeyPaddingMask?: TensorBase | null;
  /** Whether `mask` is the causal mask. Default null: it is looked at. */
  isCausal?: boolean | null;
}

/** Copies of a layer, one after another; they start with the same parameters. Shapes as the layer's. */
export class TransformerEncoder extends Module {
  layers: ModuleList;
  readonly numLayers: number;
  norm: (Module & { forward(x: Tensor): Tensor }) | null;

  constructor(
    encoderLayer: EncoderLayer,
    numLayers: number,
    ...rest: Args<TransformerEncoderOptions, ["norm", "enableNestedTensor", "maskCheck"]>
  );
  constructor(options: EncoderAll);
  constructor(...args: unknown[]) {
    super();
    const names = ["encoderLayer", "numLayers", "norm", "enableNestedTensor", "maskCheck"] as const;
    const o = readArgs<EncoderAll>("TransformerEncoder", names, args);
    const layer = required("TransformerEncoder", o, "encoderLayer");
    this.numLayers = required("TransformerEncoder", o, "numLayers");
    this.layers = new ModuleList(Array.from({ length: this.numLayers }, () => deepcopy(layer)));
    this.norm = o.norm ?? null;
  }

  forward(src: Tensor, ...rest: Args<EncoderMasks, ["mask", "srcKeyPaddingMask", "isCausal"]>): Tensor {
    const names = ["mask", "srcKeyPaddingMask", "isCausal"] as const;
    const o = readArgs<EncoderMasks>("TransformerEncoder.forward", names, rest);
    const { mask: srcMask = null, srcKeyPaddingMask = null } = o;
    const isCausal = detectsCausal(srcMask, o.isCausal);
    let x = src;
    for (const layer of this.layers) x = (layer as EncoderLayer).forward(x, { srcMask, srcKeyPaddingMask, isCausal });
    return this.norm === null ? x : this.norm.forward(x);
  }
}
