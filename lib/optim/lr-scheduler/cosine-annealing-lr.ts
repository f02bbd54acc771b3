/** Cosine annealing.   [Loshchilov & Hutter 2017] */
import { type Args, readArgs } from "../../args.js";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler } from "./lr-scheduler.js";

/** Options of {@link CosineAnnealingLR}. */
export interface CosineAnnealingOptions {
  /** The smallest learning rate. Default 0. */
  etaMin?: number;
  /** The number of the last epoch when resuming. Default -1. */
  lastEpoch?: number;
}

/**
 * lr = etaMin + (base - etaMin) * (1 + cos(pi * epoch / tMax)) / 2, computed from the last epoch's value as PyTorch does,
 * so that changes made by hand or by another scheduler stay in it.
 */
export class CosineAnnealingLR extends LRScheduler {
  tMax: number;
  etaMin: number;

  constructor(optimizer: Optimizer, tMax: number, ...rest: Args<CosineAnnealingOptions, ["etaMin", "lastEpoch"]>) {
    super(optimizer);
    const names = ["etaMin", "lastEpoch"] as const;
    const { etaMin = 0, lastEpoch = -1 } = readArgs<CosineAnnealingOptions>("CosineAnnealingLR", names, rest);
    this.tMax = tMax;
    this.etaMin = etaMin;
    this.start(lastEpoch);
  }

  override getLr(): number[] {
    const { lastEpoch: epoch, tMax, etaMin } = this;
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
    const { lastEpoch: epoch, tMax, etaMin } = this;
    return this.baseLrs.map((base) => etaMin + ((base - etaMin) * (1 + Math.cos((Math.PI * epoch) / tMax))) / 2);
  }
}

/** The remainder with the sign of the divisor. */
function modulo(a: number, b: number): number {
  return ((a % b) + b) % b;
}
