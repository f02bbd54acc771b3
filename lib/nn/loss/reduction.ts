/** What the losses share. */

import { ArgumentError } from "../../errors.js";
import { describe, handleOf, type TensorBase } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";
import { Module } from "../module.js";

/** What becomes of the losses of a batch. */
export type Reduction = "none" | "mean" | "sum";

/** The option of every loss. */
export interface ReductionOptions {
  /** `"mean"`, `"sum"`, or `"none"` for one loss per element. Default "mean". */
  reduction?: Reduction;
}

/** The option of losses that are older than it. */
export interface LegacyReductionOptions extends ReductionOptions {
  /** Before `reduction`: false for the sum instead of the mean. Overrides it. */
  sizeAverage?: boolean | null;
  /** Before `reduction`: false for one loss per element. Overrides it. */
  reduce?: boolean | null;
}

/** Checks a reduction. Errors: another word. */
export function checkReduction(reduction: Reduction): Reduction {
  if (reduction === "none" || reduction === "mean" || reduction === "sum") return reduction;
  throw new ArgumentError(`${String(reduction)} is not a valid value for reduction`);
}

/** The reduction that options ask for, in either way. Errors: another word; one that should go by name. */
export function readReduction(o: LegacyReductionOptions): Reduction {
  const { reduction = "mean", sizeAverage = null, reduce = null } = o;
  if (sizeAverage === null && reduce === null) return checkReduction(reduction);
  for (const [name, value] of Object.entries({ sizeAverage, reduce })) {
    if (value === null || typeof value === "boolean") continue;
    throw new ArgumentError(
      `expected ${name} to be a boolean, received ${describe(value)} ({ reduction: "sum" } goes by name)`,
    );
  }
  const found = reduce === false ? "none" : sizeAverage === false ? "sum" : "mean";
  warnOnce(
    "CANDLEWICK_SIZE_AVERAGE",
    `size_average and reduce args will be deprecated, please use reduction='${found}' instead.`,
  );
  return found;
}

/** The handle of a tensor that may be absent. */
export function optionalHandle(x: TensorBase | null | undefined): ReturnType<typeof handleOf> | null {
  return x === null || x === undefined ? null : handleOf(x);
}

/** The base class of losses. */
export abstract class Loss extends Module {
  readonly reduction: Reduction;

  constructor(options: LegacyReductionOptions) {
    super();
    this.reduction = readReduction(options);
  }
}

/** The base class of losses with a weight for each class. */
export abstract class WeightedLoss extends Loss {
  /** The weights: a buffer that is part of the state. */
  declare weight: Tensor | null;

  constructor(options: LegacyReductionOptions & { weight?: TensorBase | null }) {
    super(options);
    this.registerBuffer("weight", options.weight ?? null);
  }
}
