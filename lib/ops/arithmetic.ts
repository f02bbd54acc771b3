/** Further functions of two operands, and PyTorch's second names of all. */
import { isOptions } from "../args.js";
import { native } from "../native.js";
import { handleOf, type Operand, operand, type Scalar, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { binary } from "./define.js";
import { type AlphaOptions, type Bound, clamp, div, ge, gt, le, lt, mul, ne, pow, sub } from "./pointwise.js";

/** The angle of the point (b, a), in radians. */
export const atan2 = binary(native.atan2);
/** sqrt(a^2 + b^2), without overflow. */
export const hypot = binary(native.hypot);
/** |a| with the sign of b. */
export const copysign = binary(native.copysign);
/** The larger of a and b, and the other one where one is NaN. */
export const fmax = binary(native.fmax);
/** The smaller of a and b, and the other one where one is NaN. */
export const fmin = binary(native.fmin);
/** a modulo b, with the sign of a (C's `%`). Errors: an integer divided by 0. */
export const fmod = binary(native.fmod);
/** ln(e^a + e^b), without overflow. */
export const logaddexp = binary(native.logaddexp);
/** log2(2^a + 2^b), without overflow. */
export const logaddexp2 = binary(native.logaddexp2);
/** a ln(b), 0 where a is 0. */
export const xlogy = binary(native.xlogy);
/** 0 where a < 0, b where a is 0, 1 where a > 0. */
export const heaviside = binary(native.heaviside);
/** The next representable number after a in the direction of b. */
export const nextafter = binary(native.nextafter);
/** a 2^b. */
export const ldexp = binary(native.ldexp);
/** The greatest common divisor. Integers only. */
export const gcd = binary(native.gcd);
/** The least common multiple. Integers only. */
export const lcm = binary(native.lcm);
/** The bits of a moved left by b places. Integers only. */
export const bitwiseLeftShift = binary(native.bitwiseLeftShift);
/** The bits of a moved right by b places, keeping the sign. Integers only. */
export const bitwiseRightShift = binary(native.bitwiseRightShift);
/** The regularised lower incomplete gamma function P(a, b). */
export const igamma = binary(native.igamma);
/** The regularised upper incomplete gamma function Q(a, b). */
export const igammac = binary(native.igammac);

/** b - alpha * a. */
export function rsub(a: TensorBase, b: Operand, options?: AlphaOptions): Tensor {
  return sub(b, a, options);
}

/** a to the power of b, computed in float64. */
export function floatPower(a: Operand, b: Operand): Tensor {
  const double = (x: Operand): Operand => (typeof x === "object" && "shape" in x ? (x as Tensor).to("float64") : x);
  const power = pow(double(a), double(b));
  return power.dtype === "float64" ? power : power.to("float64");
}

/** a + weight * (b - a). */
export function lerp(
  a: TensorBase,
  b: TensorBase,
  weight: TensorBase | number | { weight: TensorBase | number },
): Tensor {
  const w = isOptions(weight) ? (weight as { weight: TensorBase | number }).weight : (weight as TensorBase | number);
  return wrap(native.lerp(handleOf(a), handleOf(b), operand(w)));
}

/** Options of {@link addcmul} and {@link addcdiv}. */
export interface ValueOptions {
  /** Multiplies the product or quotient. Default 1. */
  value?: Scalar;
}
/** x + value * a * b. */
export function addcmul(x: TensorBase, a: Operand, b: Operand, options: ValueOptions = {}): Tensor {
  return wrap(native.addcmul(handleOf(x), operand(a), operand(b), options.value ?? 1));
}
/** x + value * a / b. Errors: two integer tensors. */
export function addcdiv(x: TensorBase, a: Operand, b: Operand, options: ValueOptions = {}): Tensor {
  return wrap(native.addcdiv(handleOf(x), operand(a), operand(b), options.value ?? 1));
}

/** x, at least `min`. */
export function clampMin(x: TensorBase, min: Bound): Tensor {
  return clamp(x, min);
}
/** x, at most `max`. */
export function clampMax(x: TensorBase, max: Bound): Tensor {
  return clamp(x, null, max);
}

/** a / b, always true division. */
export function trueDivide(a: Operand, b: Operand): Tensor {
  return div(a, b);
}

export {
  atan2 as arctan2,
  clamp as clip,
  div as divide,
  ge as greaterEqual,
  gt as greater,
  le as lessEqual,
  lt as less,
  mul as multiply,
  ne as notEqual,
  sub as subtract,
};
