/** Pooling layers. */
import { type Args, readArgs, required } from "../args.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { pyRepr } from "../repr.js";
import { handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";
import { type IntOrTuple, ints } from "./sizes.js";

/** The arguments of a pooling: the kernel size by position or by name, then the rest. */
type WithKernel<O, R extends unknown[]> =
  | [kernelSize: IntOrTuple, ...rest: R]
  | [options: O & { kernelSize: IntOrTuple }];

/** Options of {@link MaxPool2d}. */
export interface MaxPoolOptions {
  /** The step between windows. Default: the kernel size. */
  stride?: IntOrTuple | null;
  /** Implicit minus infinity added to both sides, at most half the kernel. Default 0. */
  padding?: IntOrTuple;
  /** The step between the elements of a window. Default 1. */
  dilation?: IntOrTuple;
  /** Whether to give the indices too, as {@link maxPool2dWithIndices}. Default false. */
  returnIndices?: boolean;
  /** Whether a window may reach over the edge. Default false. */
  ceilMode?: boolean;
}

const MAX = ["stride", "padding", "dilation", "ceilMode", "returnIndices"] as const;
type MaxArgs = Args<MaxPoolOptions, ["stride", "padding", "dilation", "ceilMode", "returnIndices"]>;

/** The largest element of every window, and its int64 index in the flattened plane. */
export function maxPool2dWithIndices(x: TensorBase, ...args: WithKernel<MaxPoolOptions, MaxArgs>): [Tensor, Tensor] {
  const o = readArgs<MaxAll>("maxPool2d", ["kernelSize", ...MAX], args);
  return pool(x, required("maxPool2d", o, "kernelSize"), o);
}

/** The largest element of every window: [N, C, H, W] -> [N, C, H', W']; with `returnIndices` a pair. */
export function maxPool2d(
  x: TensorBase,
  kernelSize: IntOrTuple,
  options: MaxPoolOptions & { returnIndices: true },
): [Tensor, Tensor];
export function maxPool2d(x: TensorBase, ...args: WithKernel<MaxPoolOptions, MaxArgs>): Tensor;
export function maxPool2d(x: TensorBase, ...args: WithKernel<MaxPoolOptions, MaxArgs>): Tensor | [Tensor, Tensor] {
  const both = maxPool2dWithIndices(x, ...args);
  const { returnIndices = false } = readArgs<MaxAll>("maxPool2d", ["kernelSize", ...MAX], args);
  return returnIndices ? both : both[0];
}

function pool(x: TensorBase, kernel: IntOrTuple, o: MaxPoolOptions): [Tensor, Tensor] {
  const { stride, padding = 0, dilation = 1, ceilMode = false } = o;
  const [values, indices] = native.maxPool2d(
    handleOf(x),
    ints(kernel),
    ints(stride ?? kernel),
    ints(padding),
    ints(dilation),
    ceilMode,
  );
  return [wrap(values), wrap(indices)];
}

/** Options of {@link AvgPool2d}. */
export interface AvgPoolOptions {
  /** The step between windows. Default: the kernel size. */
  stride?: IntOrTuple | null;
  /** Zeros added to both sides. Default 0. */
  padding?: IntOrTuple;
  /** Whether a window may reach over the edge. Default false. */
  ceilMode?: boolean;
  /** Whether the padding counts in the mean. Default true. */
  countIncludePad?: boolean;
  /** Divides the sum instead of the window's size. Default: none. */
  divisorOverride?: number | null;
}

const AVG = ["stride", "padding", "ceilMode", "countIncludePad", "divisorOverride"] as const;
type AvgArgs = Args<AvgPoolOptions, ["stride", "padding", "ceilMode", "countIncludePad", "divisorOverride"]>;

/** The mean of every window: [N, C, H, W] -> [N, C, H', W']. */
export function avgPool2d(x: TensorBase, ...args: WithKernel<AvgPoolOptions, AvgArgs>): Tensor {
  const o = readArgs<AvgAll>("avgPool2d", ["kernelSize", ...AVG], args);
  return average(x, required("avgPool2d", o, "kernelSize"), o);
}

function average(x: TensorBase, kernel: IntOrTuple, o: AvgPoolOptions): Tensor {
  const { stride, padding = 0, ceilMode = false, countIncludePad = true, divisorOverride } = o;
  return wrap(
    native.avgPool2d(
      handleOf(x),
      ints(kernel),
      ints(stride ?? kernel),
      ints(padding),
      ceilMode,
      countIncludePad,
      divisorOverride,
    ),
  );
}

/** The output size of adaptive pooling; null keeps the input's. */
export type AdaptiveSize = number | null | readonly (number | null)[];

/** The mean over a grid of windows that cover the plane: [N, C, H, W] -> [N, C, ...outputSize]. */
export function adaptiveAvgPool2d(x: TensorBase, outputSize: AdaptiveSize): Tensor {
  const size = Array.isArray(outputSize) ? [...outputSize] : [outputSize, outputSize];
  return wrap(native.adaptiveAvgPool2d(handleOf(x), size));
}

interface MaxAll extends MaxPoolOptions {
  kernelSize: IntOrTuple;
}

/**
 * The largest element of every window. Input [N, C, H, W] or [C, H, W];
 * H' = floor((H + 2 padding - dilation (kernelSize - 1) - 1) / stride + 1).
 */
export class MaxPool2d extends Module {
  readonly kernelSize: IntOrTuple;
  readonly stride: IntOrTuple;
  readonly padding: IntOrTuple;
  readonly dilation: IntOrTuple;
  readonly ceilMode: boolean;

  constructor(
    ...args:
      | [
          kernelSize: IntOrTuple,
          ...Args<MaxPoolOptions, ["stride", "padding", "dilation", "returnIndices", "ceilMode"]>,
        ]
      | [options: MaxAll]
  ) {
    super();
    const names = ["kernelSize", "stride", "padding", "dilation", "returnIndices", "ceilMode"] as const;
    const o = readArgs<MaxAll>("MaxPool2d", names, args);
    if (o.returnIndices === true) {
      throw new ArgumentError("MaxPool2d: a layer gives values only, call nn.functional.maxPool2dWithIndices for both");
    }
    this.kernelSize = required("MaxPool2d", o, "kernelSize");
    this.stride = o.stride ?? this.kernelSize;
    this.padding = o.padding ?? 0;
    this.dilation = o.dilation ?? 1;
    this.ceilMode = o.ceilMode ?? false;
  }

  forward(x: Tensor): Tensor {
    return pool(x, this.kernelSize, this)[0];
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding, dilation, ceilMode } = this;
    return `kernel_size=${pyRepr(kernelSize)}, stride=${pyRepr(stride)}, padding=${pyRepr(padding)}, dilation=${pyRepr(dilation)}, ceil_mode=${pyRepr(ceilMode)}`;
  }
}

