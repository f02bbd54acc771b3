/** Further functions of two operands, and PyTorch's second names of all. */

import { isOptions } from "../args.js";
import { byName } from "../by-name.js";
import { native } from "../native.js";
import { handleOf, type Operand, operand, type Scalar, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { binary } from "./define.js";
import { type AlphaOptions, type Bound, clamp, div, ge, gt, le, lt, mul, ne, pow, sub } from "./pointwise.js";

/** The angle of the point (b, a), in radians. */
export const atan2 = binary("atan2", native.atan2);
/** sqrt(a^2 + b^2), without overflow. */
export const hypot = binary("hypot", native.hypot);
/** |a| with the sign of b. */
export const copysign = binary("copysign", native.copysign);
/** The larger of a and b, and the other one where one is NaN. */
export const fmax = binary("fmax", native.fmax);
/** The smaller of a and b, and the other one where one is NaN. */
export const fmin = binary("fmin", native.fmin);
/** a modulo b, with the sign of a (C's `%`). Errors: an integer divided by 0. */
export const fmod = binary("fmod", native.fmod);
/** ln(e^a + e^b), without overflow. */
export const logaddexp = binary("logaddexp", native.logaddexp);
/** log2(2^a + 2^b), without overflow. */
export const logaddexp2 = binary("logaddexp2", native.logaddexp2);
/** a ln(b), 0 where a is 0. */
export const xlogy = binary("xlogy", native.xlogy);
/** 0 where a < 0, b where a is 0, 1 where a > 0. */
export const heaviside = binary("heaviside", native.heaviside);
/** The next representable number after a in the direction of b. */
export const nextafter = binary("nextafter", native.nextafter);
/** a 2^b. */
export const ldexp = binary("ldexp", native.ldexp);
/** The greatest common divisor. Integers only. */
export const gcd = binary("gcd", native.gcd);
/** The least common multiple. Integers only. */
export const lcm = binary("lcm", native.lcm);
/** The bits of a moved left by b places. Integers only. */
export const bitwiseLeftShift = binary("bitwiseLeftShift", native.bitwiseLeftShift);
/** The bits of a moved right by b places, keeping the sign. Integers only. */
export const bitwiseRightShift = binary("bitwiseRightShift", native.bitwiseRightShift);
/** The regularised lower incomplete gamma function P(a, b). */
export const igamma = binary("igamma", native.igamma);
/** The regularised upper incomplete gamma function Q(a, b). */
export const igammac = binary("igammac", native.igammac);

/** b - alpha * a. */
export const rsub = byName("rsub", (a: TensorBase, b: Operand, options?: AlphaOptions): Tensor => sub(b, a, options));

/** a to the power of b, computed in float64. */
export const floatPower = byName("floatPower", (a: Operand, b: Operand): Tensor => {
  const double = (x: Operand): Operand => (typeof x === "object" && "shape" in x ? (x as Tensor).to("float64") : x);
  const power = pow(double(a), double(b));
  return power.dtype === "float64" ? power : power.to("float64");
});

/** a + weight * (b - a). */
export const lerp = byName(
  "lerp",
  (a: TensorBase, b: TensorBase, weight: TensorBase | number | { weight: TensorBase | number }): Tensor => {
    const w = isOptions(weight) ? (weight as { weight: TensorBase | number }).weight : (weight as TensorBase | number);
    return wrap(native.lerp(handleOf(a), handleOf(b), operand(w)));
  },
);

/** Options of {@link addcmul} and {@link addcdiv}. */
export interface ValueOptions {
  /** Multiplies the product or quotient. Default 1. */
  value?: Scalar;
}
/** x + value * a * b. */
export const addcmul = byName(
  "addcmul",
  (x: TensorBase, a: Operand, b: Operand, options: ValueOptions = {}): Tensor =>
    wrap(native.addcmul(handleOf(x), operand(a), operand(b), options.value ?? 1)),
);
/** x + value * a / b. Errors: two integer tensors. */
export const addcdiv = byName(
  "addcdiv",
  (x: TensorBase, a: Operand, b: Operand, options: ValueOptions = {}): Tensor =>
    wrap(native.addcdiv(handleOf(x), operand(a), operand(b), options.value ?? 1)),
);

/** x, at least `min`. */
export const clampMin = byName("clampMin", (x: TensorBase, min: Bound): Tensor => clamp(x, min));
/** x, at most `max`. */
export const clampMax = byName("clampMax", (x: TensorBase, max: Bound): Tensor => clamp(x, null, max));

/** a / b, always true division. */
export const trueDivide = byName("trueDivide", (a: Operand, b: Operand): Tensor => div(a, b));

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
