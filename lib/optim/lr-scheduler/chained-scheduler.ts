/** Schedulers that act together. */
import { type From, leading, readArgs } from "../../args.js";
import type { Optimizer } from "../optimizer.js";
import { ComposedLR } from "./composed.js";
import type { LRScheduler } from "./lr-scheduler.js";

/** Steps all schedulers in each epoch: their factors multiply. Errors: schedulers of different optimizers. */
export class ChainedScheduler extends ComposedLR {
  constructor(...args: From<"schedulers", readonly LRScheduler[], [optimizer?: Optimizer], { optimizer?: Optimizer }>) {
    const [schedulers, rest] = leading<"schedulers", readonly LRScheduler[], readonly unknown[], object>(
      "schedulers",
      args,
    );
    const { optimizer } = readArgs<{ optimizer?: Optimizer }>("ChainedScheduler", ["optimizer"], rest);
    super(optimizer, schedulers, "ChainedScheduler");
    this.lastLr = this.currentLrs();
  }

  override step(): void {
    for (const scheduler of this.schedulers) scheduler.step();
    this.lastLr = this.currentLrs();
  }
}
