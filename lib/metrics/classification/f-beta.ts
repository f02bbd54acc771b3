/** F scores: means of precision and recall.   [scikit-learn](https://scikit-learn.org/stable/modules/model_evaluation.html#precision-recall-f-measure-metrics) */
import type { Tensor } from "../../tensor.js";
import { functionOf, type Measure, metricOf, needed, taskFunction, taskMetric } from "../measure.js";
import type { State } from "../metric.js";
import { expectArgument } from "./options.js";
import { type Counts, type Reduction, ratio } from "./reduce.js";
import {
  type BinaryStatOptions,
  binaryStat,
  MICRO,
  type MulticlassStatOptions,
  type MultilabelStatOptions,
  multiclassStat,
  multilabelStat,
  STAT,
  type StatTaskOptions,
} from "./stat-scores.js";

/** Options of the scores whose recall weighs `beta` times as much as their precision. */
export interface BetaOptions {
  /** How much more the recall weighs than the precision. */
  beta: number;
}

/** (1 + beta^2) tp / ((1 + beta^2) tp + beta^2 fn + fp). */
const scoreOf = (counts: Counts, r: Reduction, beta: number): Tensor =>
  ratio(counts, { ...r, topK: 1 }, ({ tp, fp, fn }) => {
    const hits = tp.mul(1 + beta ** 2);
    return [hits, hits.add(fn.mul(beta ** 2)).add(fp)];
  });
const f1Of = (counts: Counts, r: Reduction): Tensor => scoreOf(counts, r, 1);
const betaOf = (counts: Counts, r: Reduction, { beta }: BetaOptions): Tensor => scoreOf(counts, r, beta);

const f1 = {
  ...{ binary: binaryStat(f1Of, true), multiclass: multiclassStat(f1Of, true) },
  multilabel: multilabelStat(f1Of, true),
};
const fBeta = {
  binary: withBeta(binaryStat<BinaryStatOptions & BetaOptions>(betaOf, true)),
  multiclass: withBeta(multiclassStat<MulticlassStatOptions & BetaOptions>(betaOf, true)),
  multilabel: withBeta(multilabelStat<MultilabelStatOptions & BetaOptions>(betaOf, true)),
};

/** Checks beta too. */
function withBeta<O extends BetaOptions, S extends State>(measure: Measure<O, S, Tensor>): Measure<O, S, Tensor> {
  return {
    ...measure,
    read(op, given) {
      const beta = needed<O, "beta">(op, given, "beta");
      expectArgument(op, typeof beta === "number" && beta > 0, "`beta` to be a float larger than 0", beta);
      return measure.read(op, given);
    },
  };
}

const BETA = {
  binary: ["beta", ...STAT.binary],
  multiclass: ["beta", ...STAT.multiclass],
  multiclassClass: ["beta", ...STAT.multiclassClass],
  multilabel: ["beta", ...STAT.multilabel],
  task: ["beta", ...STAT.task],
} as const;

/** The harmonic mean of precision and recall, of a binary task: preds and target [N, ...] -> a number. */
export const binaryF1Score = functionOf("binaryF1Score", f1.binary, STAT.binary);
/** The harmonic mean of precision and recall, of several classes: a number, or [C] without an average. */
export const multiclassF1Score = functionOf("multiclassF1Score", f1.multiclass, STAT.multiclass);
/** The harmonic mean of precision and recall, of several labels: a number, or [L] without an average. */
export const multilabelF1Score = functionOf("multilabelF1Score", f1.multilabel, STAT.multilabel);
/** {@link binaryF1Score} over batches. */
export class BinaryF1Score extends metricOf(f1.binary, STAT.binary) {}
/** {@link multiclassF1Score} over batches; the average is `"macro"`. */
export class MulticlassF1Score extends metricOf(f1.multiclass, STAT.multiclassClass) {}
/** {@link multilabelF1Score} over batches; the average is `"macro"`. */
export class MultilabelF1Score extends metricOf(f1.multilabel, STAT.multilabel) {}
/** The harmonic mean of precision and recall, by task; the average is `"micro"`. */
export const f1Score = taskFunction<StatTaskOptions, Tensor, typeof STAT.task>(
  "f1Score",
  {
    binary: [binaryF1Score, STAT.binary],
    multiclass: [multiclassF1Score, STAT.multiclass],
    multilabel: [multilabelF1Score, STAT.multilabel],
  },
  STAT.task,
  MICRO,
);
/** {@link f1Score} over batches. */
export const F1Score = taskMetric<StatTaskOptions, Tensor, typeof STAT.task>(
  "F1Score",
  {
    binary: [BinaryF1Score, STAT.binary],
    multiclass: [MulticlassF1Score, STAT.multiclassClass],
    multilabel: [MultilabelF1Score, STAT.multilabel],
  },
  STAT.task,
  MICRO,
);

/** The mean of precision and recall, weighed by beta, of a binary task: preds and target [N, ...] -> a number. */
export const binaryFbetaScore = functionOf("binaryFbetaScore", fBeta.binary, BETA.binary);
/** The mean of precision and recall, weighed by beta, of several classes: a number, or [C] without an average. */
export const multiclassFbetaScore = functionOf("multiclassFbetaScore", fBeta.multiclass, BETA.multiclass);
/** The mean of precision and recall, weighed by beta, of several labels: a number, or [L] without an average. */
export const multilabelFbetaScore = functionOf("multilabelFbetaScore", fBeta.multilabel, BETA.multilabel);
/** {@link binaryFbetaScore} over batches. */
export class BinaryFBetaScore extends metricOf(fBeta.binary, BETA.binary) {}
/** {@link multiclassFbetaScore} over batches; the average is `"macro"`. */
export class MulticlassFBetaScore extends metricOf(fBeta.multiclass, BETA.multiclassClass) {}
/** {@link multilabelFbetaScore} over batches; the average is `"macro"`. */
export class MultilabelFBetaScore extends metricOf(fBeta.multilabel, BETA.multilabel) {}
/** The mean of precision and recall, weighed by beta, by task; the average is `"micro"`. */
export const fbetaScore = taskFunction<StatTaskOptions & Partial<BetaOptions>, Tensor, typeof BETA.task>(
  "fbetaScore",
  {
    binary: [binaryFbetaScore, BETA.binary],
    multiclass: [multiclassFbetaScore, BETA.multiclass],
    multilabel: [multilabelFbetaScore, BETA.multilabel],
  },
  BETA.task,
  { ...MICRO, beta: 1 },
);
/** {@link fbetaScore} over batches. */
export const FBetaScore = taskMetric<StatTaskOptions & Partial<BetaOptions>, Tensor, typeof BETA.task>(
  "FBetaScore",
  {
    binary: [BinaryFBetaScore, BETA.binary],
    multiclass: [MulticlassFBetaScore, BETA.multiclassClass],
    multilabel: [MultilabelFBetaScore, BETA.multilabel],
  },
  BETA.task,
  { ...MICRO, beta: 1 },
);
