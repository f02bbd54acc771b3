/** Branches that are left out at random. */
import { type RequiredArgs, readArgs, required } from "../../args.js";
import { byName } from "../../by-name.js";
import { ArgumentError } from "../../errors.js";
import { Module } from "../../nn/index.js";
import { pyFloat } from "../../repr.js";
import { describe, isTensor } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";

/** What is left out: samples one by one, or the whole batch. */
export type StochasticDepthMode = "row" | "batch";

/**
 * Zeros samples (`"row"`) or the batch with probability p, and divides what stays by 1 - p; x [N, ...] -> the same.
 * [Huang et al. 2016](https://arxiv.org/abs/1603.09382)
 */
export const stochasticDepth = byName(
  "vision.ops.stochasticDepth",
  (x: Tensor, p: number, mode: StochasticDepthMode, training = true): Tensor => {
    if (!isTensor(x)) throw new ArgumentError(`stochasticDepth: expected a tensor, received ${describe(x)}`);
    if (!(p >= 0 && p <= 1))
      throw new ArgumentError(`drop probability has to be between 0 and 1, but got ${describe(p)}`);
    if (mode !== "row" && mode !== "batch") {
      throw new ArgumentError(`mode has to be either 'batch' or 'row', but got ${describe(mode)}`);
    }
    if (!training || p === 0) return x;
    const survival = 1 - p;
    const shape = mode === "row" ? [x.size(0), ...Array(x.ndim - 1).fill(1)] : Array(x.ndim).fill(1);
    const noise = x.newEmpty(shape).bernoulli_(survival);
    return x.mul(survival > 0 ? noise.div_(survival) : noise);
  },
);

interface StochasticDepthAll {
  p: number;
  mode: StochasticDepthMode;
}

/** {@link stochasticDepth} as a module. */
export class StochasticDepth extends Module {
  readonly p: number;
  readonly mode: StochasticDepthMode;

  constructor(...args: RequiredArgs<StochasticDepthAll, ["p", "mode"], []>) {
    super();
    const o = readArgs<StochasticDepthAll>("StochasticDepth", ["p", "mode"], args);
    this.p = required("StochasticDepth", o, "p");
    this.mode = required("StochasticDepth", o, "mode");
  }

  forward(x: Tensor): Tensor {
    return stochasticDepth(x, this.p, this.mode, this.training);
  }

  override toString(): string {
    return `StochasticDepth(p=${pyFloat(this.p)}, mode=${this.mode})`;
  }
}
