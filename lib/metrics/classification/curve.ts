/** What the metrics of curves share: scores and targets, or counts at thresholds, which need constant memory. */
import { arange, linspace, ones, tensor, zeros } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { keep } from "../../memory.js";
import { oneHot } from "../../nn/functional.js";
import { cat, stack } from "../../ops/join.js";
import { bucketize } from "../../ops/search.js";
import { describe, isTensor } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { type Measure, needed } from "../measure.js";
import { joined } from "../metric.js";
import { checkLabels, checkRange, counting, probabilities } from "./inputs.js";
import { type ClassesOptions, type CommonOptions, checkCount, checkIgnoreIndex, checkOneOf, type LabelsOptions } from "./options.js"; // biome-ignore format: one line
import { safeDivide } from "./reduce.js";

/** Options of curves. */
export interface CurveOptions extends CommonOptions {
  /**
   * At which scores the curve has points: so many from 0 to 1, or these. Default: at every score that occurs, for which all scores are
   * kept; with thresholds the memory is constant.
   */
  thresholds?: number | readonly number[] | Tensor | null;
}
/** Options of binary curves. */
export interface BinaryCurveOptions extends CurveOptions {
  /** How scores outside of 0 to 1 become probabilities; null leaves them. Default `"sigmoid"`. */
  normalization?: "sigmoid" | null;
}
/** Options of multiclass curves. */
export interface MulticlassCurveOptions extends CurveOptions, ClassesOptions {}
/** Options of multilabel curves. */
export interface MultilabelCurveOptions extends CurveOptions, LabelsOptions {}

/** The state: counts [T, 2, 2] or [T, C, 2, 2] at thresholds, or all scores and targets. */
export type CurveState = { readonly confmat: Tensor } | { readonly preds: readonly Tensor[]; readonly target: readonly Tensor[] }; // biome-ignore format: one line

/** What a curve is computed of. */
export type CurveData = { readonly confmat: Tensor; readonly thresholds: Tensor } | { readonly preds: Tensor; readonly target: Tensor }; // biome-ignore format: one line

/** Points of a curve; a list where the classes have different numbers of points. */
export type Curve = [x: Tensor | Tensor[], y: Tensor | Tensor[], thresholds: Tensor | Tensor[]];

/** Thresholds as a tensor. Errors: fewer than two, or outside of 0 to 1. */
function thresholdsOf(op: string, given: CurveOptions["thresholds"]): Tensor | null {
  if (given === undefined || given === null) return null;
  if (isTensor(given)) {
    if (given.ndim === 1) return given;
    throw new ArgumentError("If argument `thresholds` is an tensor, expected the tensor to be 1d", { op });
  }
  if (typeof given === "number") {
    if (Number.isInteger(given) && given >= 2) return keep(linspace(0, 1, given));
    throw new ArgumentError(`If argument \`thresholds\` is an integer, expected it to be larger than 1, but got ${given}`, { op }); // biome-ignore format: one line
  }
  if (Array.isArray(given)) {
    if (given.every((t) => typeof t === "number" && t >= 0 && t <= 1)) return keep(tensor([...given]));
    throw new ArgumentError("If argument `thresholds` is a list, expected all elements to be floats in the [0,1] range", { op }); // biome-ignore format: one line
  }
  throw new ArgumentError(`Expected argument \`thresholds\` to either be an integer, list of floats or tensor of floats, but got ${describe(given)}`, { op }); // biome-ignore format: one line
}

/** Options read: thresholds are a tensor. */
function readCurve<O extends CurveOptions>(op: string, given: Partial<O>): O {
  if (given.validateArgs ?? true) checkIgnoreIndex(op, given.ignoreIndex);
  return { ...given, thresholds: thresholdsOf(op, given.thresholds) } as O;
}

