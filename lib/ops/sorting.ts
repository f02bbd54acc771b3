/** Order and counting: sorting, ranks, distinct values, histograms. NaN counts as the largest. */

import { type Args, readArgs, required } from "../args.js";
import { listOf } from "../argument-types.js";
import { byName, byNameBeside } from "../by-name.js";
import { native } from "../native.js";
import { handleOf, isTensor, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { named, pair, type ValuesAndIndices } from "./pair.js";

/** Options of {@link sort} and {@link argsort}. */
export interface SortOptions {
  /** The dimension. Default -1. */
  dim?: number;
  /** Whether the largest come first. Default false. */
  descending?: boolean;
  /** Accepted for PyTorch's sake: equal elements always keep their order. */
  stable?: boolean | null;
}
type SortArgs = Args<SortOptions, ["dim", "descending", "stable"]>;
const SORT = ["dim", "descending", "stable"] as const;

/** The elements along a dimension in order, and where each was. */
export const sort = byName("sort", (x: TensorBase, ...args: SortArgs): ValuesAndIndices => {
  const { dim = -1, descending = false } = readArgs<SortOptions>("sort", SORT, args);
  return pair("sort", native.sort(handleOf(x), dim, descending));
});
/** The indices that would sort x along a dimension. */
export const argsort = byName("argsort", (x: TensorBase, ...args: SortArgs): Tensor => sort(x, ...args).indices);
/** x sorted along dimension 0. */
export const msort = byName("msort", (x: TensorBase): Tensor => (x.ndim === 0 ? (x as Tensor) : sort(x, 0).values));

/** Options of {@link topk}. */
export interface TopkOptions {
  /** How many. */
  k?: number;
  /** The dimension. Default -1. */
  dim?: number;
  /** The largest (true) or the smallest. Default true. */
  largest?: boolean;
  /** Accepted for PyTorch's sake: the result is always in order. */
  sorted?: boolean;
}
/** The k largest elements along a dimension, in order, and where they are. */
export const topk = byName(
  "topk",
  (x: TensorBase, ...args: Args<TopkOptions, ["k", "dim", "largest", "sorted"]>): ValuesAndIndices => {
    const o = readArgs<TopkOptions>("topk", ["k", "dim", "largest", "sorted"], args);
    return pair("topk", native.topk(handleOf(x), required("topk", o, "k"), o.dim ?? -1, o.largest ?? true));
  },
);

/** Options of {@link kthvalue}. */
export interface KthvalueOptions {
  /** Which, counted from 1. */
  k?: number;
  /** The dimension. Default -1. */
  dim?: number;
  /** Whether the dimension stays, with size 1. Default false. */
  keepdim?: boolean;
}
/** The kth smallest element along a dimension, and where it is. */
export const kthvalue = byName(
  "kthvalue",
  (x: TensorBase, ...args: Args<KthvalueOptions, ["k", "dim", "keepdim"]>): ValuesAndIndices => {
    const o = readArgs<KthvalueOptions>("kthvalue", ["k", "dim", "keepdim"], args);
    return pair(
      "kthvalue",
      native.kthvalue(handleOf(x), required("kthvalue", o, "k"), o.dim ?? -1, o.keepdim ?? false),
    );
  },
);

type MiddleOptions = { dim?: number; keepdim?: boolean };
function medianOf(x: TensorBase): Tensor;
function medianOf(x: TensorBase, dim: number | MiddleOptions, keepdim?: boolean | MiddleOptions): ValuesAndIndices;
function medianOf(
  x: TensorBase,
  dim?: number | MiddleOptions,
  keepdim?: boolean | MiddleOptions,
): Tensor | ValuesAndIndices {
  return middle("median", x, dim, keepdim, false);
}
/** The middle element, the lower of two; along a dimension with its index. NaN wins. */
export const median = byNameBeside("median", medianOf);
function nanmedianOf(x: TensorBase): Tensor;
function nanmedianOf(x: TensorBase, dim: number | MiddleOptions, keepdim?: boolean | MiddleOptions): ValuesAndIndices;
function nanmedianOf(
  x: TensorBase,
  dim?: number | MiddleOptions,
  keepdim?: boolean | MiddleOptions,
): Tensor | ValuesAndIndices {
  return middle("nanmedian", x, dim, keepdim, true);
}
/** {@link median} that does not look at NaN. */
export const nanmedian = byNameBeside("nanmedian", nanmedianOf);
function middle(
  op: string,
  x: TensorBase,
  dim: number | MiddleOptions | undefined,
  keepdim: boolean | MiddleOptions | undefined,
  ignoreNan: boolean,
): Tensor | ValuesAndIndices {
  const o = readArgs<MiddleOptions>(
    op,
    ["dim", "keepdim"],
    [dim, keepdim].filter((arg) => arg !== undefined),
  );
  if (o.dim === undefined) return wrap(native.median(handleOf(x), ignoreNan));
  return pair(op, native.medianDim(handleOf(x), o.dim, o.keepdim ?? false, ignoreNan));
}

/** The most frequent element along a dimension (of equals the smallest), and where it is last. */
export const mode = byName(
  "mode",
  (x: TensorBase, ...args: Args<MiddleOptions, ["dim", "keepdim"]>): ValuesAndIndices => {
    const { dim = -1, keepdim = false } = readArgs<MiddleOptions>("mode", ["dim", "keepdim"], args);
    return pair("mode", native.mode(handleOf(x), dim, keepdim));
  },
);

/** Options of {@link unique} and {@link uniqueConsecutive}. */
export interface UniqueOptions {
  /** Accepted for PyTorch's sake: the result is always sorted. */
  sorted?: boolean;
  /** Whether to give for each element its place in the result. Default false. */
  returnInverse?: boolean;
  /** Whether to give how often each occurs. Default false. */
  returnCounts?: boolean;
  /** The dimension whose slices are compared. Default: all elements. */
  dim?: number | null;
}
type Distinct = Tensor | Tensor[];

function distinct(x: TensorBase, o: UniqueOptions, consecutive: boolean): Distinct {
  const [values, inverse, counts] = native.unique(handleOf(x), o.dim, consecutive).map(wrap);
  const out = [values, o.returnInverse === true && inverse, o.returnCounts === true && counts].filter(isTensor);
  const [only] = out;
  return out.length === 1 && only !== undefined ? only : out;
}
function uniqueOf(x: TensorBase, options: UniqueOptions & { returnInverse: true }): Tensor[];
function uniqueOf(x: TensorBase, options: UniqueOptions & { returnCounts: true }): Tensor[];
function uniqueOf(
  x: TensorBase,
  ...args: Args<UniqueOptions, ["sorted", "returnInverse", "returnCounts", "dim"]>
): Tensor;
function uniqueOf(x: TensorBase, ...args: readonly unknown[]): Distinct {
  return distinct(
    x,
    readArgs<UniqueOptions>("unique", ["sorted", "returnInverse", "returnCounts", "dim"], args),
    false,
  );
}
/** The distinct elements in order: alone, or with the inverse and the counts that were asked for. */
export const unique = byNameBeside("unique", uniqueOf);
function uniqueConsecutiveOf(
  x: TensorBase,
  options: UniqueOptions & ({ returnInverse: true } | { returnCounts: true }),
): Tensor[];
function uniqueConsecutiveOf(
  x: TensorBase,
  ...args: Args<UniqueOptions, ["returnInverse", "returnCounts", "dim"]>
): Tensor;
function uniqueConsecutiveOf(x: TensorBase, ...args: readonly unknown[]): Distinct {
  const names = ["returnInverse", "returnCounts", "dim"] as const;
  return distinct(x, readArgs<UniqueOptions>("uniqueConsecutive", names, args), true);
}
/** x without repetitions of neighbours: alone, or with the inverse and the counts that were asked for. */
export const uniqueConsecutive = byNameBeside("uniqueConsecutive", uniqueConsecutiveOf);

/** Options of {@link bincount}. */
export interface BincountOptions {
  /** What each element counts. Default 1. */
  weights?: TensorBase | null;
  /** The least length of the result. Default 0. */
  minlength?: number;
}
/** How often each number 0, 1, ... occurs in a vector of integers, or the sums of weights. */
export const bincount = byName(
  "bincount",
  (x: TensorBase, ...args: Args<BincountOptions, ["weights", "minlength"]>): Tensor => {
    const { weights, minlength = 0 } = readArgs<BincountOptions>("bincount", ["weights", "minlength"], args);
    return wrap(native.bincount(handleOf(x), weights ? handleOf(weights) : null, minlength));
  },
);

/** Options of {@link histc}. */
export interface HistcOptions {
  /** How many bins. Default 100. */
  bins?: number;
  /** The lower edge. Default 0; both 0 mean the range of the data. */
  min?: number;
  /** The upper edge. Default 0. */
  max?: number;
}
/** Counts in equal bins. */
export const histc = byName("histc", (x: TensorBase, ...args: Args<HistcOptions, ["bins", "min", "max"]>): Tensor => {
  const { bins = 100, min = 0, max = 0 } = readArgs<HistcOptions>("histc", ["bins", "min", "max"], args);
  return wrap(native.histc(handleOf(x), bins, min, max));
});

/** Options of {@link histogram}. */
export interface HistogramOptions {
  /** How many equal bins, or their edges. */
  bins?: number | TensorBase;
  /** The outer edges of equal bins. Default: the range of the data. */
  range?: readonly number[] | null;
  /** What each element counts. Default 1. */
  weight?: TensorBase | null;
  /** Whether to give densities, whose integral is 1. Default false. */
  density?: boolean;
}
/** Counts (or sums of weights, or densities) in bins, and their edges. */
export const histogram = byName(
  "histogram",
  (
    x: TensorBase,
    ...args: Args<HistogramOptions, ["bins", "range", "weight", "density"]>
  ): readonly [Tensor, Tensor] & { readonly hist: Tensor; readonly binEdges: Tensor } => {
    const o = readArgs<HistogramOptions>("histogram", ["bins", "range", "weight", "density"], args);
    const bins = required("histogram", o, "bins");
    const both = native.histogram(
      handleOf(x),
      isTensor(bins) ? handleOf(bins) : (bins as number),
      o.range ? listOf<number>("histogram", "range", o.range) : null,
      o.weight ? handleOf(o.weight) : null,
      o.density ?? false,
    );
    return named("histogram", [wrap(both[0]), wrap(both[1])] as const, ["hist", "binEdges"]);
  },
);
