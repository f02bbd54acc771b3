/** Embedding: a table whose rows stand for words. */

import { type Args, readArgs, required } from "../args.js";
import { withoutGrad } from "../autograd/modes.js";
import { byName } from "../by-name.js";
import { empty } from "../creation.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { native } from "../native.js";
import { select } from "../ops/shape.js";
import { pyFloat } from "../repr.js";
import { handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { normal_ } from "./init.js";
import type { FactoryOptions } from "./linear.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";

/** Options of {@link embedding}. */
export interface EmbeddingFunctionOptions {
  /** A row that gets no gradient; negative from the end. Default: none. */
  paddingIdx?: number | null;
  /** Rows that are longer are scaled down to it, in the table itself. Default: none. */
  maxNorm?: number | null;
  /** The norm of `maxNorm`. Default 2. */
  normType?: number;
  /** Whether a row's gradient is divided by how often the row was asked for. Default false. */
  scaleGradByFreq?: boolean;
  /** Sparse gradients are not supported: only false is accepted. */
  sparse?: boolean;
}

const FUNCTION = ["paddingIdx", "maxNorm", "normType", "scaleGradByFreq", "sparse"] as const;

/** Refuses sparse gradients. */
export function checkSparse(op: string, sparse: boolean | undefined): void {
  if (sparse !== true) return;
  throw new ArgumentError(`${op}: expected sparse to be false: gradients are dense here`, { op });
}

/** A row of a table of `n` rows, from the end if negative; null if absent. */
export function paddingRow(paddingIdx: number | null | undefined, n: number, name = "Padding_idx"): number | null {
  if (paddingIdx === null || paddingIdx === undefined) return null;
  if (paddingIdx >= n || paddingIdx < -n) throw new ArgumentError(`${name} must be within num_embeddings`);
  return paddingIdx < 0 ? paddingIdx + n : paddingIdx;
}

/** Scales the rows at `indices` that are longer than `maxNorm` down to it. */
export function renormalise(weight: TensorBase, indices: TensorBase, maxNorm: number, normType: number): void {
  native.embeddingRenorm_(handleOf(weight), handleOf(indices), maxNorm, normType);
}

/** The rows of `weight` [V, D] at `input`, int64 [...]: [..., D]. Errors: indices out of range. */
export const embedding = byName(
  "nn.functional.embedding",
  (
    input: TensorBase,
    weight: TensorBase,
    ...rest: Args<EmbeddingFunctionOptions, ["paddingIdx", "maxNorm", "normType", "scaleGradByFreq", "sparse"]>
  ): Tensor => lookUp(input, weight, readArgs<EmbeddingFunctionOptions>("embedding", FUNCTION, rest)),
);

function lookUp(input: TensorBase, weight: TensorBase, o: EmbeddingFunctionOptions): Tensor {
  const { maxNorm = null, normType = 2, scaleGradByFreq = false } = o;
  checkSparse("embedding", o.sparse);
  const padding = paddingRow(o.paddingIdx, weight.size(0));
  if (maxNorm !== null) renormalise(weight, input, maxNorm, normType);
  return wrap(native.embedding(handleOf(weight), handleOf(input), padding, scaleGradByFreq));
}

/** Options of {@link Embedding}. */
export interface EmbeddingOptions extends EmbeddingFunctionOptions, FactoryOptions {
  /** The table to start with, [numEmbeddings, embeddingDim]. Default: normal. */
  _weight?: TensorBase | null;
  /** Whether the table given is not to be learned. Default false. */
  _freeze?: boolean;
}

interface EmbeddingAll extends EmbeddingOptions {
  numEmbeddings: number;
  embeddingDim: number;
}

const NAMES = ["numEmbeddings", "embeddingDim", ...FUNCTION, "_weight", "_freeze", "device", "dtype"] as const;

type EmbeddingArgs =
  | [
      numEmbeddings: number,
      embeddingDim: number,
      ...rest: Args<
        EmbeddingOptions,
        ["paddingIdx", "maxNorm", "normType", "scaleGradByFreq", "sparse", "_weight", "_freeze", "device", "dtype"]
      >,
    ]
  | [options: EmbeddingAll];

/** The table of a layer: the one given, or normal numbers with zeros in the padding row. */
export function makeTable(sizes: [number, number], padding: number | null, o: EmbeddingOptions): Parameter {
  const { _weight: given = null, _freeze: freeze = false, device, dtype } = o;
  if (given === null) {
    const table = new Parameter(empty(sizes, { device, dtype }), !freeze);
    resetTable(table, padding);
    return table;
  }
  if (String(given.shape) !== String(sizes)) {
    throw new ShapeError("Shape of weight does not match num_embeddings and embedding_dim");
  }
  return new Parameter(given, !freeze);
}

/** Draws a table anew. */
export function resetTable(table: Parameter, padding: number | null): void {
  normal_(table);
  if (padding !== null) withoutGrad(() => select(table, 0, padding).zero_());
}

/** Checks the table of `fromPretrained`. */
export function checkTable(table: TensorBase): [number, number] {
  const [rows, columns, ...more] = table.shape;
  if (rows === undefined || columns === undefined || more.length > 0) {
    throw new ShapeError("Embeddings parameter is expected to be 2-dimensional");
  }
  return [rows, columns];
}

/**
 * A table of vectors, looked up by index: int64 [...] -> [..., embeddingDim].
 * Learns `weight` [numEmbeddings, embeddingDim], starting standard normal, with zeros in the row `paddingIdx`.
 *
 * ```ts
 * const words = new nn.Embedding(10000, 64);
 * words.forward(torch.tensor([[1n, 2n], [4n, 3n]])).shape; // [2, 2, 64]
 * ```
 */
export class Embedding extends Module {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly paddingIdx: number | null;
  readonly maxNorm: number | null;
  readonly normType: number;
  readonly scaleGradByFreq: boolean;
  weight: Parameter;

  constructor(...args: EmbeddingArgs) {
    super();
    const o = readArgs<EmbeddingAll>("Embedding", NAMES, args);
    checkSparse("Embedding", o.sparse);
    this.numEmbeddings = required("Embedding", o, "numEmbeddings");
    this.embeddingDim = required("Embedding", o, "embeddingDim");
    this.paddingIdx = paddingRow(o.paddingIdx, this.numEmbeddings);
    this.maxNorm = o.maxNorm ?? null;
    this.normType = o.normType ?? 2;
    this.scaleGradByFreq = o.scaleGradByFreq ?? false;
    this.weight = makeTable([this.numEmbeddings, this.embeddingDim], this.paddingIdx, o);
  }

  /** A layer with a given table [V, D], which is not learned unless `freeze` is false. */
  static fromPretrained(
    embeddings: TensorBase,
    ...rest: Args<
      EmbeddingFunctionOptions & { freeze?: boolean },
      ["freeze", "paddingIdx", "maxNorm", "normType", "scaleGradByFreq", "sparse"]
    >
  ): Embedding {
    const [numEmbeddings, embeddingDim] = checkTable(embeddings);
    const { freeze = true, ...o } = readArgs<EmbeddingFunctionOptions & { freeze?: boolean }>(
      "fromPretrained",
      ["freeze", ...FUNCTION],
      rest,
    );
    return new Embedding({ ...o, numEmbeddings, embeddingDim, _weight: embeddings, _freeze: freeze });
  }

  /** Draws the table anew. */
  resetParameters(): void {
    resetTable(this.weight, this.paddingIdx);
  }

  forward(input: Tensor): Tensor {
    const { paddingIdx, maxNorm, normType, scaleGradByFreq } = this;
    return lookUp(input, this.weight, { paddingIdx, maxNorm, normType, scaleGradByFreq });
  }

  override extraRepr(): string {
    const parts = [`${this.numEmbeddings}, ${this.embeddingDim}`];
    if (this.paddingIdx !== null) parts.push(`padding_idx=${this.paddingIdx}`);
    if (this.maxNorm !== null) parts.push(`max_norm=${pyFloat(this.maxNorm)}`);
    if (this.normType !== 2) parts.push(`norm_type=${pyFloat(this.normType)}`);
    if (this.scaleGradByFreq) parts.push("scale_grad_by_freq=True");
    return parts.join(", ");
  }
}
