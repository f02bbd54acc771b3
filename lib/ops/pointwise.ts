/** Element-wise operations. Two operands broadcast and promote as in PyTorch; gradients flow through all that have one. */

import { native } from "../native.js";
import { handleOf, isBase, type Operand, operand, type Scalar, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { bounds } from "./bounds.js";

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
export function add(a: Operand, b: Operand, options?: AlphaOptions): Tensor {
  if (options?.alpha === undefined) return wrap(native.add(operand(a), operand(b)));
  return wrap(native.add(operand(a), operand(b), options.alpha));
}

/** a - alpha * b. */
export function sub(a: Operand, b: Operand, options?: AlphaOptions): Tensor {
  if (options?.alpha === undefined) return wrap(native.sub(operand(a), operand(b)));
  return wrap(native.sub(operand(a), operand(b), options.alpha));
}

/** a / b. Integers give floats unless a rounding mode is set. Errors: an integer divided by 0 with a rounding mode. */
export function div(a: Operand, b: Operand, options?: DivOptions): Tensor {
  return wrap(native.div(operand(a), operand(b), options?.roundingMode));
}

/** -x. */
export function neg(x: TensorBase): Tensor {
  return wrap(native.neg(handleOf(x)));
}

/** |x|. */
export function abs(x: TensorBase): Tensor {
  return wrap(native.abs(handleOf(x)));
}

/** -1, 0 or 1 by the sign of x. */
export function sign(x: TensorBase): Tensor {
  return wrap(native.sign(handleOf(x)));
}

/** e^x. */
export function exp(x: TensorBase): Tensor {
  return wrap(native.exp(handleOf(x)));
}

/** The natural logarithm of x. */
export function log(x: TensorBase): Tensor {
  return wrap(native.log(handleOf(x)));
}

/** ln(1 + x), accurate near 0. */
export function log1p(x: TensorBase): Tensor {
  return wrap(native.log1p(handleOf(x)));
}

/** e^x - 1, accurate near 0. */
export function expm1(x: TensorBase): Tensor {
  return wrap(native.expm1(handleOf(x)));
}

/** The logarithm of x to base 2. */
export function log2(x: TensorBase): Tensor {
  return wrap(native.log2(handleOf(x)));
}

/** The logarithm of x to base 10. */
export function log10(x: TensorBase): Tensor {
  return wrap(native.log10(handleOf(x)));
}

/** The square root of x. */
export function sqrt(x: TensorBase): Tensor {
  return wrap(native.sqrt(handleOf(x)));
}

/** 1 / sqrt(x). */
export function rsqrt(x: TensorBase): Tensor {
  return wrap(native.rsqrt(handleOf(x)));
}

/** 1 / x. */
export function reciprocal(x: TensorBase): Tensor {
  return wrap(native.reciprocal(handleOf(x)));
}

/** x * x. */
export function square(x: TensorBase): Tensor {
  return wrap(native.square(handleOf(x)));
}

/** The sine of x, in radians. */
export function sin(x: TensorBase): Tensor {
  return wrap(native.sin(handleOf(x)));
}

/** The cosine of x, in radians. */
export function cos(x: TensorBase): Tensor {
  return wrap(native.cos(handleOf(x)));
}

/** The tangent of x, in radians. */
export function tan(x: TensorBase): Tensor {
  return wrap(native.tan(handleOf(x)));
}

/** The hyperbolic tangent of x. */
export function tanh(x: TensorBase): Tensor {
  return wrap(native.tanh(handleOf(x)));
}

/** 1 / (1 + e^-x). */
export function sigmoid(x: TensorBase): Tensor {
  return wrap(native.sigmoid(handleOf(x)));
}

/** max(x, 0). */
export function relu(x: TensorBase): Tensor {
  return wrap(native.relu(handleOf(x)));
}

/** The error function of x. */
export function erf(x: TensorBase): Tensor {
  return wrap(native.erf(handleOf(x)));
}

/** The largest integer not above x. */
export function floor(x: TensorBase): Tensor {
  return wrap(native.floor(handleOf(x)));
}

/** The smallest integer not below x. */
export function ceil(x: TensorBase): Tensor {
  return wrap(native.ceil(handleOf(x)));
}

/** Options of {@link round}. */
export interface RoundOptions {
  /** How many digits to keep behind the point; negative ones before it. Default 0. */
  decimals?: number;
}

/** The nearest integer, or the nearest number of some digits; halves go to the even one. */
export function round(x: TensorBase, options: RoundOptions = {}): Tensor {
  const { decimals = 0 } = options;
  if (decimals === 0) return wrap(native.round(handleOf(x)));
  const scale = 10 ** Math.abs(decimals);
  return decimals > 0
    ? div(wrap(native.round(handleOf(mul(x, scale)))), scale)
    : mul(wrap(native.round(handleOf(div(x, scale)))), scale);
}

/** The integer part of x. */
export function trunc(x: TensorBase): Tensor {
  return wrap(native.trunc(handleOf(x)));
}

/** Whether x is NaN, as bool. */
export function isnan(x: TensorBase): Tensor {
  return wrap(native.isnan(handleOf(x)));
}

/** Whether x is infinite, as bool. */
export function isinf(x: TensorBase): Tensor {
  return wrap(native.isinf(handleOf(x)));
}

/** Whether x is neither infinite nor NaN, as bool. */
export function isfinite(x: TensorBase): Tensor {
  return wrap(native.isfinite(handleOf(x)));
}

/** Whether x is zero, as bool. */
export function logicalNot(x: TensorBase): Tensor {
  return wrap(native.logicalNot(handleOf(x)));
}

/** Every bit of x inverted; for bool the negation. Integers and bool only. */
export function bitwiseNot(x: TensorBase): Tensor {
  return wrap(native.bitwiseNot(handleOf(x)));
}

/** a * b. */
export function mul(a: Operand, b: Operand): Tensor {
  return wrap(native.mul(operand(a), operand(b)));
}

/** a to the power of b. */
export function pow(a: Operand, b: Operand): Tensor {
  return wrap(native.pow(operand(a), operand(b)));
}

/** a modulo b, with the sign of b (Python's `%`). Errors: an integer divided by 0. */
export function remainder(a: Operand, b: Operand): Tensor {
  return wrap(native.remainder(operand(a), operand(b)));
}

/** floor(a / b). Errors: an integer divided by 0. */
export function floorDivide(a: Operand, b: Operand): Tensor {
  return wrap(native.floorDivide(operand(a), operand(b)));
}

/** The larger of a and b. */
export function maximum(a: Operand, b: Operand): Tensor {
  return wrap(native.maximum(operand(a), operand(b)));
}

/** The smaller of a and b. */
export function minimum(a: Operand, b: Operand): Tensor {
  return wrap(native.minimum(operand(a), operand(b)));
}

/** a == b, as bool. */
export function eq(a: Operand, b: Operand): Tensor {
  return wrap(native.eq(operand(a), operand(b)));
}

/** a != b, as bool. */
export function ne(a: Operand, b: Operand): Tensor {
  return wrap(native.ne(operand(a), operand(b)));
}

/** a < b, as bool. */
export function lt(a: Operand, b: Operand): Tensor {
  return wrap(native.lt(operand(a), operand(b)));
}

/** a <= b, as bool. */
export function le(a: Operand, b: Operand): Tensor {
  return wrap(native.le(operand(a), operand(b)));
}

/** a > b, as bool. */
export function gt(a: Operand, b: Operand): Tensor {
  return wrap(native.gt(operand(a), operand(b)));
}

/** a >= b, as bool. */
export function ge(a: Operand, b: Operand): Tensor {
  return wrap(native.ge(operand(a), operand(b)));
}

/** a and b, as bool. */
export function logicalAnd(a: Operand, b: Operand): Tensor {
  return wrap(native.logicalAnd(operand(a), operand(b)));
}

/** a or b, as bool. */
export function logicalOr(a: Operand, b: Operand): Tensor {
  return wrap(native.logicalOr(operand(a), operand(b)));
}

/** a exclusive-or b, as bool. */
export function logicalXor(a: Operand, b: Operand): Tensor {
  return wrap(native.logicalXor(operand(a), operand(b)));
}

/** The bits set in both. Integers and bool only. */
export function bitwiseAnd(a: Operand, b: Operand): Tensor {
  return wrap(native.bitwiseAnd(operand(a), operand(b)));
}

/** The bits set in either. Integers and bool only. */
export function bitwiseOr(a: Operand, b: Operand): Tensor {
  return wrap(native.bitwiseOr(operand(a), operand(b)));
}

/** The bits set in exactly one. Integers and bool only. */
export function bitwiseXor(a: Operand, b: Operand): Tensor {
  return wrap(native.bitwiseXor(operand(a), operand(b)));
}

/** x limited to [min, max], numbers or tensors. `clamp(x, 0, 1)`, `clamp(x, { max: 1 })`. */
export function clamp(x: TensorBase, min?: Bound | ClampOptions, max?: Bound): Tensor {
  const [low, high] = bounds(min, max);
  if (!isBase(low) && !isBase(high)) return wrap(native.clamp(handleOf(x), low, high));
  if (high === null) return maximum(x, low ?? x);
  return minimum(low === null ? x : maximum(x, low), high);
}

/** a where the condition holds, else b. */
export function where(condition: TensorBase, a: Operand, b: Operand): Tensor {
  return wrap(native.where(handleOf(condition), operand(a), operand(b)));
}

/** x with `value` where the bool mask is set. */
export function maskedFill(x: TensorBase, mask: TensorBase, value: Operand): Tensor {
  return wrap(native.maskedFill(handleOf(x), handleOf(mask), operand(value)));
}

/** Whether |a - b| <= atol + rtol * |b|, element by element. */
export function isclose(a: TensorBase, b: TensorBase, options: CloseOptions = {}): Tensor {
  const { rtol = 1e-5, atol = 1e-8, equalNan = false } = options;
  if (a.dtype === "bool" || b.dtype === "bool") return eq(a, b);
  const near = le(abs(sub(a, b)), add(mul(abs(b), rtol), atol));
  // Infinities have no finite difference, yet equal ones are close.
  const close = logicalOr(eq(a, b), logicalAnd(near, isfinite(b)));
  return equalNan ? logicalOr(close, logicalAnd(ne(a, a), ne(b, b))) : close;
}

/** Whether every element of a {@link isclose} to b's. `allclose(a, b, 1e-5, 1e-8)` or `allclose(a, b, { rtol })`. */
export function allclose(a: TensorBase, b: TensorBase, rtol?: number | CloseOptions, atol?: number): boolean {
  const options =
    typeof rtol === "object"
      ? rtol
      : { ...(rtol === undefined ? {} : { rtol }), ...(atol === undefined ? {} : { atol }) };
  return native.item(native.all(handleOf(isclose(a, b, options)), null, false)) === true;
}

/** Options of {@link allclose} and {@link isclose}. */
export interface CloseOptions {
  /** The relative tolerance. Default 1e-5. */
  rtol?: number;
  /** The absolute tolerance. Default 1e-8. */
  atol?: number;
  /** Whether NaN equals NaN. Default false. */
  equalNan?: boolean;
}

/** Whether two tensors have the same shape and the same elements. */
export function equal(a: TensorBase, b: TensorBase): boolean {
  return native.equal(handleOf(a), handleOf(b));
}
