/** Momentum that goes against the learning rate: high where the rate is low. */
import { ArgumentError } from "../../errors.js";
import type { Optimizer } from "../optimizer.js";
import type { BaseOptions } from "../options.js";
import { perGroup } from "./lr-scheduler.js";

/** The part of a group that holds a momentum. */
type MomentumGroup = BaseOptions & { momentum?: number; betas?: readonly [number, number] };

/** Whether the momentum is beta1. Errors: the optimizer has neither. */
export function usesBeta1(optimizer: Optimizer): boolean {
  const { defaults } = optimizer;
  if ("momentum" in defaults || "betas" in defaults) return "betas" in defaults;
  throw new ArgumentError("optimizer must support momentum or beta1 with `cycle_momentum` option enabled");
}

/** Sets the momentum of a group, or its beta1. */
export function setMomentum(group: MomentumGroup, value: number, beta1: boolean): void {
  if (beta1) group.betas = [value, group.betas?.[1] ?? 0.999];
  else group.momentum = value;
}

/** The largest and the smallest momentum of each group; each group starts from its largest. */
export function startMomentum(
  optimizer: Optimizer,
  base: number | readonly number[],
  max: number | readonly number[],
  fresh: boolean,
): { useBeta1: boolean; baseMomentums: number[]; maxMomentums: number[] } {
  const useBeta1 = usesBeta1(optimizer);
  const baseMomentums = perGroup("base_momentum", optimizer, base);
  const maxMomentums = perGroup("max_momentum", optimizer, max);
  if (fresh) {
    optimizer.paramGroups.forEach((group, i) => {
      const largest = maxMomentums[i] ?? 0;
      setMomentum(group, largest, useBeta1);
      group.maxMomentum = largest;
      group.baseMomentum = baseMomentums[i] ?? 0;
    });
  }
  return { useBeta1, baseMomentums, maxMomentums };
}
