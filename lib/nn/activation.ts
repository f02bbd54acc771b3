/** Activations. */
import { type Args, readArgs } from "../args.js";
import type { DType } from "../dtype.js";
import * as pointwise from "../ops/pointwise.js";
import * as reduction from "../ops/reduction.js";
import { pyRepr } from "../repr.js";
import type { TensorBase } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";

/** Options of {@link ReLU} and {@link relu}. */
export interface InplaceOptions {
  /** Whether the input itself is changed. Default false. */
  inplace?: boolean;
}

/** max(x, 0). */
export function relu(x: Tensor, ...rest: Args<InplaceOptions, ["inplace"]>): Tensor {
  const { inplace = false } = readArgs<InplaceOptions>("relu", ["inplace"], rest);
  return inplace ? x.relu_() : pointwise.relu(x);
}

/** Options of {@link softmax} and {@link logSoftmax}. */
export interface SoftmaxOptions {
  /** The dimension that sums to 1. Default: 0 for 0, 1 or 3 dimensions, else 1; better be given. */
  dim?: number | null;
  /** The type to compute in. Default: the input's. */
  dtype?: DType | null;
}

type SoftmaxArgs = Args<SoftmaxOptions, ["dim", "dtype"]>;

/** softmax(x)_i = e^(x_i) / sum_j e^(x_j). */
export function softmax(x: TensorBase, ...rest: SoftmaxArgs): Tensor {
  const { dim, dtype } = readArgs<SoftmaxOptions>("softmax", ["dim", "dtype"], rest);
  return reduction.softmax(x, dim ?? legacyDim(x), dtype);
}

/** ln(softmax(x)), computed without overflow. */
export function logSoftmax(x: TensorBase, ...rest: SoftmaxArgs): Tensor {
  const { dim, dtype } = readArgs<SoftmaxOptions>("logSoftmax", ["dim", "dtype"], rest);
  return reduction.logSoftmax(x, dim ?? legacyDim(x), dtype);
}

/** The dimension that PyTorch takes where none is given. */
function legacyDim(x: TensorBase): number {
  return x.ndim === 0 || x.ndim === 1 || x.ndim === 3 ? 0 : 1;
}

/** max(x, 0), element by element. Any shape. */
export class ReLU extends Module {
  readonly inplace: boolean;

  constructor(...args: Args<InplaceOptions, ["inplace"]>) {
    super();
    this.inplace = readArgs<InplaceOptions>("ReLU", ["inplace"], args).inplace ?? false;
  }
  forward(x: Tensor): Tensor {
    return this.inplace ? x.relu_() : pointwise.relu(x);
  }
  override extraRepr(): string {
    return this.inplace ? "inplace=True" : "";
  }
}

/** The hyperbolic tangent, element by element. Any shape. */
export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    return pointwise.tanh(x);
  }
}

/** 1 / (1 + e^-x), element by element. Any shape. */
export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    return pointwise.sigmoid(x);
  }
}

abstract class SoftmaxLayer extends Module {
  readonly dim: number | null;

  constructor(...args: Args<{ dim?: number | null }, ["dim"]>) {
    super();
    this.dim = readArgs<{ dim?: number | null }>(this.getName(), ["dim"], args).dim ?? null;
  }
  override extraRepr(): string {
    return `dim=${pyRepr(this.dim)}`;
  }
}

/** e^(x_i) / sum_j e^(x_j) along `dim`. Any shape. */
export class Softmax extends SoftmaxLayer {
  forward(x: Tensor): Tensor {
    return softmax(x, this.dim);
  }
}

/** ln(softmax(x)) along `dim`. Any shape. */
export class LogSoftmax extends SoftmaxLayer {
  forward(x: Tensor): Tensor {
    return logSoftmax(x, this.dim);
  }
}
