/** Cosine annealing.   [Loshchilov & Hutter 2017] */
import { type From, leading, type Required1, readArgs, required } from "../../args.js";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler } from "./lr-scheduler.js";

/** Options of {@link CosineAnnealingLR}. */
export interface CosineAnnealingOptions {
  /** The number of epochs until the rate is smallest. Required, here or by position. */
  TMax?: number;
  /** The smallest learning rate. Default 0. */
  etaMin?: number;
  /** The number of the last epoch when resuming. Default -1. */
  lastEpoch?: number;
}

/**
 * lr = etaMin + (base - etaMin) * (1 + cos(pi * epoch / TMax)) / 2, computed from the last epoch's value as PyTorch does,
 * so that changes made by hand or by another scheduler stay in it.
 */
export class CosineAnnealingLR extends LRScheduler {
  TMax: number;
  etaMin: number;

  constructor(
    ...args: From<
      "optimizer",
      Optimizer,
      Required1<CosineAnnealingOptions, "TMax", ["etaMin", "lastEpoch"]>,
      CosineAnnealingOptions
    >
  ) {
    const [optimizer, rest] = leading("optimizer", args);
    super(optimizer);
    const o = readArgs<CosineAnnealingOptions>("CosineAnnealingLR", ["TMax", "etaMin", "lastEpoch"], rest);
    const { etaMin = 0, lastEpoch = -1 } = o;
    this.TMax = required("CosineAnnealingLR", o, "TMax");
    this.etaMin = etaMin;
    this.start(lastEpoch);
  }

  override getLr(): number[] {
    const { lastEpoch: epoch, TMax: tMax, etaMin } = this;
    if (this.isInitial) return this.currentLrs();
    if (this.stepCount === 1 && epoch > 0) return this.closedForm();
    if (modulo(epoch - 1 - tMax, 2 * tMax) === 0) {
      // The formula below would divide by 0: the rate was at its minimum and rises again.
      const rise = (1 - Math.cos(Math.PI / tMax)) / 2;
      return this.currentLrs().map((lr, i) => lr + ((this.baseLrs[i] ?? lr) - etaMin) * rise);
    }
    const ratio = (1 + Math.cos((Math.PI * epoch) / tMax)) / (1 + Math.cos((Math.PI * (epoch - 1)) / tMax));
    return this.currentLrs().map((lr) => ratio * (lr - etaMin) + etaMin);
  }
  protected override closedForm(): number[] {
    const { lastEpoch: epoch, TMax: tMax, etaMin } = this;
    return this.baseLrs.map((base) => etaMin + ((base - etaMin) * (1 + Math.cos((Math.PI * epoch) / tMax))) / 2);
  }
}

/** The remainder with the sign of the divisor. */
function modulo(a: number, b: number): number {
  return ((a % b) + b) % b;
}
