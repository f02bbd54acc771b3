/** Cosine annealing with warm restarts.   [Loshchilov & Hutter 2017] */
import { type From, leading, type Required1, readArgs, required } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";

/** Options of {@link CosineAnnealingWarmRestarts}. */
export interface WarmRestartsOptions extends SchedulerOptions {
  /** The number of epochs until the first restart. Required, here or by position. */
  T0?: number;
  /** By how much each period is longer than the one before. Default 1. */
  TMult?: number;
  /** The smallest learning rate. Default 0. */
  etaMin?: number;
}

/**
 * lr = etaMin + (base - etaMin) * (1 + cos(pi * t / T)) / 2, where t counts the epochs since the last restart and T is the
 * length of the period. `step(epoch)` takes fractions: `step(epoch + batch / batches)`.
 */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  T0: number;
  Ti: number;
  TMult: number;
  TCur: number;
  etaMin: number;

  constructor(
    ...args: From<
      "optimizer",
      Optimizer,
      Required1<WarmRestartsOptions, "T0", ["TMult", "etaMin", "lastEpoch"]>,
      WarmRestartsOptions
    >
  ) {
    const [optimizer, rest] = leading("optimizer", args);
    super(optimizer);
    const names = ["T0", "TMult", "etaMin", "lastEpoch"] as const;
    const o = readArgs<WarmRestartsOptions>("CosineAnnealingWarmRestarts", names, rest);
    const { TMult = 1, lastEpoch = -1 } = o;
    const T0 = required("CosineAnnealingWarmRestarts", o, "T0");
    if (!Number.isInteger(T0) || T0 <= 0) throw new ArgumentError(`Expected positive integer T_0, but got ${T0}`);
    if (!Number.isInteger(TMult) || TMult < 1) {
      throw new ArgumentError(`Expected integer T_mult >= 1, but got ${TMult}`);
    }
    this.T0 = T0;
    this.Ti = T0;
    this.TMult = TMult;
    this.etaMin = o.etaMin ?? 0;
    this.TCur = lastEpoch;
    this.start(lastEpoch);
  }

  override getLr(): number[] {
    const wave = (1 + Math.cos((Math.PI * this.TCur) / this.Ti)) / 2;
    return this.baseLrs.map((base) => this.etaMin + (base - this.etaMin) * wave);
  }

  override step(epoch?: number): void {
    const given = epoch ?? (this.lastEpoch < 0 ? 0 : undefined);
    if (given === undefined) this.#advance();
    else this.#goTo(given);
    this.lastEpoch = given === undefined ? this.lastEpoch + 1 : Math.floor(given);
    this.apply(this.getLr());
  }

  #advance(): void {
    this.TCur++;
    if (this.TCur < this.Ti) return;
    this.TCur %= this.Ti;
    this.Ti *= this.TMult;
  }

  #goTo(epoch: number): void {
    const { T0, TMult } = this;
    if (epoch < 0) throw new ArgumentError(`Expected non-negative epoch, but got ${epoch}`);
    if (epoch < T0) {
      this.Ti = T0;
      this.TCur = epoch;
    } else if (TMult === 1) {
      this.TCur = epoch % T0;
    } else {
      const restarts = Math.trunc(Math.log((epoch / T0) * (TMult - 1) + 1) / Math.log(TMult));
      this.TCur = epoch - (T0 * (TMult ** restarts - 1)) / (TMult - 1);
      this.Ti = T0 * TMult ** restarts;
    }
  }
}
