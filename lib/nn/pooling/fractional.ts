/** Fractional max pooling: windows of one size at places that are drawn at every call.   [Graham 2014] */

import { type Args, readArgs, required } from "../../args.js";
import { listOf } from "../../argument-types.js";
import { byName, byNameBeside } from "../../by-name.js";
import { ArgumentError } from "../../errors.js";
import { native } from "../../native.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { Module } from "../module.js";
import { type IntOrTuple, ints, tuple } from "../sizes.js";
import { type KernelAnd, type Pooled, pooled, type WithKernel } from "./arguments.js";

/** Options of fractional max pooling; one of `outputSize` and `outputRatio` is required. */
export interface FractionalMaxPoolOptions<I extends boolean = boolean> {
  /** The size of the output. */
  outputSize?: IntOrTuple | null;
  /** The size of the output as a part of the input's, between 0 and 1. */
  outputRatio?: number | readonly number[] | null;
  /** Whether to give the int64 indices in the flattened plane too. Default false. */
  returnIndices?: I;
  /** Numbers in 0..1 that place the windows, [N, C, dimensions]. Default: drawn. */
  _randomSamples?: TensorBase | null;
}

const NAMES = ["kernelSize", "outputSize", "outputRatio", "returnIndices", "_randomSamples"] as const;
type FractionalArgs<I extends boolean> = WithKernel<
  FractionalMaxPoolOptions<I>,
  Args<FractionalMaxPoolOptions<I>, ["outputSize", "outputRatio", "returnIndices", "_randomSamples"]>
>;
type All<I extends boolean = boolean> = KernelAnd<FractionalMaxPoolOptions<I>>;

/** The largest element of windows at random places: [N, C, H, W] -> [N, C, ...outputSize]; with `returnIndices` a pair. */
export const fractionalMaxPool2d = byNameBeside(
  "nn.functional.fractionalMaxPool2d",
  <I extends boolean = false>(x: TensorBase, ...args: FractionalArgs<I>): Pooled<I> =>
    fractional("fractional_max_pool2d", 2, x, args),
);
/** The largest element of windows at random places: [N, C, D, H, W] -> [N, C, ...outputSize]; with `returnIndices` a pair. */
export const fractionalMaxPool3d = byNameBeside(
  "nn.functional.fractionalMaxPool3d",
  <I extends boolean = false>(x: TensorBase, ...args: FractionalArgs<I>): Pooled<I> =>
    fractional("fractional_max_pool3d", 3, x, args),
);
/** As {@link fractionalMaxPool2d}, always with the indices. */
export const fractionalMaxPool2dWithIndices = byName(
  "nn.functional.fractionalMaxPool2dWithIndices",
  (x: TensorBase, ...args: FractionalArgs<boolean>): [Tensor, Tensor] =>
    maxima("fractional_max_pool2d", 2, x, read("fractional_max_pool2d", args)),
);
/** As {@link fractionalMaxPool3d}, always with the indices. */
export const fractionalMaxPool3dWithIndices = byName(
  "nn.functional.fractionalMaxPool3dWithIndices",
  (x: TensorBase, ...args: FractionalArgs<boolean>): [Tensor, Tensor] =>
    maxima("fractional_max_pool3d", 3, x, read("fractional_max_pool3d", args)),
);

function read<I extends boolean>(op: string, args: readonly unknown[]): All<I> {
  const o = readArgs<All<I>>(op, NAMES, args);
  return { ...o, kernelSize: required(op, o, "kernelSize") };
}

function fractional<I extends boolean>(
  op: string,
  spatial: number,
  x: TensorBase,
  args: readonly unknown[],
): Pooled<I> {
  const o = read<I>(op, args);
  return pooled<I>(maxima(op, spatial, x, o), o.returnIndices);
}

function maxima(op: string, spatial: number, x: TensorBase, o: All): [Tensor, Tensor] {
  const size = outputSize(op, spatial, x, o);
  const samples = o._randomSamples ?? null;
  const given = samples === null ? null : handleOf(samples);
  const [values, indices] = native.fractionalMaxPool(handleOf(x), ints(o.kernelSize), size, given);
  return [wrap(values), wrap(indices)];
}

function outputSize(op: string, spatial: number, x: TensorBase, o: All): number[] {
  const { outputSize: size, outputRatio: ratio } = o;
  if (size !== undefined && size !== null) return tuple(op, "outputSize", size, spatial);
  if (ratio === undefined || ratio === null) {
    throw new ArgumentError(`${op} requires specifying either an output_size or an output_ratio`, { op });
  }
  const ratios =
    typeof ratio === "number" ? Array<number>(spatial).fill(ratio) : listOf<number>(op, "outputRatio", ratio);
  return ratios.map((part, i) => Math.trunc((x.shape[x.ndim - spatial + i] ?? 0) * part));
}

/** What the fractional layers share. */
abstract class FractionalMaxPool<I extends boolean> extends Module {
  readonly kernelSize: IntOrTuple;
  readonly returnIndices: boolean;
  readonly outputSize: IntOrTuple | null;
  readonly outputRatio: number | readonly number[] | null;
  /** The numbers that place the windows, where they are fixed: a buffer. */
  declare _random_samples: Tensor | null;

  constructor(...args: FractionalArgs<I>) {
    super();
    const op = this.getName();
    const o = read<boolean>(op, args);
    this.kernelSize = o.kernelSize;
    this.returnIndices = o.returnIndices ?? false;
    this.registerBuffer("_random_samples", o._randomSamples ?? null);
    this.outputSize = o.outputSize ?? null;
    this.outputRatio = o.outputRatio ?? null;
    const [size, ratio] = [this.outputSize, this.outputRatio];
    if (size === null && ratio === null) {
      throw new ArgumentError(`${op} requires specifying either an output size, or a pooling ratio`, { op });
    }
    if (size !== null && ratio !== null) {
      throw new ArgumentError("only one of output_size and output_ratio may be specified", { op });
    }
    if (ratio !== null && !ints(ratio).every((part) => part > 0 && part < 1)) {
      throw new ArgumentError(`output_ratio must be between 0 and 1 (got ${String(ratio)})`, { op });
    }
  }

  /** Values, or with `returnIndices` a pair. */
  protected pool(op: string, spatial: number, x: Tensor): Pooled<I> {
    const { kernelSize, outputSize: size, outputRatio, _random_samples } = this;
    const both = maxima(op, spatial, x, { kernelSize, outputSize: size, outputRatio, _randomSamples: _random_samples });
    return pooled<I>(both, this.returnIndices as I);
  }
}

/**
 * The largest element of windows of `kernelSize` at random places, another choice at every call. Input [N, C, H, W] or
 * [C, H, W], output [N, C, ...outputSize].
 */
export class FractionalMaxPool2d<I extends boolean = false> extends FractionalMaxPool<I> {
  forward(x: Tensor): Pooled<I> {
    return this.pool("fractional_max_pool2d", 2, x);
  }
}

/** As {@link FractionalMaxPool2d} on [N, C, D, H, W] or [C, D, H, W]. */
export class FractionalMaxPool3d<I extends boolean = false> extends FractionalMaxPool<I> {
  forward(x: Tensor): Pooled<I> {
    return this.pool("fractional_max_pool3d", 3, x);
  }
}
