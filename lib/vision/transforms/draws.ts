/** The random numbers of transforms, one by one, from the default generator: torchvision's draws in torchvision's order. */

import { randint, randperm, tensor } from "../../creation.js";
import { keep } from "../../memory.js";
import { native } from "../../native.js";
import { exp, log } from "../../ops/pointwise.js";
import { handleOf } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";

let cell: Tensor | undefined;

/** One float32 between two numbers: `torch.empty(1).uniform_(from, to).item()`. */
export function uniform(from: number, to: number): number {
  cell ??= keep(tensor([0]));
  native.uniform_(handleOf(cell), from, to, null);
  return cell.item() as number;
}

/** One float32 from 0 to 1: `torch.rand(1).item()`. */
export const rand = () => uniform(0, 1);

/** Whether something happens that has the probability p, compared as float32. */
export const happens = (p: number) => rand() < Math.fround(p);

/** One integer from `low`, below `high`. */
export const integer = (low: number, high: number) => randint(low, high, [1]).item() as number;

/** The integers below n in a random order. */
export const permutation = (n: number) => randperm(n).tolist() as number[];

/** e to a uniform number between the logarithms of two numbers, in float32. */
export function logUniform([from, to]: readonly [number, number]): number {
  const [low, high] = log(tensor([from, to])).tolist() as [number, number];
  return exp(tensor([uniform(low, high)])).item() as number;
}
