/** The learning rate of stochastic weight averaging. */
import { type From, leading, type Required1, readArgs, required } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import { pyRepr } from "../../repr.js";
import { LRScheduler, perGroup, type SchedulerOptions } from "../lr-scheduler/lr-scheduler.js";
import type { Optimizer } from "../optimizer.js";

/** Options of {@link SWALR}. */
export interface SWALROptions extends SchedulerOptions {
  /** The learning rate to go to, or one for each group. Required, here or by position. */
  swaLr?: number | readonly number[];
  /** The number of epochs on the way. Default 10. */
  annealEpochs?: number;
  /** The form of the way: a cosine or a line. Default `"cos"`. */
  annealStrategy?: "cos" | "linear";
}

const NAMES = ["swaLr", "annealEpochs", "annealStrategy", "lastEpoch"] as const;

/** Goes from the present learning rates to `swaLr` and stays there. */
export class SWALR extends LRScheduler {
  annealEpochs: number;
  protected annealStrategy: string;

  constructor(
    ...args: From<
      "optimizer",
      Optimizer,
      Required1<SWALROptions, "swaLr", ["annealEpochs", "annealStrategy", "lastEpoch"]>,
      SWALROptions
    >
  ) {
    const [optimizer, rest] = leading("optimizer", args);
    super(optimizer);
    const o = readArgs<SWALROptions>("SWALR", NAMES, rest);
    const { annealEpochs = 10, annealStrategy = "cos" } = o;
    const rates = perGroup("swa_lr", optimizer, required("SWALR", o, "swaLr"));
    optimizer.paramGroups.forEach((group, i) => {
      group.swaLr = rates[i] ?? group.lr;
    });
    if (annealStrategy !== "cos" && annealStrategy !== "linear") {
      throw new ArgumentError(`anneal_strategy must be one of 'cos' or 'linear', instead got ${annealStrategy}`);
    }
    if (!Number.isInteger(annealEpochs) || annealEpochs < 0) {
      throw new ArgumentError(`anneal_epochs must be equal or greater than 0, got ${pyRepr(annealEpochs)}`);
    }
    this.annealEpochs = annealEpochs;
    this.annealStrategy = annealStrategy;
    this.start(o.lastEpoch ?? -1);
  }

  /** How far on the way a step is, from 0 to 1. */
  #progress(step: number): number {
    const t = Math.max(0, Math.min(1, step / Math.max(1, this.annealEpochs)));
    return this.annealStrategy === "linear" ? t : (1 - Math.cos(Math.PI * t)) / 2;
  }

  override getLr(): number[] {
    const step = this.annealEpochs === 0 ? Math.max(1, this.stepCount - 1) : this.stepCount - 1;
    const [before, now] = [this.#progress(step - 1), this.#progress(step)];
    return this.optimizer.paramGroups.map(({ lr, swaLr = lr }) => {
      // Where the way began, from where it stands: other schedulers' changes stay in it.
      const start = before === 1 ? swaLr : (lr - before * swaLr) / (1 - before);
      return swaLr * now + start * (1 - now);
    });
  }
}
