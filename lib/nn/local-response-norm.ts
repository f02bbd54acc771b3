/** Local response normalisation.   [Krizhevsky et al. 2012] */

import { type Args, readArgs, required } from "../args.js";
import { byName } from "../by-name.js";
import { native } from "../native.js";
import { pyFloat } from "../repr.js";
import { handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";

/** Options of {@link localResponseNorm}. */
export interface LocalResponseNormOptions {
  /** The weight of the squares. Default 1e-4. */
  alpha?: number;
  /** The power. Default 0.75. */
  beta?: number;
  /** Added to the mean of the squares. Default 1. */
  k?: number;
}

interface All extends LocalResponseNormOptions {
  /** How many neighbouring channels take part. */
  size: number;
}

type NormArgs = [size: number, ...rest: Args<LocalResponseNormOptions, ["alpha", "beta", "k"]>] | [options: All];

function read(op: string, args: readonly unknown[]): Required<All> {
  const o = readArgs<All>(op, ["size", "alpha", "beta", "k"], args);
  return { alpha: 1e-4, beta: 0.75, k: 1, ...o, size: required(op, o, "size") };
}

/** y_c = x_c / (k + alpha * mean over `size` channels around c of x^2)^beta. x [N, C, ...]. */
export const localResponseNorm = byName(
  "nn.functional.localResponseNorm",
  (x: TensorBase, ...args: NormArgs): Tensor => normalise(x, read("localResponseNorm", args)),
);

function normalise(x: TensorBase, { size, alpha, beta, k }: Required<All>): Tensor {
  return wrap(native.localResponseNorm(handleOf(x), size, alpha, beta, k));
}

/** y_c = x_c / (k + alpha * mean over `size` channels around c of x^2)^beta. Input and output [N, C, ...]. */
export class LocalResponseNorm extends Module {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;

  constructor(...args: NormArgs) {
    super();
    const o = read("LocalResponseNorm", args);
    this.size = o.size;
    this.alpha = o.alpha;
    this.beta = o.beta;
    this.k = o.k;
  }

  forward(x: Tensor): Tensor {
    return normalise(x, this);
  }

  override extraRepr(): string {
    return `${this.size}, alpha=${pyFloat(this.alpha)}, beta=${pyFloat(this.beta)}, k=${pyFloat(this.k)}`;
  }
}
