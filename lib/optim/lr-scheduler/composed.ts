/** What ChainedScheduler and SequentialLR share: other schedulers, whose state dicts are part of theirs. */
import { listOf } from "../../argument-types.js";
import { ArgumentError } from "../../errors.js";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler } from "./lr-scheduler.js";
import { ReduceLROnPlateau } from "./reduce-lr-on-plateau.js";

/** A scheduler made of schedulers of one optimizer. */
export abstract class ComposedLR extends LRScheduler {
  /** The parts. */
  readonly schedulers: readonly LRScheduler[];

  constructor(optimizer: Optimizer | undefined, schedulers: readonly LRScheduler[], name: string) {
    const [first] = listOf(name, "schedulers", schedulers);
    if (first === undefined) {
      const what = name === "ChainedScheduler" ? "scheduler to be chained" : "scheduler";
      throw new ArgumentError(`${name} expects at least one ${what}, but got no scheduler.`);
    }
    super(optimizer ?? first.optimizer);
    schedulers.forEach((scheduler, i) => {
      if (!(scheduler instanceof LRScheduler)) {
        throw new ArgumentError(`${name} at index ${i} should have \`optimizer\` as its attribute.`);
      }
      if (scheduler instanceof ReduceLROnPlateau) {
        throw new ArgumentError(
          `${name} does not support \`ReduceLROnPlateau\` scheduler as it requires additional kwargs to be specified when calling \`step\`, but got one at index ${i} in the given schedulers sequence.`,
        );
      }
      if (scheduler.optimizer !== this.optimizer) {
        throw new ArgumentError(
          `${name} expects all schedulers to belong to the same optimizer, but got scheduler ${scheduler.constructor.name} at index ${i} has ${scheduler.optimizer}, which is different from ${this.optimizer.constructor.name}.`,
        );
      }
    });
    this.schedulers = schedulers;
  }

  override getLr(): number[] {
    return this.currentLrs();
  }

  protected override fields(): Record<string, unknown> {
    return { schedulers: this.schedulers.map((s) => s.stateDict()), lastLr: this.lastLr };
  }

  override loadStateDict(state: Readonly<Record<string, unknown>>): void {
    const { _schedulers: parts, ...rest } = state;
    super.loadStateDict(rest);
    if (!Array.isArray(parts)) return;
    parts.forEach((part, i) => {
      this.schedulers[i]?.loadStateDict(part);
    });
  }
}
