/** Area under the ROC curve.   [Wikipedia](https://en.wikipedia.org/wiki/Receiver_operating_characteristic#Area_under_the_curve) */
import { tensor } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { cat, stack } from "../../ops/join.js";
import { trapezoid } from "../../ops/scan.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";
import { functionOf, metricOf, taskFunction, taskMetric } from "../measure.js";
import { type BinaryCurveOptions, binaryCurve, type CurveData, type MulticlassCurveOptions, type MultilabelCurveOptions, multiclassCurve, multilabelCurve } from "./curve.js"; // biome-ignore format: one line
import { counting } from "./inputs.js";
import { safeDivide } from "./reduce.js";
import { binaryRates, classRates, labelRates } from "./roc.js";

/** How the areas of classes become one. */
export interface AreaAverageOptions {
  /** Default `"macro"`; `"micro"` for labels alone. */
  average?: "micro" | "macro" | "weighted" | "none" | null;
}
/** Options of binary areas. */
export interface MaxFprOptions {
  /** The area up to this false positive rate, standardised. Default: the whole. */
  maxFpr?: number | null;
}

/** Areas of classes as one: those that are NaN do not count. */
export function averagedArea(areas: Tensor, average: AreaAverageOptions["average"], support: () => Tensor): Tensor {
  if (average === null || average === "none") return areas;
  const good = areas.isnan().logicalNot();
  if (!good.all().item()) {
    warnOnce("CANDLEWICK_AREA_NAN", `Average precision score for one or more classes was \`nan\`. Ignoring these classes in ${average}-average`); // biome-ignore format: one line
  }
  const kept = areas.index(good);
  if (average !== "weighted") return kept.mean();
  const weights = support().to("float32").index(good);
  return safeDivide(weights, weights.sum()).mul(kept).sum();
}

/** How many samples each class has. */
export function supportOf(data: CurveData): Tensor {
  if ("confmat" in data) return data.confmat.select(0, 0).select(1, 1).sum(-1);
  const classes = data.preds.size(1);
  if (data.target.ndim === 2) return data.target.eq(1).sum(0);
  return data.target.to("int64").bincount({ minlength: classes });
}

/** All labels together. */
export function microData(data: CurveData, ignoreIndex: number | null): CurveData {
  if ("confmat" in data) return { confmat: data.confmat.sum(1), thresholds: data.thresholds };
  const [preds, target] = counting(data.preds.flatten(), data.target.flatten(), ignoreIndex);
  return { preds, target };
}

function binaryArea(data: CurveData, { maxFpr = null }: MaxFprOptions): Tensor {
  const [fpr, tpr] = binaryRates(data);
  const none = fpr.sum().item() === 0 || tpr.sum().item() === 0;
  if (maxFpr === null || maxFpr === 1 || none) return trapezoid(tpr, fpr);
  const stop = fpr.le(maxFpr).sum().item() as number;
  const at = (x: Tensor, i: number) => x.select(0, i);
  const weight = at(fpr, stop - 1)
    .neg()
    .add(maxFpr)
    .div(at(fpr, stop).sub(at(fpr, stop - 1)));
  const last = at(tpr, stop - 1).lerp(at(tpr, stop), weight);
  const [y, x] = [cat([tpr.narrow(0, 0, stop), last.view(1)], 0), cat([fpr.narrow(0, 0, stop), tensor([maxFpr])], 0)];
  const least = 0.5 * maxFpr ** 2;
  return trapezoid(y, x)
    .sub(least)
    .div(maxFpr - least)
    .add(1)
    .mul(0.5);
}

function classAreas(x: Tensor | Tensor[], y: Tensor | Tensor[]): Tensor {
  if (Array.isArray(x)) return stack(x.map((own, i) => trapezoid((y as Tensor[])[i] as Tensor, own)));
  return trapezoid(y as Tensor, x, { dim: 1 });
}

const binary = binaryCurve<BinaryCurveOptions & MaxFprOptions, Tensor>(binaryArea, (op, { maxFpr }) => {
  if (maxFpr === undefined || maxFpr === null || (typeof maxFpr === "number" && maxFpr > 0 && maxFpr <= 1)) return;
  throw new ArgumentError(`Arguments \`max_fpr\` should be a float in range (0, 1], but got: ${maxFpr}`, { op });
});
const multiclass = multiclassCurve<MulticlassCurveOptions & AreaAverageOptions, Tensor>(
  (data, { average = "macro" }) => {
    const [fpr, tpr] = classRates(data, {});
    return averagedArea(classAreas(fpr, tpr), average, () => supportOf(data));
  },
  ["macro", "weighted", "none", null],
);
const multilabel = multilabelCurve<MultilabelCurveOptions & AreaAverageOptions, Tensor>(
  (data, o) => {
    const { average = "macro", ignoreIndex = null } = o;
    if (average === "micro") return binaryArea(microData(data, ignoreIndex), {});
    const [fpr, tpr] = labelRates(data, o);
    return averagedArea(classAreas(fpr, tpr), average, () => supportOf(data));
  },
  ["micro", "macro", "weighted", "none", null],
);
/** The options of areas, in torchmetrics' orders. */
export const AREA = {
  multiclass: ["numClasses", "average", "thresholds", "ignoreIndex", "validateArgs"],
  multilabel: ["numLabels", "average", "thresholds", "ignoreIndex", "validateArgs"],
} as const;
const BINARY = ["maxFpr", "thresholds", "ignoreIndex", "validateArgs"] as const;
const TASK = ["thresholds", "numClasses", "numLabels", "average", "maxFpr", "ignoreIndex", "validateArgs"] as const;
type TaskOptions = BinaryCurveOptions & MaxFprOptions & Partial<MulticlassCurveOptions & MultilabelCurveOptions> & AreaAverageOptions; // biome-ignore format: one line

/** The area under the ROC curve of a binary task: scores and target [N, ...] -> a number. */
export const binaryAuroc = functionOf("binaryAuroc", binary, BINARY);
/** The area under the ROC curve of each class against the others, averaged: scores [N, C, ...]. */
export const multiclassAuroc = functionOf("multiclassAuroc", multiclass, AREA.multiclass);
/** The area under the ROC curve of each label, averaged: scores and target [N, L, ...]. */
export const multilabelAuroc = functionOf("multilabelAuroc", multilabel, AREA.multilabel);
/** {@link binaryAuroc} over batches. */
export class BinaryAUROC extends metricOf(binary, BINARY) {}
/** {@link multiclassAuroc} over batches. */
export class MulticlassAUROC extends metricOf(multiclass, AREA.multiclass) {}
/** {@link multilabelAuroc} over batches. */
export class MultilabelAUROC extends metricOf(multilabel, AREA.multilabel) {}
/** The area under the ROC curve, by task. */
export const auroc = taskFunction<TaskOptions, Tensor, typeof TASK>(
  "auroc",
  {
    binary: [binaryAuroc, BINARY],
    multiclass: [multiclassAuroc, AREA.multiclass],
    multilabel: [multilabelAuroc, AREA.multilabel],
  },
  TASK,
);
/** {@link auroc} over batches. */
export const AUROC = taskMetric<TaskOptions, Tensor, typeof TASK>(
  "AUROC",
  {
    binary: [BinaryAUROC, BINARY],
    multiclass: [MulticlassAUROC, AREA.multiclass],
    multilabel: [MultilabelAUROC, AREA.multilabel],
  },
  TASK,
);
