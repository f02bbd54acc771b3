/** Reductions. `dim` is one dimension or several (negative counts from the end); none reduces over all. */

import { type Args, dimList, dimOf, isOptions, readArgs } from "../args.js";
import { byName, byNameBeside } from "../by-name.js";
import { type DType, optionalDtypeCode } from "../dtype.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { describe, handleOf, isBase, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { warnOnce } from "../warnings.js";
import { named, pair, type ValuesAndIndices } from "./pair.js";

/** One dimension, several, or null for all. */
export type Dims = number | readonly number[] | null;

/** Options of most reductions. */
export interface ReduceOptions {
  /** The dimensions to reduce. Default: all. */
  dim?: Dims;
  /** Whether the reduced dimensions stay, with size 1. Default false. */
  keepdim?: boolean;
}

/** Options of {@link sum} and {@link mean}. */
export interface SumOptions extends ReduceOptions {
  /** The type to compute in. Default: the input's; int64 for the sum of integers. */
  dtype?: DType | null;
}

/** Options of {@link variance} and {@link std}. */
export interface VarOptions extends ReduceOptions {
  /** Subtracted from the count in the divisor. Default 1 (Bessel's correction). */
  correction?: number;
  /** PyTorch's older spelling: true is correction 1, false is 0. */
  unbiased?: boolean;
}

export type SumArgs = Args<SumOptions, ["dim", "keepdim", "dtype"]>;
export type ReduceArgs = Args<ReduceOptions, ["dim", "keepdim"]>;
export type VarArgs =
  | Args<VarOptions, ["dim", "correction", "keepdim", "unbiased"]>
  | Args<VarOptions, ["dim", "unbiased", "keepdim"]>
  | [unbiased: boolean];

const SUM = ["dim", "keepdim", "dtype"] as const;
const REDUCE = ["dim", "keepdim"] as const;
const VAR = ["dim", "correction", "keepdim", "unbiased"] as const;
const OLD_VAR = ["dim", "unbiased", "keepdim"] as const;

/** The sum. `sum(x)`, `sum(x, 1, true)`, `sum(x, { dim: [0, 2] })`. Integers sum to int64. */
export const sum = byName("sum", (x: TensorBase, ...args: SumArgs): Tensor => {
  if (args.length === 0) return wrap(native.sum(handleOf(x), null, false));
  const { dim, keepdim = false, dtype } = readArgs<SumOptions>("sum", SUM, args);
  return wrap(native.sum(handleOf(x), dimList(dim), keepdim, optionalDtypeCode(dtype)));
});

/** The arithmetic mean. Errors: an integer or bool input. */
export const mean = byName("mean", (x: TensorBase, ...args: SumArgs): Tensor => {
  const { dim, keepdim = false, dtype } = readArgs<SumOptions>("mean", SUM, args);
  return wrap(native.mean(handleOf(x), dimList(dim), keepdim, optionalDtypeCode(dtype)));
});

/** PyTorch's older forms: `unbiased` alone, or behind `dim`. */
/** Warns of a divisor that is 0 or less: the result is NaN or infinite. */
function checkDegrees(op: string, x: TensorBase, dim: Dims | undefined, correction: number): void {
  const dims = dimList(dim) ?? [];
  if (typeof correction !== "number" || !dims.every((d) => typeof d === "number")) return; // the native side says what is wrong
  const count = (dims.length === 0 ? [...x.shape] : dims.map((d) => x.shape[d < 0 ? d + x.ndim : d] ?? 1)).reduce(
    (n, size) => n * size,
    1,
  );
  if (count > correction) return;
  warnOnce(
    "CANDLEWICK_DEGREES_OF_FREEDOM",
    `${op}(): degrees of freedom is <= 0. Correction should be strictly less than the reduction factor (input numel divided by output numel).`,
  );
}

function varOptions(op: string, args: VarArgs): Partial<VarOptions> {
  const [first] = args;
  if (typeof first === "boolean") return { unbiased: first };
  return readArgs<VarOptions>(op, typeof args[1] === "boolean" ? OLD_VAR : VAR, args);
}

/** The variance: sum((x - mean)^2) / (n - correction). */
const variance = byName("var", (x: TensorBase, ...args: VarArgs): Tensor => {
  const { dim, keepdim = false, correction, unbiased = true } = varOptions("var", args);
  const divisor = correction ?? (unbiased ? 1 : 0);
  checkDegrees("var", x, dim, divisor);
  return wrap(native.varOf(handleOf(x), dimList(dim), divisor, keepdim));
});

/** The standard deviation: the square root of the variance. */
export const std = byName("std", (x: TensorBase, ...args: VarArgs): Tensor => {
  const { dim, keepdim = false, correction, unbiased = true } = varOptions("std", args);
  const divisor = correction ?? (unbiased ? 1 : 0);
  checkDegrees("std", x, dim, divisor);
  return wrap(native.std(handleOf(x), dimList(dim), divisor, keepdim));
});