function checkScores(op: string, preds: Tensor, target: Tensor): void {
  if (target.isFloatingPoint() && !target.frac().eq(0).all().item()) {
    throw new ArgumentError(`Expected argument \`target\` to be an int or long tensor with ground truth labels but got tensor with dtype torch.${target.dtype}`, { op }); // biome-ignore format: one line
  }
  if (preds.isFloatingPoint()) return;
  throw new ArgumentError(`Expected argument \`preds\` to be an floating tensor with probability/logit scores, but got tensor with dtype torch.${preds.dtype}`, { op }); // biome-ignore format: one line
}

/** Counts at thresholds of scores [N, C] whose targets are 0 or 1: int64 [T, C, 2, 2]. Only `counted` entries are. */
function countsAt(scores: Tensor, positive: Tensor, thresholds: Tensor, counted: Tensor | null): Tensor {
  const [classes, count] = [scores.size(1), thresholds.numel()];
  const { values, indices } = thresholds.sort();
  // Of each score, how many thresholds it reaches.
  const reached = bucketize(scores, values, { right: true });
  const place = positive.to("int64").mul(count + 1).add(reached).add(arange(classes).mul(2 * (count + 1))); // biome-ignore format: one line
  const kept = counted === null ? place.flatten() : place.index(counted);
  const histogram = kept.bincount({ minlength: 2 * (count + 1) * classes }).reshape(classes, 2, count + 1);
  const below = histogram.cumsum(2).narrow(2, 0, count);
  const above = histogram.sum(2, true).sub(below);
  const sorted = stack([below, above], -1).permute([2, 0, 1, 3]); // [T, C, targets, predictions]
  return sorted.index(indices.argsort());
}

/** A binary curve, or what is computed of one. */
export function binaryCurve<O extends BinaryCurveOptions, R>(
  value: (data: CurveData, o: O) => R,
  check: (op: string, o: Partial<O>) => void = () => {},
): Measure<O, CurveState, R> {
  return {
    read(op, given) {
      check(op, given);
      return readCurve<O>(op, given);
    },
    count(op, preds, target, o) {
      const { ignoreIndex = null, normalization = "sigmoid" } = o;
      if (o.validateArgs ?? true) {
        checkScores(op, preds, target);
        checkLabels(preds, target, ignoreIndex);
      }
      const [scores, wanted] = counting(preds.flatten(), target.flatten(), ignoreIndex);
      const p = probabilities(scores, normalization);
      if (!isTensor(o.thresholds)) return { preds: [p], target: [wanted] };
      return { confmat: countsAt(p.unsqueeze(1), wanted.eq(1).unsqueeze(1), o.thresholds, null).squeeze(1) };
    },
    value: (state, o) => value(dataOf(state, o), o),
    empty: (o) => emptyState(o, []),
  };
}

/** A curve of each class, or what is computed of them. */
export function multiclassCurve<O extends MulticlassCurveOptions & { average?: unknown }, R>(
  value: (data: CurveData, o: O) => R,
  averages: readonly unknown[],
): Measure<O, CurveState, R> {
  return {
    read(op, given) {
      const numClasses = needed<O, "numClasses">(op, given, "numClasses");
      if (given.validateArgs ?? true) {
        checkCount(op, "num_classes", numClasses);
        checkOneOf(op, "average", averages, given.average);
      }
      return readCurve<O>(op, given);
    },
    count(op, preds, target, o) {
      const { ignoreIndex = null, numClasses } = o;
      if (o.validateArgs ?? true) checkClassScores(op, preds, target, numClasses, ignoreIndex);
      const rows = preds.transpose(0, 1).reshape(numClasses, -1).t();
      const [scores, wanted] = counting(rows, target.flatten(), ignoreIndex);
      const p = probabilities(scores, "softmax");
      const micro = o.average === "micro" && averages.includes("micro");
      const hot = () => oneHot(wanted.to("int64"), numClasses);
      if (!isTensor(o.thresholds)) {
        return micro ? { preds: [p.flatten()], target: [hot().flatten()] } : { preds: [p], target: [wanted] };
      }
      const counts = countsAt(p, hot().eq(1), o.thresholds, null);
      return { confmat: micro ? counts.sum(1) : counts };
    },
    value: (state, o) => value(dataOf(state, o), o),
    empty: (o) => emptyState(o, [o.numClasses]),
  };
}

