/** A smaller learning rate for the first epochs. */
import { type Args, type From, leading, readArgs } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/** Options of {@link ConstantLR}. */
export interface ConstantLROptions extends SchedulerOptions {
  /** The factor, between 0 and 1. Default 1/3. */
  factor?: number;
  /** The number of epochs with it. Default 5. */
  totalIters?: number;
}

/** Multiplies the learning rates by `factor` until epoch `totalIters`. */
export class ConstantLR extends LRScheduler {
  factor: number;
  totalIters: number;

  constructor(
    ...args: From<
      "optimizer",
      Optimizer,
      Args<ConstantLROptions, ["factor", "totalIters", "lastEpoch"]>,
      ConstantLROptions
    >
  ) {
    const [optimizer, rest] = leading("optimizer", args);
    super(optimizer);
    const o = readArgs<ConstantLROptions>("ConstantLR", ["factor", "totalIters", "lastEpoch"], rest);
    this.factor = o.factor ?? 1 / 3;
    this.totalIters = o.totalIters ?? 5;
    if (!(this.factor >= 0 && this.factor <= 1)) {
      throw new ArgumentError("Constant multiplicative factor expected to be between 0 and 1.");
    }
    this.start(o.lastEpoch ?? -1);
  }

  override getLr(): number[] {
    const { lastEpoch: epoch, factor, totalIters } = this;
    if (epoch === 0) return this.currentLrs().map((lr) => lr * factor);
    return this.currentLrs().map((lr) => (epoch === totalIters ? lr * (1 / factor) : lr));
  }
  protected override closedForm(): number[] {
    const { lastEpoch: epoch, factor, totalIters } = this;
    return this.baseLrs.map((base) => base * (factor + (epoch >= totalIters ? 1 - factor : 0)));
  }
}
