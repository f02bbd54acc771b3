/** The layer of multi-head attention.   [Vaswani et al. 2017] */
import { type Args, readArgs, required } from "../../args.js";
import { empty } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import type { TensorBase } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { constant_, xavierNormal_, xavierUniform_ } from "../init.js";
import { type FactoryOptions, Linear } from "../linear.js";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { attend, type MultiHeadArguments } from "./functional.js";

/** Options of {@link MultiheadAttention}. */
export interface MultiheadAttentionOptions extends FactoryOptions {
  /** The probability that a weight is dropped in training. Default 0. */
  dropout?: number;
  /** Whether the projections have biases. Default true. */
  bias?: boolean;
  /** Whether one more key and its value are learned. Default false. */
  addBiasKv?: boolean;
  /** Whether to add a key and a value of zeros. Default false. */
  addZeroAttn?: boolean;
  /** The width of keys. Default: `embedDim`. */
  kdim?: number | null;
  /** The width of values. Default: `embedDim`. */
  vdim?: number | null;
  /** Whether input and output are [N, L, E] and not [L, N, E]. Default false. */
  batchFirst?: boolean;
}

interface MultiheadAll extends MultiheadAttentionOptions {
  embedDim: number;
  numHeads: number;
}

/** Options of {@link MultiheadAttention.forward}. */
export interface MultiheadForwardOptions {
  /** [N, S] or [S]: keys that are ignored where true, or what is added to their scores. Default: none. */
  keyPaddingMask?: TensorBase | null;
  /** Whether to give the weights too; without them attention is faster. Default true. */
  needWeights?: boolean;
  /** [L, S] or [N heads, L, S]: places that are closed where true, or what is added to their scores. Default: none. */
  attnMask?: TensorBase | null;
  /** Whether the weights are given as their mean over the heads. Default true. */
  averageAttnWeights?: boolean;
  /** Whether `attnMask` is the causal mask. Default false. */
  isCausal?: boolean;
}

type ForwardNames = ["keyPaddingMask", "needWeights", "attnMask", "averageAttnWeights", "isCausal"];
const FORWARD = ["keyPaddingMask", "needWeights", "attnMask", "averageAttnWeights", "isCausal"] as const;

/** The projection behind the heads; a class of its own, for the printed form. */
class NonDynamicallyQuantizableLinear extends Linear<boolean> {}

/**
 * softmax(Q W_q (K W_k)^T / sqrt(E / heads)) V W_v, head by head, and one more projection. Query [L, N, E], key [S, N, kdim],
 * value [S, N, vdim] -> output [L, N, E], weights [N, L, S].
 * Learns `in_proj_weight` [3 E, E] (or `q_proj_weight`, `k_proj_weight`, `v_proj_weight`), Xavier-uniform, `in_proj_bias`, 0,
 * and `out_proj`.
 *
 * ```ts
 * const [output, weights] = new nn.MultiheadAttention(16, 4, { batchFirst: true }).forward(x, x, x);
 * ```
 */
export class MultiheadAttention extends Module {
  readonly embedDim: number;
  readonly kdim: number;
  readonly vdim: number;
  readonly numHeads: number;
  readonly headDim: number;
  dropout: number;
  readonly batchFirst: boolean;
  readonly addZeroAttn: boolean;
  q_proj_weight: Parameter | null = null;
  k_proj_weight: Parameter | null = null;
  v_proj_weight: Parameter | null = null;
  in_proj_weight: Parameter | null = null;
  in_proj_bias: Parameter | null;
  bias_k: Parameter | null;
  bias_v: Parameter | null;
  out_proj: Linear<boolean>;

