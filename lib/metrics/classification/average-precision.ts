/** Average precision: the area under the curve of precision and recall, in steps.   [scikit-learn](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.average_precision_score.html) */
import { stack } from "../../ops/join.js";
import type { Tensor } from "../../tensor.js";
import { functionOf, metricOf, taskFunction, taskMetric } from "../measure.js";
import { AREA, type AreaAverageOptions, averagedArea, microData, supportOf } from "./auroc.js";
import { type BinaryCurveOptions, binaryCurve, type CurveData, type MulticlassCurveOptions, type MultilabelCurveOptions, multiclassCurve, multilabelCurve } from "./curve.js"; // biome-ignore format: one line
import { binaryPrecisionRecall, CURVE, classPrecisionRecall, labelPrecisionRecall } from "./precision-recall-curve.js";

/** - sum of (recall[i + 1] - recall[i]) * precision[i], along the last dimension. */
function stepArea(precision: Tensor, recall: Tensor): Tensor {
  const n = recall.size(-1) - 1;
  const step = recall.narrow(-1, 1, n).sub(recall.narrow(-1, 0, n));
  return step
    .mul(precision.narrow(-1, 0, n))
    .sum(-1)
    .neg();
}
const filled = (x: Tensor) => x.nanToNum({ nan: 0 });

function binaryArea(data: CurveData): Tensor {
  const [precision, recall] = binaryPrecisionRecall(data);
  return stepArea(filled(precision), filled(recall));
}

function classAreas(precision: Tensor | Tensor[], recall: Tensor | Tensor[]): Tensor {
  if (Array.isArray(precision)) return stack(precision.map((p, i) => stepArea(p, (recall as Tensor[])[i] as Tensor)));
  return stepArea(filled(precision), filled(recall as Tensor));
}

const binary = binaryCurve<BinaryCurveOptions, Tensor>((data) => binaryArea(data));
const multiclass = multiclassCurve<MulticlassCurveOptions & AreaAverageOptions, Tensor>(
  (data, { average = "macro" }) => {
    const [precision, recall] = classPrecisionRecall(data, {});
    return averagedArea(classAreas(precision, recall), average, () => supportOf(data));
  },
  ["macro", "weighted", "none", null],
);
const multilabel = multilabelCurve<MultilabelCurveOptions & AreaAverageOptions, Tensor>(
  (data, o) => {
    const { average = "macro", ignoreIndex = null } = o;
    if (average === "micro") return binaryArea(microData(data, ignoreIndex));
    const [precision, recall] = labelPrecisionRecall(data, o);
    return averagedArea(classAreas(precision, recall), average, () => supportOf(data));
  },
  ["micro", "macro", "weighted", "none", null],
);
const TASK = ["thresholds", "numClasses", "numLabels", "average", "ignoreIndex", "validateArgs"] as const;
type TaskOptions = BinaryCurveOptions & Partial<MulticlassCurveOptions & MultilabelCurveOptions> & AreaAverageOptions;

/** The average precision of a binary task: scores and target [N, ...] -> a number. */
export const binaryAveragePrecision = functionOf("binaryAveragePrecision", binary, CURVE.binary);
/** The average precision of each class against the others, averaged: scores [N, C, ...]. */
export const multiclassAveragePrecision = functionOf("multiclassAveragePrecision", multiclass, AREA.multiclass);
/** The average precision of each label, averaged: scores and target [N, L, ...]. */
export const multilabelAveragePrecision = functionOf("multilabelAveragePrecision", multilabel, AREA.multilabel);
/** {@link binaryAveragePrecision} over batches. */
export class BinaryAveragePrecision extends metricOf(binary, CURVE.binaryClass) {}
/** {@link multiclassAveragePrecision} over batches. */
export class MulticlassAveragePrecision extends metricOf(multiclass, AREA.multiclass) {}
/** {@link multilabelAveragePrecision} over batches. */
export class MultilabelAveragePrecision extends metricOf(multilabel, AREA.multilabel) {}
/** The average precision, by task. */
export const averagePrecision = taskFunction<TaskOptions, Tensor, typeof TASK>(
  "averagePrecision",
  {
    binary: [binaryAveragePrecision, CURVE.binary],
    multiclass: [multiclassAveragePrecision, AREA.multiclass],
    multilabel: [multilabelAveragePrecision, AREA.multilabel],
  },
  TASK,
);
/** {@link averagePrecision} over batches. */
export const AveragePrecision = taskMetric<TaskOptions, Tensor, typeof TASK>(
  "AveragePrecision",
  {
    binary: [BinaryAveragePrecision, CURVE.binary],
    multiclass: [MulticlassAveragePrecision, AREA.multiclass],
    multilabel: [MultilabelAveragePrecision, AREA.multilabel],
  },
  TASK,
);
