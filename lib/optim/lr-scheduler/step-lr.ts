/** The learning rate in steps. */
import { type Args, readArgs } from "../../args.js";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler } from "./lr-scheduler.js";

/** Options of {@link StepLR}. */
export interface StepLROptions {
  /** The factor. Default 0.1. */
  gamma?: number;
  /** The number of the last epoch when resuming. Default -1. */
  lastEpoch?: number;
}

/** Multiplies the learning rates by `gamma` every `stepSize` epochs. */
export class StepLR extends LRScheduler {
  stepSize: number;
  gamma: number;

  constructor(optimizer: Optimizer, stepSize: number, ...rest: Args<StepLROptions, ["gamma", "lastEpoch"]>) {
    super(optimizer);
    const { gamma = 0.1, lastEpoch = -1 } = readArgs<StepLROptions>("StepLR", ["gamma", "lastEpoch"], rest);
    this.stepSize = stepSize;
    this.gamma = gamma;
    this.start(lastEpoch);
  }

  override getLr(): number[] {
    const same = this.lastEpoch === 0 || this.lastEpoch % this.stepSize !== 0;
    return this.currentLrs().map((lr) => (same ? lr : lr * this.gamma));
  }
  protected override closedForm(): number[] {
    return this.baseLrs.map((base) => base * this.gamma ** Math.floor(this.lastEpoch / this.stepSize));
  }
}
