/** Receiver operating characteristic: false and true positive rates at every threshold.   [Wikipedia](https://en.wikipedia.org/wiki/Receiver_operating_characteristic) */
import { zerosLike } from "../../creation.js";
import { cat } from "../../ops/join.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";
import { functionOf, metricOf, taskFunction, taskMetric } from "../measure.js";
import { type BinaryCurveOptions, binaryCurve, type Curve, type CurveData, type CurveOptions, curveOfClasses, curveOfLabels, type MulticlassCurveOptions, type MultilabelCurveOptions, multiclassCurve, multilabelCurve, sweep } from "./curve.js"; // biome-ignore format: one line
import { CURVE, type CurveAverageOptions, type CurveTaskOptions } from "./precision-recall-curve.js";
import { safeDivide } from "./reduce.js";

/** False and true positive rates and thresholds of one class, from the highest threshold on. */
export function binaryRates(data: CurveData, positive = 1): [fpr: Tensor, tpr: Tensor, thresholds: Tensor] {
  if ("confmat" in data) {
    const cell = (i: number, j: number) => data.confmat.select(-2, i).select(-1, j);
    const [tps, fps, fns, tns] = [cell(1, 1), cell(0, 1), cell(1, 0), cell(0, 0)];
    return [safeDivide(fps, fps.add(tns)).flip(0), safeDivide(tps, tps.add(fns)).flip(0), data.thresholds.flip(0)];
  }
  const [fps, tps, thresholds] = sweep(data.preds, data.target, positive);
  const from = (x: Tensor) => cat([zerosLike(x.narrow(0, 0, 1)), x], 0);
  const rate = (x: Tensor, what: "negative" | "positive"): Tensor => {
    const counts = from(x);
    const all = counts.select(0, -1);
    if (all.item() > 0) return counts.div(all);
    const side = what === "negative" ? "false" : "true";
    warnOnce(`CANDLEWICK_NO_${what === "negative" ? "NEGATIVE" : "POSITIVE"}_RATE`, `No ${what} samples in targets, ${side} positive value should be meaningless. Returning zero tensor in ${side} positive score`); // biome-ignore format: one line
    return counts.mul(0).to("float32");
  };
  const top = thresholds.narrow(0, 0, 1).mul(0).add(1);
  return [rate(fps, "negative"), rate(tps, "positive"), cat([top, thresholds], 0)];
}

/** The same of each class: [C, T] at thresholds, else lists. */
export const classRates = (data: CurveData, { average }: { average?: unknown }): Curve =>
  curveOfClasses(data, average, binaryRates, { descending: true });
/** The same of each label. */
export const labelRates = (data: CurveData, o: CurveOptions): Curve => curveOfLabels(data, o, binaryRates);

const binary = binaryCurve<BinaryCurveOptions, Curve>((data) => binaryRates(data));
const AVERAGES = ["micro", "macro", null, undefined];
const multiclass = multiclassCurve<MulticlassCurveOptions & CurveAverageOptions, Curve>(classRates, AVERAGES);
const multilabel = multilabelCurve<MultilabelCurveOptions, Curve>(labelRates);

/** False positive rates [T + 1], true positive rates [T + 1] and thresholds [T + 1] of a binary task ([T] with thresholds). */
export const binaryRoc = functionOf("binaryRoc", binary, CURVE.binary);
/** False and true positive rates of each class: [C, T] with thresholds, else lists; scores [N, C, ...]. */
export const multiclassRoc = functionOf("multiclassRoc", multiclass, CURVE.multiclass);
/** False and true positive rates of each label: [L, T] with thresholds, else lists; scores and target [N, L, ...]. */
export const multilabelRoc = functionOf("multilabelRoc", multilabel, CURVE.multilabel);
/** {@link binaryRoc} over batches. */
export class BinaryROC extends metricOf(binary, CURVE.binaryClass) {
  protected override get valueKind() {
    return "roc" as const;
  }
}
/** {@link multiclassRoc} over batches. */
export class MulticlassROC extends metricOf(multiclass, CURVE.multiclass) {
  protected override get valueKind() {
    return "roc" as const;
  }
}
/** {@link multilabelRoc} over batches. */
export class MultilabelROC extends metricOf(multilabel, CURVE.multilabel) {
  protected override get valueKind() {
    return "roc" as const;
  }
}
/** False and true positive rates at every threshold, by task. */
export const roc = taskFunction<CurveTaskOptions, Curve, typeof CURVE.task>(
  "roc",
  {
    binary: [binaryRoc, CURVE.binary],
    multiclass: [multiclassRoc, CURVE.multiclass],
    multilabel: [multilabelRoc, CURVE.multilabel],
  },
  CURVE.task,
);
/** {@link roc} over batches. */
export const ROC = taskMetric<CurveTaskOptions, Curve, typeof CURVE.task>(
  "ROC",
  {
    binary: [BinaryROC, CURVE.binary],
    multiclass: [MulticlassROC, CURVE.multiclass],
    multilabel: [MultilabelROC, CURVE.multilabel],
  },
  CURVE.task,
);
