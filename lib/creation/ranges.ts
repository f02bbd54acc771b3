/** Tensors of a rule: ranges, the identity, the indices of triangles. */

import { type Args, readArgs, required } from "../args.js";
import { byName } from "../by-name.js";
import { deviceName } from "../device.js";
import { type DType, dtypeCode, getDefaultDtype, optionalDtypeCode } from "../dtype.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { isTensor, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { CREATION, type CreationOptions, finish, floating, numberOf } from "./options.js";

type ArangeOptions = CreationOptions | (CreationOptions & { start?: number; end: number; step?: number });

/** The arguments of {@link arange}. */
export type ArangeArgs =
  | [options: CreationOptions & { start?: number; end: number; step?: number }]
  | [end: number, options?: CreationOptions]
  | [start: number, end: number, options?: CreationOptions]
  | [start: number, end: number, step: number, options?: CreationOptions];

/** start, start + step, ... below end. Integer-valued arguments give int64. `arange(5)`, `arange(1, 2, 0.25)`. */
export const arange = byName("arange", (...args: ArangeArgs): Tensor => {
  const values: readonly (number | ArangeOptions | undefined)[] = args;
  const numbers = values.filter((value) => typeof value === "number" || typeof value === "boolean").map(Number);
  const [o = {}] = values.filter((value) => typeof value === "object");
  if ("end" in o)
    return arange(o.start ?? numbers[0] ?? 0, o.end, o.step ?? 1, {
      dtype: o.dtype,
      device: o.device,
      requiresGrad: o.requiresGrad ?? false,
    });
  const [first, second, step = 1] = numbers;
  if (first === undefined) throw new ArgumentError("arange() missing required argument: 'end'", { op: "arange" });
  const [start, end] = second === undefined ? [0, first] : [first, second];
  const own: DType = [start, end, step].every(Number.isInteger) ? "int64" : getDefaultDtype();
  return finish(native.arange(start, end, step, dtypeCode(o.dtype ?? own)), o);
});
/** Options of {@link linspace} and {@link logspace}. */
export interface SpaceOptions extends CreationOptions {
  /** The first value, or its exponent. */
  start?: number | TensorBase;
  /** The last one. */
  end?: number | TensorBase;
  /** How many. */
  steps?: number;
  /** What the exponents of {@link logspace} are of. Default 10. */
  base?: number;
}
const SPACE = ["start", "end", "steps"] as const;
const LOG_SPACE = [...SPACE, "base"] as const;
function checkEnds(op: string, { start, end }: SpaceOptions): void {
  const [a, b] = [start, end].map((x) => (isTensor(x) ? x.ndim : 0));
  if (a !== 0 || b !== 0) {
    throw new ArgumentError(
      `${op} only supports 0-dimensional start and end tensors, but got start with ${a} dimension(s) and end with ${b} dimension(s).`,
      { op },
    );
  }
}

/** `steps` values from start to end, both included, evenly spaced. */
export const linspace = byName("linspace", (...args: Args<SpaceOptions, ["start", "end", "steps"]>): Tensor => {
  const o = readArgs<SpaceOptions>("linspace", [...SPACE, ...CREATION], args);
  checkEnds("linspace", o);
  const [start, end] = [numberOf(required("linspace", o, "start")), numberOf(required("linspace", o, "end"))];
  return finish(native.linspace(start, end, required("linspace", o, "steps"), floating(o.dtype)), o);
});
/** `steps` powers of `base` (10), their exponents from start to end evenly spaced. */
export const logspace = byName("logspace", (...args: Args<SpaceOptions, ["start", "end", "steps", "base"]>): Tensor => {
  const o = readArgs<SpaceOptions>("logspace", [...LOG_SPACE, ...CREATION], args);
  checkEnds("logspace", o);
  const [start, end] = [numberOf(required("logspace", o, "start")), numberOf(required("logspace", o, "end"))];
  return finish(native.logspace(start, end, required("logspace", o, "steps"), o.base ?? 10, floating(o.dtype)), o);
});
/** The identity matrix [n, m]; m defaults to n. */
export const eye = byName("eye", (n: number, m?: number | CreationOptions, options: CreationOptions = {}): Tensor => {
  const o = typeof m === "object" ? m : options;
  return finish(native.eye(n, typeof m === "number" ? m : n, floating(o.dtype)), o);
});

/** Options of {@link trilIndices} and {@link triuIndices}. */
export interface TriangleOptions extends CreationOptions {
  /** The number of rows. */
  row?: number;
  /** The number of columns. */
  col?: number;
  /** Which diagonal bounds the triangle. Default 0. */
  offset?: number;
}
type TriangleArgs = Args<TriangleOptions, ["row", "col", "offset"]>;
function triangle(op: string, args: TriangleArgs, lower: boolean): Tensor {
  const o = readArgs<TriangleOptions>(op, ["row", "col", "offset", ...CREATION], args);
  const all = native.triangleIndices(required(op, o, "row"), required(op, o, "col"), o.offset ?? 0, lower);
  return wrap(native.to(all, optionalDtypeCode(o.dtype), deviceName(o.device), false));
}
/** The row and column indices of the lower triangle of a matrix, int64 [2, count]. */
export const trilIndices = byName(
  "trilIndices",
  (...args: TriangleArgs): Tensor => triangle("trilIndices", args, true),
);
/** The row and column indices of the upper triangle of a matrix, int64 [2, count]. */
export const triuIndices = byName(
  "triuIndices",
  (...args: TriangleArgs): Tensor => triangle("triuIndices", args, false),
);