  constructor(
    embedDim: number,
    numHeads: number,
    ...rest: Args<
      MultiheadAttentionOptions,
      ["dropout", "bias", "addBiasKv", "addZeroAttn", "kdim", "vdim", "batchFirst", "device", "dtype"]
    >
  );
  constructor(options: MultiheadAll);
  constructor(...args: unknown[]) {
    super();
    const names = [
      ...(["embedDim", "numHeads", "dropout", "bias", "addBiasKv", "addZeroAttn", "kdim", "vdim"] as const),
      ...(["batchFirst", "device", "dtype"] as const),
    ] as const;
    const o = readArgs<MultiheadAll>("MultiheadAttention", names, args);
    const embedDim = required("MultiheadAttention", o, "embedDim");
    const numHeads = required("MultiheadAttention", o, "numHeads");
    if (!(embedDim > 0 && numHeads > 0)) {
      throw new ArgumentError(
        `embed_dim and num_heads must be greater than 0, got embed_dim=${embedDim} and num_heads=${numHeads} instead`,
      );
    }
    if (embedDim % numHeads !== 0) throw new ArgumentError("embed_dim must be divisible by num_heads");
    this.embedDim = embedDim;
    this.numHeads = numHeads;
    this.headDim = embedDim / numHeads;
    this.kdim = o.kdim ?? embedDim;
    this.vdim = o.vdim ?? embedDim;
    this.dropout = o.dropout ?? 0;
    this.batchFirst = o.batchFirst ?? false;
    this.addZeroAttn = o.addZeroAttn ?? false;
    const { bias = true, addBiasKv = false, device, dtype } = o;
    const make = (...shape: number[]): Parameter => new Parameter(empty(shape, { device, dtype }));
    if (this.kdim === embedDim && this.vdim === embedDim) this.in_proj_weight = make(3 * embedDim, embedDim);
    else {
      this.q_proj_weight = make(embedDim, embedDim);
      this.k_proj_weight = make(embedDim, this.kdim);
      this.v_proj_weight = make(embedDim, this.vdim);
    }
    this.in_proj_bias = bias ? make(3 * embedDim) : null;
    this.bias_k = addBiasKv ? make(1, 1, embedDim) : null;
    this.bias_v = addBiasKv ? make(1, 1, embedDim) : null;
    this.out_proj = new NonDynamicallyQuantizableLinear(embedDim, embedDim, { bias, device, dtype });
    this.resetParameters();
  }

  /** Draws the initial parameters anew, but for `out_proj.weight`. */
  resetParameters(): void {
    for (const weight of [this.in_proj_weight, this.q_proj_weight, this.k_proj_weight, this.v_proj_weight]) {
      if (weight !== null) xavierUniform_(weight);
    }
    if (this.in_proj_bias !== null) {
      constant_(this.in_proj_bias, 0);
      if (this.out_proj.bias !== null) constant_(this.out_proj.bias, 0);
    }
    for (const bias of [this.bias_k, this.bias_v]) if (bias !== null) xavierNormal_(bias);
  }

  /** `[output, weights]`; the weights are null where `needWeights` is false. */
  forward(
    query: TensorBase,
    key: TensorBase,
    value: TensorBase,
    ...rest: Args<MultiheadForwardOptions, ForwardNames>
  ): [Tensor, Tensor | null] {
    const o = readArgs<MultiheadForwardOptions>("MultiheadAttention.forward", FORWARD, rest);
    const given: MultiHeadArguments = {
      ...o,
      embedDimToCheck: this.embedDim,
      numHeads: this.numHeads,
      inProjWeight: this.in_proj_weight,
      inProjBias: this.in_proj_bias,
      biasK: this.bias_k,
      biasV: this.bias_v,
      addZeroAttn: this.addZeroAttn,
      dropoutP: this.dropout,
      outProjWeight: this.out_proj.weight,
      outProjBias: this.out_proj.bias,
      training: this.training,
      qProjWeight: this.q_proj_weight,
      kProjWeight: this.k_proj_weight,
      vProjWeight: this.v_proj_weight,
    };
    return attend([query, key, value], given, this.batchFirst);
  }
}
