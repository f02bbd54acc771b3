/** Polynomial decay. */
import { type Args, type From, leading, readArgs } from "../../args.js";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/** Options of {@link PolynomialLR}. */
export interface PolynomialLROptions extends SchedulerOptions {
  /** The number of epochs until the rate is 0. Default 5. */
  totalIters?: number;
  /** The power. Default 1. */
  power?: number;
}

/** lr = base * (1 - epoch / totalIters)^power, then 0. */
export class PolynomialLR extends LRScheduler {
  totalIters: number;
  power: number;

  constructor(
    ...args: From<
      "optimizer",
      Optimizer,
      Args<PolynomialLROptions, ["totalIters", "power", "lastEpoch"]>,
      PolynomialLROptions
    >
  ) {
    const [optimizer, rest] = leading("optimizer", args);
    super(optimizer);
    const o = readArgs<PolynomialLROptions>("PolynomialLR", ["totalIters", "power", "lastEpoch"], rest);
    this.totalIters = o.totalIters ?? 5;
    this.power = o.power ?? 1;
    this.start(o.lastEpoch ?? -1);
  }

  override getLr(): number[] {
    const { lastEpoch: epoch, totalIters, power } = this;
    if (this.isInitial || epoch > totalIters) return this.currentLrs();
    const factor = ((1 - epoch / totalIters) / (1 - (epoch - 1) / totalIters)) ** power;
    return this.currentLrs().map((lr) => lr * factor);
  }
  protected override closedForm(): number[] {
    const { lastEpoch: epoch, totalIters, power } = this;
    return this.baseLrs.map((base) => base * (1 - Math.min(totalIters, epoch) / totalIters) ** power);
  }
}
