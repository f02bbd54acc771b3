/** Functions of several tensors: joins, grids, choices, Einstein's sums. */

import { dimOf, intList, readArgs } from "../args.js";
import { listOf } from "../argument-types.js";
import { byName, byNameBeside } from "../by-name.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { native } from "../native.js";
import { handleOf, handlesOf, isTensor, type Operand, operand, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { warnOnce } from "../warnings.js";
import { nonzero } from "./indexing.js";
import { matmul } from "./matmul.js";
import { expand, reshape, transpose, unsqueeze } from "./shape.js";

type DimOption = number | { dim?: number };

/** Tensors joined along a dimension that they have. */
export const cat = byName(
  "cat",
  (tensors: readonly TensorBase[], dim: DimOption = 0): Tensor =>
    wrap(native.cat(handlesOf("cat", tensors), dimOf(dim, 0))),
);
export { cat as concat, cat as concatenate };

/** Tensors of one shape joined along a new dimension. */
export const stack = byName(
  "stack",
  (tensors: readonly TensorBase[], dim: DimOption = 0): Tensor =>
    wrap(native.stack(handlesOf("stack", tensors), dimOf(dim, 0))),
);

/** Either one tensor or a list: what PyTorch's functions of `*tensors` take. */
type Tensors = TensorBase[] | [readonly TensorBase[]];
const tensorsIn = (args: Tensors): readonly TensorBase[] =>
  Array.isArray(args[0]) && args.length === 1 ? (args[0] as readonly TensorBase[]) : (args as TensorBase[]);

/** Each result of `f`; one where one tensor was given, an array where several were. */
function each(args: Tensors, f: (x: TensorBase) => Tensor): Tensor | Tensor[] {
  const [only] = args;
  return args.length === 1 && isTensor(only) ? f(only) : tensorsIn(args).map(f);
}

const one = (x: TensorBase): Tensor => (x.ndim === 0 ? reshape(x, 1) : (x as Tensor));
const two = (x: TensorBase): Tensor => (x.ndim < 2 ? unsqueeze(one(x), 0) : (x as Tensor));
const three = (x: TensorBase): Tensor => (x.ndim < 3 ? unsqueeze(two(x), -1) : (x as Tensor));

function atleast1dOf(x: TensorBase): Tensor;
function atleast1dOf(...tensors: Tensors): Tensor[];
function atleast1dOf(...tensors: Tensors): Tensor | Tensor[] {
  return each(tensors, one);
}
/** With at least one dimension: of one tensor, or of each. */
export const atleast1d = byNameBeside("atleast1d", atleast1dOf);
function atleast2dOf(x: TensorBase): Tensor;
function atleast2dOf(...tensors: Tensors): Tensor[];
function atleast2dOf(...tensors: Tensors): Tensor | Tensor[] {
  return each(tensors, two);
}
/** With at least two dimensions, new ones in front: of one tensor, or of each. */
export const atleast2d = byNameBeside("atleast2d", atleast2dOf);
function atleast3dOf(x: TensorBase): Tensor;
function atleast3dOf(...tensors: Tensors): Tensor[];
function atleast3dOf(...tensors: Tensors): Tensor | Tensor[] {
  return each(tensors, three);
}
/** With at least three dimensions: [n] becomes [1, n, 1], [n, m] becomes [n, m, 1]. Of one tensor, or of each. */
export const atleast3d = byNameBeside("atleast3d", atleast3dOf);

/** A list of tensors. Errors: none, or what is no list. */
function listed(op: string, tensors: readonly TensorBase[]): TensorBase[] {
  const list = listOf(op, "tensors", tensors);
  if (list.length === 0) throw new ArgumentError(`${op} expects a non-empty TensorList`, { op });
  for (const x of list) handleOf(x); // raises where it is no tensor
  return list;
}

/** Tensors side by side: along dimension 1, or 0 for vectors. */
export const hstack = byName("hstack", (tensors: readonly TensorBase[]): Tensor => {
  const all = listed("hstack", tensors).map(one);
  return cat(all, all[0]?.ndim === 1 ? 0 : 1);
});
/** Tensors below each other: along dimension 0, vectors as rows. */
export const vstack = byName("vstack", (tensors: readonly TensorBase[]): Tensor => {
  return cat(listed("vstack", tensors).map(two), 0);
});
export { vstack as rowStack };
/** Tensors behind each other: along dimension 2. */
export const dstack = byName("dstack", (tensors: readonly TensorBase[]): Tensor => {
  return cat(listed("dstack", tensors).map(three), 2);
});
/** Tensors side by side, vectors as columns. */
export const columnStack = byName(
  "columnStack",
  (tensors: readonly TensorBase[]): Tensor =>
    hstack(listed("columnStack", tensors).map((x) => (x.ndim < 2 ? reshape(x, x.numel(), 1) : x))),
);

/** The shape that these shapes broadcast to. Errors: they do not. */
export function broadcastShapes(...shapes: readonly (number | readonly number[])[]): number[] {
  const out: number[] = [];
  const lists = shapes.map((given) => {
    const list = typeof given === "number" ? [given] : listOf<number>("broadcastShapes", "a shape", given);
    return intList("broadcastShapes", "shapes", list);
  });
  for (const shape of lists) {
    for (let i = 1; i <= shape.length; i++) {
      const size = shape[shape.length - i] ?? 1;
      const have = out[out.length - i];
      if (have === undefined) out.unshift(size);
      else if (have === 1) out[out.length - i] = size;
      else if (size !== 1 && size !== have) {
        throw new ShapeError(
          "Shape mismatch: objects cannot be broadcast to a single shape: " +
            lists.map((list) => `[${list.join(", ")}]`).join(" and "),
          { op: "broadcastShapes" },
        );
      }
    }
  }
  return out;
}
/** Each tensor as a view of the shape that they broadcast to. */
export const broadcastTensors = byName("broadcastTensors", (...tensors: Tensors): Tensor[] => {
  const all = tensorsIn(tensors);
  const shape = broadcastShapes(...all.map((x) => x.shape));
  return all.map((x) => expand(x, shape));
});

/** Options of {@link meshgrid}. */
export interface MeshgridOptions {
  /** `"ij"`: the first vector varies along dimension 0; `"xy"`: along dimension 1. Default `"ij"`. */
  indexing?: "ij" | "xy";
}
/** Grids of coordinates from vectors: for each of k vectors a k-dimensional tensor. */
export const meshgrid = byName(
  "meshgrid",
  (...args: (TensorBase | readonly TensorBase[] | MeshgridOptions)[]): Tensor[] => {
    const last = args.at(-1);
    const named = last !== undefined && !isTensor(last) && !Array.isArray(last) ? (last as MeshgridOptions) : undefined;
    const vectors = tensorsIn((named === undefined ? args : args.slice(0, -1)) as Tensors);
    if ((named?.indexing ?? null) === null) {
      warnOnce(
        "CANDLEWICK_MESHGRID",
        "torch.meshgrid: in an upcoming release, it will be required to pass the indexing argument.",
      );
    }
    const indexing = named?.indexing ?? "ij";
    if (indexing !== "ij" && indexing !== "xy") {
      throw new ArgumentError(
        `torch.meshgrid: indexing must be one of "xy" or "ij", but received: ${String(indexing)}`,
        {
          op: "meshgrid",
        },
      );
    }
    const swap = indexing === "xy" && vectors.length >= 2;
    const shape = vectors.map((x) => x.numel());
    return vectors.map((x, i) => {
      if (x.ndim > 1) {
        throw new ShapeError(`torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: ${x.ndim}-D`, {
          op: "meshgrid",
        });
      }
      const view = shape.map((_, j) => (i === j ? -1 : 1));
      const grid = expand(reshape(x, view), shape);
      return swap ? transpose(grid, 0, 1) : grid;
    });
  },
);

/** All tuples of one element of each vector, [count, vectors]. */
export const cartesianProd = byName("cartesianProd", (...tensors: Tensors): Tensor => {
  const vectors = tensorsIn(tensors);
  const [only] = vectors;
  if (vectors.length === 1 && only !== undefined) return only as Tensor;
  return stack(
    meshgrid(...vectors, { indexing: "ij" }).map((grid) => reshape(grid, -1)),
    1,
  );
});

/** Options of {@link combinations}. */
export interface CombinationOptions {
  /** Elements in each. Default 2. */
  r?: number;
  /** Whether an element may occur twice. Default false. */
  withReplacement?: boolean;
}
/** All combinations of `r` elements of a vector, in order, [count, r]. */
export const combinations = byName(
  "combinations",
  (x: TensorBase, ...args: [] | [number | CombinationOptions] | [number, boolean | CombinationOptions]): Tensor => {
    const { r = 2, withReplacement = false } = readArgs<CombinationOptions>(
      "combinations",
      ["r", "withReplacement"],
      args,
    );
    if (x.ndim !== 1) {
      throw new ShapeError(`Expect a 1D vector, but got shape [${x.shape.join(", ")}]`, { op: "combinations" });
    }
    if (r < 0) throw new ArgumentError(`Expect a non-negative number, but got ${r}`, { op: "combinations" });
    const places: number[] = [];
    const n = x.numel();
    const pool = withReplacement ? n + r - 1 : n;
    let count = 1;
    for (let i = 0; i < r && count > 0; i++) count = (count * Math.max(pool - i, 0)) / (i + 1);
    if (count * r > 2 ** 26) {
      throw new ArgumentError(`combinations: expected at most 2^26 elements, received ${count} combinations of ${r}`, {
        op: "combinations",
      });
    }
    const walk = (start: number, chosen: number[]): void => {
      if (chosen.length === r) {
        places.push(...chosen);
        return;
      }
      for (let i = start; i < n; i++) walk(withReplacement ? i : i + 1, [...chosen, i]);
    };
    if (r > 0) walk(0, []);
    const index = native.fromTypedArray(BigInt64Array.from(places, BigInt), [places.length], 4);
    const picked = wrap(native.indexSelect(handleOf(x), 0, index));
    return r === 0 ? picked : reshape(picked, -1, r);
  },
);

/** Matrices along the diagonal of one: scalars and vectors count as rows. */
export const blockDiag = byName("blockDiag", (...tensors: Tensors): Tensor => {
  const blocks = tensorsIn(tensors).map(two);
  const width = blocks.reduce((sum, x) => sum + x.size(1), 0);
  let left = 0;
  const rows = blocks.map((block) => {
    const [n, m] = [block.size(0), block.size(1)];
    const pad = (k: number) => wrap(native.full([n, k], 0, native.dtype(handleOf(block))));
    const row = cat([pad(left), block, pad(width - left - m)], 1);
    left += m;
    return row;
  });
  return cat(rows, 0);
});

function whereOf(condition: TensorBase): Tensor[];
function whereOf(condition: TensorBase, a: Operand, b: Operand): Tensor;
function whereOf(condition: TensorBase, a?: Operand, b?: Operand): Tensor | Tensor[] {
  if (a === undefined || b === undefined) return nonzero(condition, { asTuple: true });
  return wrap(native.where(handleOf(condition), operand(a), operand(b)));
}
/**
 * `where(condition, a, b)`: a where the condition holds, else b; the three broadcast. `where(condition)` alone gives the
 * indices of what is not zero, one tensor per dimension.
 */
export const where = byNameBeside("where", whereOf);

/** The matrix product of a chain, in the order that needs the fewest multiplications. */
export const chainMatmul = byName("chainMatmul", (...matrices: Tensors): Tensor => {
  const all = tensorsIn(matrices);
  const n = all.length;
  if (n === 0) throw new ArgumentError("chain_matmul(): Expected one or more matrices", { op: "chainMatmul" });
  const sizes = [...all.map((x) => x.size(0)), all[n - 1]?.size(1) ?? 1];
  // best[i][j]: the product of matrices i to j and its cost, from shorter chains to longer ones.
  const best: { cost: number; split: number }[][] = all.map(() => all.map(() => ({ cost: 0, split: -1 })));
  for (let length = 1; length < n; length++) {
    for (let i = 0; i + length < n; i++) {
      const j = i + length;
      const options = Array.from({ length }, (_, k) => ({
        split: i + k,
        cost:
          (best[i]?.[i + k]?.cost ?? 0) +
          (best[i + k + 1]?.[j]?.cost ?? 0) +
          (sizes[i] ?? 1) * (sizes[i + k + 1] ?? 1) * (sizes[j + 1] ?? 1),
      }));
      const row = best[i];
      if (row !== undefined) row[j] = options.reduce((a, b) => (b.cost < a.cost ? b : a));
    }
  }
  const product = (i: number, j: number): TensorBase => {
    const split = best[i]?.[j]?.split ?? -1;
    return split < 0 ? (all[i] as TensorBase) : matmul(product(i, split), product(split + 1, j));
  };
  return product(0, n - 1) as Tensor;
});

/** The nth derivative of digamma at x. */
export const polygamma = byName("polygamma", (n: number, x: TensorBase): Tensor => {
  if (!(n >= 0)) throw new ArgumentError("polygamma(n, x) does not support negative n.", { op: "polygamma" });
  return wrap(native.polygamma(n, handleOf(x)));
});
