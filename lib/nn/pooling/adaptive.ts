/** Pooling to a fixed size: bin i goes from floor(i H / H') to ceil((i + 1) H / H'). */

import { type Args, readArgs, required } from "../../args.js";
import { byName, byNameBeside } from "../../by-name.js";
import { ArgumentError } from "../../errors.js";
import { native } from "../../native.js";
import { pyRepr } from "../../repr.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { Module } from "../module.js";
import { type Pooled, pooled } from "./arguments.js";

/** The output size of adaptive pooling; null keeps the input's. */
export type AdaptiveSize = number | null | readonly (number | null)[];

/** One size for each dimension. */
function bins(op: string, size: AdaptiveSize, spatial: number): (number | null)[] {
  const list = Array.isArray(size) ? [...size] : Array<AdaptiveSize>(spatial).fill(size);
  if (list.length !== spatial) {
    throw new ArgumentError(`${op}: output_size must be ${spatial}`, { op });
  }
  return list;
}

/** The mean of every bin: [N, C, L] -> [N, C, outputSize]. */
export const adaptiveAvgPool1d = byName(
  "nn.functional.adaptiveAvgPool1d",
  (x: TensorBase, ...args: SizeArgs): Tensor => averages(1, x, sizeOf("adaptiveAvgPool1d", args)),
);
/** The mean of every bin: [N, C, H, W] -> [N, C, ...outputSize]. */
export const adaptiveAvgPool2d = byName(
  "nn.functional.adaptiveAvgPool2d",
  (x: TensorBase, ...args: SizeArgs): Tensor => averages(2, x, sizeOf("adaptiveAvgPool2d", args)),
);
/** The mean of every bin: [N, C, D, H, W] -> [N, C, ...outputSize]. */
export const adaptiveAvgPool3d = byName(
  "nn.functional.adaptiveAvgPool3d",
  (x: TensorBase, ...args: SizeArgs): Tensor => averages(3, x, sizeOf("adaptiveAvgPool3d", args)),
);

type SizeArgs = [outputSize: AdaptiveSize] | [options: { outputSize: AdaptiveSize }];

function sizeOf(op: string, args: readonly unknown[]): AdaptiveSize {
  return required(op, readArgs<{ outputSize: AdaptiveSize }>(op, ["outputSize"], args), "outputSize");
}

function averages(spatial: number, x: TensorBase, size: AdaptiveSize): Tensor {
  return wrap(native.adaptiveAvgPool(handleOf(x), bins(`adaptive_avg_pool${spatial}d`, size, spatial)));
}

/** Options of adaptive max pooling. */
export interface AdaptiveMaxPoolOptions<I extends boolean = boolean> {
  /** Whether to give the int64 indices in the flattened plane too. Default false. */
  returnIndices?: I;
}

type MaxArgs<I extends boolean> =
  | [outputSize: AdaptiveSize, ...rest: Args<AdaptiveMaxPoolOptions<I>, ["returnIndices"]>]
  | [options: AdaptiveMaxPoolOptions<I> & { outputSize: AdaptiveSize }];

interface MaxAll extends AdaptiveMaxPoolOptions {
  outputSize: AdaptiveSize;
}

/** The largest element of every bin: [N, C, L] -> [N, C, outputSize]; with `returnIndices` a pair. */
export const adaptiveMaxPool1d = byNameBeside(
  "nn.functional.adaptiveMaxPool1d",
  <I extends boolean = false>(x: TensorBase, ...args: MaxArgs<I>): Pooled<I> => adaptiveMaxPool(1, x, args),
);
/** The largest element of every bin: [N, C, H, W] -> [N, C, ...outputSize]; with `returnIndices` a pair. */
export const adaptiveMaxPool2d = byNameBeside(
  "nn.functional.adaptiveMaxPool2d",
  <I extends boolean = false>(x: TensorBase, ...args: MaxArgs<I>): Pooled<I> => adaptiveMaxPool(2, x, args),
);
/** The largest element of every bin: [N, C, D, H, W] -> [N, C, ...outputSize]; with `returnIndices` a pair. */
export const adaptiveMaxPool3d = byNameBeside(
  "nn.functional.adaptiveMaxPool3d",
  <I extends boolean = false>(x: TensorBase, ...args: MaxArgs<I>): Pooled<I> => adaptiveMaxPool(3, x, args),
);
/** As {@link adaptiveMaxPool1d}, always with the indices. */
export const adaptiveMaxPool1dWithIndices = byName(
  "nn.functional.adaptiveMaxPool1dWithIndices",
  (x: TensorBase, ...args: MaxArgs<boolean>): [Tensor, Tensor] =>
    maxima(1, x, required("adaptiveMaxPool1d", readMax(1, args), "outputSize")),
);
/** As {@link adaptiveMaxPool2d}, always with the indices. */
export const adaptiveMaxPool2dWithIndices = byName(
  "nn.functional.adaptiveMaxPool2dWithIndices",
  (x: TensorBase, ...args: MaxArgs<boolean>): [Tensor, Tensor] =>
    maxima(2, x, required("adaptiveMaxPool2d", readMax(2, args), "outputSize")),
);
/** As {@link adaptiveMaxPool3d}, always with the indices. */
export const adaptiveMaxPool3dWithIndices = byName(
  "nn.functional.adaptiveMaxPool3dWithIndices",
  (x: TensorBase, ...args: MaxArgs<boolean>): [Tensor, Tensor] =>
    maxima(3, x, required("adaptiveMaxPool3d", readMax(3, args), "outputSize")),
);

