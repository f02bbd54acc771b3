/** One-hot encoding. */

import { type Args, readArgs } from "../args.js";
import { byName } from "../by-name.js";
import { native } from "../native.js";
import { handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

/** Options of {@link oneHot}. */
export interface OneHotOptions {
  /** The number of classes; -1 takes the largest class plus 1. Default -1. */
  numClasses?: number;
}

/** 1 at each class, 0 elsewhere: int64 [...] -> int64 [..., numClasses]. Errors: another dtype; classes out of range. */
export const oneHot = byName(
  "nn.functional.oneHot",
  (x: TensorBase, ...rest: Args<OneHotOptions, ["numClasses"]>): Tensor => {
    const { numClasses = -1 } = readArgs<OneHotOptions>("oneHot", ["numClasses"], rest);
    return wrap(native.oneHot(handleOf(x), numClasses));
  },
);
