/** Max pooling undone as far as it can be. */

import { type Args, readArgs, required } from "../../args.js";
import { byName } from "../../by-name.js";
import { ArgumentError } from "../../errors.js";
import { native } from "../../native.js";
import { pyRepr } from "../../repr.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { Module } from "../module.js";
import { type IntOrTuple, tuple } from "../sizes.js";
import type { KernelAnd, WithKernel } from "./arguments.js";

/** Options of {@link maxUnpool2d}. */
export interface MaxUnpoolOptions {
  /** The step between the windows of the pooling. Default: the kernel size. */
  stride?: IntOrTuple | null;
  /** The padding of the pooling. Default 0. */
  padding?: IntOrTuple;
  /** The size of the pooling's input, with or without [N, C]. Default: the smallest that it can have had. */
  outputSize?: readonly number[] | null;
}

const NAMES = ["kernelSize", "stride", "padding", "outputSize"] as const;
type UnpoolArgs = WithKernel<MaxUnpoolOptions, Args<MaxUnpoolOptions, ["stride", "padding", "outputSize"]>>;

/** Puts the values back at the indices that {@link maxPool1d} gave, into zeros: [N, C, L] -> [N, C, L']. */
export const maxUnpool1d = byName(
  "nn.functional.maxUnpool1d",
  (x: TensorBase, indices: TensorBase, ...args: UnpoolArgs): Tensor => read(1, x, indices, args),
);
/** Puts the values back at the indices that {@link maxPool2d} gave, into zeros: [N, C, H, W] -> [N, C, H', W']. */
export const maxUnpool2d = byName(
  "nn.functional.maxUnpool2d",
  (x: TensorBase, indices: TensorBase, ...args: UnpoolArgs): Tensor => read(2, x, indices, args),
);
/** Puts the values back at the indices that {@link maxPool3d} gave, into zeros. */
export const maxUnpool3d = byName(
  "nn.functional.maxUnpool3d",
  (x: TensorBase, indices: TensorBase, ...args: UnpoolArgs): Tensor => read(3, x, indices, args),
);

function read(spatial: number, x: TensorBase, indices: TensorBase, args: readonly unknown[]): Tensor {
  const op = `maxUnpool${spatial}d`;
  const o = readArgs<KernelAnd<MaxUnpoolOptions>>(op, NAMES, args);
  const kernel = tuple(op, "kernelSize", required(op, o, "kernelSize"), spatial);
  const stride = tuple(op, "stride", o.stride ?? kernel, spatial);
  return unpool(op, x, indices, kernel, stride, tuple(op, "padding", o.padding ?? 0, spatial), o.outputSize ?? null);
}

function unpool(
  op: string,
  x: TensorBase,
  indices: TensorBase,
  kernel: readonly number[],
  stride: readonly number[],
  padding: readonly number[],
  outputSize: readonly number[] | null,
): Tensor {
  const n = kernel.length;
  const at = (list: readonly number[], i: number): number => list[i] ?? 0;
  const smallest = kernel.map(
    (size, i) => (at(x.shape, x.ndim - n + i) - 1) * at(stride, i) + size - 2 * at(padding, i),
  );
  if (outputSize === null) return wrap(native.maxUnpool(handleOf(x), handleOf(indices), smallest));
  const size = outputSize.length === n + 2 ? outputSize.slice(2) : [...outputSize];
  if (size.length !== n) {
    throw new ArgumentError(
      `output_size should be a sequence containing ${n} or ${n + 2} elements, but it has a length of '${outputSize.length}'`,
      { op },
    );
  }
  size.forEach((value, i) => {
    const [low, high] = [at(smallest, i) - at(stride, i), at(smallest, i) + at(stride, i)];
    if (value > low && value < high) return;
    throw new ArgumentError(`invalid output_size "${pyRepr(size)}" (dim ${i} must be between ${low} and ${high})`, {
      op,
    });
  });
  return wrap(native.maxUnpool(handleOf(x), handleOf(indices), size));
}

const LAYER = ["kernelSize", "stride", "padding"] as const;
type LayerOptions = Omit<MaxUnpoolOptions, "outputSize">;
type LayerArgs = WithKernel<LayerOptions, Args<LayerOptions, ["stride", "padding"]>>;

/** What the unpooling layers share. */
abstract class MaxUnpool extends Module {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];

  constructor(spatial: number, args: LayerArgs) {
    super();
    const op = this.getName();
    const o = readArgs<KernelAnd<LayerOptions>>(op, LAYER, args);
    this.kernelSize = tuple(op, "kernelSize", required(op, o, "kernelSize"), spatial);
    this.stride = tuple(op, "stride", o.stride ?? this.kernelSize, spatial);
    this.padding = tuple(op, "padding", o.padding ?? 0, spatial);
  }

  /** `indices` are those of the pooling, `outputSize` the size of its input where the smallest is not meant. */
  forward(x: Tensor, indices: Tensor, outputSize: readonly number[] | null = null): Tensor {
    return unpool(this.getName(), x, indices, this.kernelSize, this.stride, this.padding, outputSize);
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding } = this;
    return `kernel_size=${pyRepr(kernelSize)}, stride=${pyRepr(stride)}, padding=${pyRepr(padding)}`;
  }
}

/** Puts values back where {@link MaxPool1d} took them from. Input [N, C, L] or [C, L]; as {@link MaxUnpool2d}. */
export class MaxUnpool1d extends MaxUnpool {
  constructor(...args: LayerArgs) {
    super(1, args);
  }
}

/**
 * Puts values back where {@link MaxPool2d} took them from; all else is zero. Input [N, C, H, W] or [C, H, W] and indices of
 * the same shape; H' = (H - 1) stride - 2 padding + kernelSize, or as `outputSize` says.
 *
 * ```ts
 * const pool = new nn.MaxPool2d(2, { returnIndices: true });
 * const [y, indices] = pool.forward(torch.rand(1, 1, 4, 4));
 * new nn.MaxUnpool2d(2).forward(y, indices).shape; // [1, 1, 4, 4]
 * ```
 */
export class MaxUnpool2d extends MaxUnpool {
  constructor(...args: LayerArgs) {
    super(2, args);
  }
}

/** Puts values back where {@link MaxPool3d} took them from. Input [N, C, D, H, W] or [C, D, H, W]. */
export class MaxUnpool3d extends MaxUnpool {
  constructor(...args: LayerArgs) {
    super(3, args);
  }
}
