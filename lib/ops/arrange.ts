/** Copies of elements in another arrangement: reversed, rolled, repeated, triangles, diagonals. */

import { type Args, dimList, type IntArgs, readArgs, readInts, required } from "../args.js";
import { byName } from "../by-name.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { native } from "../native.js";
import { handleOf, isTensor, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { cat } from "./join.js";
import { ne, sub } from "./pointwise.js";
import { sum } from "./reduction.js";
import { narrow, reshape, transpose } from "./shape.js";

/** x with dimensions reversed: `flip(x, 0, 1)` or `flip(x, [0, 1])`. */
export const flip = byName("flip", (x: TensorBase, ...dims: [{ dims: readonly number[] }] | IntArgs): Tensor => {
  const [first] = dims;
  const list = typeof first === "object" && "dims" in first ? [...first.dims] : readInts("flip", dims as IntArgs);
  return wrap(native.flip(handleOf(x), list));
});
/** x with its columns in reverse. */
export const fliplr = byName("fliplr", (x: TensorBase): Tensor => {
  if (x.ndim < 2) throw new ShapeError("Input must be >= 2-d.", { op: "fliplr" });
  return flip(x, 1);
});
/** x with its rows in reverse. */
export const flipud = byName("flipud", (x: TensorBase): Tensor => {
  if (x.ndim < 1) throw new ShapeError("Input must be >= 1-d.", { op: "flipud" });
  return flip(x, 0);
});

/** Options of {@link roll}. */
export interface RollOptions {
  /** By how much each dimension moves; negative ones move back. */
  shifts?: number | readonly number[];
  /** The dimensions. Default: all elements as if flat. */
  dims?: number | readonly number[];
}
/** Elements moved on along dimensions, those pushed out at the end coming in again at the start. */
export const roll = byName("roll", (x: TensorBase, ...args: Args<RollOptions, ["shifts", "dims"]>): Tensor => {
  const o = readArgs<RollOptions>("roll", ["shifts", "dims"], args);
  return wrap(native.roll(handleOf(x), dimList(required("roll", o, "shifts")) ?? [], dimList(o.dims) ?? []));
});

/** Options of {@link rot90}. */
export interface Rot90Options {
  /** Quarter turns. Default 1. */
  k?: number;
  /** The plane. Default [0, 1]. */
  dims?: readonly number[];
}
/** x turned by k quarters, from the first of the dimensions to the second. */
export const rot90 = byName("rot90", (x: TensorBase, ...args: Args<Rot90Options, ["k", "dims"]>): Tensor => {
  const { k = 1, dims = [0, 1] } = readArgs<Rot90Options>("rot90", ["k", "dims"], args);
  const [a, b] = dims;
  if (dims.length !== 2 || a === undefined || b === undefined) {
    throw new ShapeError(`expected total rotation dims == 2, but got dims = ${dims.length}`, { op: "rot90" });
  }
  if (x.ndim < 2) throw new ShapeError(`expected total dims >= 2, but got total dims = ${x.ndim}`, { op: "rot90" });
  if ((a + x.ndim) % x.ndim === (b + x.ndim) % x.ndim) {
    throw new ShapeError(`expected rotation dims to be different, but got dim0 = ${a} and dim1 = ${b}`, {
      op: "rot90",
    });
  }
  switch (((k % 4) + 4) % 4) {
    case 1:
      return transpose(flip(x, b), a, b);
    case 2:
      return flip(x, a, b);
    case 3:
      return transpose(flip(x, a), a, b);
    default:
      return wrap(native.clone(handleOf(x)));
  }
});

/** x repeated as often along each dimension as `dims` says, which may be fewer or more than x's: `tile(x, 2, 3)`. */
export const tile = byName("tile", (x: TensorBase, ...dims: [{ dims: readonly number[] }] | IntArgs): Tensor => {
  const [first] = dims;
  const times = typeof first === "object" && "dims" in first ? [...first.dims] : readInts("tile", dims as IntArgs);
  const counts = [...Array<number>(Math.max(x.ndim - times.length, 0)).fill(1), ...times];
  return repeat(x, counts);
});

/** As many as a tensor may have. */
const MOST_DIMS = 64;

/** x with its whole repeated along each dimension. `repeat(x, 4, 2)`. */
export function repeat(x: TensorBase, ...times: IntArgs): Tensor {
  handleOf(x); // raises where it is no tensor
  const counts = readInts("repeat", times);
  if (counts.length > MOST_DIMS) {
    throw new ArgumentError(`repeat: expected at most ${MOST_DIMS} dimensions, received ${counts.length}`, {
      op: "repeat",
    });
  }
  return wrap(native.repeat(handleOf(x), counts));
}

/** Options of {@link repeatInterleave}. */
export interface RepeatInterleaveOptions {
  /** How often each element occurs: one number, or one per element. */
  repeats?: number | TensorBase;
  /** The dimension. Default: all elements as if flat. */
  dim?: number | null;
  /** The size of the result, where it is known. */
  outputSize?: number | null;
}
/** Each element repeated in its place: `repeatInterleave(x, 2)`, `repeatInterleave(x, counts, 0)`. */
export const repeatInterleave = byName(
  "repeatInterleave",
  (x: TensorBase, ...args: Args<RepeatInterleaveOptions, ["repeats", "dim", "outputSize"]>): Tensor => {
    const o = readArgs<RepeatInterleaveOptions>("repeatInterleave", ["repeats", "dim", "outputSize"], args);
    if (o.repeats === undefined) return wrap(native.repeatPlaces(handleOf(x)));
    const { repeats } = o;
    const flat = o.dim === undefined || o.dim === null;
    const source = flat ? reshape(x, -1) : x;
    const dim = o.dim ?? 0;
    const n = source.size(dim);
    const given = isTensor(repeats) ? repeats : wrap(native.full([n], repeats as number, 4));
    if (given.numel() !== 1 && given.numel() !== n) {
      throw new ShapeError(
        `repeats must have the same size as input along dim, but got repeats.size(0) = ${given.numel()} and input.size(${dim}) = ${n}`,
        { op: "repeatInterleave" },
      );
    }
    const counts = given.numel() === n ? reshape(given, n) : wrap(native.expand(handleOf(given), [n]));
    return wrap(native.indexSelect(handleOf(source), dim, native.repeatPlaces(handleOf(counts))));
  },
);

type DiagonalOption = number | { diagonal?: number };
const diagonalOf = (k: DiagonalOption): number => (typeof k === "number" ? k : (k.diagonal ?? 0));

/** The lower triangles of matrices up to a diagonal, zeros above. */
export const tril = byName(
  "tril",
  (x: TensorBase, diagonal: DiagonalOption = 0): Tensor => wrap(native.tril(handleOf(x), diagonalOf(diagonal))),
);
/** The upper triangles of matrices from a diagonal on, zeros below. */
export const triu = byName(
  "triu",
  (x: TensorBase, diagonal: DiagonalOption = 0): Tensor => wrap(native.triu(handleOf(x), diagonalOf(diagonal))),
);

/** Options of {@link diagEmbed}. */
export interface DiagEmbedOptions {
  /** Which diagonal; positive ones lie above the main one. Default 0. */
  offset?: number;
  /** The first dimension of the matrices. Default -2. */
  dim1?: number;
  /** Their second dimension. Default -1. */
  dim2?: number;
}
/** Zeros with the last dimension of x on a diagonal. [..., n] -> [..., n, n]. */
export const diagEmbed = byName(
  "diagEmbed",
  (x: TensorBase, ...args: Args<DiagEmbedOptions, ["offset", "dim1", "dim2"]>): Tensor => {
    const {
      offset = 0,
      dim1 = -2,
      dim2 = -1,
    } = readArgs<DiagEmbedOptions>("diagEmbed", ["offset", "dim1", "dim2"], args);
    return wrap(native.diagEmbed(handleOf(x), offset, dim1, dim2));
  },
);
/** Of a vector, the matrix with it on a diagonal; of a matrix, that diagonal. */
export const diag = byName("diag", (x: TensorBase, diagonal: DiagonalOption = 0): Tensor => {
  if (x.ndim === 1) return wrap(native.diagEmbed(handleOf(x), diagonalOf(diagonal), 0, 1));
  if (x.ndim === 2) return wrap(native.clone(native.diagonal(handleOf(x), diagonalOf(diagonal), 0, 1)));
  throw new ShapeError(`diag(): Supports 1D or 2D tensors. Got ${x.ndim}D`, { op: "diag" });
});
/** The matrix with all elements of x on a diagonal. */
export const diagflat = byName("diagflat", (x: TensorBase, offset: number | { offset?: number } = 0): Tensor => {
  const k = typeof offset === "number" ? offset : (offset.offset ?? 0);
  return wrap(native.diagEmbed(native.reshape(handleOf(x), [-1]), k, 0, 1));
});
/** The sum of the diagonal of a matrix. */
export const trace = byName("trace", (x: TensorBase): Tensor => {
  if (x.ndim !== 2)
    throw new ShapeError(`trace: expected a matrix, but got tensor with dim ${x.ndim}`, { op: "trace" });
  return wrap(native.sum(native.diagonal(handleOf(x), 0, 0, 1), null, false));
});

/** x summed over what broadcasting would have repeated, so that it has the given shape. */
export function sumToSize(x: TensorBase, ...size: IntArgs): Tensor {
  handleOf(x); // raises where it is no tensor
  const to = readInts("sumToSize", size);
  const lead = x.ndim - to.length;
  if (lead < 0 || to.some((n, i) => n !== 1 && n !== x.shape[lead + i])) {
    throw new ShapeError(`size {[${to.join(", ")}]} is not expandable to size {[${x.shape.join(", ")}]}.`, {
      op: "sumToSize",
    });
  }
  const dims = x.shape.flatMap((n, d) => (d < lead || (to[d - lead] === 1 && n !== 1) ? [d] : []));
  return reshape(dims.length === 0 ? x : sum(x, dims, true), to);
}

/** Options of {@link diff}. */
export interface DiffOptions {
  /** How often to take differences. Default 1. */
  n?: number;
  /** The dimension. Default -1. */
  dim?: number;
  /** Put in front before the differences are taken. */
  prepend?: TensorBase | null;
  /** Put behind. */
  append?: TensorBase | null;
}
/** Differences of neighbours, n times over. */
export const diff = byName(
  "diff",
  (x: TensorBase, ...args: Args<DiffOptions, ["n", "dim", "prepend", "append"]>): Tensor => {
    const { n = 1, dim = -1, prepend, append } = readArgs<DiffOptions>("diff", ["n", "dim", "prepend", "append"], args);
    if (x.ndim === 0) throw new ShapeError("diff expects input to be at least one-dimensional", { op: "diff" });
    if (n < 0) throw new ArgumentError(`order must be non-negative but got ${n}`, { op: "diff" });
    if (n === 0) return wrap(native.clone(handleOf(x)));
    const parts = [prepend, x, append].filter((part) => part !== undefined && part !== null);
    let out = parts.length > 1 ? cat(parts, dim) : (x as Tensor);
    for (let i = 0; i < n && (i === 0 || out.size(dim) > 0); i++) {
      const size = out.size(dim);
      const length = Math.max(size - 1, 0);
      const [behind, front] = [narrow(out, dim, Math.min(1, size), length), narrow(out, dim, 0, length)];
      out = out.dtype === "bool" ? ne(behind, front) : sub(behind, front);
    }
    return out;
  },
);

/** Elements of the flattened x at int64 indices; the result has their shape. */
export const take = byName("take", (x: TensorBase, index: TensorBase): Tensor => {
  if (index.dtype !== "int64") {
    throw new ArgumentError(`take(): Expected a long tensor for index, but got ${index.dtype}`, { op: "take" });
  }
  const flat = native.reshape(handleOf(x), [-1]);
  return wrap(
    native.reshape(native.index(flat, [{ kind: 4, tensor: native.reshape(handleOf(index), [-1]) }]), [...index.shape]),
  );
});
