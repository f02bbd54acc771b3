/** What the losses share. */
import { ArgumentError } from "../../errors.js";
import { Module } from "../module.js";

/** What becomes of the losses of a batch. */
export type Reduction = "none" | "mean" | "sum";

/** The option of every loss. */
export interface ReductionOptions {
  /** `"mean"`, `"sum"`, or `"none"` for one loss per element. Default "mean". */
  reduction?: Reduction;
}

/** Checks a reduction. Errors: another word. */
export function checkReduction(reduction: Reduction): Reduction {
  if (reduction === "none" || reduction === "mean" || reduction === "sum") return reduction;
  throw new ArgumentError(`${String(reduction)} is not a valid value for reduction`);
}

/** The base class of losses. */
export abstract class Loss extends Module {
  readonly reduction: Reduction;

  constructor(options: ReductionOptions) {
    super();
    this.reduction = checkReduction(options.reduction ?? "mean");
  }
}
