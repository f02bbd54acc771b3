/** The element-wise methods of Tensor: see ops/pointwise.ts for what each computes. */

import { native } from "../native.js";
import { bounds } from "../ops/bounds.js";
import * as ops from "../ops/pointwise.js";
import { type Generator, generatorHandle } from "../random.js";
import type { Tensor } from "../tensor.js";
import { handleOf, isBase, type Operand, operand, TensorBase } from "./base.js";

/** Tensor's element-wise methods. A trailing underscore marks those that change the tensor in place and return it. */
export abstract class PointwiseMethods extends TensorBase {
  /** this + alpha * other. */
  add(other: Operand, options?: ops.AlphaOptions): Tensor {
    return ops.add(this, other, options);
  }
  /** this - alpha * other. */
  sub(other: Operand, options?: ops.AlphaOptions): Tensor {
    return ops.sub(this, other, options);
  }
  /** this / other; `{ roundingMode: "floor" | "trunc" }`. */
  div(other: Operand, options?: ops.DivOptions): Tensor {
    return ops.div(this, other, options);
  }
  /** -x. */
  neg(): Tensor {
    return ops.neg(this);
  }
  /** |x|. */
  abs(): Tensor {
    return ops.abs(this);
  }
  /** -1, 0 or 1 by the sign of x. */
  sign(): Tensor {
    return ops.sign(this);
  }
  /** e^x. */
  exp(): Tensor {
    return ops.exp(this);
  }
  /** The natural logarithm of x. */
  log(): Tensor {
    return ops.log(this);
  }
  /** ln(1 + x), accurate near 0. */
  log1p(): Tensor {
    return ops.log1p(this);
  }
  /** e^x - 1, accurate near 0. */
  expm1(): Tensor {
    return ops.expm1(this);
  }
  /** The logarithm of x to base 2. */
  log2(): Tensor {
    return ops.log2(this);
  }
  /** The logarithm of x to base 10. */
  log10(): Tensor {
    return ops.log10(this);
  }
  /** The square root of x. */
  sqrt(): Tensor {
    return ops.sqrt(this);
  }
  /** 1 / sqrt(x). */
  rsqrt(): Tensor {
    return ops.rsqrt(this);
  }
  /** 1 / x. */
  reciprocal(): Tensor {
    return ops.reciprocal(this);
  }
  /** x * x. */
  square(): Tensor {
    return ops.square(this);
  }
  /** The sine of x, in radians. */
  sin(): Tensor {
    return ops.sin(this);
  }
  /** The cosine of x, in radians. */
  cos(): Tensor {
    return ops.cos(this);
  }
  /** The tangent of x, in radians. */
  tan(): Tensor {
    return ops.tan(this);
  }
  /** The hyperbolic tangent of x. */
  tanh(): Tensor {
    return ops.tanh(this);
  }
  /** 1 / (1 + e^-x). */
  sigmoid(): Tensor {
    return ops.sigmoid(this);
  }
  /** max(x, 0). */
  relu(): Tensor {
    return ops.relu(this);
  }
  /** The error function of x. */
  erf(): Tensor {
    return ops.erf(this);
  }
  /** The largest integer not above x. */
  floor(): Tensor {
    return ops.floor(this);
  }
  /** The smallest integer not below x. */
  ceil(): Tensor {
    return ops.ceil(this);
  }
  /** The nearest integer; halves go to the even one. */
  round(options?: ops.RoundOptions): Tensor {
    return ops.round(this, options);
  }
  /** The integer part of x. */
  trunc(): Tensor {
    return ops.trunc(this);
  }
  /** Whether x is NaN, as bool. */
  isnan(): Tensor {
    return ops.isnan(this);
  }
  /** Whether x is infinite, as bool. */
  isinf(): Tensor {
    return ops.isinf(this);
  }
  /** Whether x is neither infinite nor NaN, as bool. */
  isfinite(): Tensor {
    return ops.isfinite(this);
  }
  /** Whether x is zero, as bool. */
  logicalNot(): Tensor {
    return ops.logicalNot(this);
  }
  /** Every bit of x inverted; for bool the negation. Integers and bool only. */
  bitwiseNot(): Tensor {
    return ops.bitwiseNot(this);
  }
  /** this * other. */
  mul(other: Operand): Tensor {
    return ops.mul(this, other);
  }
  /** this to the power of other. */
  pow(other: Operand): Tensor {
    return ops.pow(this, other);
  }
  /** this modulo other, with the sign of b (Python's `%`). Errors: an integer divided by 0. */
  remainder(other: Operand): Tensor {
    return ops.remainder(this, other);
  }
  /** floor(this / other). Errors: an integer divided by 0. */
  floorDivide(other: Operand): Tensor {
    return ops.floorDivide(this, other);
  }
  /** The larger of this and other. */
  maximum(other: Operand): Tensor {
    return ops.maximum(this, other);
  }
  /** The smaller of this and other. */
  minimum(other: Operand): Tensor {
    return ops.minimum(this, other);
  }
  /** this == other, as bool. */
  eq(other: Operand): Tensor {
    return ops.eq(this, other);
  }
  /** this != other, as bool. */
  ne(other: Operand): Tensor {
    return ops.ne(this, other);
  }
  /** this < other, as bool. */
  lt(other: Operand): Tensor {
    return ops.lt(this, other);
  }
  /** this <= other, as bool. */
  le(other: Operand): Tensor {
    return ops.le(this, other);
  }
  /** this > other, as bool. */
  gt(other: Operand): Tensor {
    return ops.gt(this, other);
  }
  /** this >= other, as bool. */
  ge(other: Operand): Tensor {
    return ops.ge(this, other);
  }
  /** this and other, as bool. */
  logicalAnd(other: Operand): Tensor {
    return ops.logicalAnd(this, other);
  }
  /** this or other, as bool. */
  logicalOr(other: Operand): Tensor {
    return ops.logicalOr(this, other);
  }
  /** this exclusive-or other, as bool. */
  logicalXor(other: Operand): Tensor {
    return ops.logicalXor(this, other);
  }
  /** The bits set in both. Integers and bool only. */
  bitwiseAnd(other: Operand): Tensor {
    return ops.bitwiseAnd(this, other);
  }
  /** The bits set in either. Integers and bool only. */
  bitwiseOr(other: Operand): Tensor {
    return ops.bitwiseOr(this, other);
  }
  /** The bits set in exactly one. Integers and bool only. */
  bitwiseXor(other: Operand): Tensor {
    return ops.bitwiseXor(this, other);
  }
  /** This limited to [min, max]. */
  clamp(min?: ops.Bound | ops.ClampOptions, max?: ops.Bound): Tensor {
    return ops.clamp(this, min, max);
  }
  /** This where the condition holds, else other. */
  where(condition: TensorBase, other: Operand): Tensor {
    return ops.where(condition, this, other);
  }
  /** This with `value` where the bool mask is set. */
  maskedFill(mask: TensorBase, value: Operand): Tensor {
    return ops.maskedFill(this, mask, value);
  }
  /** Whether |this - other| <= atol + rtol * |other|, element by element. */
  isclose(other: TensorBase, options?: ops.CloseOptions): Tensor {
    return ops.isclose(this, other, options);
  }
  /** Whether every element is close to other's. */
  allclose(other: TensorBase, rtol?: number | ops.CloseOptions, atol?: number): boolean {
    return ops.allclose(this, other, rtol, atol);
  }
  /** Whether other has the same shape and elements. */
  equal(other: TensorBase): boolean {
    return ops.equal(this, other);
  }

