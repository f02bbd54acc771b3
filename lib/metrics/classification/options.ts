/** The options of classification metrics, and their checks in torchmetrics' words. */
import { ArgumentError } from "../../errors.js";
import { pyRepr } from "../../repr.js";
import { describe } from "../../tensor/base.js";

/** How the values of classes become one: of all counts together, as a mean, weighted by the targets, or not at all. */
export type Average = "micro" | "macro" | "weighted" | "none" | null;
/** Whether further dimensions are more samples, or each sample has a value of its own. */
export type MultidimAverage = "global" | "samplewise";

/** Options of all classification metrics. */
export interface CommonOptions {
  /** A target that does not count. Default: none. */
  ignoreIndex?: number | null;
  /** Whether arguments and inputs are checked. Default true. */
  validateArgs?: boolean;
}

/** Options of metrics that take probabilities for labels. */
export interface ThresholdOptions {
  /** From which probability on a prediction is positive. Default 0.5. */
  threshold?: number;
}
/** Options of metrics of several classes. */
export interface ClassesOptions {
  /** The number of classes. */
  numClasses: number;
}
/** Options of metrics of several labels. */
export interface LabelsOptions {
  /** The number of labels. */
  numLabels: number;
}

/** Errors of torchmetrics' kind: `Expected argument ...`. */
export function expectArgument(op: string, good: boolean, text: string, given: unknown): void {
  if (good) return;
  const shown = typeof given === "object" && given !== null ? describe(given) : pyRepr(given as number);
  throw new ArgumentError(`Expected argument ${text}, but got ${shown}`, { op });
}

/** Errors: a threshold outside of 0 to 1. */
export function checkThreshold(op: string, threshold: unknown): void {
  const good = typeof threshold === "number" && threshold >= 0 && threshold <= 1;
  expectArgument(op, good, "`threshold` to be a float in the [0,1] range", threshold);
}
/** Errors: an index that is no integer. */
export function checkIgnoreIndex(op: string, index: unknown): void {
  const good = index === undefined || index === null || Number.isInteger(index);
  expectArgument(op, good, "`ignore_index` to either be `None` or an integer", index);
}
/** Errors: a number of classes or labels below two. */
export function checkCount(op: string, name: "num_classes" | "num_labels", count: unknown): void {
  const good = Number.isInteger(count) && (count as number) >= 2;
  expectArgument(op, good, `\`${name}\` to be an integer larger than 1`, count);
}
/** Errors: what is not among some values. */
export function checkOneOf(op: string, name: string, allowed: readonly unknown[], given: unknown): void {
  const good = given === undefined || allowed.includes(given);
  expectArgument(op, good, `\`${name}\` to be one of (${allowed.map((a) => pyRepr(a as string)).join(", ")})`, given);
}
export const AVERAGES: readonly unknown[] = ["micro", "macro", "weighted", "none", null];
