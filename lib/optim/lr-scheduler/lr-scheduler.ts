/** What learning-rate schedulers share. */

import { guardMethods } from "../../checked.js";
import { deepcopy } from "../../deepcopy.js";
import { ArgumentError } from "../../errors.js";
import { hasIntegerKeys, withIntegerKeys } from "../../python-forms.js";
import { guardSpelling, HYPER_PARAMETERS, namesOf } from "../../spelling.js";
import { warnOnce } from "../../warnings.js";
import { fromPyTorchKey, withPyTorchKeys } from "../keys.js";
import { Optimizer } from "../optimizer.js";

/** Options that every scheduler takes. */
export interface SchedulerOptions {
  /** The number of the last epoch when resuming. Default -1. */
  lastEpoch?: number;
}

/** The base class of schedulers: call `step()` after each epoch's `optimizer.step()`. */
export abstract class LRScheduler {
  /** The optimizer whose groups get their `lr`. */
  declare readonly optimizer: Optimizer;
  /** The learning rates at the start. */
  baseLrs: number[] = [];
  /** The number of the epoch, from 0. */
  lastEpoch = -1;
  protected stepCount = 0;
  protected isInitial = false;
  protected getLrCalledWithinStep = false;
  protected lastLr: number[] = [];

  constructor(optimizer: Optimizer) {
    if (!(optimizer instanceof Optimizer)) {
      throw new ArgumentError(`${typeNameOf(optimizer)} is not an Optimizer`);
    }
    Object.defineProperty(this, "optimizer", { value: optimizer, enumerable: false });
  }

  /** The learning rates of this epoch, one per group; from the last epoch's, as PyTorch computes them. */
  abstract getLr(): number[];
  /** The learning rates of any epoch from the base rates; undefined where there is no such formula. */
  protected closedForm(): number[] | undefined {
    return undefined;
  }

  /** Takes the first step: the last thing a constructor does. */
  protected start(lastEpoch: number): void {
    this.optimizer.paramGroups.forEach((group, i) => {
      if (lastEpoch === -1) group.initialLr ??= group.lr;
      else if (group.initialLr === undefined) {
        throw new ArgumentError(
          `param 'initial_lr' is not specified in param_groups[${i}] when resuming scheduler with last_epoch >= 0.`,
        );
      }
    });
    this.baseLrs = this.optimizer.paramGroups.map((group) => group.initialLr ?? group.lr);
    this.lastEpoch = lastEpoch;
    this.initialStep();
  }

  /** The step that sets the rates of the first epoch. @internal */
  initialStep(): void {
    this.stepCount = 0;
    this.isInitial = true;
    try {
      this.step();
    } finally {
      this.isInitial = false;
    }
  }

  /** Goes to the next epoch, or to the given one, and sets the groups' learning rates. */
  step(epoch?: number): void {
    if (this.stepCount === 1 && this.optimizer.stepsTaken === 0) {
      warnOnce(
        "CANDLEWICK_SCHEDULER_ORDER",
        "Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch 1.1.0 and later, you should call them in the opposite order: `optimizer.step()` before `lr_scheduler.step()`.  Failure to do this will result in PyTorch skipping the first value of the learning rate schedule. See more details at https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate",
      );
    }
    if (epoch !== undefined) {
      warnOnce(
        "CANDLEWICK_SCHEDULER_EPOCH",
        "The epoch parameter in `scheduler.step()` was not necessary and is being deprecated where possible. Please use `scheduler.step()` to step the scheduler. During the deprecation, if epoch is different from None, the closed form is used instead of the new chainable form, where available.",
      );
    }
    this.stepCount++;
    this.updateLr(epoch);
  }

  /** Sets the rates of the next epoch, or of the given one. @internal */
  updateLr(epoch?: number): void {
    this.lastEpoch = epoch ?? this.lastEpoch + 1;
    this.apply((epoch === undefined ? undefined : this.closedForm()) ?? this.getLr());
  }

  /** Sets the rates of the groups. */
  protected apply(values: readonly number[]): void {
    this.optimizer.paramGroups.forEach((group, i) => {
      group.lr = values[i] ?? group.lr;
    });
    this.lastLr = this.currentLrs();
  }

  /** The learning rates that the last step set. */
  getLastLr(): number[] {
    return [...this.lastLr];
  }

  protected currentLrs(): number[] {
    return this.optimizer.paramGroups.map((group) => group.lr);
  }

  /** What a state dict holds, by our names. */
  protected fields(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this));
  }

  /** PyTorch's state dict, key for key. */
  stateDict(): Record<string, unknown> {
    return deepcopy(withPyTorchKeys(this.fields()));
  }

  /** Takes over a state dict. */
  loadStateDict(state: Readonly<Record<string, unknown>>): void {
    for (const [key, value] of Object.entries(state)) {
      const field = fromPyTorchKey(key);
      const own: unknown = Reflect.get(this, field);
      // What a file of Python holds under integers comes as a Map.
      const numbered = value instanceof Map && typeof own === "object" && own !== null && hasIntegerKeys(own);
      Reflect.set(this, field, numbered ? withIntegerKeys(Object.fromEntries(value)) : deepcopy(value));
    }
  }
}

function typeNameOf(value: unknown): string {
  return typeof value === "object" && value !== null ? (value.constructor?.name ?? "object") : typeof value;
}

/** A value for each group. Errors: a list of another length. */
export function perGroup<T>(name: string, optimizer: Optimizer, value: T | readonly T[]): T[] {
  const groups = optimizer.paramGroups.length;
  if (!Array.isArray(value)) return Array.from({ length: groups }, () => value as T);
  if (value.length === groups) return [...value];
  throw new ArgumentError(
    `${name} must have the same length as optimizer.param_groups. ${name} has ${value.length} values, param_groups has ${groups}.`,
  );
}

guardSpelling(LRScheduler.prototype, [...namesOf(LRScheduler), ...HYPER_PARAMETERS, "baseLrs"]);
guardMethods(LRScheduler, {
  step: ["epoch: number"],
  updateLr: ["epoch: number"],
  loadStateDict: ["stateDict: object"],
});