  // ---- in place

  /** this += alpha * other. */
  add_(other: Operand, options?: ops.AlphaOptions): this {
    if (options?.alpha === undefined) native.add_(handleOf(this), operand(other));
    else native.add_(handleOf(this), operand(other), options.alpha);
    return this;
  }
  /** this -= alpha * other. */
  sub_(other: Operand, options?: ops.AlphaOptions): this {
    if (options?.alpha === undefined) native.sub_(handleOf(this), operand(other));
    else native.sub_(handleOf(this), operand(other), options.alpha);
    return this;
  }
  /** this *= other. */
  mul_(other: Operand): this {
    native.mul_(handleOf(this), operand(other));
    return this;
  }
  /** this /= other. */
  div_(other: Operand, options?: ops.DivOptions): this {
    native.div_(handleOf(this), operand(other), options?.roundingMode);
    return this;
  }
  /** this becomes this to the power of other. */
  pow_(other: Operand): this {
    native.pow_(handleOf(this), operand(other));
    return this;
  }
  /** In place: -x. */
  neg_(): this {
    native.neg_(handleOf(this));
    return this;
  }
  /** In place: e^x. */
  exp_(): this {
    native.exp_(handleOf(this));
    return this;
  }
  /** In place: max(x, 0). */
  relu_(): this {
    native.relu_(handleOf(this));
    return this;
  }
  /** In place: 1 / (1 + e^-x). */
  sigmoid_(): this {
    native.sigmoid_(handleOf(this));
    return this;
  }
  /** In place: The hyperbolic tangent of x. */
  tanh_(): this {
    native.tanh_(handleOf(this));
    return this;
  }
  /** In place: The square root of x. */
  sqrt_(): this {
    native.sqrt_(handleOf(this));
    return this;
  }
  /** In place: |x|. */
  abs_(): this {
    native.abs_(handleOf(this));
    return this;
  }
  /** In place: limited to [min, max]. */
  clamp_(min?: ops.Bound | ops.ClampOptions, max?: ops.Bound): this {
    const [low, high] = bounds(min, max);
    if (isBase(low) || isBase(high)) return this.copy_(ops.clamp(this, low, high));
    native.clamp_(handleOf(this), low, high);
    return this;
  }
  /** Every element becomes `value`. */
  fill_(value: Operand): this {
    native.fill_(handleOf(this), operand(value));
    return this;
  }
  /** Every element becomes 0. */
  zero_(): this {
    native.zero_(handleOf(this));
    return this;
  }
  /** In place: `value` where the bool mask is set. */
  maskedFill_(mask: TensorBase, value: Operand): this {
    native.maskedFill_(handleOf(this), handleOf(mask), operand(value));
    return this;
  }
  /** Copies other's elements, broadcast and converted, into this. */
  copy_(other: TensorBase): this {
    native.copy_(handleOf(this), handleOf(other));
    return this;
  }
  /** Drawn uniformly from [from, to). */
  uniform_(from = 0, to = 1, options: GeneratorOption = {}): this {
    native.uniform_(handleOf(this), from, to, generatorHandle(options.generator));
    return this;
  }
  /** Drawn from the normal distribution. */
  normal_(mean = 0, std = 1, options: GeneratorOption = {}): this {
    native.normal_(handleOf(this), mean, std, generatorHandle(options.generator));
    return this;
  }
  /** 1 with probability p, else 0. */
  bernoulli_(p = 0.5, options: GeneratorOption = {}): this {
    native.bernoulli_(handleOf(this), p, generatorHandle(options.generator));
    return this;
  }
}

/** Where an operation takes its random numbers. */
export interface GeneratorOption {
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator | null;
}
