/** The learning rate in steps. */
import { type From, leading, type Required1, readArgs, required } from "../../args.js";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler } from "./lr-scheduler.js";

/** Options of {@link StepLR}. */
export interface StepLROptions {
  /** The number of epochs between changes. Required, here or by position. */
  stepSize?: number;
  /** The factor. Default 0.1. */
  gamma?: number;
  /** The number of the last epoch when resuming. Default -1. */
  lastEpoch?: number;
}

/** Multiplies the learning rates by `gamma` every `stepSize` epochs. */
export class StepLR extends LRScheduler {
  stepSize: number;
  gamma: number;

  constructor(
    ...args: From<"optimizer", Optimizer, Required1<StepLROptions, "stepSize", ["gamma", "lastEpoch"]>, StepLROptions>
  ) {
    const [optimizer, rest] = leading("optimizer", args);
    super(optimizer);
    const o = readArgs<StepLROptions>("StepLR", ["stepSize", "gamma", "lastEpoch"], rest);
    const { gamma = 0.1, lastEpoch = -1 } = o;
    this.stepSize = required("StepLR", o, "stepSize");
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
