/** `metrics.functional`: metrics of one batch. */
export { accuracy, binaryAccuracy, multiclassAccuracy, multilabelAccuracy } from "./classification/accuracy.js";
export { auroc, binaryAuroc, multiclassAuroc, multilabelAuroc } from "./classification/auroc.js";
export {
  averagePrecision,
  binaryAveragePrecision,
  multiclassAveragePrecision,
  multilabelAveragePrecision,
} from "./classification/average-precision.js";
export {
  binaryCalibrationError,
  calibrationError,
  multiclassCalibrationError,
} from "./classification/calibration-error.js";
export { binaryCohenKappa, cohenKappa, multiclassCohenKappa } from "./classification/cohen-kappa.js";
export {
  binaryConfusionMatrix,
  confusionMatrix,
  multiclassConfusionMatrix,
  multilabelConfusionMatrix,
} from "./classification/confusion-matrix.js";
export { exactMatch, multiclassExactMatch, multilabelExactMatch } from "./classification/exact-match.js";
export {
  binaryF1Score,
  binaryFbetaScore,
  f1Score,
  fbetaScore,
  multiclassF1Score,
  multiclassFbetaScore,
  multilabelF1Score,
  multilabelFbetaScore,
} from "./classification/f-beta.js";
export {
  binaryHammingDistance,
  hammingDistance,
  multiclassHammingDistance,
  multilabelHammingDistance,
} from "./classification/hamming-distance.js";
export {
  binaryJaccardIndex,
  jaccardIndex,
  multiclassJaccardIndex,
  multilabelJaccardIndex,
} from "./classification/jaccard-index.js";
export {
  binaryMatthewsCorrcoef,
  matthewsCorrcoef,
  multiclassMatthewsCorrcoef,
  multilabelMatthewsCorrcoef,
} from "./classification/matthews-corr-coef.js";
export { binaryPrecision, multiclassPrecision, multilabelPrecision, precision } from "./classification/precision.js";
export {
  binaryPrecisionRecallCurve,
  multiclassPrecisionRecallCurve,
  multilabelPrecisionRecallCurve,
  precisionRecallCurve,
} from "./classification/precision-recall-curve.js";
export { binaryRecall, multiclassRecall, multilabelRecall, recall } from "./classification/recall.js";
export { binaryRoc, multiclassRoc, multilabelRoc, roc } from "./classification/roc.js";
export {
  binarySpecificity,
  multiclassSpecificity,
  multilabelSpecificity,
  specificity,
} from "./classification/specificity.js";
export {
  binaryStatScores,
  multiclassStatScores,
  multilabelStatScores,
  statScores,
} from "./classification/stat-scores.js";
export { pearsonCorrcoef, spearmanCorrcoef } from "./regression/correlation.js";
export { meanAbsoluteError, meanSquaredError, r2Score } from "./regression/errors.js";
