/** Power-average pooling. */

import { type Args, readArgs, required } from "../../args.js";
import { byName } from "../../by-name.js";
import { native } from "../../native.js";
import { pyRepr } from "../../repr.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { Module } from "../module.js";
import { type IntOrTuple, ints } from "../sizes.js";

/** Options of power-average pooling. */
export interface LPPoolOptions {
  /** The step between windows. Default: the kernel size. */
  stride?: IntOrTuple | null;
  /** Whether a window may reach over the edge. Default false. */
  ceilMode?: boolean;
}

interface LPAll extends LPPoolOptions {
  /** The power: 1 sums, infinity would be the maximum. */
  normType: number;
  /** The window. */
  kernelSize: IntOrTuple;
}

const NAMES = ["normType", "kernelSize", "stride", "ceilMode"] as const;
type LPPoolArgs =
  | [normType: number, kernelSize: IntOrTuple, ...rest: Args<LPPoolOptions, ["stride", "ceilMode"]>]
  | [normType: number, options: Omit<LPAll, "normType">]
  | [options: LPAll];

/** (sum of x^p)^(1/p) of every window, p = normType: [N, C, L] -> [N, C, L']. */
export const lpPool1d = byName(
  "nn.functional.lpPool1d",
  (x: TensorBase, ...args: LPPoolArgs): Tensor => lpPool(1, x, read("lpPool1d", args)),
);
/** (sum of x^p)^(1/p) of every window, p = normType: [N, C, H, W] -> [N, C, H', W']. */
export const lpPool2d = byName(
  "nn.functional.lpPool2d",
  (x: TensorBase, ...args: LPPoolArgs): Tensor => lpPool(2, x, read("lpPool2d", args)),
);
/** (sum of x^p)^(1/p) of every window, p = normType: [N, C, D, H, W] -> [N, C, D', H', W']. */
export const lpPool3d = byName(
  "nn.functional.lpPool3d",
  (x: TensorBase, ...args: LPPoolArgs): Tensor => lpPool(3, x, read("lpPool3d", args)),
);

function read(op: string, args: readonly unknown[]): LPAll {
  const o = readArgs<LPAll>(op, NAMES, args);
  return { ...o, normType: required(op, o, "normType"), kernelSize: required(op, o, "kernelSize") };
}

function lpPool(spatial: number, x: TensorBase, { normType, kernelSize, stride, ceilMode = false }: LPAll): Tensor {
  return wrap(native.lpPool(handleOf(x), spatial, normType, ints(kernelSize), ints(stride ?? []), ceilMode));
}

/** What the power-average pooling layers share. */
abstract class LPPoolNd extends Module {
  readonly normType: number;
  readonly kernelSize: IntOrTuple;
  readonly stride: IntOrTuple | null;
  readonly ceilMode: boolean;

  constructor(...args: LPPoolArgs) {
    super();
    const o = read(this.getName(), args);
    this.normType = o.normType;
    this.kernelSize = o.kernelSize;
    this.stride = o.stride ?? null;
    this.ceilMode = o.ceilMode ?? false;
  }

  override extraRepr(): string {
    const { normType, kernelSize, stride, ceilMode } = this;
    return `norm_type=${pyRepr(normType)}, kernel_size=${pyRepr(kernelSize)}, stride=${pyRepr(stride)}, ceil_mode=${pyRepr(ceilMode)}`;
  }
}

/** (sum of x^p)^(1/p) of every window. Input [N, C, L] or [C, L]; L' = floor((L - kernelSize) / stride + 1). */
export class LPPool1d extends LPPoolNd {
  forward(x: Tensor): Tensor {
    return lpPool(1, x, this);
  }
}
/** (sum of x^p)^(1/p) of every window. Input [N, C, H, W] or [C, H, W]; otherwise as {@link LPPool1d}. */
export class LPPool2d extends LPPoolNd {
  forward(x: Tensor): Tensor {
    return lpPool(2, x, this);
  }
}
/** (sum of x^p)^(1/p) of every window. Input [N, C, D, H, W] or [C, D, H, W]; otherwise as {@link LPPool1d}. */
export class LPPool3d extends LPPoolNd {
  forward(x: Tensor): Tensor {
    return lpPool(3, x, this);
  }
}