function readMax(spatial: number, args: readonly unknown[]): Partial<MaxAll> {
  return readArgs<MaxAll>(`adaptiveMaxPool${spatial}d`, ["outputSize", "returnIndices"], args);
}

function adaptiveMaxPool<I extends boolean>(spatial: number, x: TensorBase, args: readonly unknown[]): Pooled<I> {
  const o = readMax(spatial, args);
  const both = maxima(spatial, x, required(`adaptiveMaxPool${spatial}d`, o, "outputSize"));
  return pooled<I>(both, o.returnIndices as I);
}

function maxima(spatial: number, x: TensorBase, size: AdaptiveSize): [Tensor, Tensor] {
  const list = bins(`adaptive_max_pool${spatial}d`, size, spatial);
  const [values, indices] = native.adaptiveMaxPool(handleOf(x), list);
  return [wrap(values), wrap(indices)];
}

/** What the adaptive layers share. */
abstract class AdaptivePool extends Module {
  readonly outputSize: AdaptiveSize;

  constructor(outputSize: AdaptiveSize) {
    super();
    this.outputSize = outputSize;
  }

  override extraRepr(): string {
    return `output_size=${pyRepr(this.outputSize)}`;
  }
}

/** The mean of every bin of any input size. Input [N, C, L] or [C, L], output [N, C, outputSize]. */
export class AdaptiveAvgPool1d extends AdaptivePool {
  constructor(...args: SizeArgs) {
    super(sizeOf("AdaptiveAvgPool1d", args));
  }
  forward(x: Tensor): Tensor {
    return averages(1, x, this.outputSize);
  }
}

/** The mean over a grid of windows of any input size. Input [N, C, H, W] or [C, H, W], output [N, C, ...outputSize]. */
export class AdaptiveAvgPool2d extends AdaptivePool {
  constructor(...args: SizeArgs) {
    super(sizeOf("AdaptiveAvgPool2d", args));
  }
  forward(x: Tensor): Tensor {
    return averages(2, x, this.outputSize);
  }
}

/** The mean over a grid of windows of any input size. Input [N, C, D, H, W] or [C, D, H, W]. */
export class AdaptiveAvgPool3d extends AdaptivePool {
  constructor(...args: SizeArgs) {
    super(sizeOf("AdaptiveAvgPool3d", args));
  }
  forward(x: Tensor): Tensor {
    return averages(3, x, this.outputSize);
  }
}

/** What the adaptive max pooling layers share. */
abstract class AdaptiveMaxPool<I extends boolean> extends AdaptivePool {
  readonly returnIndices: boolean;

  constructor(spatial: number, args: MaxArgs<I>) {
    const o = readMax(spatial, args);
    super(required(`AdaptiveMaxPool${spatial}d`, o, "outputSize"));
    this.returnIndices = o.returnIndices ?? false;
  }

  /** Values, or with `returnIndices` a pair. */
  protected pool(spatial: number, x: Tensor): Pooled<I> {
    return pooled<I>(maxima(spatial, x, this.outputSize), this.returnIndices as I);
  }
}

/** The largest element of every bin of any input size. Input [N, C, L] or [C, L], output [N, C, outputSize]. */
export class AdaptiveMaxPool1d<I extends boolean = false> extends AdaptiveMaxPool<I> {
  constructor(...args: MaxArgs<I>) {
    super(1, args);
  }
  forward(x: Tensor): Pooled<I> {
    return this.pool(1, x);
  }
}

/** The largest element of every bin of any input size. Input [N, C, H, W] or [C, H, W]. */
export class AdaptiveMaxPool2d<I extends boolean = false> extends AdaptiveMaxPool<I> {
  constructor(...args: MaxArgs<I>) {
    super(2, args);
  }
  forward(x: Tensor): Pooled<I> {
    return this.pool(2, x);
  }
}

/** The largest element of every bin of any input size. Input [N, C, D, H, W] or [C, D, H, W]. */
export class AdaptiveMaxPool3d<I extends boolean = false> extends AdaptiveMaxPool<I> {
  constructor(...args: MaxArgs<I>) {
    super(3, args);
  }
  forward(x: Tensor): Pooled<I> {
    return this.pool(3, x);
  }
}
