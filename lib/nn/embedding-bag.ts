/** Embedding bags: sums, means or maxima of rows, without the rows themselves. */

import { type Args, readArgs, required } from "../args.js";
import { byName } from "../by-name.js";
import { arange } from "../creation.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { native } from "../native.js";
import { reshape } from "../ops/shape.js";
import { pyFloat } from "../repr.js";
import { handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { checkSparse, checkTable, makeTable, paddingRow, renormalise, resetTable } from "./embedding.js";
import type { FactoryOptions } from "./linear.js";
import { optionalHandle } from "./loss/reduction.js";
import { Module } from "./module.js";
import type { Parameter } from "./parameter.js";

/** How the rows of a bag become one. */
export type BagMode = "sum" | "mean" | "max";

interface BagCommon {
  /** Rows that are longer are scaled down to it, in the table itself. Default: none. */
  maxNorm?: number | null;
  /** The norm of `maxNorm`. Default 2. */
  normType?: number;
  /** Whether a row's gradient is divided by how often the row was asked for. Default false. */
  scaleGradByFreq?: boolean;
  /** Default "mean". */
  mode?: BagMode;
  /** Sparse gradients are not supported: only false is accepted. */
  sparse?: boolean;
  /** Whether the last offset is the end of the last bag. Default false. */
  includeLastOffset?: boolean;
  /** A row that does not count and gets no gradient; negative from the end. Default: none. */
  paddingIdx?: number | null;
}

/** Options of {@link embeddingBag}. */
export interface EmbeddingBagFunctionOptions extends BagCommon {
  /** Where each bag starts in an input of one dimension, int64 [B]. */
  offsets?: TensorBase | null;
  /** What each row is multiplied by, of the input's shape; in mode "sum". Default: all 1. */
  perSampleWeights?: TensorBase | null;
}

const FUNCTION = [
  "offsets",
  "maxNorm",
  "normType",
  "scaleGradByFreq",
  "mode",
  "sparse",
  "perSampleWeights",
  "includeLastOffset",
  "paddingIdx",
] as const;

/**
 * One row for each bag of indices into `weight` [V, D]: input [B, N] is B bags of N; input [N] is cut at `offsets`.
 * Errors: indices or offsets out of range.
 */
export const embeddingBag = byName(
  "nn.functional.embeddingBag",
  (
    input: TensorBase,
    weight: TensorBase,
    ...rest: Args<
      EmbeddingBagFunctionOptions,
      [
        "offsets",
        "maxNorm",
        "normType",
        "scaleGradByFreq",
        "mode",
        "sparse",
        "perSampleWeights",
        "includeLastOffset",
        "paddingIdx",
      ]
    >
  ): Tensor => bags(input, weight, readArgs<EmbeddingBagFunctionOptions>("embeddingBag", FUNCTION, rest)),
);

function bags(input: TensorBase, weight: TensorBase, o: EmbeddingBagFunctionOptions): Tensor {
  const { maxNorm = null, normType = 2, scaleGradByFreq = false, mode = "mean", perSampleWeights = null } = o;
  checkSparse("embeddingBag", o.sparse);
  const size = (x: TensorBase) => `torch.Size([${x.shape.join(", ")}])`;
  if (perSampleWeights !== null && String(perSampleWeights.shape) !== String(input.shape)) {
    throw new ShapeError(
      `embedding_bag: If per_sample_weights (${size(perSampleWeights)}) is not None, then it must have the same shape as the input (${size(input)})`,
    );
  }
  if (weight.ndim !== 2) {
    throw new ShapeError(`weight has to be a 2D Tensor, but got Tensor of dimension ${weight.ndim}`);
  }
  if (mode === "max" && scaleGradByFreq) {
    throw new ArgumentError("max mode does not support scaling the gradient by the frequency");
  }
  const offsets = offsetsOf(input, o.offsets ?? null);
  if (maxNorm !== null) renormalise(weight, input, maxNorm, normType);
  return wrap(
    native.embeddingBag(
      handleOf(weight),
      handleOf(reshape(input, [-1])),
      handleOf(offsets),
      scaleGradByFreq,
      mode,
      optionalHandle(perSampleWeights),
      input.ndim === 1 && o.includeLastOffset === true,
      o.paddingIdx,
    ),
  );
}

/** Where each bag starts. */
function offsetsOf(input: TensorBase, offsets: TensorBase | null): TensorBase {
  if (input.ndim === 2) {
    if (offsets === null) return arange(0, input.size(0)).mul(input.size(1));
    throw new ArgumentError(
      "if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length sequences. However, found offsets of type <class 'torch.Tensor'>",
    );
  }
  if (input.ndim !== 1) {
    throw new ShapeError(`input has to be 1D or 2D Tensor, but got Tensor of dimension ${input.ndim}`);
  }
  if (offsets === null) throw new ArgumentError("offsets has to be a 1D Tensor but got None");
  if (offsets.ndim !== 1) throw new ShapeError("offsets has to be a 1D Tensor");
  return offsets;
}

/** Options of {@link EmbeddingBag}. */
export interface EmbeddingBagOptions extends BagCommon, FactoryOptions {
  /** The table to start with, [numEmbeddings, embeddingDim]. Default: normal. */
  _weight?: TensorBase | null;
}

interface BagAll extends EmbeddingBagOptions {
  numEmbeddings: number;
  embeddingDim: number;
}

const NAMES = [
  "numEmbeddings",
  "embeddingDim",
  "maxNorm",
  "normType",
  "scaleGradByFreq",
  "mode",
  "sparse",
  "_weight",
  "includeLastOffset",
  "paddingIdx",
  "device",
  "dtype",
] as const;

/**
 * Sums, means or maxima of bags of rows of a table: input [B, N], or [N] with offsets [B] -> [B, embeddingDim].
 * Learns `weight` [numEmbeddings, embeddingDim], starting standard normal.
 */
export class EmbeddingBag extends Module {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly maxNorm: number | null;
  readonly normType: number;
  readonly scaleGradByFreq: boolean;
  readonly mode: BagMode;
  readonly includeLastOffset: boolean;
  readonly paddingIdx: number | null;
  weight: Parameter;

  constructor(
    ...args:
      | [
          numEmbeddings: number,
          embeddingDim: number,
          ...rest: Args<
            EmbeddingBagOptions,
            [
              "maxNorm",
              "normType",
              "scaleGradByFreq",
              "mode",
              "sparse",
              "_weight",
              "includeLastOffset",
              "paddingIdx",
              "device",
              "dtype",
            ]
          >,
        ]
      | [options: BagAll]
  ) {
    super();
    const o = readArgs<BagAll>("EmbeddingBag", NAMES, args);
    checkSparse("EmbeddingBag", o.sparse);
    this.numEmbeddings = required("EmbeddingBag", o, "numEmbeddings");
    this.embeddingDim = required("EmbeddingBag", o, "embeddingDim");
    this.maxNorm = o.maxNorm ?? null;
    this.normType = o.normType ?? 2;
    this.scaleGradByFreq = o.scaleGradByFreq ?? false;
    this.mode = o.mode ?? "mean";
    this.includeLastOffset = o.includeLastOffset ?? false;
    this.paddingIdx = paddingRow(o.paddingIdx, this.numEmbeddings, "padding_idx");
    this.weight = makeTable([this.numEmbeddings, this.embeddingDim], this.paddingIdx, o);
  }

  /** A layer with a given table [V, D], which is not learned unless `freeze` is false. */
  static fromPretrained(
    embeddings: TensorBase,
    ...rest: Args<
      BagCommon & { freeze?: boolean },
      ["freeze", "maxNorm", "normType", "scaleGradByFreq", "mode", "sparse", "includeLastOffset", "paddingIdx"]
    >
  ): EmbeddingBag {
    const [numEmbeddings, embeddingDim] = checkTable(embeddings);
    const names = [
      "freeze",
      "maxNorm",
      "normType",
      "scaleGradByFreq",
      "mode",
      "sparse",
      "includeLastOffset",
      "paddingIdx",
    ] as const;
    const { freeze = true, ...o } = readArgs<BagCommon & { freeze?: boolean }>("fromPretrained", names, rest);
    const layer = new EmbeddingBag({ ...o, numEmbeddings, embeddingDim, _weight: embeddings });
    layer.weight.requiresGrad_(!freeze);
    return layer;
  }

  /** Draws the table anew. */
  resetParameters(): void {
    resetTable(this.weight, this.paddingIdx);
  }

  forward(input: Tensor, offsets: Tensor | null = null, perSampleWeights: Tensor | null = null): Tensor {
    const { maxNorm, normType, scaleGradByFreq, mode, includeLastOffset, paddingIdx } = this;
    const o = { maxNorm, normType, scaleGradByFreq, mode, includeLastOffset, paddingIdx };
    return bags(input, this.weight, { ...o, offsets, perSampleWeights });
  }

  override extraRepr(): string {
    const parts = [`${this.numEmbeddings}, ${this.embeddingDim}`];
    if (this.maxNorm !== null) parts.push(`max_norm=${pyFloat(this.maxNorm)}`);
    if (this.normType !== 2) parts.push(`norm_type=${pyFloat(this.normType)}`);
    if (this.scaleGradByFreq) parts.push("scale_grad_by_freq=True");
    parts.push(`mode='${this.mode}'`);
    if (this.paddingIdx !== null) parts.push(`padding_idx=${this.paddingIdx}`);
    return parts.join(", ");
  }
}
