/** The one-cycle policy.   [Smith & Topin 2019] */
import { type From, leading, type Required1, readArgs, required } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import { pyRepr } from "../../repr.js";
import type { Optimizer } from "../optimizer.js";
import { LRScheduler, perGroup, type SchedulerOptions } from "./lr-scheduler.js";
import { setMomentum, startMomentum } from "./momentum.js";

/** Options of {@link OneCycleLR}. */
export interface OneCycleLROptions extends SchedulerOptions {
  /** The highest learning rate, or one for each group. Required, here or by position. */
  maxLr?: number | readonly number[];
  /** The number of steps; or give `epochs` and `stepsPerEpoch`. */
  totalSteps?: number | null;
  /** The number of epochs. */
  epochs?: number | null;
  /** The number of steps of an epoch. */
  stepsPerEpoch?: number | null;
  /** The part of the steps that go up. Default 0.3. */
  pctStart?: number;
  /** The form of the way: a cosine or a line. Default `"cos"`. */
  annealStrategy?: "cos" | "linear";
  /** Whether the momentum cycles against the rate. Default true. */
  cycleMomentum?: boolean;
  /** The lowest momentum, or one for each group. Default 0.85. */
  baseMomentum?: number | readonly number[];
  /** The highest momentum, or one for each group. Default 0.95. */
  maxMomentum?: number | readonly number[];
  /** The first learning rate is maxLr / divFactor. Default 25. */
  divFactor?: number;
  /** The last learning rate is the first / finalDivFactor. Default 1e4. */
  finalDivFactor?: number;
  /** Whether the way down stops at the first learning rate before it goes to the last. Default false. */
  threePhase?: boolean;
}

type LrKey = "initialLr" | "maxLr" | "minLr";
type MomentumKey = "maxMomentum" | "baseMomentum";

/** A part of the way, by the names of a group's fields in PyTorch's spelling: it is part of the state dict. */
interface Phase {
  end_step: number;
  start_lr: string;
  end_lr: string;
  start_momentum: string;
  end_momentum: string;
}

const LR_KEYS: Readonly<Record<string, LrKey>> = { initial_lr: "initialLr", max_lr: "maxLr", min_lr: "minLr" };
const MOMENTUM_KEYS: Readonly<Record<string, MomentumKey>> = {
  max_momentum: "maxMomentum",
  base_momentum: "baseMomentum",
};

const NAMES = [
  ...(["maxLr", "totalSteps", "epochs", "stepsPerEpoch", "pctStart", "annealStrategy", "cycleMomentum"] as const),
  ...(["baseMomentum", "maxMomentum", "divFactor", "finalDivFactor", "threePhase", "lastEpoch"] as const),
] as const;
type Rest = typeof NAMES extends readonly ["maxLr", ...infer R extends readonly (keyof OneCycleLROptions)[]]
  ? R
  : never;

/** The learning rate rises to `maxLr` and falls to nearly nothing, once. Step it after each batch. */
export class OneCycleLR extends LRScheduler {
  totalSteps: number;
  cycleMomentum: boolean;
  // Without momentum PyTorch has none, and a state dict has not either.
  declare useBeta1: boolean;
  protected schedulePhases: Phase[];
  protected annealFuncType: string;

