/** Products of matrices. */
import { native } from "../native.js";
import { handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

/** The product of vectors, matrices or batches of matrices, by PyTorch's rules; batch dimensions broadcast. */
export function matmul(a: TensorBase, b: TensorBase): Tensor {
  return wrap(native.matmul(handleOf(a), handleOf(b)));
}

/** The product of two matrices, [n, m] x [m, p] -> [n, p]. */
export function mm(a: TensorBase, b: TensorBase): Tensor {
  return wrap(native.mm(handleOf(a), handleOf(b)));
}

/** The products of two batches of matrices, [b, n, m] x [b, m, p] -> [b, n, p]. */
export function bmm(a: TensorBase, b: TensorBase): Tensor {
  return wrap(native.bmm(handleOf(a), handleOf(b)));
}

/** The product of a matrix and a vector, [n, m] x [m] -> [n]. */
export function mv(a: TensorBase, b: TensorBase): Tensor {
  return wrap(native.mv(handleOf(a), handleOf(b)));
}

/** The inner product of two vectors, [n] x [n] -> []. */
export function dot(a: TensorBase, b: TensorBase): Tensor {
  return wrap(native.dot(handleOf(a), handleOf(b)));
}

/** Options of {@link addmm}. */
export interface AddmmOptions {
  /** Multiplies the input. Default 1. */
  beta?: number;
  /** Multiplies the product. Default 1. */
  alpha?: number;
}

/** beta * input + alpha * (a @ b). */
export function addmm(input: TensorBase, a: TensorBase, b: TensorBase, options: AddmmOptions = {}): Tensor {
  return wrap(native.addmm(handleOf(input), handleOf(a), handleOf(b), options.beta ?? 1, options.alpha ?? 1));
}
