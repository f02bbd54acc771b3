/** A data set in random parts. */

import { type From, leading, type Required1, readArgs, required } from "../args.js";
import { listOf } from "../argument-types.js";
import { randperm } from "../creation.js";
import { ArgumentError } from "../errors.js";
import type { Generator } from "../random.js";
import { asDataset, type DatasetSource, Subset } from "./dataset.js";
import { toIndices } from "./sampler.js";

/** Options of {@link randomSplit}. */
export interface RandomSplitOptions {
  /** The lengths of the parts, or fractions that sum to 1. Required, here or by position. */
  lengths?: readonly number[];
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator | null;
}

/**
 * Divides a data set at random into parts of the given lengths, or fractions that sum to 1.
 * Errors: lengths that do not sum to the data set's.
 */
export function randomSplit<T>(
  ...args: From<
    "dataset",
    DatasetSource<T>,
    Required1<RandomSplitOptions, "lengths", ["generator"]>,
    RandomSplitOptions
  >
): Subset<T>[] {
  const [dataset, rest] = leading("dataset", args);
  const o = readArgs<RandomSplitOptions>("randomSplit", ["lengths", "generator"], rest);
  const source = asDataset(dataset);
  const sizes = splitSizes(source.length, listOf("randomSplit", "lengths", required("randomSplit", o, "lengths")));
  const order = toIndices(randperm(source.length, { generator: o.generator ?? null }));
  let start = 0;
  return sizes.map((size) => {
    start += size;
    return new Subset(source, order.slice(start - size, start));
  });
}

function splitSizes(total: number, lengths: readonly number[]): number[] {
  const sum = lengths.reduce((a, b) => a + b, 0);
  if (Math.abs(sum - 1) < 1e-9 && sum <= 1) {
    const sizes = lengths.map((fraction, i) => {
      if (!(fraction >= 0 && fraction <= 1)) {
        throw new ArgumentError(`Fraction at index ${i} is not between 0 and 1`);
      }
      return Math.floor(total * fraction);
    });
    const rest = total - sizes.reduce((a, b) => a + b, 0);
    for (let i = 0; i < rest; i++) sizes[i % sizes.length] = (sizes[i % sizes.length] ?? 0) + 1;
    return sizes;
  }
  if (sum !== total) throw new ArgumentError("Sum of input lengths does not equal the length of the input dataset!");
  return [...lengths];
}
