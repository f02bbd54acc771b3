/** Operations that native code has in place: each changes x and gives it back. */
import { byName } from "../by-name.js";
import { native } from "../native.js";
import { handleOf, isBase, type Operand, operand, type TensorBase } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { bounds } from "./bounds.js";
import { type AlphaOptions, type Bound, type ClampOptions, clamp, type DivOptions } from "./pointwise.js";

/** x += alpha * other. */
export function add_(x: TensorBase, other: Operand, options?: AlphaOptions): Tensor {
  if (options?.alpha === undefined) native.add_(handleOf(x), operand(other));
  else native.add_(handleOf(x), operand(other), options.alpha);
  return x as Tensor;
}
/** x -= alpha * other. */
export function sub_(x: TensorBase, other: Operand, options?: AlphaOptions): Tensor {
  if (options?.alpha === undefined) native.sub_(handleOf(x), operand(other));
  else native.sub_(handleOf(x), operand(other), options.alpha);
  return x as Tensor;
}
/** x *= other. */
export function mul_(x: TensorBase, other: Operand): Tensor {
  native.mul_(handleOf(x), operand(other));
  return x as Tensor;
}
/** x /= other. */
export function div_(x: TensorBase, other: Operand, options?: DivOptions): Tensor {
  native.div_(handleOf(x), operand(other), options?.roundingMode);
  return x as Tensor;
}
/** x becomes x to the power of other. */
export function pow_(x: TensorBase, other: Operand): Tensor {
  native.pow_(handleOf(x), operand(other));
  return x as Tensor;
}

const unary =
  (f: typeof native.neg_) =>
  (x: TensorBase): Tensor => {
    f(handleOf(x));
    return x as Tensor;
  };
/** In place: -x. */
export const neg_ = unary(native.neg_);
/** In place: |x|. */
export const abs_ = unary(native.abs_);
/** In place: e^x. */
export const exp_ = unary(native.exp_);
/** In place: the square root of x. */
export const sqrt_ = unary(native.sqrt_);
/** In place: the hyperbolic tangent of x. */
export const tanh_ = unary(native.tanh_);
/** In place: 1 / (1 + e^-x). */
export const sigmoid_ = unary(native.sigmoid_);
/** In place: max(x, 0). */
export const relu_ = unary(native.relu_);
/** Every element becomes 0. */
export const zero_ = unary(native.zero_);

/** In place: limited to [min, max]. */
export const clamp_ = byName("clamp_", (x: TensorBase, min?: Bound | ClampOptions, max?: Bound): Tensor => {
  const [low, high] = bounds(min, max);
  if (isBase(low) || isBase(high)) return copy_(x, clamp(x, low, high));
  native.clamp_(handleOf(x), low, high);
  return x as Tensor;
});
/** Every element becomes `value`. */
export const fill_ = byName("fill_", (x: TensorBase, value: Operand): Tensor => {
  native.fill_(handleOf(x), operand(value));
  return x as Tensor;
});
/** In place: `value` where the bool mask is set. */
export function maskedFill_(x: TensorBase, mask: TensorBase, value: Operand): Tensor {
  native.maskedFill_(handleOf(x), handleOf(mask), operand(value));
  return x as Tensor;
}
/** Copies other's elements, broadcast and converted, into x. */
export function copy_(x: TensorBase, other: TensorBase, _nonBlocking = false): Tensor {
  native.copy_(handleOf(x), handleOf(other));
  return x as Tensor;
}
