/** Max pooling. */

import { type Args, readArgs, required } from "../../args.js";
import { byName, byNameBeside } from "../../by-name.js";
import { native } from "../../native.js";
import { pyRepr } from "../../repr.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { Module } from "../module.js";
import { type IntOrTuple, ints } from "../sizes.js";
import { type KernelAnd, type Pooled, pooled, type WithKernel } from "./arguments.js";

/** Options of max pooling. */
export interface MaxPoolOptions<I extends boolean = boolean> {
  /** The step between windows. Default: the kernel size. */
  stride?: IntOrTuple | null;
  /** Implicit minus infinity added to both sides, at most half the kernel. Default 0. */
  padding?: IntOrTuple;
  /** The step between the elements of a window. Default 1. */
  dilation?: IntOrTuple;
  /** Whether to give the int64 indices in the flattened plane too. Default false. */
  returnIndices?: I;
  /** Whether a window may reach over the edge. Default false. */
  ceilMode?: boolean;
}

const NAMES = ["kernelSize", "stride", "padding", "dilation", "ceilMode", "returnIndices"] as const;
type MaxPoolArgs<I extends boolean> = WithKernel<
  MaxPoolOptions<I>,
  Args<MaxPoolOptions<I>, ["stride", "padding", "dilation", "ceilMode", "returnIndices"]>
>;

/** The largest element of every window: [N, C, L] -> [N, C, L']; with `returnIndices` a pair. */
export const maxPool1d = byNameBeside(
  "nn.functional.maxPool1d",
  <I extends boolean = false>(x: TensorBase, ...args: MaxPoolArgs<I>): Pooled<I> => maxPool(1, x, args),
);
/** The largest element of every window: [N, C, H, W] -> [N, C, H', W']; with `returnIndices` a pair. */
export const maxPool2d = byNameBeside(
  "nn.functional.maxPool2d",
  <I extends boolean = false>(x: TensorBase, ...args: MaxPoolArgs<I>): Pooled<I> => maxPool(2, x, args),
);
/** The largest element of every window: [N, C, D, H, W] -> [N, C, D', H', W']; with `returnIndices` a pair. */
export const maxPool3d = byNameBeside(
  "nn.functional.maxPool3d",
  <I extends boolean = false>(x: TensorBase, ...args: MaxPoolArgs<I>): Pooled<I> => maxPool(3, x, args),
);
/** As {@link maxPool1d}, always with the indices. */
export const maxPool1dWithIndices = byName(
  "nn.functional.maxPool1dWithIndices",
  (x: TensorBase, ...args: MaxPoolArgs<boolean>): [Tensor, Tensor] => maxima(1, x, read(1, args)),
);
/** As {@link maxPool2d}, always with the indices. */
export const maxPool2dWithIndices = byName(
  "nn.functional.maxPool2dWithIndices",
  (x: TensorBase, ...args: MaxPoolArgs<boolean>): [Tensor, Tensor] => maxima(2, x, read(2, args)),
);
/** As {@link maxPool3d}, always with the indices. */
export const maxPool3dWithIndices = byName(
  "nn.functional.maxPool3dWithIndices",
  (x: TensorBase, ...args: MaxPoolArgs<boolean>): [Tensor, Tensor] => maxima(3, x, read(3, args)),
);

function read<I extends boolean>(spatial: number, args: readonly unknown[]): KernelAnd<MaxPoolOptions<I>> {
  const op = `maxPool${spatial}d`;
  const o = readArgs<KernelAnd<MaxPoolOptions<I>>>(op, NAMES, args);
  return { ...o, kernelSize: required(op, o, "kernelSize") };
}

function maxPool<I extends boolean>(spatial: number, x: TensorBase, args: readonly unknown[]): Pooled<I> {
  const o = read<I>(spatial, args);
  return pooled<I>(maxima(spatial, x, o), o.returnIndices);
}

/** The geometry as the native side takes it. */
function geometry({ kernelSize, stride, padding = 0, dilation = 1, ceilMode = false }: KernelAnd<MaxPoolOptions>) {
  return [ints(kernelSize), ints(stride ?? []), ints(padding), ints(dilation), ceilMode] as const;
}

