/** Running results along a dimension. */

import { type Args, readArgs, required } from "../args.js";
import { byName } from "../by-name.js";
import { type DType, optionalDtypeCode } from "../dtype.js";
import { native } from "../native.js";
import { handleOf, isTensor, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { pair, type ValuesAndIndices } from "./pair.js";

/** Options of {@link cumsum} and {@link cumprod}. */
export interface ScanOptions {
  /** The dimension. */
  dim?: number;
  /** The type to compute in. Default: the input's; int64 for integers. */
  dtype?: DType | null;
}
type ScanArgs = Args<ScanOptions, ["dim", "dtype"]>;

/** Running sums: y_i = x_1 + ... + x_i. */
export const cumsum = byName("cumsum", (x: TensorBase, ...args: ScanArgs): Tensor => {
  const o = readArgs<ScanOptions>("cumsum", ["dim", "dtype"], args);
  return wrap(native.cumsum(handleOf(x), required("cumsum", o, "dim"), optionalDtypeCode(o.dtype)));
});
/** Running products: y_i = x_1 x ... x x_i. */
export const cumprod = byName("cumprod", (x: TensorBase, ...args: ScanArgs): Tensor => {
  const o = readArgs<ScanOptions>("cumprod", ["dim", "dtype"], args);
  return wrap(native.cumprod(handleOf(x), required("cumprod", o, "dim"), optionalDtypeCode(o.dtype)));
});
/** Running ln(e^x_1 + ... + e^x_i). */
export const logcumsumexp = byName(
  "logcumsumexp",
  (x: TensorBase, dim: number | { dim: number }): Tensor =>
    wrap(native.logcumsumexp(handleOf(x), typeof dim === "number" ? dim : dim.dim)),
);
/** The largest element so far and its index. */
export const cummax = byName(
  "cummax",
  (x: TensorBase, dim: number | { dim: number }): ValuesAndIndices =>
    pair("cummax", native.cummax(handleOf(x), typeof dim === "number" ? dim : dim.dim)),
);
/** The smallest element so far and its index. */
export const cummin = byName(
  "cummin",
  (x: TensorBase, dim: number | { dim: number }): ValuesAndIndices =>
    pair("cummin", native.cummin(handleOf(x), typeof dim === "number" ? dim : dim.dim)),
);

/** Options of {@link trapezoid} and {@link cumulativeTrapezoid}. */
export interface TrapezoidOptions {
  /** Where the points lie: the shape of y, or one line for all. Default: `dx` apart. */
  x?: TensorBase | null;
  /** The distance of the points where x is not given. Default 1. */
  dx?: number;
  /** The dimension. Default -1. */
  dim?: number;
}
type TrapezoidArgs = [(TensorBase | TrapezoidOptions | null)?, TrapezoidOptions?];

function area(op: string, y: TensorBase, args: TrapezoidArgs, cumulative: boolean): Tensor {
  const first = args[0];
  const at = isTensor(first) ? first : null;
  const {
    x = at,
    dx = 1,
    dim = -1,
  } = readArgs<TrapezoidOptions>(
    op,
    ["x", "dx", "dim"],
    args.filter((arg) => arg !== null && !isTensor(arg)),
  );
  return wrap(native.trapezoid(handleOf(y), x === null ? null : handleOf(x), dx, dim, cumulative));
}
/** The area under the curve through points y, by the trapezoid rule. */
export const trapezoid = byName(
  "trapezoid",
  (y: TensorBase, ...args: TrapezoidArgs): Tensor => area("trapezoid", y, args, false),
);
/** The areas up to each point but the first, by the trapezoid rule. */
export const cumulativeTrapezoid = byName(
  "cumulativeTrapezoid",
  (y: TensorBase, ...args: TrapezoidArgs): Tensor => area("cumulativeTrapezoid", y, args, true),
);
export { trapezoid as trapz };
