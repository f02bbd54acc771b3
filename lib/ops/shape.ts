/** Views, joins and cuts. A view shares its input's storage. Negative dimensions count from the end. */

import { type Args, dimList, dimOf, type IntArgs, isOptions, readArgs, readInts } from "../args.js";
import { listOf } from "../argument-types.js";
import { alias, byName } from "../by-name.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { handleOf, isTensor, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

/** The same elements in another shape, without copying; one size may be -1. Errors: strides that do not allow it. */
export function view(x: TensorBase, ...shape: IntArgs): Tensor {
  return wrap(native.view(handleOf(x), readInts("view", shape)));
}

/** The same elements in another shape: a view where possible, else a copy; one size may be -1. */
export const reshape = byName(
  "reshape",
  (x: TensorBase, ...shape: IntArgs): Tensor => wrap(native.reshape(handleOf(x), readInts("reshape", shape))),
);

/** A view with size-1 dimensions repeated, without copying; -1 keeps a size. */
export function expand(x: TensorBase, ...shape: IntArgs): Tensor {
  return wrap(native.expand(handleOf(x), readInts("expand", shape)));
}

/** A view with its dimensions in another order. */
export const permute = byName(
  "permute",
  (x: TensorBase, ...dims: IntArgs): Tensor => wrap(native.permute(handleOf(x), readInts("permute", dims))),
);

/** A view with its last two dimensions exchanged. */
export const adjoint = byName("adjoint", (x: TensorBase): Tensor => transpose(x, -2, -1));

/** A view with two dimensions exchanged. */
export const transpose = byName(
  "transpose",
  (x: TensorBase, dim0: number, dim1: number): Tensor => wrap(native.transpose(handleOf(x), dim0, dim1)),
);

/** The transpose of a matrix; vectors and scalars stay. Errors: more than two dimensions. */
export const t = byName("t", (x: TensorBase): Tensor => {
  if (x.ndim > 2) {
    throw new ArgumentError(`t() expects a tensor with <= 2 dimensions, but self is ${x.ndim}D`, { op: "t" });
  }
  return wrap(native.t(handleOf(x)));
});

/** A view without dimensions of size 1: all of them, or those named. */
export const squeeze = byName(
  "squeeze",
  (x: TensorBase, dim?: number | readonly number[]): Tensor => wrap(native.squeeze(handleOf(x), dimList(dim))),
);

/** A view with a new dimension of size 1 before `dim`. */
export const unsqueeze = byName(
  "unsqueeze",
  (x: TensorBase, dim: number): Tensor => wrap(native.unsqueeze(handleOf(x), dim)),
);

/** Dimensions from `startDim` to `endDim`, both included, made one. `flatten(x)` makes all one. */
export const flatten = byName(
  "flatten",
  (x: TensorBase, startDim: number | FlattenOptions = 0, endDim = -1): Tensor => {
    if (typeof startDim === "number") return wrap(native.flatten(handleOf(x), startDim, endDim));
    return wrap(native.flatten(handleOf(x), startDim.startDim ?? 0, startDim.endDim ?? -1));
  },
);

/** Options of {@link flatten}. */
export interface FlattenOptions {
  /** The first dimension. Default 0. */
  startDim?: number;
  /** The last dimension, included. Default -1. */
  endDim?: number;
}

/** One dimension divided into several; one size may be -1. */
export const unflatten = byName(
  "unflatten",
  (x: TensorBase, dim: number, sizes: readonly number[]): Tensor =>
    wrap(native.unflatten(handleOf(x), dim, listOf("unflatten", "sizes", sizes))),
);

/** The view at one index of a dimension, which disappears. */
export const select = byName(
  "select",
  (x: TensorBase, dim: number, index: number): Tensor => wrap(native.select(handleOf(x), dim, index)),
);

/** The view of `length` indices of a dimension from `start`. */
export const narrow = byName(
  "narrow",
  (x: TensorBase, dim: number, start: number | TensorBase, length: number): Tensor => {
    if (isTensor(start) && (start.ndim > 0 || start.isFloatingPoint() || start.dtype === "bool")) {
      throw new ArgumentError("start must be an 0-dim integral Tensor.", { op: "narrow" });
    }
    return wrap(native.narrow(handleOf(x), dim, isTensor(start) ? start.item() : (start as number), length));
  },
);

/** Pieces of `size` along a dimension (the last may be smaller), or of the sizes given. */
export const split = byName(
  "split",
  (x: TensorBase, size: number | readonly number[], dim: number | { dim?: number } = 0): Tensor[] => {
    const along = dimOf(dim, 0);
    return native
      .split(handleOf(x), typeof size === "number" ? size : listOf("split", "splitSize", size), along)
      .map(wrap);
  },
);