function checkClassScores(
  op: string,
  preds: Tensor,
  target: Tensor,
  numClasses: number,
  ignoreIndex: number | null,
): void {
  // biome-ignore format: one line
  if (preds.ndim !== target.ndim + 1) {
    throw new ArgumentError(`Expected \`preds\` to have one more dimension than \`target\` but got ${preds.ndim} and ${target.ndim}`, { op }); // biome-ignore format: one line
  }
  checkScores(op, preds, target);
  if (preds.shape[1] !== numClasses) {
    throw new ArgumentError(`Expected \`preds.shape[1]\` to be equal to the number of classes but got ${preds.shape[1]} and ${numClasses}.`, { op }); // biome-ignore format: one line
  }
  const wanted = [preds.size(0), ...preds.shape.slice(2)];
  if (!wanted.every((n, i) => n === target.shape[i])) {
    throw new ArgumentError(`Expected the shape of \`preds\` should be (N, C, ...) and the shape of \`target\` should be (N, ...) but got torch.Size([${preds.shape.join(", ")}]) and torch.Size([${target.shape.join(", ")}])`, { op }); // biome-ignore format: one line
  }
  checkRange(target, "target", numClasses, ignoreIndex);
}

/** A curve of each label, or what is computed of them. */
export function multilabelCurve<O extends MultilabelCurveOptions & { average?: unknown }, R>(
  value: (data: CurveData, o: O) => R,
  averages: readonly unknown[] = [undefined],
): Measure<O, CurveState, R> {
  return {
    read(op, given) {
      const numLabels = needed<O, "numLabels">(op, given, "numLabels");
      if (given.validateArgs ?? true) {
        checkCount(op, "num_labels", numLabels);
        checkOneOf(op, "average", averages, given.average);
      }
      return readCurve<O>(op, given);
    },
    count(op, preds, target, o) {
      const { ignoreIndex = null, numLabels } = o;
      if (o.validateArgs ?? true) {
        checkScores(op, preds, target);
        checkLabels(preds, target, ignoreIndex, numLabels);
      }
      const rows = (x: Tensor) => x.transpose(0, 1).reshape(numLabels, -1).t();
      const [p, wanted] = [probabilities(rows(preds), "sigmoid"), rows(target)];
      if (!isTensor(o.thresholds)) return { preds: [p], target: [wanted] };
      const counted = ignoreIndex === null ? null : wanted.ne(ignoreIndex);
      return { confmat: countsAt(p, wanted.eq(1), o.thresholds, counted) };
    },
    value: (state, o) => value(dataOf(state, o), o),
    empty: (o) => emptyState(o, [o.numLabels]),
  };
}

function dataOf(state: CurveState, o: CurveOptions): CurveData {
  if ("confmat" in state) return { confmat: state.confmat, thresholds: o.thresholds as Tensor };
  return { preds: joined(state.preds), target: joined(state.target) };
}

function emptyState(o: CurveOptions, classes: readonly number[]): CurveState {
  if (!isTensor(o.thresholds)) return { preds: [zeros([0, ...classes])], target: [zeros([0], { dtype: "int64" })] };
  return { confmat: zeros([o.thresholds.numel(), ...classes, 2, 2], { dtype: "int64" }) };
}

/** False and true positives at every score that occurs, from the highest on: [K] each, and the scores. */
export function sweep(preds: Tensor, target: Tensor, positive = 1): [fps: Tensor, tps: Tensor, thresholds: Tensor] {
  const order = preds.argsort({ descending: true, stable: true });
  const scores = preds.index(order);
  const hits = target.index(order).eq(positive).to("int64");
  const n = scores.numel();
  const changes = scores.narrow(0, 1, Math.max(n - 1, 0)).ne(scores.narrow(0, 0, Math.max(n - 1, 0)));
  const ends = cat([changes.nonzero().flatten(), tensor([n - 1], { dtype: "int64" })], 0);
  const tps = hits.cumsum(0).index(ends);
  return [ends.add(1).sub(tps), tps, scores.index(ends)];
}