interface AvgAll extends AvgPoolOptions {
  kernelSize: IntOrTuple;
}

/** The mean of every window. Input [N, C, H, W] or [C, H, W]; H' = floor((H + 2 padding - kernelSize) / stride + 1). */
export class AvgPool2d extends Module {
  readonly kernelSize: IntOrTuple;
  readonly stride: IntOrTuple;
  readonly padding: IntOrTuple;
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;
  readonly divisorOverride: number | null;

  constructor(
    ...args:
      | [
          kernelSize: IntOrTuple,
          ...Args<AvgPoolOptions, ["stride", "padding", "ceilMode", "countIncludePad", "divisorOverride"]>,
        ]
      | [options: AvgAll]
  ) {
    super();
    const o = readArgs<AvgAll>("AvgPool2d", ["kernelSize", ...AVG], args);
    this.kernelSize = required("AvgPool2d", o, "kernelSize");
    this.stride = o.stride ?? this.kernelSize;
    this.padding = o.padding ?? 0;
    this.ceilMode = o.ceilMode ?? false;
    this.countIncludePad = o.countIncludePad ?? true;
    this.divisorOverride = o.divisorOverride ?? null;
  }

  forward(x: Tensor): Tensor {
    return average(x, this.kernelSize, this);
  }

  override extraRepr(): string {
    return `kernel_size=${pyRepr(this.kernelSize)}, stride=${pyRepr(this.stride)}, padding=${pyRepr(this.padding)}`;
  }
}

/** The mean over a grid of windows of any input size. Input [N, C, H, W] or [C, H, W], output [N, C, ...outputSize]. */
export class AdaptiveAvgPool2d extends Module {
  readonly outputSize: AdaptiveSize;

  constructor(outputSize: AdaptiveSize | { outputSize: AdaptiveSize }) {
    super();
    this.outputSize =
      typeof outputSize === "object" && outputSize !== null && "outputSize" in outputSize
        ? outputSize.outputSize
        : outputSize;
  }

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize);
  }

  override extraRepr(): string {
    return `output_size=${pyRepr(this.outputSize)}`;
  }
}