function maxima(spatial: number, x: TensorBase, o: KernelAnd<MaxPoolOptions>): [Tensor, Tensor] {
  const [values, indices] = native.maxPool(handleOf(x), spatial, ...geometry(o));
  return [wrap(values), wrap(indices)];
}

/** The gradient of {@link maxPool2d} at x, for the gradient of its values and the indices that it gave. */
export function maxPool2dWithIndicesBackward(
  gradOutput: TensorBase,
  x: TensorBase,
  kernelSize: IntOrTuple,
  stride: IntOrTuple,
  padding: IntOrTuple,
  dilation: IntOrTuple,
  ceilMode: boolean,
  indices: TensorBase,
): Tensor {
  const shape = geometry({ kernelSize, stride, padding, dilation, ceilMode });
  return wrap(native.maxPoolBackward(handleOf(gradOutput), handleOf(x), 2, ...shape, handleOf(indices)));
}

const LAYER = ["kernelSize", "stride", "padding", "dilation", "returnIndices", "ceilMode"] as const;
type LayerArgs<I extends boolean> = WithKernel<
  MaxPoolOptions<I>,
  Args<MaxPoolOptions<I>, ["stride", "padding", "dilation", "returnIndices", "ceilMode"]>
>;

/** What the max pooling layers share. */
abstract class MaxPoolNd<I extends boolean> extends Module {
  readonly kernelSize: IntOrTuple;
  readonly stride: IntOrTuple;
  readonly padding: IntOrTuple;
  readonly dilation: IntOrTuple;
  readonly returnIndices: boolean;
  readonly ceilMode: boolean;

  constructor(...args: LayerArgs<I>) {
    super();
    const op = this.getName();
    const o = readArgs<KernelAnd<MaxPoolOptions>>(op, LAYER, args);
    this.kernelSize = required(op, o, "kernelSize");
    this.stride = o.stride ?? this.kernelSize;
    this.padding = o.padding ?? 0;
    this.dilation = o.dilation ?? 1;
    this.returnIndices = o.returnIndices ?? false;
    this.ceilMode = o.ceilMode ?? false;
  }

  /** Values, or with `returnIndices` a pair. */
  protected pool(spatial: number, x: Tensor): Pooled<I> {
    return pooled<I>(maxima(spatial, x, this), this.returnIndices as I);
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding, dilation, ceilMode } = this;
    return `kernel_size=${pyRepr(kernelSize)}, stride=${pyRepr(stride)}, padding=${pyRepr(padding)}, dilation=${pyRepr(dilation)}, ceil_mode=${pyRepr(ceilMode)}`;
  }
}

/** The largest element of every window. Input [N, C, L] or [C, L]; otherwise as {@link MaxPool2d}. */
export class MaxPool1d<I extends boolean = false> extends MaxPoolNd<I> {
  forward(x: Tensor): Pooled<I> {
    return this.pool(1, x);
  }
}

/**
 * The largest element of every window. Input [N, C, H, W] or [C, H, W];
 * H' = floor((H + 2 padding - dilation (kernelSize - 1) - 1) / stride + 1).
 * With `returnIndices` the output is a pair: the values, and their int64 places in each flattened H x W plane, which
 * {@link MaxUnpool2d} takes.
 *
 * ```ts
 * new nn.MaxPool2d(2).forward(torch.rand(1, 8, 28, 28)).shape; // [1, 8, 14, 14]
 * ```
 */
export class MaxPool2d<I extends boolean = false> extends MaxPoolNd<I> {
  forward(x: Tensor): Pooled<I> {
    return this.pool(2, x);
  }
}

/** The largest element of every window. Input [N, C, D, H, W] or [C, D, H, W]; otherwise as {@link MaxPool2d}. */
export class MaxPool3d<I extends boolean = false> extends MaxPoolNd<I> {
  forward(x: Tensor): Pooled<I> {
    return this.pool(3, x);
  }
}
