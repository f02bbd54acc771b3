/** Adaptive softmax: a head for frequent classes, smaller tails for the rare ones.   [Grave et al. 2017] */

import { type Args, readArgs, required } from "../../args.js";
import { listOf } from "../../argument-types.js";
import { arange, zeros } from "../../creation.js";
import { ArgumentError, IndexError, ShapeError } from "../../errors.js";
import { gather, indexSelect, nonzero } from "../../ops/indexing.js";
import { cat, where } from "../../ops/join.js";
import { add, ge, logicalAnd, lt, neg, sub } from "../../ops/pointwise.js";
import { argmax, logSoftmax, mean, sum } from "../../ops/reduction.js";
import { narrow, reshape, select, squeeze, unsqueeze } from "../../ops/shape.js";
import type { Tensor } from "../../tensor.js";
import { ModuleList, Sequential } from "../containers.js";
import { type FactoryOptions, Linear } from "../linear.js";
import { Module } from "../module.js";

/** Options of {@link AdaptiveLogSoftmaxWithLoss}. */
export interface AdaptiveLogSoftmaxOptions extends FactoryOptions {
  /** How much smaller the inner size of each next tail is. Default 4. */
  divValue?: number;
  /** Whether the head learns a bias. Default false. */
  headBias?: boolean;
}

interface AdaptiveAll extends AdaptiveLogSoftmaxOptions {
  inFeatures: number;
  nClasses: number;
  cutoffs: readonly number[];
}

/** The log-probability of each sample's target, and the mean of their negatives: a pair, and by name. */
export type AdaptiveOutput = readonly [output: Tensor, loss: Tensor] & {
  readonly output: Tensor;
  readonly loss: Tensor;
};

const NAMES = ["inFeatures", "nClasses", "cutoffs", "divValue", "headBias", "device", "dtype"] as const;

/**
 * Log-softmax over many classes, sorted by how often they come, and its loss. Classes below the first cutoff are in the
 * head; each further stretch of classes has a tail of its own. Input [N, inFeatures] or [inFeatures], target int64 [N] or [].
 */
export class AdaptiveLogSoftmaxWithLoss extends Module {
  readonly inFeatures: number;
  readonly nClasses: number;
  readonly cutoffs: readonly number[];
  readonly divValue: number;
  readonly headBias: boolean;
  readonly shortlistSize: number;
  readonly nClusters: number;
  readonly headSize: number;
  readonly head: Linear<boolean>;
  readonly tail: ModuleList;

  constructor(
    ...args:
      | [
          inFeatures: number,
          nClasses: number,
          cutoffs: readonly number[],
          ...rest: Args<AdaptiveLogSoftmaxOptions, ["divValue", "headBias", "device", "dtype"]>,
        ]
      | [options: AdaptiveAll]
  ) {
    super();
    const op = "AdaptiveLogSoftmaxWithLoss";
    const o = readArgs<AdaptiveAll>(op, NAMES, args);
    const { divValue = 4, headBias = false, device, dtype } = o;
    this.inFeatures = required(op, o, "inFeatures");
    this.nClasses = required(op, o, "nClasses");
    const cutoffs = checkCutoffs(listOf(op, "cutoffs", required(op, o, "cutoffs")), this.nClasses);
    const [first = 0] = cutoffs;
    this.cutoffs = [...cutoffs, this.nClasses];
    this.divValue = divValue;
    this.headBias = headBias;
    this.shortlistSize = first;
    this.nClusters = cutoffs.length;
    this.headSize = first + cutoffs.length;
    this.head = new Linear(this.inFeatures, this.headSize, { bias: headBias, device, dtype });
    this.tail = new ModuleList();
    for (const [i, [start, stop]] of stretches(this.cutoffs).entries()) {
      const inner = Math.floor(this.inFeatures / divValue ** (i + 1));
      const factory = { bias: false, device, dtype };
      this.tail.append(
        new Sequential(new Linear(this.inFeatures, inner, factory), new Linear(inner, stop - start, factory)),
      );
    }
  }

  /** Draws the initial parameters anew. */
  resetParameters(): void {
    this.head.resetParameters();
    for (const part of this.modules()) if (part instanceof Linear && part !== this.head) part.resetParameters();
  }

