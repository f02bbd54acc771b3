/** `metrics`: torchmetrics' metrics of classification and regression. */
export { type Aggregated, type AggregatorOptions, CatMetric, MaxMetric, MeanMetric, MinMetric, type NanStrategy, SumMetric } from "./aggregation.js"; // biome-ignore format: one line
export { Accuracy, BinaryAccuracy, MulticlassAccuracy, MultilabelAccuracy } from "./classification/accuracy.js";
export { AUROC, BinaryAUROC, MulticlassAUROC, MultilabelAUROC } from "./classification/auroc.js";
export {
  AveragePrecision,
  BinaryAveragePrecision,
  MulticlassAveragePrecision,
  MultilabelAveragePrecision,
} from "./classification/average-precision.js";
export {
  BinaryCalibrationError,
  CalibrationError,
  MulticlassCalibrationError,
} from "./classification/calibration-error.js";
export { BinaryCohenKappa, CohenKappa, MulticlassCohenKappa } from "./classification/cohen-kappa.js";
export {
  BinaryConfusionMatrix,
  ConfusionMatrix,
  MulticlassConfusionMatrix,
  MultilabelConfusionMatrix,
  type Normalize,
} from "./classification/confusion-matrix.js";
export type { Curve } from "./classification/curve.js";
export { ExactMatch, MulticlassExactMatch, MultilabelExactMatch } from "./classification/exact-match.js";
export {
  BinaryF1Score,
  BinaryFBetaScore,
  F1Score,
  FBetaScore,
  MulticlassF1Score,
  MulticlassFBetaScore,
  MultilabelF1Score,
  MultilabelFBetaScore,
} from "./classification/f-beta.js";
export {
  BinaryHammingDistance,
  HammingDistance,
  MulticlassHammingDistance,
  MultilabelHammingDistance,
} from "./classification/hamming-distance.js";
export {
  BinaryJaccardIndex,
  JaccardIndex,
  MulticlassJaccardIndex,
  MultilabelJaccardIndex,
} from "./classification/jaccard-index.js";
export {
  BinaryMatthewsCorrCoef,
  MatthewsCorrCoef,
  MulticlassMatthewsCorrCoef,
  MultilabelMatthewsCorrCoef,
} from "./classification/matthews-corr-coef.js";
export type { Average, MultidimAverage } from "./classification/options.js";
export { BinaryPrecision, MulticlassPrecision, MultilabelPrecision, Precision } from "./classification/precision.js";
export {
  BinaryPrecisionRecallCurve,
  MulticlassPrecisionRecallCurve,
  MultilabelPrecisionRecallCurve,
  PrecisionRecallCurve,
} from "./classification/precision-recall-curve.js";
export { BinaryRecall, MulticlassRecall, MultilabelRecall, Recall } from "./classification/recall.js";
export { BinaryROC, MulticlassROC, MultilabelROC, ROC } from "./classification/roc.js";
export {
  BinarySpecificity,
  MulticlassSpecificity,
  MultilabelSpecificity,
  Specificity,
} from "./classification/specificity.js";
export {
  BinaryStatScores,
  MulticlassStatScores,
  MultilabelStatScores,
  StatScores,
} from "./classification/stat-scores.js";
export { MetricCollection, type MetricCollectionOptions } from "./collection.js";
export * as functional from "./functional.js";
export type { Task } from "./measure.js";
export { Metric } from "./metric.js";
export type { MetricPlotOptions } from "./picture.js";
export { PearsonCorrCoef, SpearmanCorrCoef } from "./regression/correlation.js";
export { MeanAbsoluteError, MeanSquaredError, R2Score } from "./regression/errors.js";
export { classificationReport, type ReportOptions } from "./report.js";
