/** Exponential decay. */
import { type From, leading, type Required1, readArgs, required } from "../../args.js";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/** Options of {@link ExponentialLR}. */
export interface ExponentialLROptions extends SchedulerOptions {
  /** The factor. Required, here or by position. */
  gamma?: number;
}

/** Multiplies the learning rates by `gamma` in each epoch. */
export class ExponentialLR extends LRScheduler {
  gamma: number;

  constructor(
    ...args: From<"optimizer", Optimizer, Required1<ExponentialLROptions, "gamma", ["lastEpoch"]>, ExponentialLROptions>
  ) {
    const [optimizer, rest] = leading("optimizer", args);
    super(optimizer);
    const o = readArgs<ExponentialLROptions>("ExponentialLR", ["gamma", "lastEpoch"], rest);
    this.gamma = required("ExponentialLR", o, "gamma");
    this.start(o.lastEpoch ?? -1);
  }

  override getLr(): number[] {
    return this.currentLrs().map((lr) => (this.isInitial ? lr : lr * this.gamma));
  }
  protected override closedForm(): number[] {
    return this.baseLrs.map((base) => base * this.gamma ** this.lastEpoch);
  }
}
