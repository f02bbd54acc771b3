/** What LambdaLR and MultiplicativeLR share: a function of the epoch for each group. */
import { ArgumentError } from "../../errors.js";
import { describe } from "../../tensor/base.js";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/** A factor by the number of the epoch. */
export type LrLambda = (epoch: number) => number;

/** Options of {@link LambdaLR} and {@link MultiplicativeLR}. */
export interface LambdaOptions extends SchedulerOptions {
  /** The factor by epoch, or one for each group. Required, here or by position. */
  lrLambda?: LrLambda | readonly LrLambda[];
}

/** A scheduler by functions, which a state dict does not hold. */
export abstract class FunctionLR extends LRScheduler {
  /** One function for each group. */
  readonly lrLambdas: readonly LrLambda[];

  constructor(optimizer: Optimizer, lrLambda: LrLambda | readonly LrLambda[]) {
    super(optimizer);
    const groups = optimizer.paramGroups.length;
    const list: readonly LrLambda[] =
      typeof lrLambda === "function" ? Array.from({ length: groups }, () => lrLambda) : lrLambda;
    if (list.length !== groups) throw new ArgumentError(`Expected ${groups} lr_lambdas, but got ${list.length}`);
    const other = list.find((f) => typeof f !== "function");
    if (other !== undefined) throw new ArgumentError(`lr_lambda should be a function, but got ${describe(other)}`);
    this.lrLambdas = list;
  }

  /** The factor of each group in this epoch. */
  protected factors(): number[] {
    return this.lrLambdas.map((f) => f(this.lastEpoch));
  }

  protected override fields(): Record<string, unknown> {
    return { ...super.fields(), lrLambdas: this.lrLambdas.map(() => null) };
  }

  override loadStateDict(state: Readonly<Record<string, unknown>>): void {
    const { lr_lambdas: _, ...rest } = state;
    super.loadStateDict(rest);
  }
}
