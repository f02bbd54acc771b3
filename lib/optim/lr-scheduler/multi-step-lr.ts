/** The learning rate in steps at given epochs. */
import { type From, leading, type Required1, readArgs, required } from "../../args.js";
import { withIntegerKeys } from "../../python-forms.js";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/** Options of {@link MultiStepLR}. */
export interface MultiStepLROptions extends SchedulerOptions {
  /** The epochs of the changes. Required, here or by position. */
  milestones?: Iterable<number>;
  /** The factor. Default 0.1. */
  gamma?: number;
}

/** Multiplies the learning rates by `gamma` at each milestone. */
export class MultiStepLR extends LRScheduler {
  /** How often each epoch was named. */
  milestones: Record<number, number> = withIntegerKeys({});
  gamma: number;

  constructor(
    ...args: From<
      "optimizer",
      Optimizer,
      Required1<MultiStepLROptions, "milestones", ["gamma", "lastEpoch"]>,
      MultiStepLROptions
    >
  ) {
    const [optimizer, rest] = leading("optimizer", args);
    super(optimizer);
    const o = readArgs<MultiStepLROptions>("MultiStepLR", ["milestones", "gamma", "lastEpoch"], rest);
    for (const epoch of required("MultiStepLR", o, "milestones")) {
      this.milestones[epoch] = (this.milestones[epoch] ?? 0) + 1;
    }
    this.gamma = o.gamma ?? 0.1;
    this.start(o.lastEpoch ?? -1);
  }

  override getLr(): number[] {
    const times = this.milestones[this.lastEpoch];
    return this.currentLrs().map((lr) => (times === undefined ? lr : lr * this.gamma ** times));
  }
  protected override closedForm(): number[] {
    const passed = Object.entries(this.milestones).filter(([epoch]) => Number(epoch) <= this.lastEpoch);
    const times = passed.reduce((sum, [, count]) => sum + count, 0);
    return this.baseLrs.map((base) => base * this.gamma ** times);
  }
}
