/** Views, joins and cuts. A view shares its input's storage. Negative dimensions count from the end. */
import { dimList, intList } from "../args.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { handleOf, handlesOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

/** Sizes or dimensions: `(2, 3)` or `([2, 3])`. */
export type IntArgs = number[] | [readonly number[]];

/** Reads {@link IntArgs}. */
export function ints(op: string, args: IntArgs): number[] {
  const [first] = args;
  return intList(op, "sizes and dimensions", Array.isArray(first) ? first : (args as number[]));
}

/** The same elements in another shape, without copying; one size may be -1. Errors: strides that do not allow it. */
export function view(x: TensorBase, ...shape: IntArgs): Tensor {
  return wrap(native.view(handleOf(x), ints("view", shape)));
}

/** The same elements in another shape: a view where possible, else a copy; one size may be -1. */
export function reshape(x: TensorBase, ...shape: IntArgs): Tensor {
  return wrap(native.reshape(handleOf(x), ints("reshape", shape)));
}

/** A view with size-1 dimensions repeated, without copying; -1 keeps a size. */
export function expand(x: TensorBase, ...shape: IntArgs): Tensor {
  return wrap(native.expand(handleOf(x), ints("expand", shape)));
}

/** x with its whole repeated along each dimension. `repeat(x, 4, 2)`. */
export function repeat(x: TensorBase, ...times: IntArgs): Tensor {
  const counts = ints("repeat", times);
  if (counts.length < x.ndim) {
    throw new ArgumentError(
      "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor",
      { op: "repeat" },
    );
  }
  const sizes = [...Array<number>(counts.length - x.ndim).fill(1), ...x.shape];
  const split = sizes.flatMap((size) => [1, size]);
  const spread = sizes.flatMap((size, i) => [counts[i] ?? 1, size]);
  return reshape(
    expand(reshape(x, split), spread),
    sizes.map((size, i) => size * (counts[i] ?? 1)),
  );
}

/** A view with its dimensions in another order. */
export function permute(x: TensorBase, ...dims: IntArgs): Tensor {
  return wrap(native.permute(handleOf(x), ints("permute", dims)));
}

/** A view with two dimensions exchanged. */
export function transpose(x: TensorBase, dim0: number, dim1: number): Tensor {
  return wrap(native.transpose(handleOf(x), dim0, dim1));
}

/** The transpose of a matrix; vectors and scalars stay. Errors: more than two dimensions. */
export function t(x: TensorBase): Tensor {
  if (x.ndim > 2) {
    throw new ArgumentError(`t() expects a tensor with <= 2 dimensions, but self is ${x.ndim}D`, { op: "t" });
  }
  return wrap(native.t(handleOf(x)));
}

/** A view without dimensions of size 1: all of them, or those named. */
export function squeeze(x: TensorBase, dim?: number | readonly number[]): Tensor {
  return wrap(native.squeeze(handleOf(x), dimList(dim)));
}

/** A view with a new dimension of size 1 before `dim`. */
export function unsqueeze(x: TensorBase, dim: number): Tensor {
  return wrap(native.unsqueeze(handleOf(x), dim));
}

/** Dimensions from `startDim` to `endDim`, both included, made one. `flatten(x)` makes all one. */
export function flatten(x: TensorBase, startDim: number | FlattenOptions = 0, endDim = -1): Tensor {
  if (typeof startDim === "number") return wrap(native.flatten(handleOf(x), startDim, endDim));
  return wrap(native.flatten(handleOf(x), startDim.startDim ?? 0, startDim.endDim ?? -1));
}

/** Options of {@link flatten}. */
export interface FlattenOptions {
  /** The first dimension. Default 0. */
  startDim?: number;
  /** The last dimension, included. Default -1. */
  endDim?: number;
}

/** One dimension divided into several; one size may be -1. */
export function unflatten(x: TensorBase, dim: number, sizes: readonly number[]): Tensor {
  return wrap(native.unflatten(handleOf(x), dim, [...sizes]));
}

/** The view at one index of a dimension, which disappears. */
export function select(x: TensorBase, dim: number, index: number): Tensor {
  return wrap(native.select(handleOf(x), dim, index));
}

/** The view of `length` indices of a dimension from `start`. */
export function narrow(x: TensorBase, dim: number, start: number, length: number): Tensor {
  return wrap(native.narrow(handleOf(x), dim, start, length));
}

/** Pieces of `size` along a dimension (the last may be smaller), or of the sizes given. */
export function split(x: TensorBase, size: number | readonly number[], dim = 0): Tensor[] {
  return native.split(handleOf(x), typeof size === "number" ? size : [...size], dim).map(wrap);
}

/** More views than this are a mistake; their list alone would fill the memory. */
const MOST_VIEWS = 2 ** 24;

/** At most `chunks` pieces along a dimension, all of one size but the last. */
export function chunk(x: TensorBase, chunks: number, dim = 0): Tensor[] {
  if (!(chunks > 0)) {
    throw new ArgumentError(`chunk expects \`chunks\` to be greater than 0, got: ${chunks}`, { op: "chunk" });
  }
  if (chunks > MOST_VIEWS) {
    throw new ArgumentError(`chunk: expected at most ${MOST_VIEWS} chunks, received ${chunks}`, { op: "chunk" });
  }
  const size = x.size(dim);
  if (size === 0) return split(x, [...Array<number>(chunks).fill(0)], dim);
  return split(x, Math.ceil(size / chunks), dim);
}

/** The views at every index of a dimension. */
export function unbind(x: TensorBase, dim = 0): Tensor[] {
  return native.unbind(handleOf(x), dim).map(wrap);
}

/** A view with any sizes and strides of the storage. Errors: elements outside it. */
export function asStrided(
  x: TensorBase,
  size: readonly number[],
  stride: readonly number[],
  storageOffset?: number | { storageOffset?: number },
): Tensor {
  const offset = typeof storageOffset === "object" ? storageOffset.storageOffset : storageOffset;
  return wrap(native.asStrided(handleOf(x), [...size], [...stride], offset));
}

/** Tensors joined along a dimension that they have. */
export function cat(tensors: readonly TensorBase[], dim: number | { dim?: number } = 0): Tensor {
  return wrap(native.cat(handlesOf("cat", tensors), typeof dim === "number" ? dim : (dim.dim ?? 0)));
}

/** Tensors of one shape joined along a new dimension. */
export function stack(tensors: readonly TensorBase[], dim: number | { dim?: number } = 0): Tensor {
  return wrap(native.stack(handlesOf("stack", tensors), typeof dim === "number" ? dim : (dim.dim ?? 0)));
}

/** x itself if its elements lie in row-major order, else such a copy. */
export function contiguous(x: TensorBase): Tensor {
  return wrap(native.contiguous(handleOf(x)));
}

/** A copy; gradients flow through it. */
export function clone(x: TensorBase): Tensor {
  return wrap(native.clone(handleOf(x)));
}