/** The largest element; ties share the gradient evenly. */
export const amax = byName("amax", (x: TensorBase, ...args: ReduceArgs): Tensor => {
  const { dim, keepdim = false } = readArgs<ReduceOptions>("amax", REDUCE, args);
  return wrap(native.amax(handleOf(x), dimList(dim), keepdim));
});

/** The smallest element; ties share the gradient evenly. */
export const amin = byName("amin", (x: TensorBase, ...args: ReduceArgs): Tensor => {
  const { dim, keepdim = false } = readArgs<ReduceOptions>("amin", REDUCE, args);
  return wrap(native.amin(handleOf(x), dimList(dim), keepdim));
});

/** Whether all elements are non-zero, as bool. */
export const all = byName("all", (x: TensorBase, ...args: ReduceArgs): Tensor => {
  const { dim, keepdim = false } = readArgs<ReduceOptions>("all", REDUCE, args);
  return wrap(native.all(handleOf(x), dimList(dim), keepdim));
});

/** Whether any element is non-zero, as bool. */
export const any = byName("any", (x: TensorBase, ...args: ReduceArgs): Tensor => {
  const { dim, keepdim = false } = readArgs<ReduceOptions>("any", REDUCE, args);
  return wrap(native.any(handleOf(x), dimList(dim), keepdim));
});

/** Options of reductions over at most one dimension. */
export interface OneDimOptions {
  /** The dimension. Default: all elements, as if flattened. */
  dim?: number | null;
  /** Whether the reduced dimension stays, with size 1. Default false. */
  keepdim?: boolean;
}
export type OneDimArgs = Args<OneDimOptions, ["dim", "keepdim"]>;

/** The int64 index of the largest element (the first of equals). */
export const argmax = byName("argmax", (x: TensorBase, ...args: OneDimArgs): Tensor => {
  const { dim, keepdim = false } = readArgs<OneDimOptions>("argmax", REDUCE, args);
  return wrap(native.argmax(handleOf(x), dim, keepdim));
});

/** The int64 index of the smallest element (the first of equals). */
export const argmin = byName("argmin", (x: TensorBase, ...args: OneDimArgs): Tensor => {
  const { dim, keepdim = false } = readArgs<OneDimOptions>("argmin", REDUCE, args);
  return wrap(native.argmin(handleOf(x), dim, keepdim));
});

type PairOptions = { dim: number; keepdim?: boolean };

function maxOf(x: TensorBase, other?: TensorBase): Tensor;
function maxOf(x: TensorBase, dim: number | PairOptions, keepdim?: boolean): ValuesAndIndices;
function maxOf(x: TensorBase, dim?: number | PairOptions | TensorBase, keepdim?: boolean): Tensor | ValuesAndIndices {
  if (dim === undefined) return wrap(native.max(handleOf(x)));
  if (isBase(dim)) return wrap(native.maximum(handleOf(x), handleOf(dim)));
  const options = readArgs<PairOptions>("max", REDUCE, [dim, ...(keepdim === undefined ? [] : [keepdim])]);
  return pair("max", native.maxDim(handleOf(x), options.dim ?? 0, options.keepdim ?? false));
}
/** The largest element; of each row along `dim`, with indices; or the larger of two tensors. */
export const max = byNameBeside("max", maxOf);

function minOf(x: TensorBase, other?: TensorBase): Tensor;
function minOf(x: TensorBase, dim: number | PairOptions, keepdim?: boolean): ValuesAndIndices;
function minOf(x: TensorBase, dim?: number | PairOptions | TensorBase, keepdim?: boolean): Tensor | ValuesAndIndices {
  if (dim === undefined) return wrap(native.min(handleOf(x)));
  if (isBase(dim)) return wrap(native.minimum(handleOf(x), handleOf(dim)));
  const options = readArgs<PairOptions>("min", REDUCE, [dim, ...(keepdim === undefined ? [] : [keepdim])]);
  return pair("min", native.minDim(handleOf(x), options.dim ?? 0, options.keepdim ?? false));
}
/** The smallest element; of each row along `dim`, with indices; or the smaller of two tensors. */
export const min = byNameBeside("min", minOf);

/** Options of {@link prod}. */
export interface ProdOptions {
  /** The dimension. Default: all. */
  dim?: number | null;
  /** Whether the dimension stays, with size 1. Default false. */
  keepdim?: boolean;
  /** The type to compute in. Default: the input's; int64 for integers. */
  dtype?: DType | null;
}
/** The product over one dimension, or of all elements. */
export const prod = byName("prod", (x: TensorBase, ...args: Args<ProdOptions, ["dim", "keepdim", "dtype"]>): Tensor => {
  const { dim, keepdim = false, dtype } = readArgs<ProdOptions>("prod", SUM, args);
  return wrap(native.prod(handleOf(x), dim, keepdim, optionalDtypeCode(dtype)));
});

