/** What the layers of a transformer share. */
import { ArgumentError } from "../../errors.js";
import { native } from "../../native.js";
import { handleOf, type TensorBase } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { relu } from "../activation/rectifier.js";
import { gelu } from "../activation/smooth.js";
import { MultiheadAttention } from "../attention/multihead-attention.js";
import { Dropout } from "../dropout.js";
import { type FactoryOptions, Linear } from "../linear.js";
import type { Module } from "../module.js";
import { LayerNorm } from "../normalization/layer-norm.js";

/** "relu", "gelu", a function or a module. */
export type Activation = "relu" | "gelu" | ((x: Tensor) => Tensor) | (Module & { forward(x: Tensor): Tensor });

/** Options of the layers of a transformer. */
export interface TransformerLayerOptions extends FactoryOptions {
  /** The width between the two linear layers. Default 2048. */
  dimFeedforward?: number;
  /** The probability of dropping elements. Default 0.1. */
  dropout?: number;
  /** What stands between the two linear layers. Default "relu". */
  activation?: Activation;
  /** Added to the variance in the normalisations. Default 1e-5. */
  layerNormEps?: number;
  /** Whether input and output are [N, L, E] and not [L, N, E]. Default false. */
  batchFirst?: boolean;
  /** Whether the normalisations come before attention and feed-forward and not after. Default false. */
  normFirst?: boolean;
  /** Whether linear layers and normalisations have a bias. Default true. */
  bias?: boolean;
}

/** All that a layer takes. */
export interface TransformerLayerAll extends TransformerLayerOptions {
  dModel: number;
  nhead: number;
}

/** PyTorch's order behind dModel and nhead. */
export type LayerTail = [
  "dimFeedforward",
  "dropout",
  "activation",
  "layerNormEps",
  "batchFirst",
  "normFirst",
  "bias",
  "device",
  "dtype",
];

/** The same, with dModel and nhead. */
export const LAYER_NAMES = [
  ...(["dModel", "nhead", "dimFeedforward", "dropout", "activation", "layerNormEps"] as const),
  ...(["batchFirst", "normFirst", "bias", "device", "dtype"] as const),
] as const;

/** Makes the parts of a layer. */
export class Parts {
  readonly #o: Partial<TransformerLayerAll>;
  readonly #dModel: number;
  readonly #nhead: number;

  constructor(o: Partial<TransformerLayerAll>, dModel: number, nhead: number) {
    this.#o = o;
    this.#dModel = dModel;
    this.#nhead = nhead;
  }

  attention(): MultiheadAttention {
    const { dropout = 0.1, bias, batchFirst, device, dtype } = this.#o;
    return new MultiheadAttention(this.#dModel, this.#nhead, { dropout, bias, batchFirst, device, dtype });
  }
  up(): Linear {
    const { dimFeedforward = 2048, bias, device, dtype } = this.#o;
    return new Linear(this.#dModel, dimFeedforward, { bias, device, dtype });
  }
  down(): Linear {
    const { dimFeedforward = 2048, bias, device, dtype } = this.#o;
    return new Linear(dimFeedforward, this.#dModel, { bias, device, dtype });
  }
  norm(): LayerNorm {
    const { layerNormEps = 1e-5, bias, device, dtype } = this.#o;
    return new LayerNorm(this.#dModel, { eps: layerNormEps, bias, device, dtype });
  }
  dropout(): Dropout {
    return new Dropout(this.#o.dropout ?? 0.1);
  }
}

/** The function or module that an activation names. Errors: another name. */
export function activationOf(activation: Activation): Exclude<Activation, string> {
  if (typeof activation !== "string") return activation;
  if (activation === "relu") return (x) => relu(x);
  if (activation === "gelu") return (x) => gelu(x);
  throw new ArgumentError(`activation should be relu/gelu, not ${String(activation)}`);
}

/** Applies a function or a module. */
export function applied(activation: Exclude<Activation, string>, x: Tensor): Tensor {
  return typeof activation === "function" ? activation(x) : activation.forward(x);
}

/** A mask of an attention, and whether it is said to be the causal one. */
export interface Masks {
  mask?: TensorBase | null | undefined;
  padding?: TensorBase | null | undefined;
  causal?: boolean | null | undefined;
}

/** Attention of `x` to `memory`, without weights. */
export function attended(attention: MultiheadAttention, x: Tensor, memory: Tensor, masks: Masks): Tensor {
  const [y] = attention.forward(x, memory, memory, {
    attnMask: masks.mask ?? null,
    keyPaddingMask: masks.padding ?? null,
    needWeights: false,
    isCausal: masks.causal ?? false,
  });
  return y;
}

/** Whether a mask is the causal one: as said, or else as it looks. */
export function detectsCausal(mask: TensorBase | null | undefined, said: boolean | null | undefined): boolean {
  if (said !== null && said !== undefined) return said;
  return mask !== null && mask !== undefined && native.isCausalMask(handleOf(mask));
}
