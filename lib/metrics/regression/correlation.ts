/** Correlations of predictions and targets. */
import { arange, fullLike, tensor, zeros } from "../../creation.js";
import { ArgumentError, DTypeError } from "../../errors.js";
import { stack, where } from "../../ops/join.js";
import { maximum } from "../../ops/pointwise.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";
import { checkSameShape } from "../classification/inputs.js";
import { functionOf, type Measure, metricOf } from "../measure.js";
import { joined } from "../metric.js";
import type { OutputsOptions } from "./errors.js";

function checkOutputs(preds: Tensor, target: Tensor, numOutputs: number): void {
  checkSameShape(preds, target);
  if (preds.ndim > 2) {
    throw new ArgumentError(`Expected both predictions and target to be either 1- or 2-dimensional tensors, but got ${target.ndim} and ${preds.ndim}.`); // biome-ignore format: one line
  }
  const columns = preds.shape[1] ?? 1;
  if (numOutputs === columns || (numOutputs > 1 && preds.ndim === 1)) return;
  throw new ArgumentError(`Expected argument \`num_outputs\` to match the second dimension of input, but got ${numOutputs} and ${columns}.`); // biome-ignore format: one line
}

/** The functions take as many outputs as there are. */
const ofAnyWidth = (): OutputsOptions => ({});

/** Means, sums of squares and products around them, and how many samples: they can be added. */
type PearsonState = Readonly<Record<"meanX" | "meanY" | "devX" | "devY" | "varX" | "varY" | "corr" | "total", Tensor>>;

const pearson: Measure<OutputsOptions, PearsonState, Tensor> = {
  read: (_op, given) => ({ numOutputs: 1, ...given }),
  count(_op, preds, target, { numOutputs = preds.shape[1] ?? 1 }) {
    checkOutputs(preds, target, numOutputs);
    const [meanX, meanY] = [preds.mean(0), target.mean(0)];
    const [x, y] = [preds.sub(meanX), target.sub(meanY)];
    const largest = (v: Tensor) => v.abs().max(0).values;
    return {
      ...{ meanX, meanY, devX: largest(x), devY: largest(y), total: tensor(preds.size(0)) },
      ...{ varX: x.square().sum(0), varY: y.square().sum(0), corr: x.mul(y).sum(0) },
    };
  },
  merge(a, b) {
    const total = a.total.add(b.total);
    const [stepX, stepY] = [b.meanX.sub(a.meanX), b.meanY.sub(a.meanY)];
    const [share, both] = [b.total.div(total), a.total.mul(b.total).div(total)];
    return {
      ...{ meanX: a.meanX.add(stepX.mul(share)), meanY: a.meanY.add(stepY.mul(share)), total },
      ...{ devX: maximum(a.devX, b.devX), devY: maximum(a.devY, b.devY) },
      varX: a.varX.add(b.varX).add(stepX.square().mul(both)),
      varY: a.varY.add(b.varY).add(stepY.square().mul(both)),
      corr: a.corr.add(b.corr).add(stepX.mul(stepY).mul(both)),
    };
  },
  value({ devX, devY, varX, varY, corr, total }) {
    const n = total.sub(1);
    // Divided by the largest deviation, so that small numbers do not vanish.
    const [x, y] = [varX.div(n).div(devX.square()), varY.div(n).div(devY.square())];
    const c = corr.div(n).div(devX.mul(devY));
    const bound = Math.sqrt(x.dtype === "float64" ? 2 ** -52 : 2 ** -23);
    const finite = (v: Tensor) => v.isfinite();
    const good = x.ge(bound).logicalAnd(y.ge(bound)).logicalAnd(finite(x)).logicalAnd(finite(y)).logicalAnd(finite(c)); // biome-ignore format: one line
    if (!good.all().item()) {
      warnOnce("CANDLEWICK_PEARSON_VARIANCE", `The variance of predictions or target is close to zero. This can cause instability in Pearson correlationcoefficient, leading to wrong results. Consider re-scaling the input if possible or computing using alarger dtype (currently using torch.${x.dtype}). Setting the correlation coefficient to nan.`); // biome-ignore format: one line
    }
    const value = c.div(x.mul(y).sqrt()).clamp({ min: -1, max: 1 });
    return where(good, value, fullLike(value, Number.NaN)).squeeze();
  },
  empty: ({ numOutputs = 1 }) => {
    const none = zeros(numOutputs === 1 ? [] : [numOutputs]);
    return { meanX: none, meanY: none, devX: none, devY: none, varX: none, varY: none, corr: none, total: tensor(0) };
  },
};

/** Pearson's correlation: preds and target [N] or [N, outputs] -> from -1 to 1.   [Wikipedia](https://en.wikipedia.org/wiki/Pearson_correlation_coefficient) */
export const pearsonCorrcoef = functionOf("pearsonCorrcoef", { ...pearson, read: ofAnyWidth }, []);
/** {@link pearsonCorrcoef} over batches, in constant memory. */
export class PearsonCorrCoef extends metricOf(pearson, ["numOutputs"]) {}

/** The ranks of values, from 1; equal values have the mean of theirs. */
function ranks(values: Tensor): Tensor {
  const n = values.numel();
  const order = values.argsort({ stable: true });
  const rank = zeros([n]).scatter(0, order, arange(1, n + 1).to("float32"));
  const [, inverse, counts] = values.unique({ returnInverse: true, returnCounts: true }) as unknown as [Tensor, Tensor, Tensor]; // biome-ignore format: one line
  const sums = zeros([counts.numel()]).scatterAdd(0, inverse, rank);
  return sums.div(counts).index(inverse);
}

type SpearmanState = { readonly preds: readonly Tensor[]; readonly target: readonly Tensor[] };
const spearman: Measure<OutputsOptions, SpearmanState, Tensor> = {
  read: (_op, given) => ({ numOutputs: 1, ...given }),
  count(op, preds, target, { numOutputs = preds.shape[1] ?? 1 }) {
    if (!preds.isFloatingPoint() || !target.isFloatingPoint()) {
      throw new DTypeError(`Expected \`preds\` and \`target\` both to be floating point tensors, but got torch.${preds.dtype} and torch.${target.dtype}`, { op }); // biome-ignore format: one line
    }
    checkOutputs(preds, target, numOutputs);
    return { preds: [preds], target: [target] };
  },
  value(state) {
    const ranked = (list: readonly Tensor[]) => {
      const x = joined(list);
      return x.ndim === 1 ? ranks(x) : stack(x.t().unbind(0).map((column) => ranks(column.contiguous()))).t(); // biome-ignore format: one line
    };
    const centred = (x: Tensor) => x.sub(x.mean(0));
    const [x, y] = [centred(ranked(state.preds)), centred(ranked(state.target))];
    const deviation = (v: Tensor) => v.square().mean(0).sqrt();
    return x.mul(y).mean(0).div(deviation(x).mul(deviation(y)).add(1e-6)).clamp({ min: -1, max: 1 }); // biome-ignore format: one line
  },
  empty: () => ({ preds: [zeros([0])], target: [zeros([0])] }),
};

/** Spearman's correlation, of ranks: preds and target [N] or [N, outputs] -> from -1 to 1.   [Wikipedia](https://en.wikipedia.org/wiki/Spearman%27s_rank_correlation_coefficient) */
export const spearmanCorrcoef = functionOf("spearmanCorrcoef", { ...spearman, read: ofAnyWidth }, []);
/** {@link spearmanCorrcoef} over batches, which are kept. */
export class SpearmanCorrCoef extends metricOf(spearman, ["numOutputs"]) {}