/** The values of a piecewise linear function at x, as torchmetrics interpolates. */
export function interpolated(x: Tensor, xs: Tensor, ys: Tensor): Tensor {
  const [head, tail] = [(v: Tensor) => v.narrow(0, 0, v.size(0) - 1), (v: Tensor) => v.narrow(0, 1, v.size(0) - 1)];
  const slope = safeDivide(tail(ys).sub(head(ys)), tail(xs).sub(head(xs)));
  const offset = head(ys).sub(slope.mul(head(xs)));
  const place = x
    .unsqueeze(1)
    .ge(xs.unsqueeze(0))
    .sum(1)
    .sub(1)
    .clamp({ min: 0, max: slope.size(0) - 1 });
  return slope.index(place).mul(x).add(offset.index(place));
}

/** Curves of classes as one: their means at all their points. */
function macroCurve(xs: readonly Tensor[], ys: readonly Tensor[]): [x: Tensor, y: Tensor] {
  const x = cat([...xs], 0).sort().values;
  const sum = xs.reduce((total, own, i) => total.add(interpolated(x, own, ys[i] as Tensor)), x.mul(0));
  return [x, sum.div(xs.length)];
}

/** One, as a row behind a curve. */
export const oneMore = (x: Tensor, value: 0 | 1): Tensor => {
  const shape = [1, ...x.shape.slice(1)];
  return cat([x, value === 1 ? ones(shape) : zeros(shape)], 0);
};

/** The curve of one class against the others. */
type OneCurve = (data: CurveData, positive?: number) => [x: Tensor, y: Tensor, thresholds: Tensor];

/** Three lists of curves' parts, or tensors. */
const partsOf = (curves: readonly (readonly [Tensor, Tensor, Tensor])[]): [Tensor[], Tensor[], Tensor[]] => [
  curves.map(([x]) => x),
  curves.map(([, y]) => y),
  curves.map(([, , thresholds]) => thresholds),
];

/** The curve of each class, or one of all: [C, T] at thresholds, else lists. Thresholds of a mean are sorted. */
export function curveOfClasses(
  data: CurveData,
  average: unknown,
  one: OneCurve,
  order: { descending: boolean },
): Curve {
  if (average === "micro") return one(data);
  const mean = (xs: readonly Tensor[], ys: readonly Tensor[], thresholds: Tensor): Curve => [
    ...macroCurve(xs, ys),
    thresholds.sort(order).values,
  ];
  if ("confmat" in data) {
    const [x, y, thresholds] = one(data);
    if (average !== "macro") return [x.t(), y.t(), thresholds];
    return mean(x.t().unbind(0), y.t().unbind(0), thresholds.repeat(x.size(1)));
  }
  const classes = Array.from({ length: data.preds.size(1) }, (_, i) =>
    one({ preds: data.preds.select(1, i), target: data.target }, i),
  );
  const [xs, ys, thresholds] = partsOf(classes);
  return average === "macro" ? mean(xs, ys, cat(thresholds, 0)) : [xs, ys, thresholds];
}

/** The curve of each label: [L, T] at thresholds, else lists. */
export function curveOfLabels(data: CurveData, { ignoreIndex = null }: CurveOptions, one: OneCurve): Curve {
  if ("confmat" in data) {
    const [x, y, thresholds] = one(data);
    return [x.t(), y.t(), thresholds];
  }
  const labels = Array.from({ length: data.preds.size(1) }, (_, i) => {
    const [preds, target] = counting(data.preds.select(1, i), data.target.select(1, i), ignoreIndex);
    return one({ preds, target });
  });
  return partsOf(labels);
}
