/** Products of matrices. */

import { type Args, dimOf, readArgs } from "../args.js";
import { alias, byName } from "../by-name.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { handleOf, type Scalar, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { warnOnce } from "../warnings.js";

/** The product of vectors, matrices or batches of matrices, by PyTorch's rules; batch dimensions broadcast. */
export const matmul = byName(
  "matmul",
  (a: TensorBase, b: TensorBase): Tensor => wrap(native.matmul(handleOf(a), handleOf(b))),
);

/** The product of two matrices, [n, m] x [m, p] -> [n, p]. */
export const mm = byName("mm", (a: TensorBase, b: TensorBase): Tensor => wrap(native.mm(handleOf(a), handleOf(b))));

/** The products of two batches of matrices, [b, n, m] x [b, m, p] -> [b, n, p]. */
export const bmm = byName("bmm", (a: TensorBase, b: TensorBase): Tensor => wrap(native.bmm(handleOf(a), handleOf(b))));

/** The product of a matrix and a vector, [n, m] x [m] -> [n]. */
export const mv = byName("mv", (a: TensorBase, b: TensorBase): Tensor => wrap(native.mv(handleOf(a), handleOf(b))));

/** The inner product of two vectors, [n] x [n] -> []. */
export const dot = byName("dot", (a: TensorBase, b: TensorBase): Tensor => wrap(native.dot(handleOf(a), handleOf(b))));

/** The inner product of two vectors: {@link dot}, for real numbers. */
export const vdot = alias("vdot", dot);

/** Options of {@link addmm} and its relatives. */
export interface AddmmOptions {
  /** Multiplies the input; 0 ignores it. Default 1. */
  beta?: Scalar;
  /** Multiplies the product. Default 1. */
  alpha?: Scalar;
}
function blend<K extends "addmm" | "addmv" | "addr" | "baddbmm" | "addbmm">(name: K, f: typeof native.addmm) {
  return byName(
    name,
    (input: TensorBase, a: TensorBase, b: TensorBase, { beta = 1, alpha = 1 }: AddmmOptions = {}): Tensor =>
      wrap(f(handleOf(input), handleOf(a), handleOf(b), beta, alpha)),
  );
}

/** beta * input + alpha * (a @ b), of matrices. */
export const addmm = blend("addmm", native.addmm);
/** beta * input + alpha * (a @ b), of a matrix and a vector. */
export const addmv = blend("addmv", native.addmv);
/** beta * input + alpha * outer(a, b), of two vectors. */
export const addr = blend("addr", native.addr);
/** beta * input + alpha * (a @ b), of two batches of matrices. */
export const baddbmm = blend("baddbmm", native.baddbmm);
/** beta * input + alpha * the sum over the batch of a @ b. */
export const addbmm = blend("addbmm", native.addbmm);

/** All products of an element of a vector and one of another, [n] x [m] -> [n, m]. */
export const outer = byName(
  "outer",
  (a: TensorBase, b: TensorBase): Tensor => wrap(native.outer(handleOf(a), handleOf(b))),
);
export { outer as ger };

/** Sums of products over the last dimensions: [..., k] x [..., k] -> [..., ...]. */
export const inner = byName(
  "inner",
  (a: TensorBase, b: TensorBase): Tensor => wrap(native.inner(handleOf(a), handleOf(b))),
);

/** The vector product of vectors in space along a dimension. Default: the first of size 3. The others broadcast. */
export const cross = byName(
  "cross",
  (a: TensorBase, b: TensorBase, dim?: number | null | { dim?: number | null }): Tensor => {
    const given = dimOf(dim);
    if ((given ?? null) === null) {
      warnOnce(
        "CANDLEWICK_CROSS_DIM",
        "Using torch.cross without specifying the dim arg is deprecated.\nPlease either pass the dim explicitly or simply use torch.linalg.cross.\nThe default value of dim will change to agree with that of linalg.cross in a future release.",
      );
    }
    const along = given ?? a.shape.indexOf(3);
    if (along < 0 && (given === undefined || given === null)) {
      throw new ArgumentError("no dimension of size 3 in input", { op: "cross" });
    }
    return wrap(native.cross(handleOf(a), handleOf(b), along));
  },
);

/** Options of {@link cdist}. */
export interface CdistOptions {
  /** The order of the norm. Default 2. */
  p?: number;
  /** Accepted for PyTorch's sake. */
  computeMode?: string | null;
}
/** The pairwise p-distances of the rows of a [..., n, m] and b [..., k, m]: [..., n, k]. */
export const cdist = byName(
  "cdist",
  (a: TensorBase, b: TensorBase, ...args: Args<CdistOptions, ["p", "computeMode"]>): Tensor => {
    const { p = 2 } = readArgs<CdistOptions>("cdist", ["p", "computeMode"], args);
    return wrap(native.cdist(handleOf(a), handleOf(b), p));
  },
);

/** Kronecker's product: each element of a times all of b. */
export const kron = byName("kron", (a: TensorBase, b: TensorBase): Tensor => {
  const rank = Math.max(a.ndim, b.ndim);
  const full = (x: TensorBase) => [...Array<number>(rank - x.ndim).fill(1), ...x.shape];
  const [sa, sb] = [full(a), full(b)];
  const left = native.reshape(
    handleOf(a),
    sa.flatMap((n) => [n, 1]),
  );
  const right = native.reshape(
    handleOf(b),
    sb.flatMap((n) => [1, n]),
  );
  return wrap(
    native.reshape(
      native.mul(left, right),
      sa.map((n, i) => n * (sb[i] ?? 1)),
    ),
  );
});