  forward(input: Tensor, target: Tensor): AdaptiveOutput {
    checkInput(input, target);
    const single = target.ndim === 0;
    const [x, t] = single ? [unsqueeze(input, 0), unsqueeze(target, 0)] : [input, target];
    const n = t.size(0);
    const rows = arange(n);
    // Where the head has the answer, or the tail that does; and what tails add, row by row.
    let inHead = zeros([n], { dtype: "int64" });
    let output = zeros([n], { dtype: x.dtype });
    let used = 0;
    for (const [i, [start, stop]] of ([[0, this.shortlistSize], ...stretches(this.cutoffs)] as const).entries()) {
      const mask = logicalAnd(ge(t, start), lt(t, stop));
      const places = reshape(nonzero(mask), [-1]);
      if (places.numel() === 0) continue;
      used += places.numel();
      inHead = where(mask, i === 0 ? t : this.shortlistSize + i - 1, inHead);
      if (i === 0) continue;
      const relative = sub(indexSelect(t, 0, places), start);
      const logProb = tailLogProb(this.tail, i - 1, indexSelect(x, 0, places));
      const local = squeeze(gather(logProb, 1, unsqueeze(relative, 1)), 1);
      // Each row is found among the places, so that the result keeps its order.
      const found = unsqueeze(rows, 1).eq(unsqueeze(places, 0));
      output = add(output, sum(where(found, unsqueeze(local, 0), 0), { dim: 1 }));
    }
    if (used !== n) {
      const [low, high] = [t.min().item(), t.max().item()];
      throw new IndexError(
        `Target values should be in [0, ${this.nClasses - 1}], but values in range [${low}, ${high}] were found. `,
      );
    }
    const headLogProb = logSoftmax(this.head.forward(x), 1);
    output = add(output, squeeze(gather(headLogProb, 1, unsqueeze(inHead, 1)), 1));
    const loss = mean(neg(output));
    return named(single ? squeeze(output, 0) : output, loss);
  }

  /** The log-probabilities of all classes: [N, inFeatures] -> [N, nClasses]. */
  logProb(input: Tensor): Tensor {
    const headLogProb = logSoftmax(this.head.forward(input), 1);
    const tails = stretches(this.cutoffs).map((_, i) => {
      const cluster = unsqueeze(select(headLogProb, 1, this.shortlistSize + i), 1);
      return add(tailLogProb(this.tail, i, input), cluster);
    });
    return cat([narrow(headLogProb, 1, 0, this.shortlistSize), ...tails], 1);
  }

  /** The most likely class of each row: [N, inFeatures] -> int64 [N]. */
  predict(input: Tensor): Tensor {
    return argmax(this.logProb(input), 1);
  }
}

/** The classes of each tail: from the first to below the second. */
function stretches(cutoffs: readonly number[]): [number, number][] {
  return cutoffs.slice(1).map((stop, i) => [cutoffs[i] ?? 0, stop]);
}

/** The log-probabilities of a tail's classes. */
function tailLogProb(tail: ModuleList, i: number, x: Tensor): Tensor {
  const projection = tail.get(i);
  if (!(projection instanceof Sequential)) throw new ArgumentError(`expected tail.${i} to be a Sequential`);
  return logSoftmax(projection.forward(x), 1);
}

function checkCutoffs(cutoffs: readonly number[], nClasses: number): readonly number[] {
  if (cutoffs.length === 0) throw new ArgumentError("cutoffs should be a sequence of length larger than 0");
  const fits = (cut: number, i: number) =>
    Number.isInteger(cut) && cut > (cutoffs[i - 1] ?? 0) && cut >= 1 && cut <= nClasses - 1;
  if (cutoffs.every(fits)) return cutoffs;
  throw new ArgumentError(
    "cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each value is between 1 and n_classes-1",
  );
}

function checkInput(input: Tensor, target: Tensor): void {
  const size = `torch.Size([${input.shape.join(", ")}])`;
  if (target.ndim > 1) throw new ShapeError("0D or 1D target tensor expected, multi-target not supported");
  if (target.ndim === 1 && input.size(0) !== target.size(0)) {
    throw new ShapeError("Input and target should have the same size in the batch dimension.");
  }
  if (input.ndim !== target.ndim + 1) {
    throw new ShapeError(
      `${target.ndim}D target tensor expects ${target.ndim + 1}D input tensors, but found inputs with size ${size}`,
    );
  }
}

function named(output: Tensor, loss: Tensor): AdaptiveOutput {
  const both: readonly [Tensor, Tensor] = [output, loss];
  return Object.defineProperties(both as AdaptiveOutput, { output: { value: output }, loss: { value: loss } });
}