/** More views than this are a mistake; their list alone would fill the memory. */
const MOST_VIEWS = 2 ** 24;

/** At most `chunks` pieces along a dimension, all of one size but the last. */
export const chunk = byName("chunk", (x: TensorBase, chunks: number, dim = 0): Tensor[] => {
  if (!(chunks > 0)) {
    throw new ArgumentError(`chunk expects \`chunks\` to be greater than 0, got: ${chunks}`, { op: "chunk" });
  }
  if (chunks > MOST_VIEWS) {
    throw new ArgumentError(`chunk: expected at most ${MOST_VIEWS} chunks, received ${chunks}`, { op: "chunk" });
  }
  const size = x.size(dim);
  if (size === 0) return split(x, [...Array<number>(chunks).fill(0)], dim);
  return split(x, Math.ceil(size / chunks), dim);
});

/** The views at every index of a dimension. */
export const unbind = byName("unbind", (x: TensorBase, dim = 0): Tensor[] => native.unbind(handleOf(x), dim).map(wrap));

/** A view with any sizes and strides of the storage. Errors: elements outside it. */
export const asStrided = byName(
  "asStrided",
  (
    x: TensorBase,
    size: readonly number[],
    stride: readonly number[],
    storageOffset?: number | { storageOffset?: number },
  ): Tensor => {
    const offset = isOptions(storageOffset) ? storageOffset.storageOffset : (storageOffset ?? undefined);
    return wrap(
      native.asStrided(handleOf(x), listOf("asStrided", "size", size), listOf("asStrided", "stride", stride), offset),
    );
  },
);

/** x itself if its elements lie in row-major order, else such a copy. */
export function contiguous(x: TensorBase): Tensor {
  return wrap(native.contiguous(handleOf(x)));
}

/** A copy; gradients flow through it. */
export const clone = byName("clone", (x: TensorBase): Tensor => wrap(native.clone(handleOf(x))));

/** {@link view} in the shape of another tensor. */
export function viewAs(x: TensorBase, other: TensorBase): Tensor {
  return view(x, native.shape(handleOf(other)));
}
/** {@link reshape} to the shape of another tensor. */
export function reshapeAs(x: TensorBase, other: TensorBase): Tensor {
  return reshape(x, native.shape(handleOf(other)));
}
/** {@link expand} to the shape of another tensor. */
export function expandAs(x: TensorBase, other: TensorBase): Tensor {
  return expand(x, native.shape(handleOf(other)));
}
/** {@link expand}, under NumPy's name. */
export const broadcastTo = byName(
  "broadcastTo",
  (x: TensorBase, ...shape: IntArgs): Tensor => wrap(native.expand(handleOf(x), readInts("broadcastTo", shape))),
);
/** All elements in one dimension. */
export const ravel = byName("ravel", (x: TensorBase): Tensor => reshape(x, -1));

/** Dimensions moved to other places; the others keep their order. `movedim(x, 0, -1)`, `movedim(x, [0, 1], [1, 0])`. */
export const movedim = byName(
  "movedim",
  (x: TensorBase, source: number | readonly number[], destination: number | readonly number[]): Tensor => {
    const [from, to] = [dimList(source) ?? [], dimList(destination) ?? []];
    if (from.length !== to.length) {
      throw new ArgumentError(
        `movedim: Invalid source or destination dims: source ([${from.join(", ")}] dims) should contain the same number of dims as destination ([${to.join(", ")}] dims)`,
        { op: "movedim" },
      );
    }
    const at = (dim: number) => {
      x.size(dim); // raises where it is out of range
      return dim < 0 ? dim + x.ndim : dim;
    };
    if (x.ndim === 0) return x as Tensor;
    const [sources, targets] = [from.map(at), to.map(at)];
    for (const [name, list, given] of [
      ["source", sources, from],
      ["destination", targets, to],
    ] as const) {
      if (new Set(list).size !== list.length) {
        throw new ArgumentError(`movedim: repeated dim in \`${name}\` ([${given.join(", ")}])`, { op: "movedim" });
      }
    }
    const rest = x.shape.flatMap((_, dim) => (sources.includes(dim) ? [] : [dim]));
    const order = x.shape.map((_, place) => {
      const moved = targets.indexOf(place);
      return moved >= 0 ? (sources[moved] ?? 0) : (rest.shift() ?? 0);
    });
    return permute(x, order);
  },
);

