/** Attention as functions.   [Vaswani et al. 2017] */

import { type Args, readArgs, required } from "../../args.js";
import { byName } from "../../by-name.js";
import { ArgumentError } from "../../errors.js";
import { native, type TensorHandle } from "../../native.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";

/** Options of {@link scaledDotProductAttention}. */
export interface AttentionOptions {
  /** Boolean: which places take part. Else what is added to the scores. [..., L, S]. Default: all take part. */
  attnMask?: TensorBase | null;
  /** The probability that a weight is dropped. Default 0. */
  dropoutP?: number;
  /** Whether query i sees only keys 0 to i. Default false. */
  isCausal?: boolean;
  /** Multiplies the products. Default 1/sqrt(E). */
  scale?: number | null;
  /** Whether several heads of queries may share a head of keys and values. Default false. */
  enableGqa?: boolean;
}

/**
 * softmax(scale Q K^T + mask) V. Queries [..., L, E], keys [..., S, E], values [..., S, Ev] -> [..., L, Ev]; the scores are
 * never held as a whole. With `enableGqa` the heads, third from last, of keys and values divide those of the queries.
 * Errors: sizes or types that do not fit; a mask beside `isCausal`.
 */
export const scaledDotProductAttention = byName(
  "nn.functional.scaledDotProductAttention",
  (
    query: TensorBase,
    key: TensorBase,
    value: TensorBase,
    ...rest: Args<AttentionOptions, ["attnMask", "dropoutP", "isCausal", "scale", "enableGqa"]>
  ): Tensor => {
    const names = ["attnMask", "dropoutP", "isCausal", "scale", "enableGqa"] as const;
    const o = readArgs<AttentionOptions>("scaledDotProductAttention", names, rest);
    const { attnMask = null, dropoutP = 0, isCausal = false, scale = null, enableGqa = false } = o;
    const [q, k, v] = [query, key, value].map(handleOf) as [TensorHandle, TensorHandle, TensorHandle];
    const mask = attnMask === null ? null : handleOf(attnMask);
    return wrap(native.scaledDotProductAttention(q, k, v, mask, dropoutP, isCausal, scale, enableGqa));
  },
);

/** The arguments of {@link multiHeadAttentionForward} behind query, key and value. */
export interface MultiHeadArguments {
  /** The expected width of the query. */
  embedDimToCheck: number;
  /** The number of heads. */
  numHeads: number;
  /** [3 E, E]: the projections of query, key and value on top of each other. */
  inProjWeight: TensorBase | null;
  /** [3 E] */
  inProjBias: TensorBase | null;
  /** [1, 1, E]: one more key. */
  biasK: TensorBase | null;
  /** [1, 1, E]: its value. */
  biasV: TensorBase | null;
  /** Whether to add a key and a value of zeros. */
  addZeroAttn: boolean;
  /** The probability that a weight is dropped. */
  dropoutP: number;
  /** [E, E] */
  outProjWeight: TensorBase;
  /** [E] */
  outProjBias: TensorBase | null;
  /** Whether to drop at all. Default true. */
  training?: boolean;
  /** [N, S]: keys that are ignored where true, or what is added to their scores. */
  keyPaddingMask?: TensorBase | null;
  /** Whether to give the weights too. Default true. */
  needWeights?: boolean;
  /** [L, S] or [N heads, L, S]: places that are closed where true, or what is added to their scores. */
  attnMask?: TensorBase | null;
  /** Whether the three projections are given apart. Default false. */
  useSeparateProjWeight?: boolean;
  /** [E, E] */
  qProjWeight?: TensorBase | null;
  /** [E, kdim] */
  kProjWeight?: TensorBase | null;
  /** [E, vdim] */
  vProjWeight?: TensorBase | null;
  /** [N heads, S, E / heads] in the place of the projected keys. */
  staticK?: TensorBase | null;
  /** [N heads, S, E / heads] in the place of the projected values. */
  staticV?: TensorBase | null;
  /** Whether the weights are given as their mean over the heads. Default true. */
  averageAttnWeights?: boolean;
  /** Whether `attnMask` is the causal mask. Default false. */
  isCausal?: boolean;
}

const MULTI_HEAD = [
  ...(["embedDimToCheck", "numHeads", "inProjWeight", "inProjBias", "biasK", "biasV", "addZeroAttn"] as const),
  ...(["dropoutP", "outProjWeight", "outProjBias", "training", "keyPaddingMask", "needWeights", "attnMask"] as const),
  ...(["useSeparateProjWeight", "qProjWeight", "kProjWeight", "vProjWeight", "staticK", "staticV"] as const),
  ...(["averageAttnWeights", "isCausal"] as const),
] as const;

/**
 * Multi-head attention with given parameters: `[output, weights]`. Query [L, N, E], key [S, N, kdim], value [S, N, vdim], or
 * all without N. The weights are [N, L, S] ([N, heads, L, S] unless averaged), or null.
 */
export const multiHeadAttentionForward = byName(
  "nn.functional.multiHeadAttentionForward",
  (
    query: TensorBase,
    key: TensorBase,
    value: TensorBase,
    ...rest: [options: Partial<MultiHeadArguments>]
  ): [Tensor, Tensor | null] => {
    const op = "multiHeadAttentionForward";
    const o = readArgs<MultiHeadArguments>(op, MULTI_HEAD, rest);
    const apart = o.useSeparateProjWeight ?? false;
    const given: MultiHeadArguments = {
      ...o,
      embedDimToCheck: required(op, o, "embedDimToCheck"),
      numHeads: required(op, o, "numHeads"),
      inProjWeight: apart ? null : (o.inProjWeight ?? null),
      inProjBias: o.inProjBias ?? null,
      biasK: o.biasK ?? null,
      biasV: o.biasV ?? null,
      addZeroAttn: o.addZeroAttn ?? false,
      dropoutP: o.dropoutP ?? 0,
      outProjWeight: required(op, o, "outProjWeight"),
      outProjBias: o.outProjBias ?? null,
    };
    return attend([query, key, value], apart ? given : { ...given, qProjWeight: null }, false);
  },
);

/** Multi-head attention of `x`, query, key and value; with `batchFirst` N comes first. */
export function attend(x: readonly TensorBase[], o: MultiHeadArguments, batchFirst: boolean): [Tensor, Tensor | null] {
  if ((o.biasK === null) !== (o.biasV === null)) {
    const [set, none] = o.biasK === null ? ["bias_v", "bias_k"] : ["bias_k", "bias_v"];
    throw new ArgumentError(`${set} is set but ${none} is None`, { op: "multiHeadAttentionForward" });
  }
  const handle = (t: TensorBase | null | undefined): TensorHandle | null =>
    t === null || t === undefined ? null : handleOf(t);
  const learned = [
    ...[o.inProjWeight, o.qProjWeight, o.kProjWeight, o.vProjWeight, o.inProjBias, o.biasK, o.biasV],
    ...[o.outProjWeight, o.outProjBias, o.staticK, o.staticV],
  ].map(handle);
  const masks = [o.keyPaddingMask, o.attnMask].map(handle);
  const [output, weights] = native.multiHeadAttention(x.map(handleOf), learned, masks, {
    embed: o.embedDimToCheck,
    heads: o.numHeads,
    zeroAttention: o.addZeroAttn,
    dropout: (o.training ?? true) ? o.dropoutP : 0,
    needWeights: o.needWeights ?? true,
    average: o.averageAttnWeights ?? true,
    causal: o.isCausal ?? false,
    batchFirst,
  }) as [TensorHandle, TensorHandle | undefined];
  return [wrap(output), weights === undefined ? null : wrap(weights)];
}
