/** Schedulers one after another. */
import { type From, leading, type Required1, readArgs, required } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import type { Optimizer } from "../optimizer.js";
import { ComposedLR } from "./composed.js";
import type { LRScheduler, SchedulerOptions } from "./lr-scheduler.js";

/** Options of {@link SequentialLR}. */
export interface SequentialLROptions extends SchedulerOptions {
  /** The schedulers in order. Required, here or by position. */
  schedulers?: readonly LRScheduler[];
  /** The epochs at which the next one takes over, one fewer. Required, here or by position. */
  milestones?: readonly number[];
}

/** Each scheduler has the epochs up to its milestone; it starts from its first epoch. */
export class SequentialLR extends ComposedLR {
  protected changes: readonly number[];

  constructor(
    ...args: From<
      "optimizer",
      Optimizer,
      Required1<SequentialLROptions, "schedulers", ["milestones", "lastEpoch"]>,
      SequentialLROptions
    >
  ) {
    const [optimizer, rest] = leading("optimizer", args);
    const o = readArgs<SequentialLROptions>("SequentialLR", ["schedulers", "milestones", "lastEpoch"], rest);
    const schedulers = required("SequentialLR", o, "schedulers");
    const milestones = required("SequentialLR", o, "milestones");
    super(optimizer, schedulers, "SequentialLR");
    if (milestones.length !== schedulers.length - 1) {
      throw new ArgumentError(
        `Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone points, but got number of schedulers ${schedulers.length} and the number of milestones to be equal to ${milestones.length}`,
      );
    }
    this.changes = milestones;
    this.lastEpoch = (o.lastEpoch ?? -1) + 1;
    // Each scheduler set its first rates when it was made: all of that is undone but for the first one's.
    for (const group of optimizer.paramGroups) group.lr = group.initialLr ?? group.lr;
    undo(this);
    const [first] = this.#at(0);
    first.initialStep();
    this.lastLr = first.getLastLr();
  }

  /** The scheduler of an epoch, and whether it takes over then. */
  #at(epoch: number): [LRScheduler, boolean] {
    const passed = this.changes.filter((change) => change <= epoch).length;
    const scheduler = this.schedulers[passed];
    if (scheduler === undefined) throw new ArgumentError("SequentialLR: there is no scheduler for this epoch");
    return [scheduler, passed > 0 && this.changes[passed - 1] === epoch];
  }

  override step(): void {
    this.lastEpoch++;
    const [scheduler, takesOver] = this.#at(this.lastEpoch);
    if (takesOver) scheduler.updateLr(0);
    else scheduler.step();
    this.lastLr = scheduler.getLastLr();
  }

  protected override fields(): Record<string, unknown> {
    return { ...super.fields(), changes: this.changes, lastEpoch: this.lastEpoch };
  }
}

function undo(scheduler: LRScheduler): void {
  if (scheduler instanceof ComposedLR) scheduler.schedulers.forEach(undo);
  else scheduler.lastEpoch--;
}
