/** A warm-up, or a decay, in a straight line. */
import { type Args, type From, leading, readArgs } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/** Options of {@link LinearLR}. */
export interface LinearLROptions extends SchedulerOptions {
  /** The factor of the first epoch, in (0, 1]. Default 1/3. */
  startFactor?: number;
  /** The factor at the end, in [0, 1]. Default 1. */
  endFactor?: number;
  /** The number of epochs from one to the other. Default 5. */
  totalIters?: number;
}

/** Multiplies the base rates by a factor that goes from `startFactor` to `endFactor` in `totalIters` epochs. */
export class LinearLR extends LRScheduler {
  startFactor: number;
  endFactor: number;
  totalIters: number;

  constructor(
    ...args: From<
      "optimizer",
      Optimizer,
      Args<LinearLROptions, ["startFactor", "endFactor", "totalIters", "lastEpoch"]>,
      LinearLROptions
    >
  ) {
    const [optimizer, rest] = leading("optimizer", args);
    super(optimizer);
    const names = ["startFactor", "endFactor", "totalIters", "lastEpoch"] as const;
    const o = readArgs<LinearLROptions>("LinearLR", names, rest);
    this.startFactor = o.startFactor ?? 1 / 3;
    this.endFactor = o.endFactor ?? 1;
    this.totalIters = o.totalIters ?? 5;
    if (!(this.startFactor > 0 && this.startFactor <= 1)) {
      throw new ArgumentError("Starting multiplicative factor expected to be greater than 0 and less or equal to 1.");
    }
    if (!(this.endFactor >= 0 && this.endFactor <= 1)) {
      throw new ArgumentError("Ending multiplicative factor expected to be between 0 and 1.");
    }
    this.start(o.lastEpoch ?? -1);
  }

  override getLr(): number[] {
    const { lastEpoch: epoch, startFactor, endFactor, totalIters } = this;
    if (epoch === 0) return this.currentLrs().map((lr) => lr * startFactor);
    if (this.isInitial || epoch > totalIters) return this.currentLrs();
    const rise = endFactor - startFactor;
    const factor = 1 + rise / (totalIters * startFactor + (epoch - 1) * rise);
    return this.currentLrs().map((lr) => lr * factor);
  }
  protected override closedForm(): number[] {
    const { lastEpoch: epoch, startFactor, endFactor, totalIters } = this;
    const factor = startFactor + ((endFactor - startFactor) * Math.min(totalIters, epoch)) / totalIters;
    return this.baseLrs.map((base) => base * factor);
  }
}
