/** The reducing and multiplying methods of Tensor: see ops/reduction.ts and ops/matmul.ts. */
import type { DType } from "../dtype.js";
import * as products from "../ops/matmul.js";
import * as ops from "../ops/reduction.js";
import type { Tensor } from "../tensor.js";
import { isBase, type TensorBase } from "./base.js";
import { PointwiseMethods } from "./pointwise.js";

/** Tensor's reductions and matrix products. */
export abstract class ReductionMethods extends PointwiseMethods {
  /** The sum: `x.sum()`, `x.sum(1, true)`, `x.sum({ dim: 1 })`. */
  sum(...args: ops.SumArgs): Tensor {
    return ops.sum(this, ...args);
  }
  /** The arithmetic mean. */
  mean(...args: ops.SumArgs): Tensor {
    return ops.mean(this, ...args);
  }
  /** The variance, with Bessel's correction unless told. */
  var(...args: ops.VarArgs): Tensor {
    return ops.variance(this, ...args);
  }
  /** The standard deviation, with Bessel's correction unless told. */
  std(...args: ops.VarArgs): Tensor {
    return ops.std(this, ...args);
  }
  /** The largest element along dimensions. */
  amax(...args: ops.ReduceArgs): Tensor {
    return ops.amax(this, ...args);
  }
  /** The smallest element along dimensions. */
  amin(...args: ops.ReduceArgs): Tensor {
    return ops.amin(this, ...args);
  }
  /** Whether all elements are non-zero. */
  all(...args: ops.ReduceArgs): Tensor {
    return ops.all(this, ...args);
  }
  /** Whether any element is non-zero. */
  any(...args: ops.ReduceArgs): Tensor {
    return ops.any(this, ...args);
  }
  /** The index of the largest element. */
  argmax(...args: ops.OneDimArgs): Tensor {
    return ops.argmax(this, ...args);
  }
  /** The index of the smallest element. */
  argmin(...args: ops.OneDimArgs): Tensor {
    return ops.argmin(this, ...args);
  }
  /** The largest element, or `{ values, indices }` along a dimension: `const [values, indices] = x.max(1)`. */
  max(other?: TensorBase): Tensor;
  max(dim: number | { dim: number; keepdim?: boolean }, keepdim?: boolean): ops.ValuesAndIndices;
  max(
    dim?: number | { dim: number; keepdim?: boolean } | TensorBase,
    keepdim?: boolean,
  ): Tensor | ops.ValuesAndIndices {
    if (dim === undefined || isBase(dim)) return ops.max(this, dim);
    return ops.max(this, dim, keepdim);
  }
  /** The smallest element, or `{ values, indices }` along a dimension. */
  min(other?: TensorBase): Tensor;
  min(dim: number | { dim: number; keepdim?: boolean }, keepdim?: boolean): ops.ValuesAndIndices;
  min(
    dim?: number | { dim: number; keepdim?: boolean } | TensorBase,
    keepdim?: boolean,
  ): Tensor | ops.ValuesAndIndices {
    if (dim === undefined || isBase(dim)) return ops.min(this, dim);
    return ops.min(this, dim, keepdim);
  }
  /** e^x normalised to sum 1 along a dimension. */
  softmax(dim: number, dtype?: DType | null | { dtype?: DType | null }): Tensor {
    return ops.softmax(this, dim, dtype);
  }
  /** The logarithm of softmax. */
  logSoftmax(dim: number, dtype?: DType | null | { dtype?: DType | null }): Tensor {
    return ops.logSoftmax(this, dim, dtype);
  }

  /** this @ other, for vectors, matrices and batches. */
  matmul(other: TensorBase): Tensor {
    return products.matmul(this, other);
  }
  /** The product of two matrices. */
  mm(other: TensorBase): Tensor {
    return products.mm(this, other);
  }
  /** The products of two batches of matrices. */
  bmm(other: TensorBase): Tensor {
    return products.bmm(this, other);
  }
  /** Matrix times vector. */
  mv(other: TensorBase): Tensor {
    return products.mv(this, other);
  }
  /** The inner product of two vectors. */
  dot(other: TensorBase): Tensor {
    return products.dot(this, other);
  }
  /** beta * this + alpha * (a @ b). */
  addmm(a: TensorBase, b: TensorBase, options?: products.AddmmOptions): Tensor {
    return products.addmm(this, a, b, options);
  }
}
