/** Checks of hyper-parameters, with PyTorch's wordings. */
import { ArgumentError } from "../errors.js";
import { pyFloat, pyRepr } from "../repr.js";

/** Refuses a hyper-parameter. */
export function invalid(label: string, value: number): never {
  throw new ArgumentError(`Invalid ${label}: ${pyFloat(value)}`);
}

/** Refuses a negative number, or none. */
export function nonNegative(label: string, value: number): void {
  if (!(value >= 0)) invalid(label, value);
}

/** Refuses decays outside [0, 1). */
export function checkBetas(betas: readonly number[]): void {
  if (!Array.isArray(betas)) throw new ArgumentError(`Invalid betas: expected two numbers, received ${pyRepr(betas)}`);
  betas.forEach((beta, i) => {
    if (typeof beta === "string") {
      throw new ArgumentError(`expected betas to be numbers, received "${beta}"; parse it with Number(...)`);
    }
    if (!(beta >= 0 && beta < 1)) invalid(`beta parameter at index ${i}`, beta);
  });
}