  constructor(...args: From<"optimizer", Optimizer, Required1<OneCycleLROptions, "maxLr", Rest>, OneCycleLROptions>) {
    const [optimizer, rest] = leading("optimizer", args);
    super(optimizer);
    const o = readArgs<OneCycleLROptions>("OneCycleLR", NAMES, rest);
    const { pctStart = 0.3, annealStrategy = "cos", divFactor = 25, finalDivFactor = 1e4, lastEpoch = -1 } = o;
    this.totalSteps = countSteps(o);
    this.schedulePhases = phases(pctStart, this.totalSteps, o.threePhase ?? false);
    if (!(pctStart >= 0 && pctStart <= 1)) {
      throw new ArgumentError(`Expected float between 0 and 1 pct_start, but got ${pyRepr(pctStart)}`);
    }
    if (annealStrategy !== "cos" && annealStrategy !== "linear") {
      throw new ArgumentError(`anneal_strategy must be one of 'cos' or 'linear', instead got ${annealStrategy}`);
    }
    this.annealFuncType = annealStrategy;
    const maxLrs = perGroup("max_lr", optimizer, required("OneCycleLR", o, "maxLr"));
    if (lastEpoch === -1) {
      optimizer.paramGroups.forEach((group, i) => {
        const highest = maxLrs[i] ?? group.lr;
        group.initialLr = highest / divFactor;
        group.maxLr = highest;
        group.minLr = group.initialLr / finalDivFactor;
      });
    }
    this.cycleMomentum = o.cycleMomentum ?? true;
    if (this.cycleMomentum) {
      const { baseMomentum = 0.85, maxMomentum = 0.95 } = o;
      this.useBeta1 = startMomentum(optimizer, baseMomentum, maxMomentum, lastEpoch === -1).useBeta1;
    }
    this.start(lastEpoch);
  }

  #between(start: number, end: number, part: number): number {
    if (this.annealFuncType === "linear") return (end - start) * part + start;
    return end + ((start - end) / 2) * (Math.cos(Math.PI * part) + 1);
  }

  override getLr(): number[] {
    const { lastEpoch: step, totalSteps, schedulePhases } = this;
    if (step > totalSteps) {
      throw new ArgumentError(`Tried to step ${step} times. The specified number of total steps is ${totalSteps}`);
    }
    const found = schedulePhases.findIndex((phase) => step <= phase.end_step);
    const at = found < 0 ? schedulePhases.length - 1 : found;
    const phase = schedulePhases[at];
    if (phase === undefined) return this.currentLrs();
    const start = schedulePhases[at - 1]?.end_step ?? 0;
    const part = (step - start) / (phase.end_step - start);
    return this.optimizer.paramGroups.map((group) => {
      const lr = (key: string) => group[LR_KEYS[key] ?? "maxLr"] ?? group.lr;
      const momentum = (key: string) => group[MOMENTUM_KEYS[key] ?? "maxMomentum"] ?? 0;
      if (this.cycleMomentum) {
        const value = this.#between(momentum(phase.start_momentum), momentum(phase.end_momentum), part);
        setMomentum(group, value, this.useBeta1);
      }
      return this.#between(lr(phase.start_lr), lr(phase.end_lr), part);
    });
  }
}

function countSteps({ totalSteps = null, epochs = null, stepsPerEpoch = null }: OneCycleLROptions): number {
  const positive = (name: string, value: number) => {
    if (Number.isInteger(value) && value > 0) return value;
    throw new ArgumentError(`Expected positive integer ${name}, but got ${pyRepr(value)}`);
  };
  if (totalSteps !== null) return positive("total_steps", totalSteps);
  if (epochs !== null && stepsPerEpoch !== null) {
    return positive("epochs", epochs) * positive("steps_per_epoch", stepsPerEpoch);
  }
  throw new ArgumentError("You must define either total_steps OR (epochs AND steps_per_epoch)");
}

function phases(pctStart: number, totalSteps: number, three: boolean): Phase[] {
  const phase = (end: number, lrs: [string, string], momenta: [string, string]): Phase => ({
    end_step: end,
    start_lr: lrs[0],
    end_lr: lrs[1],
    start_momentum: momenta[0],
    end_momentum: momenta[1],
  });
  const up = phase(pctStart * totalSteps - 1, ["initial_lr", "max_lr"], ["max_momentum", "base_momentum"]);
  const last = totalSteps - 1;
  if (!three) return [up, phase(last, ["max_lr", "min_lr"], ["base_momentum", "max_momentum"])];
  return [
    up,
    phase(2 * pctStart * totalSteps - 2, ["max_lr", "initial_lr"], ["base_momentum", "max_momentum"]),
    phase(last, ["initial_lr", "min_lr"], ["max_momentum", "max_momentum"]),
  ];
}
