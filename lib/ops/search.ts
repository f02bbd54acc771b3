/** Finding values: places in sorted sequences, membership. */

import { type Args, readArgs } from "../args.js";
import { byName } from "../by-name.js";
import { native } from "../native.js";
import { handleOf, type Operand, operand, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

/** Options of {@link searchsorted} and {@link bucketize}. */
export interface SearchOptions {
  /** Whether the result is int32. Default false: int64. */
  outInt32?: boolean;
  /** Whether to go behind equal elements. Default false: before them. */
  right?: boolean;
  /** The same as a word. */
  side?: "left" | "right" | null;
  /** The order of an unsorted sequence, as {@link argsort} gives it. */
  sorter?: TensorBase | null;
}
const SEARCH = ["outInt32", "right", "side", "sorter"] as const;

/** Where each value would go in a sorted sequence: one for all [n], or one per line of the values [..., n]. */
export const searchsorted = byName(
  "searchsorted",
  (sortedSequence: TensorBase, values: Operand, options: SearchOptions = {}): Tensor => {
    const {
      outInt32 = false,
      right = false,
      side,
      sorter,
    } = readArgs<SearchOptions>("searchsorted", SEARCH, [options]);
    const behind = side === undefined || side === null ? right : side === "right";
    return wrap(
      native.searchsorted(
        handleOf(sortedSequence),
        operand(values),
        behind,
        outInt32,
        sorter ? handleOf(sorter) : null,
      ),
    );
  },
);

/** The bucket of each value between sorted boundaries: `searchsorted(boundaries, x)`. */
export const bucketize = byName(
  "bucketize",
  (x: Operand, boundaries: TensorBase, options: Pick<SearchOptions, "outInt32" | "right"> = {}): Tensor =>
    searchsorted(boundaries, x, options),
);

/** Options of {@link isin}. */
export interface IsinOptions {
  /** Accepted for PyTorch's sake. */
  assumeUnique?: boolean;
  /** Whether to say what is not there. Default false. */
  invert?: boolean;
}
/** Whether each element occurs among the test elements, as bool. */
export const isin = byName(
  "isin",
  (elements: Operand, testElements: Operand, ...args: Args<IsinOptions, []>): Tensor => {
    const { invert = false } = readArgs<IsinOptions>("isin", ["assumeUnique", "invert"], args);
    return wrap(native.isin(operand(elements), operand(testElements), invert));
  },
);
