/** A learning rate that falls when a metric has stopped improving. */
import { type Args, type From, leading, readArgs } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import { isTensor, type TensorBase } from "../../tensor/base.js";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler } from "./lr-scheduler.js";

/** Options of {@link ReduceLROnPlateau}. */
export interface PlateauOptions {
  /** Whether a better metric is smaller or larger. Default `"min"`. */
  mode?: "min" | "max";
  /** The factor, below 1. Default 0.1. */
  factor?: number;
  /** How many epochs without improvement are borne. Default 10. */
  patience?: number;
  /** How much better counts as better. Default 1e-4. */
  threshold?: number;
  /** Whether `threshold` is relative to the best so far. Default `"rel"`. */
  thresholdMode?: "rel" | "abs";
  /** How many epochs after a reduction do not count. Default 0. */
  cooldown?: number;
  /** The smallest learning rate, or one for each group. Default 0. */
  minLr?: number | readonly number[];
  /** The least change of a learning rate that is made. Default 1e-8. */
  eps?: number;
}

const NAMES = ["mode", "factor", "patience", "threshold", "thresholdMode", "cooldown", "minLr", "eps"] as const;

/** Multiplies the learning rates by `factor` after `patience` epochs without improvement: `step(validationLoss)`. */
export class ReduceLROnPlateau extends LRScheduler {
  factor: number;
  defaultMinLr: number | null;
  minLrs: number[];
  patience: number;
  cooldown: number;
  eps: number;
  mode: string;
  threshold: number;
  thresholdMode: string;
  modeWorse: number;
  best: number;
  cooldownCounter = 0;
  numBadEpochs = 0;

  constructor(...args: From<"optimizer", Optimizer, Args<PlateauOptions, typeof NAMES>, PlateauOptions>) {
    const [optimizer, rest] = leading("optimizer", args);
    super(optimizer);
    const o = readArgs<PlateauOptions>("ReduceLROnPlateau", NAMES, rest);
    const { mode = "min", factor = 0.1, thresholdMode = "rel", minLr = 0 } = o;
    const groups = optimizer.paramGroups.length;
    if (factor >= 1) throw new ArgumentError("Factor should be < 1.0.");
    if (mode !== "min" && mode !== "max") throw new ArgumentError(`mode ${mode} is unknown!`);
    if (thresholdMode !== "rel" && thresholdMode !== "abs") {
      throw new ArgumentError(`threshold mode ${thresholdMode} is unknown!`);
    }
    if (typeof minLr !== "number" && minLr.length !== groups) {
      throw new ArgumentError(`expected ${groups} min_lrs, got ${minLr.length}`);
    }
    this.factor = factor;
    this.defaultMinLr = typeof minLr === "number" ? minLr : null;
    this.minLrs = typeof minLr === "number" ? Array.from({ length: groups }, () => minLr) : [...minLr];
    this.patience = o.patience ?? 10;
    this.cooldown = o.cooldown ?? 0;
    this.eps = o.eps ?? 1e-8;
    this.mode = mode;
    this.threshold = o.threshold ?? 1e-4;
    this.thresholdMode = thresholdMode;
    this.modeWorse = mode === "min" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    this.best = this.modeWorse;
    this.lastEpoch = 0;
    this.lastLr = this.currentLrs();
  }

  /** Whether a reduction was a short while ago. */
  get inCooldown(): boolean {
    return this.cooldownCounter > 0;
  }

  override getLr(): number[] {
    return this.currentLrs();
  }

  /** Looks at this epoch's metric. */
  override step(metrics?: number | TensorBase, epoch?: number): void {
    if (metrics === undefined) {
      throw new ArgumentError("ReduceLROnPlateau.step() missing 1 required positional argument: 'metrics'");
    }
    const current = isTensor(metrics) ? metrics.item() : Number(metrics);
    this.lastEpoch = epoch ?? this.lastEpoch + 1;
    if (this.#isBetter(current)) {
      this.best = current;
      this.numBadEpochs = 0;
    } else this.numBadEpochs++;
    if (this.inCooldown) {
      this.cooldownCounter--;
      this.numBadEpochs = 0;
    }
    if (this.numBadEpochs > this.patience) {
      this.#reduce();
      this.cooldownCounter = this.cooldown;
      this.numBadEpochs = 0;
    }
    this.lastLr = this.currentLrs();
  }

  #isBetter(value: number): boolean {
    const { best, threshold, mode } = this;
    const sign = mode === "min" ? -1 : 1;
    const bar = this.thresholdMode === "rel" ? best * (1 + sign * threshold) : best + sign * threshold;
    return mode === "min" ? value < bar : value > bar;
  }

  #reduce(): void {
    const groups = this.optimizer.paramGroups;
    const { defaultMinLr } = this;
    if (groups.length !== this.minLrs.length) {
      if (defaultMinLr === null) {
        throw new ArgumentError(
          `The number of param groups in the \`optimizer\` (${groups.length}) differs from when \`ReduceLROnPlateau\` was initialized (${this.minLrs.length}), usually due to a new param group being added to the optimizer. Please modify the \`min_lrs\` field to match the length of the \`optimizer\` param groups.`,
        );
      }
      this.minLrs = groups.map(() => defaultMinLr);
    }
    groups.forEach((group, i) => {
      const lr = Math.max(group.lr * this.factor, this.minLrs[i] ?? 0);
      if (group.lr - lr > this.eps) group.lr = lr;
    });
  }

  protected override fields(): Record<string, unknown> {
    const { baseLrs, stepCount, isInitial, getLrCalledWithinStep, ...rest } = super.fields();
    return rest;
  }
}