/** The diagonal of the planes of two dimensions, as a last dimension: a view. */
export const diagonal = byName(
  "diagonal",
  (
    x: TensorBase,
    ...args: Args<{ offset?: number; dim1?: number; dim2?: number }, ["offset", "dim1", "dim2"]>
  ): Tensor => {
    const {
      offset = 0,
      dim1 = 0,
      dim2 = 1,
    } = readArgs<{ offset?: number; dim1?: number; dim2?: number }>("diagonal", ["offset", "dim1", "dim2"], args);
    return wrap(native.diagonal(handleOf(x), offset, dim1, dim2));
  },
);

/** Windows of `size` along a dimension, `step` apart, as a last dimension: a view. */
export function unfold(x: TensorBase, dimension: number, size: number, step: number): Tensor {
  return wrap(native.unfold(handleOf(x), dimension, size, step));
}

/** Nearly equal pieces: `indicesOrSections` of them, or cut at the indices. */
export const tensorSplit = byName(
  "tensorSplit",
  (
    x: TensorBase,
    indicesOrSections: number | readonly number[] | TensorBase | SplitOptions,
    dim: number | { dim?: number } = 0,
  ): Tensor[] => {
    const named = isOptions(indicesOrSections) ? (indicesOrSections as SplitOptions) : undefined;
    const along = named?.dim ?? dimOf(dim, 0);
    if (x.ndim === 0) {
      throw new ArgumentError("tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims", {
        op: "tensorSplit",
      });
    }
    const given =
      named === undefined ? indicesOrSections : (named.sections ?? named.indices ?? named.indicesOrSections);
    const cut = isTensor(given) ? (given.ndim === 0 ? given.item() : Array.from(given.toTypedArray(), Number)) : given;
    const n = x.size(along);
    if (typeof cut === "number") {
      if (!(cut > 0)) {
        throw new ArgumentError(`number of sections must be larger than 0, got ${cut}`, { op: "tensorSplit" });
      }
      if (cut > MOST_VIEWS)
        throw new ArgumentError(`tensorSplit: expected at most ${MOST_VIEWS} sections, received ${cut}`);
      const [size, longer] = [Math.floor(n / cut), n % cut];
      return split(
        x,
        Array.from({ length: cut }, (_, i) => (i < longer ? size + 1 : size)),
        along,
      );
    }
    if (!Array.isArray(cut))
      throw new ArgumentError("tensorSplit: expected sections or indices", { op: "tensorSplit" });
    const clip = (i: number) => Math.min(Math.max(i < 0 ? i + n : i, 0), n);
    const ends: number[] = [...cut.map(clip), n];
    let start = 0;
    return ends.map((end) => {
      const piece = narrow(x, along, Math.min(start, n), Math.max(end - start, 0));
      start = end;
      return piece;
    });
  },
);
interface SplitOptions {
  sections?: number;
  indices?: readonly number[];
  indicesOrSections?: number | readonly number[] | TensorBase;
  dim?: number;
}

type Cut = number | readonly number[];
function namedSplit<K extends "hsplit" | "vsplit" | "dsplit">(op: K, least: number, dim: (x: TensorBase) => number) {
  return byName(op, (x: TensorBase, cut: Cut): Tensor[] => {
    if (x.ndim < least) {
      throw new ArgumentError(
        `torch.${op} requires a tensor with at least ${least} dimension, but got a tensor with ${x.ndim} dimensions!`,
        { op },
      );
    }
    const along = dim(x);
    if (typeof cut === "number" && x.size(along) % cut !== 0) {
      throw new ArgumentError(
        `torch.${op} attempted to split along dimension ${along}, but the size of the dimension ${x.size(along)} is not divisible by the split_size ${cut}!`,
        { op },
      );
    }
    return tensorSplit(x, cut, along);
  });
}
/** Pieces side by side: along dimension 1, or 0 of a vector. Errors: a number that does not divide the size. */
export const hsplit = namedSplit("hsplit", 1, (x) => (x.ndim === 1 ? 0 : 1));
/** Pieces below each other: along dimension 0. */
export const vsplit = namedSplit("vsplit", 2, () => 0);
/** Pieces behind each other: along dimension 2. */
export const dsplit = namedSplit("dsplit", 3, () => 2);

/** Pieces of the given sizes along a dimension. */
export const splitWithSizes = byName(
  "splitWithSizes",
  (x: TensorBase, splitSizes: readonly number[], dim: number | { dim?: number } = 0): Tensor[] =>
    split(x, splitSizes, dim),
);

export { chunk as unsafeChunk, movedim as moveaxis };
/** {@link split}, under the name that PyTorch's own code uses. */
export const unsafeSplit = alias("unsafeSplit", split);
/** {@link transpose}, under NumPy's name. */
export const swapaxes = alias("swapaxes", transpose);
/** {@link transpose}, under another name. */
export const swapdims = alias("swapdims", transpose);
