/** Softmax and what is made of it. */

import { type Args, readArgs } from "../../args.js";
import { byName } from "../../by-name.js";
import type { DType } from "../../dtype.js";
import { ArgumentError } from "../../errors.js";
import { native } from "../../native.js";
import { neg } from "../../ops/pointwise.js";
import * as reduction from "../../ops/reduction.js";
import { pyRepr } from "../../repr.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";
import { Module } from "../module.js";

/** Options of {@link softmax}, {@link logSoftmax} and {@link softmin}. */
export interface SoftmaxOptions {
  /** The dimension that sums to 1. Default: 0 for 0, 1 or 3 dimensions, else 1; better be given. */
  dim?: number | null;
  /** The type to compute in. Default: the input's. */
  dtype?: DType | null;
}

type SoftmaxArgs = Args<SoftmaxOptions, ["dim", "dtype"]>;

/** softmax(x)_i = e^(x_i) / sum_j e^(x_j). */
export const softmax = byName("nn.functional.softmax", (x: TensorBase, ...rest: SoftmaxArgs): Tensor => {
  const { dim, dtype } = readArgs<SoftmaxOptions>("softmax", ["dim", "dtype"], rest);
  return reduction.softmax(x, dim ?? legacyDim("softmax", x), dtype);
});

/** ln(softmax(x)), computed without overflow. */
export const logSoftmax = byName("nn.functional.logSoftmax", (x: TensorBase, ...rest: SoftmaxArgs): Tensor => {
  const { dim, dtype } = readArgs<SoftmaxOptions>("logSoftmax", ["dim", "dtype"], rest);
  return reduction.logSoftmax(x, dim ?? legacyDim("log_softmax", x), dtype);
});

/** softmax(-x). */
export const softmin = byName("nn.functional.softmin", (x: TensorBase, ...rest: SoftmaxArgs): Tensor => {
  const { dim, dtype } = readArgs<SoftmaxOptions>("softmin", ["dim", "dtype"], rest);
  return reduction.softmax(neg(x), dim ?? legacyDim("softmin", x), dtype);
});

/** Options of {@link gumbelSoftmax}. */
export interface GumbelSoftmaxOptions {
  /** The temperature: near 0 samples are near one-hot. Default 1. */
  tau?: number;
  /** Whether samples are one-hot, with the gradient of the soft ones. Default false. */
  hard?: boolean;
  /** Has no effect. */
  eps?: number;
  /** The dimension of the classes. Default -1. */
  dim?: number;
}

/** softmax((x + Gumbel noise) / tau): samples of the classes that gradients flow through.   [Jang et al. 2017] */
export const gumbelSoftmax = byName(
  "nn.functional.gumbelSoftmax",
  (x: TensorBase, ...rest: Args<GumbelSoftmaxOptions, ["tau", "hard", "eps", "dim"]>): Tensor => {
    const names = ["tau", "hard", "eps", "dim"] as const;
    const { tau = 1, hard = false, dim = -1 } = readArgs<GumbelSoftmaxOptions>("gumbelSoftmax", names, rest);
    return wrap(native.gumbelSoftmax(handleOf(x), tau, hard, dim));
  },
);

/** The dimension that PyTorch takes where none is given. */
function legacyDim(name: string, x: TensorBase): number {
  warnOnce(
    "CANDLEWICK_IMPLICIT_DIM",
    `Implicit dimension choice for ${name} has been deprecated. Change the call to include dim=X as an argument.`,
  );
  return x.ndim === 0 || x.ndim === 1 || x.ndim === 3 ? 0 : 1;
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

/** softmax(-x) along `dim`. Any shape. */
export class Softmin extends SoftmaxLayer {
  forward(x: Tensor): Tensor {
    return softmin(x, this.dim);
  }
}

/** Softmax over the channels of [N, C, H, W] or [C, H, W], at each place. */
export class Softmax2d extends Module {
  forward(x: Tensor): Tensor {
    if (x.ndim !== 3 && x.ndim !== 4) {
      throw new ArgumentError(`Softmax2d: expected input to be 3D or 4D, got ${x.ndim}D instead`);
    }
    return reduction.softmax(x, -3);
  }
}