/** The sum, NaN counted as 0. */
export const nansum = byName("nansum", (x: TensorBase, ...args: SumArgs): Tensor => {
  const { dim, keepdim = false, dtype } = readArgs<SumOptions>("nansum", SUM, args);
  return wrap(native.nansum(handleOf(x), dimList(dim), keepdim, optionalDtypeCode(dtype)));
});
/** The mean of what is not NaN. */
export const nanmean = byName("nanmean", (x: TensorBase, ...args: SumArgs): Tensor => {
  const { dim, keepdim = false, dtype } = readArgs<SumOptions>("nanmean", SUM, args);
  const total = nansum(x, { dim: dim ?? null, keepdim, dtype: dtype ?? null });
  const missing = native.isnan(handleOf(x));
  const count = native.sum(native.logicalNot(missing), dimList(dim), keepdim);
  return wrap(native.div(handleOf(total), count));
});

/** How many elements are not zero. */
export const countNonzero = byName(
  "countNonzero",
  (x: TensorBase, dim?: Dims | { dim?: Dims }): Tensor => wrap(native.countNonzero(handleOf(x), dimList(dimOf(dim)))),
);

/** ln(sum(e^x)) over dimensions, without overflow. */
export const logsumexp = byName(
  "logsumexp",
  (x: TensorBase, dim: Dims | (ReduceOptions & { dim: Dims }), keepdim = false): Tensor => {
    const o: ReduceOptions = isOptions(dim) ? (dim as ReduceOptions) : { dim: dim as Dims, keepdim };
    return wrap(native.logsumexp(handleOf(x), dimList(o.dim), o.keepdim ?? false));
  },
);

/** Options of {@link norm}. */
export interface NormOptions extends SumOptions {
  /** The order: a number, +-Infinity, or `"fro"` for 2. Default `"fro"`. */
  p?: number | "fro" | "inf" | "-inf" | null;
}
/** The p-norm (sum |x|^p)^(1/p) of all elements or over dimensions. */
export const norm = byName(
  "norm",
  (x: TensorBase, ...args: Args<NormOptions, ["p", "dim", "keepdim", "dtype"]>): Tensor => {
    const { p, dim, keepdim = false, dtype } = readArgs<NormOptions>("norm", ["p", "dim", "keepdim", "dtype"], args);
    const order = p === undefined || p === null || p === "fro" ? 2 : Number(String(p).replace("inf", "Infinity"));
    if (Number.isNaN(order))
      throw new ArgumentError(`norm: expected a number or "fro", received ${describe(p)}`, { op: "norm" });
    return wrap(native.norm(handleOf(x), order, dimList(dim), keepdim, optionalDtypeCode(dtype)));
  },
);

/** The variance and the mean over the same dimensions. */
export const varMean = byName("varMean", (x: TensorBase, ...args: VarArgs): readonly [Tensor, Tensor] => {
  const { dim, keepdim = false } = varOptions("varMean", args);
  return [variance(x, ...args), mean(x, { dim: dim ?? null, keepdim })];
});
/** The standard deviation and the mean over the same dimensions. */
export const stdMean = byName("stdMean", (x: TensorBase, ...args: VarArgs): readonly [Tensor, Tensor] => {
  const { dim, keepdim = false } = varOptions("stdMean", args);
  return [std(x, ...args), mean(x, { dim: dim ?? null, keepdim })];
});

/** The smallest and the largest element, of all or along one dimension. */
export const aminmax = byName(
  "aminmax",
  (
    x: TensorBase,
    options: OneDimOptions = {},
  ): readonly [Tensor, Tensor] & { readonly min: Tensor; readonly max: Tensor } => {
    const { dim, keepdim = false } = readArgs<OneDimOptions>("aminmax", REDUCE, [options]);
    const both = [amin(x, { dim: dim ?? null, keepdim }), amax(x, { dim: dim ?? null, keepdim })] as const;
    return named("aminmax", [both[0], both[1]] as const, ["min", "max"]);
  },
);

/** softmax(x)_i = e^(x_i) / sum_j e^(x_j) along `dim`; `dtype` converts first. */
export const softmax = byName(
  "softmax",
  (x: TensorBase, dim: number, dtype?: DType | null | { dtype?: DType | null }): Tensor =>
    wrap(native.softmax(handleOf(x), dim, optionalDtypeCode(typeof dtype === "object" ? dtype?.dtype : dtype))),
);

/** ln(softmax(x)) along `dim`, computed without overflow; `dtype` converts first. */
export const logSoftmax = byName(
  "logSoftmax",
  (x: TensorBase, dim: number, dtype?: DType | null | { dtype?: DType | null }): Tensor =>
    wrap(native.logSoftmax(handleOf(x), dim, optionalDtypeCode(typeof dtype === "object" ? dtype?.dtype : dtype))),
);

export { variance as var };
