/** Functions that move an average towards new values. */
import { noGrad } from "../../autograd/modes.js";
import { ArgumentError } from "../../errors.js";
import { pyFloat } from "../../repr.js";
import { describe } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";

/** The new average of one tensor; `numAveraged` counts the values in the old one. */
export type AvgFn = (averaged: Tensor, current: Tensor, numAveraged: number) => Tensor;

/** Moves all averages in place. */
export type MultiAvgFn = (averaged: readonly Tensor[], current: readonly Tensor[], numAveraged: number) => void;

function checkDecay(decay: number): void {
  if (typeof decay === "number" && decay >= 0 && decay <= 1) return;
  const given = typeof decay === "number" ? pyFloat(decay) : describe(decay);
  throw new ArgumentError(`Invalid decay value ${given} provided. Please provide a value in [0,1] range.`);
}

/** The mean of all values: averaged + (current - averaged) / (numAveraged + 1). */
export function getSwaAvgFn(): AvgFn {
  return (averaged, current, numAveraged) => noGrad(() => averaged.add(current.sub(averaged).div(numAveraged + 1)));
}

/** The exponential mean: decay * averaged + (1 - decay) * current. */
export function getEmaAvgFn(decay = 0.999): AvgFn {
  checkDecay(decay);
  return (averaged, current) => noGrad(() => averaged.mul(decay).add(current.mul(1 - decay)));
}

/** {@link getSwaAvgFn} for lists, in place. */
export function getSwaMultiAvgFn(): MultiAvgFn {
  return inPlace(getSwaAvgFn());
}

/** {@link getEmaAvgFn} for lists, in place. */
export function getEmaMultiAvgFn(decay = 0.999): MultiAvgFn {
  return inPlace(getEmaAvgFn(decay));
}

function inPlace(average: AvgFn): MultiAvgFn {
  return (averaged, current, numAveraged) =>
    noGrad(() => {
      averaged.forEach((x, i) => {
        const value = current[i];
        if (value !== undefined) x.copy_(average(x, value, numAveraged));
      });
    });
}
