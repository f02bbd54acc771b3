/** Further element-wise functions of one tensor, and PyTorch's second names of all. */

import { isOptions, readArgs } from "../args.js";
import { byName } from "../by-name.js";
import { isFloatingDtype } from "../dtype.js";
import { ArgumentError, DTypeError } from "../errors.js";
import { native } from "../native.js";
import { handleOf, type Operand, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { unary } from "./define.js";
import { fill_ } from "./inplace.js";
import { abs, add, eq, isinf, isnan, logicalAnd, lt, neg, sign, sub, trunc } from "./pointwise.js";
import { clone } from "./shape.js";

/** The arc cosine of x, in radians. */
export const acos = unary("acos", native.acos);
/** The arc sine of x, in radians. */
export const asin = unary("asin", native.asin);
/** The arc tangent of x, in radians. */
export const atan = unary("atan", native.atan);
/** The inverse hyperbolic cosine of x. */
export const acosh = unary("acosh", native.acosh);
/** The inverse hyperbolic sine of x. */
export const asinh = unary("asinh", native.asinh);
/** The inverse hyperbolic tangent of x. */
export const atanh = unary("atanh", native.atanh);
/** The hyperbolic cosine of x. */
export const cosh = unary("cosh", native.cosh);
/** The hyperbolic sine of x. */
export const sinh = unary("sinh", native.sinh);
/** 2^x. */
export const exp2 = unary("exp2", native.exp2);
/** 1 - erf(x), accurate where erf is near 1. */
export const erfc = unary("erfc", native.erfc);
/** The inverse of the error function. */
export const erfinv = unary("erfinv", native.erfinv);
/** ln |Γ(x)|. */
export const lgamma = unary("lgamma", native.lgamma);
/** The logarithmic derivative of Γ. */
export const digamma = unary("digamma", native.digamma);
/** The modified Bessel function of the first kind, order 0. */
export const i0 = unary("i0", native.i0);
/** sin(πx) / (πx), 1 at 0. */
export const sinc = unary("sinc", native.sinc);
/** Degrees to radians. */
export const deg2rad = unary("deg2rad", native.deg2rad);
/** Radians to degrees. */
export const rad2deg = unary("rad2deg", native.rad2deg);
/** Whether the sign bit is set, as bool: true for -0. */
export const signbit = unary("signbit", native.signbit);

/** ln(x / (1 - x)); with `eps`, x is first limited to [eps, 1 - eps]. */
export const logit = byName(
  "logit",
  (x: TensorBase, ...args: [] | [eps: number | null] | [{ eps?: number | null }]): Tensor => {
    const { eps } = readArgs<{ eps?: number | null }>("logit", ["eps"], args);
    return wrap(native.logit(handleOf(x), eps));
  },
);

/** x - trunc(x): the part behind the point, with the sign of x. */
export const frac = byName("frac", (x: TensorBase): Tensor => {
  if (!isFloatingDtype(x.dtype)) throw new DTypeError(`"frac" not implemented for '${x.dtype}'`, { op: "frac" });
  return sub(x, trunc(x));
});

/** x itself. Errors: a bool tensor. */
export const positive = byName("positive", (x: TensorBase): Tensor => {
  if (x.dtype === "bool") {
    throw new DTypeError("The `+` operator, on a bool tensor is not supported.", { op: "positive" });
  }
  return x as Tensor;
});

/** Whether x is +infinity, as bool. */
export const isposinf = byName("isposinf", (x: TensorBase): Tensor => logicalAnd(isinf(x), sign(x).eq(1)));
/** Whether x is -infinity, as bool. */
export const isneginf = byName(
  "isneginf",
  (x: TensorBase): Tensor => (x.dtype === "bool" ? eq(x, 2) : logicalAnd(isinf(x), lt(x, 0))),
);
/** Whether x is real, as bool: always, for there are no complex tensors. */
export const isreal = byName("isreal", (x: TensorBase): Tensor => eq(x, x).logicalOr(true));

/** Options of {@link nanToNum}. */
export interface NanToNumOptions {
  /** What replaces NaN. Default 0. */
  nan?: number | null;
  /** What replaces +infinity. Default: the largest number of the type. */
  posinf?: number | null;
  /** What replaces -infinity. Default: the lowest number of the type. */
  neginf?: number | null;
}

const LARGEST: Readonly<Record<string, number>> = {
  float32: 3.4028234663852886e38,
  float64: Number.MAX_VALUE,
  float16: 65504,
  bfloat16: 3.3895313892515355e38,
};

/** x with NaN and infinities replaced by numbers. `nanToNum(x, 0, 1, -1)`. */
export const nanToNum = byName(
  "nanToNum",
  (
    x: TensorBase,
    ...args: [
      (number | null | NanToNumOptions)?,
      (number | null | NanToNumOptions)?,
      (number | null | NanToNumOptions)?,
    ]
  ): Tensor => {
    const { nan, posinf, neginf } = readArgs<NanToNumOptions>("nanToNum", ["nan", "posinf", "neginf"], args);
    const largest = LARGEST[x.dtype];
    if (largest === undefined) return clone(x);
    const finite = clone(x).maskedFill(isnan(x), nan ?? 0);
    return finite.maskedFill(isposinf(x), posinf ?? largest).maskedFill(isneginf(x), neginf ?? -largest);
  },
);

/** x itself: there are no complex tensors. */
export const real = byName("real", (x: TensorBase): Tensor => x as Tensor);
export { real as conj, real as conjPhysical, real as resolveConj, real as resolveNeg };

/** The angle of a real number: π where it is negative, else 0; NaN stays. */
export const angle = unary("angle", native.angle);

/** ln Γ of several variables: p (p - 1) / 4 ln π + the sum of lgamma(x - (j - 1) / 2) for j = 1 ... p. */
export const mvlgamma = byName("mvlgamma", (x: TensorBase, p: number | { p: number }): Tensor => {
  const order = typeof p === "number" ? p : p.p;
  if (!(order >= 1)) throw new ArgumentError("p has to be greater than or equal to 1", { op: "mvlgamma" });
  if (order > 2 ** 12)
    throw new ArgumentError(`mvlgamma: expected p up to 4096, received ${order}`, { op: "mvlgamma" });
  let total = lgamma(x);
  for (let j = 1; j < order; j++) total = add(total, lgamma(sub(x, j / 2)));
  return add(total, (order * (order - 1) * Math.log(Math.PI)) / 4);
});

/** One value everywhere, with the shape and type of x. */
export const fill = byName(
  "fill",
  (x: TensorBase, value: Operand | { value: Operand }): Tensor =>
    fill_(clone(x), isOptions(value) ? (value as { value: Operand }).value : (value as Operand)),
);

/** The sum of |x - y|^p to the power of 1 / p. */
export const dist = byName(
  "dist",
  (x: TensorBase, y: TensorBase, p: number | { p?: number } = 2): Tensor =>
    wrap(native.norm(handleOf(sub(x, y)), typeof p === "number" ? p : (p.p ?? 2), null, false)),
);

export {
  abs as absolute,
  acos as arccos,
  acosh as arccosh,
  asin as arcsin,
  asinh as arcsinh,
  atan as arctan,
  atanh as arctanh,
  neg as negative,
  sign as sgn,
  trunc as fix,
};
