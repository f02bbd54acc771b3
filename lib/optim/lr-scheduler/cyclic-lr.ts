/** Cyclical learning rates.   [Smith 2017] */
import { type From, leading, type Required1, readArgs, required } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler, perGroup, type SchedulerOptions } from "./lr-scheduler.js";
import { setMomentum, startMomentum } from "./momentum.js";

/** Options of {@link CyclicLR}. */
export interface CyclicLROptions extends SchedulerOptions {
  /** The lowest learning rate, or one for each group. Required, here or by position. */
  baseLr?: number | readonly number[];
  /** The highest learning rate, or one for each group. Required, here or by position. */
  maxLr?: number | readonly number[];
  /** The number of steps up. Default 2000. */
  stepSizeUp?: number;
  /** The number of steps down. Default: as many as up. */
  stepSizeDown?: number | null;
  /** `"triangular"`; `"triangular2"` halves each cycle; `"exp_range"` shrinks by gamma^step. Default `"triangular"`. */
  mode?: "triangular" | "triangular2" | "exp_range";
  /** The factor of `"exp_range"`. Default 1. */
  gamma?: number;
  /** The height of a cycle by its number, or by that of the step; instead of `mode`. */
  scaleFn?: ((x: number) => number) | null;
  /** What `scaleFn` takes: the number of the cycle or of the step. Default `"cycle"`. */
  scaleMode?: "cycle" | "iterations";
  /** Whether the momentum cycles against the rate. Default true. */
  cycleMomentum?: boolean;
  /** The lowest momentum, or one for each group. Default 0.8. */
  baseMomentum?: number | readonly number[];
  /** The highest momentum, or one for each group. Default 0.9. */
  maxMomentum?: number | readonly number[];
}

const NAMES = [
  ...(["baseLr", "maxLr", "stepSizeUp", "stepSizeDown", "mode", "gamma", "scaleFn", "scaleMode"] as const),
  ...(["cycleMomentum", "baseMomentum", "maxMomentum", "lastEpoch"] as const),
] as const;
type Rest = typeof NAMES extends readonly ["baseLr", ...infer R extends readonly (keyof CyclicLROptions)[]] ? R : never;

/** The learning rate goes up and down between two bounds. Step it after each batch. */
export class CyclicLR extends LRScheduler {
  maxLrs: number[];
  totalSize: number;
  stepRatio: number;
  mode: string;
  gamma: number;
  scaleMode: string;
  cycleMomentum: boolean;
  // Without momentum PyTorch has none of these three, and a state dict has not either.
  declare useBeta1: boolean;
  declare baseMomentums: number[];
  declare maxMomentums: number[];
  readonly #scaleFn: ((x: number) => number) | null;

  constructor(...args: From<"optimizer", Optimizer, Required1<CyclicLROptions, "baseLr", Rest>, CyclicLROptions>) {
    const [optimizer, rest] = leading("optimizer", args);
    super(optimizer);
    const o = readArgs<CyclicLROptions>("CyclicLR", NAMES, rest);
    const { stepSizeUp = 2000, mode = "triangular", scaleFn = null, lastEpoch = -1 } = o;
    const baseLrs = perGroup("base_lr", optimizer, required("CyclicLR", o, "baseLr"));
    if (lastEpoch === -1) this.apply(baseLrs);
    this.maxLrs = perGroup("max_lr", optimizer, required("CyclicLR", o, "maxLr"));
    this.totalSize = stepSizeUp + (o.stepSizeDown ?? stepSizeUp);
    this.stepRatio = stepSizeUp / this.totalSize;
    if (!["triangular", "triangular2", "exp_range"].includes(mode) && scaleFn === null) {
      throw new ArgumentError("mode is invalid and scale_fn is None");
    }
    this.mode = mode;
    this.gamma = o.gamma ?? 1;
    this.#scaleFn = scaleFn;
    const ownMode = mode === "exp_range" ? "iterations" : "cycle";
    this.scaleMode = scaleFn === null ? ownMode : (o.scaleMode ?? "cycle");
    this.cycleMomentum = o.cycleMomentum ?? true;
    if (this.cycleMomentum) {
      const { baseMomentum = 0.8, maxMomentum = 0.9 } = o;
      Object.assign(this, startMomentum(optimizer, baseMomentum, maxMomentum, lastEpoch === -1));
    }
    this.start(lastEpoch);
    this.baseLrs = baseLrs;
  }

  /** The height of a cycle. */
  scaleFn(x: number): number {
    if (this.#scaleFn !== null) return this.#scaleFn(x);
    if (this.mode === "triangular") return 1;
    return this.mode === "triangular2" ? 1 / 2 ** (x - 1) : this.gamma ** x;
  }

  override getLr(): number[] {
    const { lastEpoch, totalSize, stepRatio } = this;
    const cycle = Math.floor(1 + lastEpoch / totalSize);
    const x = 1 + lastEpoch / totalSize - cycle;
    const height = x <= stepRatio ? x / stepRatio : (x - 1) / (stepRatio - 1);
    const scale = this.scaleFn(this.scaleMode === "cycle" ? cycle : lastEpoch);
    if (this.cycleMomentum) {
      this.optimizer.paramGroups.forEach((group, i) => {
        const [most = 0, least = 0] = [this.maxMomentums[i], this.baseMomentums[i]];
        setMomentum(group, most - (most - least) * height * scale, this.useBeta1);
      });
    }
    return this.baseLrs.map((base, i) => base + ((this.maxLrs[i] ?? base) - base) * height * scale);
  }

  protected override fields(): Record<string, unknown> {
    return { ...super.fields(), scaleFnCustom: null };
  }

  override loadStateDict(state: Readonly<Record<string, unknown>>): void {
    const { _scale_fn_custom: _, ...rest } = state;
    super.loadStateDict(rest);
  }
}
