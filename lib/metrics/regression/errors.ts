/** Mean squared and mean absolute errors, and the coefficient of determination. */
import { onesLike, tensor, zeros, zerosLike } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { isclose } from "../../ops/compare.js";
import { where } from "../../ops/join.js";
import { pyRepr } from "../../repr.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";
import { checkSameShape } from "../classification/inputs.js";
import { expectArgument } from "../classification/options.js";
import { functionOf, type Measure, metricOf } from "../measure.js";

/** Options of metrics of several outputs. */
export interface OutputsOptions {
  /** The number of outputs: the second dimension of both. Default 1. */
  numOutputs?: number;
}
/** Options of {@link meanSquaredError}. */
export interface SquaredErrorOptions extends OutputsOptions {
  /** Whether the value is the mean square, and not its root. Default true. */
  squared?: boolean;
}
type SumState = { readonly sum: Tensor; readonly total: Tensor };

const readOutputs = <O extends OutputsOptions>(op: string, given: Partial<O>): O => {
  const { numOutputs = 1 } = given;
  expectArgument(op, Number.isInteger(numOutputs) && numOutputs > 0, "num_outputs to be an int larger than 0", numOutputs); // biome-ignore format: one line
  return given as O;
};

/** Differences summed over the samples. */
function sumOf(preds: Tensor, target: Tensor, numOutputs: number, of: (difference: Tensor) => Tensor): SumState {
  checkSameShape(preds, target);
  const flat = (x: Tensor) => (numOutputs === 1 ? x.reshape(-1) : x);
  const difference = flat(preds).sub(flat(target));
  return { sum: of(difference).sum(0), total: tensor(difference.size(0), { dtype: "int64" }) };
}
const noSum = ({ numOutputs = 1 }: OutputsOptions): SumState => ({
  sum: zeros(numOutputs === 1 ? [] : [numOutputs]),
  total: tensor(0, { dtype: "int64" }),
});

const squaredError: Measure<SquaredErrorOptions, SumState, Tensor> = {
  read: readOutputs,
  count: (_op, preds, target, { numOutputs = 1 }) => sumOf(preds, target, numOutputs, (d) => d.mul(d)),
  value: ({ sum, total }, { squared = true }) => (squared ? sum.div(total) : sum.div(total).sqrt()),
  empty: noSum,
  higherIsBetter: false,
};
const absoluteError: Measure<OutputsOptions, SumState, Tensor> = {
  read: readOutputs,
  count: (_op, preds, target, { numOutputs = 1 }) => sumOf(preds, target, numOutputs, (d) => d.abs()),
  value: ({ sum, total }) => sum.div(total),
  empty: noSum,
  higherIsBetter: false,
};

/** The mean of (preds - target)^2, or its root: preds and target of one shape. */
export const meanSquaredError = functionOf("meanSquaredError", squaredError, ["squared", "numOutputs"]);
/** {@link meanSquaredError} over batches. */
export class MeanSquaredError extends metricOf(squaredError, ["squared", "numOutputs"]) {}
/** The mean of |preds - target|: preds and target of one shape. */
export const meanAbsoluteError = functionOf("meanAbsoluteError", absoluteError, ["numOutputs"]);
/** {@link meanAbsoluteError} over batches. */
export class MeanAbsoluteError extends metricOf(absoluteError, ["numOutputs"]) {}

/** Options of {@link r2Score}. */
export interface R2Options {
  /** How many independent variables the score is adjusted for. Default 0: it is not. */
  adjusted?: number;
  /** How the scores of outputs become one. Default `"uniform_average"`. */
  multioutput?: "raw_values" | "uniform_average" | "variance_weighted";
}
type R2State = { readonly squares: Tensor; readonly sum: Tensor; readonly residual: Tensor; readonly total: Tensor };

const r2: Measure<R2Options, R2State, Tensor> = {
  read(op, given) {
    const { adjusted = 0, multioutput = "uniform_average" } = given;
    const adjusts = Number.isInteger(adjusted) && adjusted >= 0;
    if (!adjusts) throw new ArgumentError("`adjusted` parameter should be an integer larger or equal to 0.", { op });
    if (!["raw_values", "uniform_average", "variance_weighted"].includes(multioutput)) {
      throw new ArgumentError(`Invalid input to argument \`multioutput\`. Choose one of the following: ('raw_values', 'uniform_average', 'variance_weighted'), received ${pyRepr(multioutput)}`, { op }); // biome-ignore format: one line
    }
    return given;
  },
  count(op, preds, target) {
    checkSameShape(preds, target);
    if (preds.ndim > 2) {
      throw new ArgumentError(`Expected both prediction and target to be 1D or 2D tensors, but received tensors with dimension torch.Size([${preds.shape.join(", ")}])`, { op }); // biome-ignore format: one line
    }
    const residual = target.sub(preds);
    const sum = (x: Tensor) => x.sum(0);
    return {
      ...{ squares: sum(target.mul(target)), sum: sum(target), residual: sum(residual.mul(residual)) },
      total: tensor(target.size(0), { dtype: "int64" }),
    };
  },
  value: r2Of,
  empty: () => ({ squares: tensor(0), sum: tensor(0), residual: tensor(0), total: tensor(0, { dtype: "int64" }) }),
  higherIsBetter: true,
};

function r2Of(
  { squares, sum, residual, total }: R2State,
  { adjusted = 0, multioutput = "uniform_average" }: R2Options,
): Tensor {
  // biome-ignore format: one line
  const n = total.item() as number;
  if (n < 2) throw new ArgumentError("Needs at least two samples to calculate r2 score.");
  const variance = squares.sub(sum.mul(sum.div(n)));
  const isSome = (x: Tensor) => isclose(x, zerosLike(x), { atol: 1e-4 }).logicalNot();
  const [misses, varies] = [isSome(residual), isSome(variance)];
  const raw = where(misses.logicalAnd(varies), residual.div(variance).neg().add(1), onesLike(residual));
  const scores = raw.maskedFill(misses.logicalAnd(varies.logicalNot()), 0);
  const score =
    multioutput === "raw_values"
      ? scores
      : multioutput === "uniform_average"
        ? scores.mean()
        : variance.div(variance.sum()).mul(scores).sum();
  if (adjusted === 0) return score;
  if (adjusted >= n - 1) {
    const why = adjusted > n - 1 ? "More independent regressions than data points" : "Division by zero";
    warnOnce("CANDLEWICK_R2_ADJUSTED", `${why} in adjusted r2 score. Falls back to standard r2 score.`);
    return score;
  }
  return score.neg().add(1).mul((n - 1) / (n - adjusted - 1)).neg().add(1); // biome-ignore format: one line
}

/** 1 - the residual's sum of squares / the target's variance: preds and target [N] or [N, outputs].   [Wikipedia](https://en.wikipedia.org/wiki/Coefficient_of_determination) */
export const r2Score = functionOf("r2Score", r2, ["adjusted", "multioutput"]);
/** {@link r2Score} over batches. */
export class R2Score extends metricOf(r2, ["adjusted", "multioutput"]) {}
