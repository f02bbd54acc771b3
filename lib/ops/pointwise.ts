/** Element-wise operations. Two operands broadcast and promote as in PyTorch; gradients flow through all that have one. */

import { byName } from "../by-name.js";
import { native } from "../native.js";
import { handleOf, isBase, type Operand, operand, type Scalar, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { bounds } from "./bounds.js";
import { binary, unary } from "./define.js";

/** Options of {@link add} and {@link sub}. */
export interface AlphaOptions {
  /** Multiplies the second operand. Default 1. */
  alpha?: Scalar;
}

/** Options of {@link div}. */
export interface DivOptions {
  /** null divides truly; `"trunc"` rounds towards zero, `"floor"` downwards. Default null. */
  roundingMode?: "trunc" | "floor" | null;
}

/** Bounds of {@link clamp}; an absent one does not bind. */
export interface ClampOptions {
  /** The lower bound. */
  min?: Bound;
  /** The upper bound. */
  max?: Bound;
}

/** A bound of {@link clamp}; null does not bind. */
export type Bound = number | bigint | TensorBase | null;

/** a + alpha * b. */
export const add = byName("add", (a: Operand, b: Operand, options?: AlphaOptions): Tensor => {
  if (options?.alpha === undefined) return wrap(native.add(operand(a), operand(b)));
  return wrap(native.add(operand(a), operand(b), options.alpha));
});

/** a - alpha * b. */
export const sub = byName("sub", (a: Operand, b: Operand, options?: AlphaOptions): Tensor => {
  if (options?.alpha === undefined) return wrap(native.sub(operand(a), operand(b)));
  return wrap(native.sub(operand(a), operand(b), options.alpha));
});

/** a / b. Integers give floats unless a rounding mode is set. Errors: an integer divided by 0 with a rounding mode. */
export const div = byName(
  "div",
  (a: Operand, b: Operand, options?: DivOptions): Tensor =>
    wrap(native.div(operand(a), operand(b), options?.roundingMode)),
);

/** -x. */
export const neg = unary("neg", native.neg);

/** |x|. */
export const abs = unary("abs", native.abs);

/** -1, 0 or 1 by the sign of x. */
export const sign = unary("sign", native.sign);

/** e^x. */
export const exp = unary("exp", native.exp);

/** The natural logarithm of x. */
export const log = unary("log", native.log);

/** ln(1 + x), accurate near 0. */
export const log1p = unary("log1p", native.log1p);

/** e^x - 1, accurate near 0. */
export const expm1 = unary("expm1", native.expm1);

/** The logarithm of x to base 2. */
export const log2 = unary("log2", native.log2);

/** The logarithm of x to base 10. */
export const log10 = unary("log10", native.log10);

/** The square root of x. */
export const sqrt = unary("sqrt", native.sqrt);

/** 1 / sqrt(x). */
export const rsqrt = unary("rsqrt", native.rsqrt);

/** 1 / x. */
export const reciprocal = unary("reciprocal", native.reciprocal);

/** x * x. */
export const square = unary("square", native.square);

/** The sine of x, in radians. */
export const sin = unary("sin", native.sin);

/** The cosine of x, in radians. */
export const cos = unary("cos", native.cos);

/** The tangent of x, in radians. */
export const tan = unary("tan", native.tan);

/** The hyperbolic tangent of x. */
export const tanh = unary("tanh", native.tanh);

/** 1 / (1 + e^-x). */
export const sigmoid = unary("sigmoid", native.sigmoid);

/** max(x, 0). */
export const relu = unary("relu", native.relu);

/** The error function of x. */
export const erf = unary("erf", native.erf);

/** The largest integer not above x. */
export const floor = unary("floor", native.floor);

/** The smallest integer not below x. */
export const ceil = unary("ceil", native.ceil);

/** Options of {@link round}. */
export interface RoundOptions {
  /** How many digits to keep behind the point; negative ones before it. Default 0. */
  decimals?: number;
}

/** The nearest integer, or the nearest number of some digits; halves go to the even one. */
export const round = byName("round", (x: TensorBase, options: RoundOptions = {}): Tensor => {
  const { decimals = 0 } = options ?? {};
  if (decimals === 0) return wrap(native.round(handleOf(x)));
  const scale = 10 ** Math.abs(decimals);
  return decimals > 0
    ? div(wrap(native.round(handleOf(mul(x, scale)))), scale)
    : mul(wrap(native.round(handleOf(div(x, scale)))), scale);
});

/** The integer part of x. */
export const trunc = unary("trunc", native.trunc);

/** Whether x is NaN, as bool. */
export const isnan = unary("isnan", native.isnan);

/** Whether x is infinite, as bool. */
export const isinf = unary("isinf", native.isinf);

/** Whether x is neither infinite nor NaN, as bool. */
export const isfinite = unary("isfinite", native.isfinite);

/** Whether x is zero, as bool. */
export const logicalNot = unary("logicalNot", native.logicalNot);

/** Every bit of x inverted; for bool the negation. Integers and bool only. */
export const bitwiseNot = unary("bitwiseNot", native.bitwiseNot);

/** a * b. */
export const mul = byName("mul", (a: Operand, b: Operand): Tensor => wrap(native.mul(operand(a), operand(b))));

/** a to the power of b. */
export const pow = binary("pow", native.pow);

/** a modulo b, with the sign of b (Python's `%`). Errors: an integer divided by 0. */
export const remainder = binary("remainder", native.remainder);

/** floor(a / b). Errors: an integer divided by 0. */
export const floorDivide = binary("floorDivide", native.floorDivide);

/** The larger of a and b. */
export const maximum = binary("maximum", native.maximum);

/** The smaller of a and b. */
export const minimum = binary("minimum", native.minimum);

/** a == b, as bool. */
export const eq = binary("eq", native.eq);

/** a != b, as bool. */
export const ne = binary("ne", native.ne);

/** a < b, as bool. */
export const lt = binary("lt", native.lt);

/** a <= b, as bool. */
export const le = binary("le", native.le);

/** a > b, as bool. */
export const gt = binary("gt", native.gt);

/** a >= b, as bool. */
export const ge = binary("ge", native.ge);

/** a and b, as bool. */
export const logicalAnd = binary("logicalAnd", native.logicalAnd);

/** a or b, as bool. */
export const logicalOr = binary("logicalOr", native.logicalOr);

/** a exclusive-or b, as bool. */
export const logicalXor = binary("logicalXor", native.logicalXor);

/** The bits set in both. Integers and bool only. */
export const bitwiseAnd = binary("bitwiseAnd", native.bitwiseAnd);

/** The bits set in either. Integers and bool only. */
export const bitwiseOr = binary("bitwiseOr", native.bitwiseOr);

/** The bits set in exactly one. Integers and bool only. */
export const bitwiseXor = binary("bitwiseXor", native.bitwiseXor);

/** x limited to [min, max], numbers or tensors. `clamp(x, 0, 1)`, `clamp(x, { max: 1 })`. */
export const clamp = byName("clamp", (x: TensorBase, min?: Bound | ClampOptions, max?: Bound): Tensor => {
  const [low, high] = bounds(min, max);
  if (!isBase(low) && !isBase(high)) return wrap(native.clamp(handleOf(x), low, high));
  const bound = (value: Bound) => (value === null ? null : operand(value));
  return wrap(native.clampTensor(handleOf(x), bound(low), bound(high)));
});

/** x with `value` where the bool mask is set. */
export const maskedFill = byName(
  "maskedFill",
  (x: TensorBase, mask: TensorBase, value: Operand): Tensor =>
    wrap(native.maskedFill(handleOf(x), handleOf(mask), operand(value))),
);
