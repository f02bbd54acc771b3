/** Average pooling. */

import { type Args, readArgs, required } from "../../args.js";
import { byName } from "../../by-name.js";
import { native } from "../../native.js";
import { pyRepr } from "../../repr.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { Module } from "../module.js";
import { type IntOrTuple, ints, tuple } from "../sizes.js";
import type { KernelAnd, WithKernel } from "./arguments.js";

/** Options of one-dimensional average pooling. */
export interface AvgPool1dOptions {
  /** The step between windows. Default: the kernel size. */
  stride?: IntOrTuple | null;
  /** Zeros added to both sides. Default 0. */
  padding?: IntOrTuple;
  /** Whether a window may reach over the edge. Default false. */
  ceilMode?: boolean;
  /** Whether the padding counts in the mean. Default true. */
  countIncludePad?: boolean;
}

/** Options of average pooling. */
export interface AvgPoolOptions extends AvgPool1dOptions {
  /** Divides the sum instead of the window's size. Default: none. */
  divisorOverride?: number | null;
}

const LINE = ["kernelSize", "stride", "padding", "ceilMode", "countIncludePad"] as const;
const NAMES = [...LINE, "divisorOverride"] as const;
type LineArgs = WithKernel<
  AvgPool1dOptions,
  Args<AvgPool1dOptions, ["stride", "padding", "ceilMode", "countIncludePad"]>
>;
type AvgPoolArgs = WithKernel<
  AvgPoolOptions,
  Args<AvgPoolOptions, ["stride", "padding", "ceilMode", "countIncludePad", "divisorOverride"]>
>;

/** The mean of every window: [N, C, L] -> [N, C, L']. */
export const avgPool1d = byName(
  "nn.functional.avgPool1d",
  (x: TensorBase, ...args: LineArgs): Tensor => average(1, x, read("avgPool1d", LINE, args)),
);
/** The mean of every window: [N, C, H, W] -> [N, C, H', W']. */
export const avgPool2d = byName(
  "nn.functional.avgPool2d",
  (x: TensorBase, ...args: AvgPoolArgs): Tensor => average(2, x, read("avgPool2d", NAMES, args)),
);
/** The mean of every window: [N, C, D, H, W] -> [N, C, D', H', W']. */
export const avgPool3d = byName(
  "nn.functional.avgPool3d",
  (x: TensorBase, ...args: AvgPoolArgs): Tensor => average(3, x, read("avgPool3d", NAMES, args)),
);

type AvgAll = KernelAnd<AvgPoolOptions>;

function read(op: string, names: readonly (keyof AvgAll & string)[], args: readonly unknown[]): AvgAll {
  const o = readArgs<AvgAll>(op, names, args);
  return { ...o, kernelSize: required(op, o, "kernelSize") };
}

function average(spatial: number, x: TensorBase, o: AvgAll): Tensor {
  const { kernelSize, stride, padding = 0, ceilMode = false, countIncludePad = true, divisorOverride } = o;
  const window = [ints(kernelSize), ints(stride ?? []), ints(padding)] as const;
  return wrap(native.avgPool(handleOf(x), spatial, ...window, ceilMode, countIncludePad, divisorOverride));
}

/** What the average pooling layers share. */
abstract class AvgPoolNd extends Module {
  readonly kernelSize: IntOrTuple;
  readonly stride: IntOrTuple;
  readonly padding: IntOrTuple;
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;

  constructor(o: AvgAll) {
    super();
    this.kernelSize = o.kernelSize;
    this.stride = o.stride ?? o.kernelSize;
    this.padding = o.padding ?? 0;
    this.ceilMode = o.ceilMode ?? false;
    this.countIncludePad = o.countIncludePad ?? true;
  }

  override extraRepr(): string {
    return `kernel_size=${pyRepr(this.kernelSize)}, stride=${pyRepr(this.stride)}, padding=${pyRepr(this.padding)}`;
  }
}

/** The mean of every window. Input [N, C, L] or [C, L]; L' = floor((L + 2 padding - kernelSize) / stride + 1). */
export class AvgPool1d extends AvgPoolNd {
  constructor(...args: LineArgs) {
    const o = read("AvgPool1d", LINE, args);
    const single = (name: string, value: IntOrTuple) => tuple("AvgPool1d", name, value, 1);
    const kernelSize = single("kernelSize", o.kernelSize);
    const stride = single("stride", o.stride ?? kernelSize);
    super({ ...o, kernelSize, stride, padding: single("padding", o.padding ?? 0) });
  }

  forward(x: Tensor): Tensor {
    return average(1, x, this);
  }
}

/** The mean of every window. Input [N, C, H, W] or [C, H, W]; H' = floor((H + 2 padding - kernelSize) / stride + 1). */
export class AvgPool2d extends AvgPoolNd {
  readonly divisorOverride: number | null;

  constructor(...args: AvgPoolArgs) {
    const o = read("AvgPool2d", NAMES, args);
    super(o);
    this.divisorOverride = o.divisorOverride ?? null;
  }

  forward(x: Tensor): Tensor {
    return average(2, x, this);
  }
}

/** The mean of every window. Input [N, C, D, H, W] or [C, D, H, W]; otherwise as {@link AvgPool2d}. */
export class AvgPool3d extends AvgPoolNd {
  readonly divisorOverride: number | null;

  constructor(...args: AvgPoolArgs) {
    const o = read("AvgPool3d", NAMES, args);
    super(o);
    this.divisorOverride = o.divisorOverride ?? null;
  }

  forward(x: Tensor): Tensor {
    return average(3, x, this);
  }
}
