/** The decoder of a transformer.   [Vaswani et al. 2017] */
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

/** Options of {@link TransformerDecoderLayer.forward}. */
export interface DecoderLayerMasks {
  /** [T, T] or [N heads, T, T]: places that are closed where true, or what is added to the scores. Default: none. */
  tgtMask?: TensorBase | null;
  /** [T, S], likewise, for the attention to the memory. Default: none. */
  memoryMask?: TensorBase | null;
  /** [N, T]: elements that are ignored where true, or what is added to their scores. Default: none. */
  tgtKeyPaddingMask?: TensorBase | null;
  /** [N, S], likewise, of the memory. Default: none. */
  memoryKeyPaddingMask?: TensorBase | null;
  /** Whether `tgtMask` is the causal mask. Default false. */
  tgtIsCausal?: boolean;
  /** Whether `memoryMask` is the causal mask. Default false. */
  memoryIsCausal?: boolean;
}

const FORWARD = [
  ...(["tgtMask", "memoryMask", "tgtKeyPaddingMask", "memoryKeyPaddingMask"] as const),
  ...(["tgtIsCausal", "memoryIsCausal"] as const),
] as const;

type ForwardNames = [
  "tgtMask",
  "memoryMask",
  "tgtKeyPaddingMask",
  "memoryKeyPaddingMask",
  "tgtIsCausal",
  "memoryIsCausal",
];

/**
 * Self-attention, attention to the encoder's output and two linear layers, each with a residual connection and a
 * normalisation after it, or with `normFirst` before it. Input and output [T, N, E], memory [S, N, E]; N first with
 * `batchFirst`; or without N.
 *
 * ```ts
 * const layer = new nn.TransformerDecoderLayer(512, 8);
 * layer.forward(torch.rand(20, 32, 512), torch.rand(10, 32, 512)).shape; // [20, 32, 512]
 * ```
 */
export class TransformerDecoderLayer extends Module {
  self_attn: MultiheadAttention;
  multihead_attn: MultiheadAttention;
  linear1: Linear<boolean>;
  dropout: Dropout;
  linear2: Linear<boolean>;
  readonly normFirst: boolean;
  norm1: LayerNorm;
  norm2: LayerNorm;
  norm3: LayerNorm;
  dropout1: Dropout;
  dropout2: Dropout;
  dropout3: Dropout;
  activation: Exclude<Activation, string>;

  constructor(dModel: number, nhead: number, ...rest: Args<TransformerLayerOptions, LayerTail>);
  constructor(options: TransformerLayerAll);
  constructor(...args: unknown[]) {
    super();
    const name = "TransformerDecoderLayer";
    const o = readArgs<TransformerLayerAll>(name, LAYER_NAMES, args);
    const parts = new Parts(o, required(name, o, "dModel"), required(name, o, "nhead"));
    this.self_attn = parts.attention();
    this.multihead_attn = parts.attention();
    this.linear1 = parts.up();
    this.dropout = parts.dropout();
    this.linear2 = parts.down();
    this.normFirst = o.normFirst ?? false;
    this.norm1 = parts.norm();
    this.norm2 = parts.norm();
    this.norm3 = parts.norm();
    this.dropout1 = parts.dropout();
    this.dropout2 = parts.dropout();
    this.dropout3 = parts.dropout();
    this.activation = activationOf(o.activation ?? "relu");
  }

  forward(tgt: Tensor, memory: Tensor, ...rest: Args<DecoderLayerMasks, ForwardNames>): Tensor {
    const o = readArgs<DecoderLayerMasks>("TransformerDecoderLayer.forward", FORWARD, rest);
    const own = { mask: o.tgtMask, padding: o.tgtKeyPaddingMask, causal: o.tgtIsCausal };
    const other = { mask: o.memoryMask, padding: o.memoryKeyPaddingMask, causal: o.memoryIsCausal };
    const attention = (x: Tensor): Tensor => this.dropout1.forward(attended(this.self_attn, x, x, own));
    const cross = (x: Tensor): Tensor => this.dropout2.forward(attended(this.multihead_attn, x, memory, other));
    if (this.normFirst) {
      const x = tgt.add(attention(this.norm1.forward(tgt)));
      const y = x.add(cross(this.norm2.forward(x)));
      return y.add(this.feedForward(this.norm3.forward(y)));
    }
    const x = this.norm1.forward(tgt.add(attention(tgt)));
    const y = this.norm2.forward(x.add(cross(x)));
    return this.norm3.forward(y.add(this.feedForward(y)));
  }

  private feedForward(x: Tensor): Tensor {
    const inner = this.dropout.forward(applied(this.activation, this.linear1.forward(x)));
    return this.dropout3.forward(this.linear2.forward(inner));
  }
}

/** A layer of a decoder. */
export type DecoderLayer = Module & {
  forward(tgt: Tensor, memory: Tensor, masks: DecoderLayerMasks): Tensor;
};

/** Options of {@link TransformerDecoder}. */
export interface TransformerDecoderOptions {
  /** Applied to the output of the last layer. Default: none. */
  norm?: (Module & { forward(x: Tensor): Tensor }) | null;
}

interface DecoderAll extends TransformerDecoderOptions {
  decoderLayer: DecoderLayer;
  numLayers: number;
}

/** Options of {@link TransformerDecoder.forward}. */
export interface DecoderMasks extends Omit<DecoderLayerMasks, "tgtIsCausal"> {
  /** Whether `tgtMask` is the causal mask. Default null: it is looked at. */
  tgtIsCausal?: boolean | null;
}

/** Copies of a layer, one after another; they start with the same parameters. Shapes as the layer's. */
export class TransformerDecoder extends Module {
  layers: ModuleList;
  readonly numLayers: number;
  norm: (Module & { forward(x: Tensor): Tensor }) | null;

  constructor(decoderLayer: DecoderLayer, numLayers: number, ...rest: Args<TransformerDecoderOptions, ["norm"]>);
  constructor(options: DecoderAll);
  constructor(...args: unknown[]) {
    super();
    const o = readArgs<DecoderAll>("TransformerDecoder", ["decoderLayer", "numLayers", "norm"], args);
    const layer = required("TransformerDecoder", o, "decoderLayer");
    this.numLayers = required("TransformerDecoder", o, "numLayers");
    this.layers = new ModuleList(Array.from({ length: this.numLayers }, () => deepcopy(layer)));
    this.norm = o.norm ?? null;
  }

  forward(tgt: Tensor, memory: Tensor, ...rest: Args<DecoderMasks, ForwardNames>): Tensor {
    const o = readArgs<DecoderMasks>("TransformerDecoder.forward", FORWARD, rest);
    const masks = { ...o, tgtIsCausal: detectsCausal(o.tgtMask, o.tgtIsCausal) };
    let x = tgt;
    for (const layer of this.layers) x = (layer as DecoderLayer).forward(x, memory, masks);
    return this.norm === null ? x : this.norm.forward(x);
  }
}
