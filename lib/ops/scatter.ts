/** Writing to places that an index names: each gives a changed copy; the forms with an underscore change the tensor. */

import { dimOf, isOptions, readArgs } from "../args.js";
import { listOf } from "../argument-types.js";
import { byName } from "../by-name.js";
import { ArgumentError, DTypeError } from "../errors.js";
import { type Index, nativeItems, slice } from "../index-items.js";
import { native, type TensorHandle } from "../native.js";
import { handleOf, isTensor, type Operand, operand, type Scalar, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { gather, index as indexed } from "./indexing.js";
import { broadcastShapes } from "./join.js";
import { clamp, logicalNot, maskedFill, remainder } from "./pointwise.js";
import { expand } from "./shape.js";

/** How {@link scatterReduce} and {@link indexReduce} make one value of several. */
export type Reduce = "sum" | "prod" | "mean" | "amax" | "amin";

/** Options of {@link scatter}. */
export interface ScatterOptions {
  /** What is written, or {@link value}. */
  src?: TensorBase;
  /** One value instead of a source. */
  value?: number;
  /** Combines with what is there: `"add"` or `"multiply"`. Default: replaces it. */
  reduce?: "add" | "multiply" | Reduce;
}
/** x with src (or one value) at the places that `index` names along `dim`: out[index[i][j]][j] = src[i][j] for dim 0. */
export const scatter = byName(
  "scatter",
  (
    x: TensorBase,
    dim: number,
    index: TensorBase,
    src?: TensorBase | number | ScatterOptions,
    options: ScatterOptions = {},
  ): Tensor => {
    const o: ScatterOptions = isOptions(src) ? src : options;
    const source = isOptions(src) || src === undefined ? (o.src ?? o.value) : (src as TensorBase | number);
    if (source === undefined) throw new ArgumentError("scatter() missing required argument: 'src'", { op: "scatter" });
    const { reduce } = o;
    if (reduce === undefined) return wrap(native.scatter(handleOf(x), dim, handleOf(index), operand(source)));
    const how = reduce === "add" ? "sum" : reduce === "multiply" ? "prod" : reduce;
    const full = isTensor(source)
      ? handleOf(source)
      : native.expand(native.full([], source as number, native.dtype(handleOf(x))), [...index.shape]);
    return wrap(native.scatterReduce(handleOf(x), dim, handleOf(index), full, how, true));
  },
);

/** x with src added at the places that `index` names along `dim`. */
export const scatterAdd = byName(
  "scatterAdd",
  (x: TensorBase, dim: number, index: TensorBase, src: TensorBase): Tensor =>
    wrap(native.scatterAdd(handleOf(x), dim, handleOf(index), handleOf(src))),
);

/** Options of {@link scatterReduce} and {@link indexReduce}. */
export interface ReduceOptions {
  /** Whether x's own values count. Default true. */
  includeSelf?: boolean;
}
/** x combined with src at the places that `index` names along `dim`. */
export const scatterReduce = byName(
  "scatterReduce",
  (
    x: TensorBase,
    dim: number,
    index: TensorBase,
    src: TensorBase,
    reduce: Reduce | (ReduceOptions & { reduce: Reduce }),
    options: ReduceOptions = {},
  ): Tensor => {
    const o = isOptions(reduce) ? (reduce as ReduceOptions & { reduce: Reduce }) : { ...options, reduce };
    return wrap(
      native.scatterReduce(handleOf(x), dim, handleOf(index), handleOf(src), String(o.reduce), o.includeSelf ?? true),
    );
  },
);

/** x with alpha * source added to the slices that `index` names along `dim`. */
export const indexAdd = byName(
  "indexAdd",
  (x: TensorBase, dim: number, index: TensorBase, source: TensorBase, options: { alpha?: Scalar } = {}): Tensor =>
    wrap(native.indexAdd(handleOf(x), dim, handleOf(index), handleOf(source), options.alpha ?? 1)),
);
/** x with the slices that `index` names along `dim` replaced by those of `source`. */
export const indexCopy = byName(
  "indexCopy",
  (x: TensorBase, dim: number, index: TensorBase, source: TensorBase): Tensor =>
    wrap(native.indexCopy(handleOf(x), dim, handleOf(index), handleOf(source))),
);
/** x with one value in the slices that `index` names along `dim`. */
export const indexFill = byName(
  "indexFill",
  (x: TensorBase, dim: number, index: TensorBase, value: Operand): Tensor =>
    wrap(native.indexFill(handleOf(x), dim, handleOf(index), operand(value))),
);
/** x combined with source in the slices that `index` names along `dim`. */
export const indexReduce = byName(
  "indexReduce",
  (
    x: TensorBase,
    dim: number,
    index: TensorBase,
    source: TensorBase,
    reduce: Exclude<Reduce, "sum">,
    options: ReduceOptions = {},
  ): Tensor =>
    wrap(
      native.indexReduce(
        handleOf(x),
        dim,
        handleOf(index),
        handleOf(source),
        String(reduce),
        options.includeSelf ?? true,
      ),
    ),
);

/** x with the elements where the bool mask is set replaced by those of `source`, one after the other. */
export const maskedScatter = byName(
  "maskedScatter",
  (x: TensorBase, mask: TensorBase, source: TensorBase): Tensor =>
    wrap(native.maskedScatter(handleOf(x), handleOf(mask), handleOf(source))),
);
/** The elements where the bool mask is set, as a vector; the two broadcast. */
export const maskedSelect = byName("maskedSelect", (x: TensorBase, mask: TensorBase): Tensor => {
  if (mask.dtype !== "bool") {
    throw new DTypeError("masked_select: expected BoolTensor for mask", { op: "maskedSelect" });
  }
  const shape = broadcastShapes(x.shape, mask.shape);
  const items = [{ kind: 4, tensor: handleOf(expand(mask, shape)) }];
  const wide = shape.length === 0 ? native.reshape(handleOf(x), [1]) : handleOf(expand(x, shape));
  if (shape.length === 0) items[0] = { kind: 4, tensor: native.reshape(handleOf(mask), [1]) };
  return wrap(native.index(wide, items));
});

/** A copy of x to write to, and the handle of a view of it. */
function patched(x: TensorBase, view: (copy: TensorHandle) => TensorHandle, src: TensorHandle): Tensor {
  const copy = native.clone(handleOf(x));
  native.copy_(view(copy), src);
  return wrap(copy);
}
function sameShape(op: string, view: TensorHandle, src: TensorBase): TensorHandle {
  const want = native.shape(view);
  if (want.length !== src.ndim || want.some((n, i) => n !== src.shape[i])) {
    throw new ArgumentError(
      `expected src to have a size equal to the slice of self. src size = [${src.shape.join(", ")}], slice size = [${want.join(", ")}]`,
      { op },
    );
  }
  return handleOf(src);
}

/** x with src in the place of one index of a dimension. */
export const selectScatter = byName(
  "selectScatter",
  (x: TensorBase, src: TensorBase, dim: number, index: number): Tensor => {
    const view = (copy: TensorHandle) => native.select(copy, dim, index);
    return patched(x, view, sameShape("selectScatter", view(handleOf(x)), src));
  },
);
/** Options of {@link sliceScatter}. */
export interface SliceScatterOptions {
  /** The dimension. Default 0. */
  dim?: number;
  /** The first index. Default: the start. */
  start?: number | null;
  /** Behind the last index. Default: the end. */
  end?: number | null;
  /** The step. Default 1. */
  step?: number;
}
/** x with src in the place of start:end:step of a dimension. */
export const sliceScatter = byName(
  "sliceScatter",
  (x: TensorBase, src: TensorBase, ...args: (number | null | SliceScatterOptions)[]): Tensor => {
    const {
      dim = 0,
      start,
      end,
      step = 1,
    } = readArgs<SliceScatterOptions>("sliceScatter", ["dim", "start", "end", "step"], args);
    const view = (copy: TensorHandle) => native.slice(copy, dim, start, end, step);
    return patched(x, view, sameShape("sliceScatter", view(handleOf(x)), src));
  },
);
/** Options of {@link diagonalScatter}. */
export interface DiagonalScatterOptions {
  /** Which diagonal. Default 0. */
  offset?: number;
  /** The first dimension. Default 0. */
  dim1?: number;
  /** The second dimension. Default 1. */
  dim2?: number;
}
/** x with src on a diagonal. */
export const diagonalScatter = byName(
  "diagonalScatter",
  (x: TensorBase, src: TensorBase, ...args: (number | DiagonalScatterOptions)[]): Tensor => {
    const {
      offset = 0,
      dim1 = 0,
      dim2 = 1,
    } = readArgs<DiagonalScatterOptions>("diagonalScatter", ["offset", "dim1", "dim2"], args);
    const view = (copy: TensorHandle) => native.diagonal(copy, offset, dim1, dim2);
    return patched(x, view, sameShape("diagonalScatter", view(handleOf(x)), src));
  },
);
/** x with src in the place of a strided view. */
export const asStridedScatter = byName(
  "asStridedScatter",
  (
    x: TensorBase,
    src: TensorBase,
    size: readonly number[],
    stride: readonly number[],
    storageOffset?: number | { storageOffset?: number },
  ): Tensor => {
    const offset = isOptions(storageOffset) ? storageOffset.storageOffset : storageOffset;
    return wrap(
      native.asStridedScatter(
        handleOf(x),
        handleOf(src),
        listOf("asStridedScatter", "size", size),
        listOf("asStridedScatter", "stride", stride),
        offset as number | undefined,
      ),
    );
  },
);

/** `x[indices] = values`, or += with `accumulate`, in a copy; the array is the tuple of items. */
export const indexPut = byName(
  "indexPut",
  (
    x: TensorBase,
    indices: readonly Index[],
    values: Operand,
    accumulate: boolean | { accumulate?: boolean } = false,
  ): Tensor => {
    const add = typeof accumulate === "boolean" ? accumulate : (accumulate.accumulate ?? false);
    const copy = native.clone(handleOf(x));
    native.indexPut_(copy, nativeItems("indexPut", indices), operand(values), add);
    return wrap(copy);
  },
);
/** Options of {@link put}. */
export interface PutOptions {
  /** Whether to add instead of replacing. Default false. */
  accumulate?: boolean;
}
/** x with the elements of source at int64 indices of the flattened x. */
export const put = byName(
  "put",
  (x: TensorBase, index: TensorBase, source: TensorBase, accumulate: boolean | PutOptions = false): Tensor => {
    const add = typeof accumulate === "boolean" ? accumulate : (accumulate.accumulate ?? false);
    const flat = native.reshape(native.clone(handleOf(x)), [-1]);
    const items = [{ kind: 4, tensor: native.reshape(handleOf(index), [-1]) }];
    native.indexPut_(flat, items, native.reshape(handleOf(source), [-1]), add);
    return wrap(native.reshape(flat, [...x.shape]));
  },
);

/** Elements along a dimension at int64 indices; the other dimensions broadcast. Without a dimension x is flattened. */
export const takeAlongDim = byName(
  "takeAlongDim",
  (x: TensorBase, indices: TensorBase, dim?: number | null | { dim?: number | null }): Tensor => {
    const along = dimOf(dim);
    if (along === undefined || along === null) {
      return wrap(native.gather(native.reshape(handleOf(x), [-1]), 0, native.reshape(handleOf(indices), [-1])));
    }
    if (x.ndim !== indices.ndim) {
      throw new ArgumentError(
        `torch.take_along_dim(): input and indices should have the same number of dimensions, but got ${x.ndim} dimensions for input, and ${indices.ndim} dimensions for indices`,
        { op: "takeAlongDim" },
      );
    }
    const d = along < 0 ? along + x.ndim : along;
    const replaced = (shape: readonly number[], n: number) => shape.map((size, i) => (i === d ? n : size));
    const shape = broadcastShapes(replaced(x.shape, 1), replaced(indices.shape, 1));
    const places = remainder(expand(indices, replaced(shape, indices.size(along))), Math.max(x.size(along), 1));
    return gather(expand(x, replaced(shape, x.size(along))), along, places);
  },
);

/** Indices within bounds, where any integer was given. */
const bounded = (x: TensorBase, indices: readonly (TensorBase | null)[]): Index[] =>
  listOf<TensorBase | null>("_unsafeMaskedIndex", "indices", indices).map((index, d) =>
    index === null ? slice() : clamp(index, -x.size(d), x.size(d) - 1),
  );

/** `x[indices]` where the mask is set, else the fill value; indices out of range are taken to the nearest. */
export const _unsafeMaskedIndex = byName(
  "_unsafeMaskedIndex",
  (x: TensorBase, mask: TensorBase, indices: readonly (TensorBase | null)[], fill: Operand): Tensor =>
    maskedFill(indexed(x, ...bounded(x, indices)), logicalNot(mask), fill),
);

/** x with the values where the mask is set added at the indices. */
export const _unsafeMaskedIndexPutAccumulate = byName(
  "_unsafeMaskedIndexPutAccumulate",
  (x: TensorBase, mask: TensorBase, indices: readonly (TensorBase | null)[], values: TensorBase): Tensor =>
    indexPut(x, bounded(x, indices), maskedFill(values, logicalNot(mask), 0), true),
);
