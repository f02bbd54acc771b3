/** The transformer.   [Vaswani et al. 2017] */
import { type Args, readArgs } from "../../args.js";
import { type DeviceLike, deviceName } from "../../device.js";
import { type DType, optionalDtypeCode } from "../../dtype.js";
import { ShapeError } from "../../errors.js";
import { native } from "../../native.js";
import { type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { xavierUniform_ } from "../init.js";
import { Module } from "../module.js";
import { LayerNorm } from "../normalization/layer-norm.js";
import { type DecoderMasks, TransformerDecoder, TransformerDecoderLayer } from "./decoder.js";
import { type EncoderMasks, TransformerEncoder, TransformerEncoderLayer } from "./encoder.js";
import type { TransformerLayerOptions } from "./shared.js";

/** Options of {@link Transformer}. */
export interface TransformerOptions extends TransformerLayerOptions {
  /** The width of the model. Default 512. */
  dModel?: number;
  /** The number of heads. Default 8. */
  nhead?: number;
  /** Layers of the encoder. Default 6. */
  numEncoderLayers?: number;
  /** Layers of the decoder. Default 6. */
  numDecoderLayers?: number;
  /** An encoder to use instead. */
  customEncoder?: (Module & { forward(src: Tensor, masks: EncoderMasks): Tensor }) | null;
  /** A decoder to use instead. */
  customDecoder?: (Module & { forward(tgt: Tensor, memory: Tensor, masks: DecoderMasks): Tensor }) | null;
}

/** Options of {@link Transformer.forward}. */
export interface TransformerMasks {
  /** [S, S] or [N heads, S, S]: places that are closed where true, or what is added to the scores. Default: none. */
  srcMask?: TensorBase | null;
  /** [T, T] or [N heads, T, T], likewise. Default: none. */
  tgtMask?: TensorBase | null;
  /** [T, S], likewise. Default: none. */
  memoryMask?: TensorBase | null;
  /** [N, S]: elements that are ignored where true, or what is added to their scores. Default: none. */
  srcKeyPaddingMask?: TensorBase | null;
  /** [N, T], likewise. Default: none. */
  tgtKeyPaddingMask?: TensorBase | null;
  /** [N, S], likewise, of the encoder's output. Default: none. */
  memoryKeyPaddingMask?: TensorBase | null;
  /** Whether `srcMask` is the causal mask. Default null: it is looked at. */
  srcIsCausal?: boolean | null;
  /** Whether `tgtMask` is the causal mask. Default null: it is looked at. */
  tgtIsCausal?: boolean | null;
  /** Whether `memoryMask` is the causal mask. Default false. */
  memoryIsCausal?: boolean;
}

type MaskNames = [
  ...["srcMask", "tgtMask", "memoryMask", "srcKeyPaddingMask", "tgtKeyPaddingMask", "memoryKeyPaddingMask"],
  ...["srcIsCausal", "tgtIsCausal", "memoryIsCausal"],
];

type TransformerNames = [
  ...["dModel", "nhead", "numEncoderLayers", "numDecoderLayers", "dimFeedforward", "dropout", "activation"],
  ...["customEncoder", "customDecoder", "layerNormEps", "batchFirst", "normFirst", "bias", "device", "dtype"],
];

const NAMES: TransformerNames = [
  ...(["dModel", "nhead", "numEncoderLayers", "numDecoderLayers", "dimFeedforward", "dropout", "activation"] as const),
  ...(["customEncoder", "customDecoder", "layerNormEps", "batchFirst", "normFirst", "bias", "device"] as const),
  "dtype",
];

const MASKS: MaskNames = [
  ...(["srcMask", "tgtMask", "memoryMask", "srcKeyPaddingMask", "tgtKeyPaddingMask"] as const),
  ...(["memoryKeyPaddingMask", "srcIsCausal", "tgtIsCausal", "memoryIsCausal"] as const),
];

/**
 * An encoder of the source and a decoder of the target that attends to it. Source [S, N, E], target and output [T, N, E]; N
 * first with `batchFirst`; or without N. Matrices start Xavier-uniform.
 *
 * ```ts
 * const model = new nn.Transformer({ nhead: 16, numEncoderLayers: 12 });
 * model.forward(torch.rand(10, 32, 512), torch.rand(20, 32, 512)).shape; // [20, 32, 512]
 * ```
 */
export class Transformer extends Module {
  encoder: Module & { forward(src: Tensor, masks: EncoderMasks): Tensor };
  decoder: Module & { forward(tgt: Tensor, memory: Tensor, masks: DecoderMasks): Tensor };
  readonly dModel: number;
  readonly nhead: number;
  readonly batchFirst: boolean;

  constructor(...args: Args<TransformerOptions, TransformerNames>) {
    super();
    const o = readArgs<TransformerOptions>("Transformer", NAMES, args);
    const { dModel = 512, nhead = 8, numEncoderLayers = 6, numDecoderLayers = 6 } = o;
    const { dimFeedforward, dropout, activation, layerNormEps = 1e-5, batchFirst, normFirst, bias, device, dtype } = o;
    const layer = { dimFeedforward, dropout, activation, layerNormEps, batchFirst, normFirst, bias, device, dtype };
    const norm = (): LayerNorm => new LayerNorm(dModel, { eps: layerNormEps, bias, device, dtype });
    this.encoder =
      o.customEncoder ??
      new TransformerEncoder(new TransformerEncoderLayer(dModel, nhead, layer), numEncoderLayers, norm());
    this.decoder =
      o.customDecoder ??
      new TransformerDecoder(new TransformerDecoderLayer(dModel, nhead, layer), numDecoderLayers, norm());
    this.dModel = dModel;
    this.nhead = nhead;
    this.batchFirst = batchFirst ?? false;
    this.resetParameters();
  }

  /** Draws all matrices anew. */
  resetParameters(): void {
    for (const parameter of this.parameters()) if (parameter.ndim > 1) xavierUniform_(parameter);
  }

  forward(src: Tensor, tgt: Tensor, ...rest: Args<TransformerMasks, MaskNames>): Tensor {
    const o = readArgs<TransformerMasks>("Transformer.forward", MASKS, rest);
    const batch = this.batchFirst ? 0 : 1;
    if (src.ndim === 3 && src.size(batch) !== tgt.size(batch)) {
      throw new ShapeError("the batch number of src and tgt must be equal");
    }
    if (src.size(-1) !== this.dModel || tgt.size(-1) !== this.dModel) {
      throw new ShapeError("the feature number of src and tgt must be equal to d_model");
    }
    const { srcMask, srcKeyPaddingMask, srcIsCausal, ...decoder } = o;
    const memory = this.encoder.forward(src, { mask: srcMask, srcKeyPaddingMask, isCausal: srcIsCausal });
    return this.decoder.forward(tgt, memory, decoder);
  }

  /** The causal mask [size, size]: minus infinity above the diagonal, else 0. */
  static generateSquareSubsequentMask(size: number, device?: DeviceLike | null, dtype?: DType | null): Tensor {
    const mask = wrap(native.causalMask(size, optionalDtypeCode(dtype)));
    return deviceName(device) === undefined ? mask : mask.to({ device });
  }
}
