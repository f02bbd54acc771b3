/** Ratios of counts, and their averages. */
import { onesLike, zerosLike } from "../../creation.js";
import { where } from "../../ops/join.js";
import type { Tensor } from "../../tensor.js";
import type { Average, MultidimAverage } from "./options.js";

/** True and false positives and negatives: of all, of each class [C], or of each sample [N] or [N, C]. */
export type Counts = {
  readonly tp: Tensor;
  readonly fp: Tensor;
  readonly tn: Tensor;
  readonly fn: Tensor;
};

/** How counts are reduced. `average` is `"binary"` where there is one class alone. */
export interface Reduction {
  readonly average: Average | "binary";
  readonly multidimAverage: MultidimAverage;
  readonly multilabel: boolean;
  readonly topK: number;
  readonly zeroDivision: number;
}

const asFloat = (x: Tensor) => (x.isFloatingPoint() ? x : x.to("float32"));

/** num / denom, and `zeroDivision` where the denominator is 0; null leaves what the division gives. */
export function safeDivide(num: Tensor, denom: Tensor, zeroDivision: number | null = 0): Tensor {
  const [n, d] = [asFloat(num), asFloat(denom)];
  const quotient = n.div(d);
  return zeroDivision === null ? quotient : where(d.ne(0), quotient, zerosLike(quotient).fill_(zeroDivision));
}

/** The average of scores of classes: classes that occur nowhere do not count in the mean of a multiclass metric. */
export function averaged(score: Tensor, { tp, fp, fn }: Counts, r: Reduction): Tensor {
  if (r.average === null || r.average === "none") return score;
  let weights = tp.add(fn);
  if (r.average !== "weighted") {
    weights = onesLike(score);
    if (!r.multilabel) weights = weights.maskedFill((r.topK === 1 ? tp.add(fp).add(fn) : tp.add(fn)).eq(0), 0);
  }
  return safeDivide(weights.mul(score), weights.sum(-1, true)).sum(-1);
}

/** The counts of all classes together, for `"micro"`. */
export function together(counts: Counts, { multidimAverage }: Reduction): Counts {
  const dim = multidimAverage === "global" ? 0 : 1;
  const sum = (x: Tensor) => (x.ndim > dim ? x.sum(dim) : x);
  return { tp: sum(counts.tp), fp: sum(counts.fp), tn: sum(counts.tn), fn: sum(counts.fn) };
}

/**
 * A score that is a ratio of counts: of both outcomes of one class, of all counts together, or of each class and then averaged.
 * `zeroDivision` is the value of 0 / 0, but not in the mean of classes.
 */
export function ratio(
  counts: Counts,
  r: Reduction,
  terms: (counts: Counts) => readonly [num: Tensor, denom: Tensor],
  change = (score: Tensor) => score,
): Tensor {
  if (r.average === "binary") return change(safeDivide(...terms(counts), r.zeroDivision));
  if (r.average === "micro") return change(safeDivide(...terms(together(counts, r)), r.zeroDivision));
  return averaged(change(safeDivide(...terms(counts), r.zeroDivision)), counts, r);
}
