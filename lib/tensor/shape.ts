/** The methods of Tensor that view, cut, join and index: see ops/shape.ts and ops/indexing.ts. */
import type { Index } from "../index-items.js";
import * as indexing from "../ops/indexing.js";
import * as ops from "../ops/shape.js";
import type { Tensor } from "../tensor.js";
import type { Operand, TensorBase } from "./base.js";
import { ReductionMethods } from "./reduction.js";

/** Tensor's views and indices. */
export abstract class ShapeMethods extends ReductionMethods {
  /** The same elements in another shape, sharing storage: `x.view(-1, 784)`. */
  view(...shape: ops.IntArgs): Tensor {
    return ops.view(this, ...shape);
  }
  /** The same elements in the shape of another tensor. */
  viewAs(other: TensorBase): Tensor {
    return ops.view(this, other.shape);
  }
  /** The same elements in another shape: a view where possible. */
  reshape(...shape: ops.IntArgs): Tensor {
    return ops.reshape(this, ...shape);
  }
  /** A view with size-1 dimensions repeated. */
  expand(...shape: ops.IntArgs): Tensor {
    return ops.expand(this, ...shape);
  }
  /** {@link expand} to the shape of another tensor. */
  expandAs(other: TensorBase): Tensor {
    return ops.expand(this, other.shape);
  }
  /** This with its whole repeated along each dimension. */
  repeat(...times: ops.IntArgs): Tensor {
    return ops.repeat(this, ...times);
  }
  /** A view with its dimensions in another order. */
  permute(...dims: ops.IntArgs): Tensor {
    return ops.permute(this, ...dims);
  }
  /** A view with two dimensions exchanged. */
  transpose(dim0: number, dim1: number): Tensor {
    return ops.transpose(this, dim0, dim1);
  }
  /** The transpose of a matrix. */
  t(): Tensor {
    return ops.t(this);
  }
  /** A view with all dimensions reversed. */
  get T(): Tensor {
    return ops.permute(this, [...this.shape.keys()].reverse());
  }
  /** A view with the last two dimensions exchanged. */
  get mT(): Tensor {
    return ops.transpose(this, -2, -1);
  }
  /** A view without dimensions of size 1. */
  squeeze(dim?: number | readonly number[]): Tensor {
    return ops.squeeze(this, dim);
  }
  /** A view with a new dimension of size 1. */
  unsqueeze(dim: number): Tensor {
    return ops.unsqueeze(this, dim);
  }
  /** Dimensions from startDim to endDim made one. */
  flatten(startDim?: number | ops.FlattenOptions, endDim?: number): Tensor {
    return ops.flatten(this, startDim, endDim);
  }
  /** One dimension divided into several. */
  unflatten(dim: number, sizes: readonly number[]): Tensor {
    return ops.unflatten(this, dim, sizes);
  }
  /** The view at one index of a dimension. */
  select(dim: number, index: number): Tensor {
    return ops.select(this, dim, index);
  }
  /** The view of some consecutive indices of a dimension. */
  narrow(dim: number, start: number, length: number): Tensor {
    return ops.narrow(this, dim, start, length);
  }
  /** Pieces of a size, or of the sizes given, along a dimension. */
  split(size: number | readonly number[], dim?: number): Tensor[] {
    return ops.split(this, size, dim);
  }
  /** At most `chunks` equal pieces along a dimension. */
  chunk(chunks: number, dim?: number): Tensor[] {
    return ops.chunk(this, chunks, dim);
  }
  /** The views at every index of a dimension. */
  unbind(dim?: number): Tensor[] {
    return ops.unbind(this, dim);
  }
  /** A view with any sizes and strides of the storage. */
  asStrided(
    size: readonly number[],
    stride: readonly number[],
    storageOffset?: number | { storageOffset?: number },
  ): Tensor {
    return ops.asStrided(this, size, stride, storageOffset);
  }
  /** This if contiguous, else a contiguous copy. */
  contiguous(): Tensor {
    return ops.contiguous(this);
  }
  /** A copy through which gradients flow. */
  clone(): Tensor {
    return ops.clone(this);
  }

  /** Python's `x[...]`: `x.index(0)`, `x.index(slice(), slice(1, 3))`, `x.index("...", null)`, `x.index(mask)`. */
  index(...items: Index[]): Tensor {
    return indexing.index(this, ...items);
  }
  /** Python's `x[items] = value`: `x.indexPut_([mask], 1)`. */
  indexPut_(items: readonly Index[], value: Operand, accumulate?: boolean): this {
    return indexing.indexPut_(this, items, value, accumulate);
  }
  /** Elements picked along a dimension by an index of the output's shape. */
  gather(dim: number, index: TensorBase): Tensor {
    return indexing.gather(this, dim, index);
  }
  /** Slices along a dimension at the given indices. */
  indexSelect(dim: number, index: TensorBase): Tensor {
    return indexing.indexSelect(this, dim, index);
  }
  /** The indices of the non-zero elements, [count, dimensions], or with `asTuple` one tensor per dimension. */
  nonzero(options?: { asTuple?: false }): Tensor;
  nonzero(options: { asTuple: true }): Tensor[];
  nonzero(options: { asTuple?: boolean } = {}): Tensor | Tensor[] {
    return options.asTuple === true ? indexing.nonzero(this, { asTuple: true }) : indexing.nonzero(this);
  }
  /** The views at every index of dimension 0. Errors: a zero-dimensional tensor. */
  *[Symbol.iterator](): Generator<Tensor, void, undefined> {
    if (this.ndim === 0) throw new TypeError("iteration over a 0-d tensor");
    yield* ops.unbind(this, 0);
  }
}
