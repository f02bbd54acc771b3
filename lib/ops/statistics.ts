/** Statistics: quantiles, covariance, correlation. */

import { type Args, readArgs } from "../args.js";
import { byName } from "../by-name.js";
import { isFloatingDtype } from "../dtype.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { handleOf, operand, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { sum } from "./reduction.js";

/** Options of {@link quantile} and {@link nanquantile}. */
export interface QuantileOptions {
  /** The dimension. Default: all elements. */
  dim?: number | null;
  /** Whether the dimension stays, with size 1. Default false. */
  keepdim?: boolean;
  /** What to do between two elements. Default `"linear"`. */
  interpolation?: "linear" | "lower" | "higher" | "midpoint" | "nearest";
}
type QuantileArgs = Args<QuantileOptions, ["dim", "keepdim"]>;
const QUANTILE = ["dim", "keepdim", "interpolation"] as const;

/** The q-quantiles, q a number or a vector in [0, 1] (whose dimension comes first). NaN wins. */
export const quantile = byName(
  "quantile",
  (x: TensorBase, q: number | TensorBase, ...args: QuantileArgs): Tensor => quantiles("quantile", x, q, args, false),
);
/** {@link quantile} of what is not NaN. */
export const nanquantile = byName(
  "nanquantile",
  (x: TensorBase, q: number | TensorBase, ...args: QuantileArgs): Tensor => quantiles("nanquantile", x, q, args, true),
);
function quantiles(op: string, x: TensorBase, q: number | TensorBase, args: QuantileArgs, ignoreNan: boolean): Tensor {
  const { dim, keepdim = false, interpolation = "linear" } = readArgs<QuantileOptions>(op, QUANTILE, args);
  return wrap(native.quantile(handleOf(x), operand(q), dim, keepdim, interpolation, ignoreNan));
}

/** Options of {@link cov}. */
export interface CovOptions {
  /** Subtracted from the count. Default 1. */
  correction?: number;
  /** How often each observation occurs, int64 [n]. */
  fweights?: TensorBase | null;
  /** The weight of each observation [n]. */
  aweights?: TensorBase | null;
}
/** The covariances of the rows of x [variables, observations]: [variables, variables], or one number for one variable. */
export const cov = byName("cov", (x: TensorBase, options: CovOptions = {}): Tensor => {
  const {
    correction = 1,
    fweights,
    aweights,
  } = readArgs<CovOptions>("cov", ["correction", "fweights", "aweights"], [options]);
  if (x.ndim > 2) {
    throw new ArgumentError(
      `cov(): expected input to have two or fewer dimensions but got an input with ${x.ndim} dimensions`,
      { op: "cov" },
    );
  }
  const rows = (x.ndim < 2 ? wrap(native.reshape(handleOf(x), [1, -1])) : (x as Tensor)).to(
    isFloatingDtype(x.dtype) ? x.dtype : "float32",
  );
  const n = rows.size(1);
  const weights =
    fweights && aweights ? wrap(native.mul(handleOf(fweights), handleOf(aweights))) : (fweights ?? aweights);
  const total = weights ? sum(weights) : wrap(native.full([], n, native.dtype(handleOf(rows))));
  const w = weights ? (weights as Tensor) : null;
  const average = w === null ? rows.mean(1, true) : rows.mul(w).sum(1, true).div(total);
  const centred = rows.sub(average);
  const scaled = w === null ? centred : centred.mul(w);
  const bias =
    aweights && correction !== 0
      ? sum((w as Tensor).mul(aweights))
          .div(total)
          .mul(correction)
      : correction;
  const factor = total.sub(bias);
  return scaled.matmul(centred.t()).div(factor.clamp(0)).squeeze();
});
/** Pearson's correlations of the rows of x [variables, observations]. */
export const corrcoef = byName("corrcoef", (x: TensorBase): Tensor => {
  const c = cov(x);
  if (c.ndim === 0) return c.div(c);
  const deviation = c.diagonal().sqrt();
  return c.div(deviation.unsqueeze(1)).div(deviation.unsqueeze(0)).clamp(-1, 1);
});

/** x with its slices along `dim` scaled down to a p-norm of at most `maxnorm`. */
export const renorm = byName(
  "renorm",
  (x: TensorBase, p: number, dim: number, maxnorm: number): Tensor => wrap(native.renorm(handleOf(x), p, dim, maxnorm)),
);
