/** Convolutions. */

import { type Args, readArgs, required } from "../args.js";
import { byName } from "../by-name.js";
import { empty } from "../creation.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { pyRepr } from "../repr.js";
import { handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { warnOnce } from "../warnings.js";
import { resetLinear } from "./init.js";
import type { BiasOf, FactoryOptions } from "./linear.js";
import { Module } from "./module.js";
import { padNative } from "./padding.js";
import { Parameter } from "./parameter.js";
import { type IntOrTuple, ints, tuple } from "./sizes.js";

/** Padding: numbers, `"valid"` for none, `"same"` for an output of the input's size (stride 1). */
export type Padding = IntOrTuple | "same" | "valid";

/** What a layer pads with: zeros, or elements of the input. */
export type PaddingMode = "zeros" | "reflect" | "replicate" | "circular";

const MODES: readonly string[] = ["zeros", "reflect", "replicate", "circular"] satisfies PaddingMode[];

/** Options of the convolution functions. */
export interface ConvOptions {
  /** Added to every output channel. Default: none. */
  bias?: TensorBase | null;
  /** The step between windows. Default 1. */
  stride?: IntOrTuple;
  /** Zeros added to both sides of every spatial dimension. Default 0. */
  padding?: Padding;
  /** The step between the elements of a window. Default 1. */
  dilation?: IntOrTuple;
  /** Into how many independent groups the channels are divided. Default 1. */
  groups?: number;
}

const CONV = ["bias", "stride", "padding", "dilation", "groups"] as const;
type ConvArgs = Args<ConvOptions, ["bias", "stride", "padding", "dilation", "groups"]>;

/** 1-D convolution: x [N, C, L], weight [O, C/groups, K] -> [N, O, (L + 2p - d(K-1) - 1)/s + 1]. */
export const conv1d = byName(
  "nn.functional.conv1d",
  (x: TensorBase, weight: TensorBase, ...rest: ConvArgs): Tensor =>
    convolve("conv1d", 1, x, weight, readArgs<ConvOptions>("conv1d", CONV, rest)),
);
/** 2-D convolution: x [N, C, H, W], weight [O, C/groups, KH, KW] -> [N, O, H', W']. */
export const conv2d = byName(
  "nn.functional.conv2d",
  (x: TensorBase, weight: TensorBase, ...rest: ConvArgs): Tensor =>
    convolve("conv2d", 2, x, weight, readArgs<ConvOptions>("conv2d", CONV, rest)),
);
/** 3-D convolution: x [N, C, D, H, W], weight [O, C/groups, KD, KH, KW] -> [N, O, D', H', W']. */
export const conv3d = byName(
  "nn.functional.conv3d",
  (x: TensorBase, weight: TensorBase, ...rest: ConvArgs): Tensor =>
    convolve("conv3d", 3, x, weight, readArgs<ConvOptions>("conv3d", CONV, rest)),
);

function convolve(op: string, spatial: number, x: TensorBase, weight: TensorBase, o: ConvOptions): Tensor {
  const { bias = null, stride = 1, padding = 0, dilation = 1, groups = 1 } = o;
  const b = bias === null ? null : handleOf(bias);
  const [steps, spread] = [ints(stride), ints(dilation)];
  if (typeof padding !== "string") {
    return wrap(native.conv(handleOf(x), handleOf(weight), b, spatial, steps, ints(padding), spread, groups));
  }
  if (padding === "valid") {
    return wrap(native.conv(handleOf(x), handleOf(weight), b, spatial, steps, [0], spread, groups));
  }
  if (padding !== "same") throw new ArgumentError(`Invalid padding string: '${String(padding)}'`, { op });
  if (steps.some((s) => s !== 1)) {
    throw new ArgumentError("padding='same' is not supported for strided convolutions", { op });
  }
  const totals = samePadding(weight.shape.slice(2), tuple(op, "dilation", dilation, spatial));
  // An odd total puts its extra zero on the right.
  const odd = totals.map((total) => total % 2).toReversed();
  if (odd.includes(1)) {
    warnOnce(
      "CANDLEWICK_PADDING_SAME",
      "Using padding='same' with even kernel lengths and odd dilation may require a zero-padded copy of the input be created",
    );
  }
  const padded = odd.includes(1)
    ? padNative(
        x,
        odd.flatMap((extra) => [0, extra]),
        "constant",
        0,
      )
    : handleOf(x);
  const left = totals.map((total) => Math.floor(total / 2));
  return wrap(native.conv(padded, handleOf(weight), b, spatial, steps, left, spread, groups));
}

/** How much "same" adds to each dimension in all. */
function samePadding(kernel: readonly number[], dilation: readonly number[]): number[] {
  return kernel.map((size, i) => (dilation[i] ?? 1) * (size - 1));
}

/** Options of {@link Conv1d}, {@link Conv2d} and {@link Conv3d}. */
export interface ConvLayerOptions<B extends boolean = boolean> extends FactoryOptions {
  /** The step between windows. Default 1. */
  stride?: IntOrTuple;
  /** Zeros added to both sides, `"same"` or `"valid"`. Default 0. */
  padding?: Padding;
  /** The step between the elements of a window. Default 1. */
  dilation?: IntOrTuple;
  /** Into how many independent groups the channels are divided. Default 1. */
  groups?: number;
  /** Whether to learn a bias. Default true. */
  bias?: B;
  /** What the padding holds. Default `"zeros"`. */
  paddingMode?: PaddingMode;
}

/** All arguments of a convolution layer. */
export interface ConvAll<B extends boolean = boolean> extends ConvLayerOptions<B> {
  inChannels: number;
  outChannels: number;
  kernelSize: IntOrTuple;
}

const OPTIONS = ["stride", "padding", "dilation", "groups", "bias", "paddingMode", "device", "dtype"] as const;
const ALL = ["inChannels", "outChannels", "kernelSize", ...OPTIONS] as const;

type LayerArgs<B extends boolean> =
  | [
      inChannels: number,
      outChannels: number,
      kernelSize: IntOrTuple,
      ...rest: Args<
        ConvLayerOptions<B>,
        ["stride", "padding", "dilation", "groups", "bias", "paddingMode", "device", "dtype"]
      >,
    ]
  | [inChannels: number, outChannels: number, options: Omit<ConvAll<B>, "inChannels" | "outChannels">]
  | [options: ConvAll<B>];

/** What all convolution layers share, the transposed and the lazy ones too. */
export abstract class ConvNd<B extends boolean = boolean> extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[] | "same" | "valid";
  readonly dilation: readonly number[];
  readonly outputPadding: readonly number[];
  readonly groups: number;
  readonly paddingMode: PaddingMode;
  weight: Parameter;
  bias: BiasOf<B>;

  constructor(spatial: number, o: ConvAll & { outputPadding?: IntOrTuple }, transposed: boolean) {
    super();
    const op = this.getName();
    const { padding = 0, groups = 1, bias = true, paddingMode = "zeros", device, dtype } = o;
    this.inChannels = o.inChannels;
    this.outChannels = o.outChannels;
    this.kernelSize = tuple(op, "kernelSize", o.kernelSize, spatial);
    this.stride = tuple(op, "stride", o.stride ?? 1, spatial);
    this.padding = typeof padding === "string" ? padding : tuple(op, "padding", padding, spatial);
    this.dilation = tuple(op, "dilation", o.dilation ?? 1, spatial);
    this.outputPadding = tuple(op, "outputPadding", o.outputPadding ?? 0, spatial);
    this.groups = groups;
    this.paddingMode = paddingMode;
    checkLayer(this);
    const channels = transposed
      ? [this.inChannels, this.outChannels / groups]
      : [this.outChannels, this.inChannels / groups];
    this.weight = new Parameter(empty([...channels, ...this.kernelSize], { device, dtype }));
    this.bias = (bias ? new Parameter(empty([this.outChannels], { device, dtype })) : null) as BiasOf<B>;
    this.resetParameters();
  }

  /** Draws the initial parameters anew. */
  resetParameters(): void {
    resetLinear(this.weight, this.bias);
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding, dilation, outputPadding, groups, paddingMode } = this;
    const parts = [
      `${this.inChannels}, ${this.outChannels}`,
      `kernel_size=${pyRepr(kernelSize)}`,
      `stride=${pyRepr(stride)}`,
    ];
    if (typeof padding === "string") parts.push(`padding=${padding}`);
    else if (padding.some((p) => p !== 0)) parts.push(`padding=${pyRepr(padding)}`);
    if (dilation.some((d) => d !== 1)) parts.push(`dilation=${pyRepr(dilation)}`);
    if (outputPadding.some((p) => p !== 0)) parts.push(`output_padding=${pyRepr(outputPadding)}`);
    if (groups !== 1) parts.push(`groups=${groups}`);
    if (this.bias === null) parts.push("bias=False");
    if (paddingMode !== "zeros") parts.push(`padding_mode=${paddingMode}`);
    return parts.join(", ");
  }
}

function checkLayer({ groups, padding, paddingMode, stride, inChannels, outChannels }: ConvNd): void {
  if (groups <= 0) throw new ArgumentError("groups must be a positive integer");
  if (inChannels % groups !== 0) throw new ArgumentError("in_channels must be divisible by groups");
  if (outChannels % groups !== 0) throw new ArgumentError("out_channels must be divisible by groups");
  if (typeof padding === "string") {
    if (padding !== "same" && padding !== "valid") {
      throw new ArgumentError(`Invalid padding string '${String(padding)}', should be one of valid, same`);
    }
    if (padding === "same" && stride.some((s) => s !== 1)) {
      throw new ArgumentError("padding='same' is not supported for strided convolutions");
    }
  }
  if (!MODES.includes(paddingMode)) {
    const known = `{${MODES.map(pyRepr).join(", ")}}`;
    throw new ArgumentError(`padding_mode must be one of ${known}, but got padding_mode='${String(paddingMode)}'`);
  }
}

/** Reads the arguments of a layer: channels and kernel size, then the rest. */
function readLayer(op: string, args: readonly unknown[]): ConvAll {
  const o = readArgs<ConvAll>(op, ALL, args);
  const [inChannels, outChannels] = [required(op, o, "inChannels"), required(op, o, "outChannels")];
  return { ...o, inChannels, outChannels, kernelSize: required(op, o, "kernelSize") };
}

/** The forward of a convolution layer. */
function convLayer(layer: ConvNd, x: Tensor): Tensor {
  const { weight, bias, stride, padding, dilation, groups, paddingMode, kernelSize } = layer;
  const n = kernelSize.length;
  if (paddingMode === "zeros") return convolve(`conv${n}d`, n, x, weight, { bias, stride, padding, dilation, groups });
  // Pairs for each dimension, the last one first; what "same" lacks on the left it has on the right.
  const totals = samePadding(kernelSize, dilation);
  const pads = kernelSize.flatMap((_, d) => {
    const i = n - 1 - d;
    if (padding === "valid") return [0, 0];
    if (padding !== "same") return [padding[i] ?? 0, padding[i] ?? 0];
    const left = Math.floor((totals[i] ?? 0) / 2);
    return [left, (totals[i] ?? 0) - left];
  });
  const padded = wrap(padNative(x, pads, paddingMode, null));
  return convolve(`conv${n}d`, n, padded, weight, { bias, stride, padding: 0, dilation, groups });
}

/**
 * 1-D convolution. Input [N, inChannels, L] or [inChannels, L], output [N, outChannels, L'] with
 * L' = floor((L + 2 padding - dilation (kernelSize - 1) - 1) / stride + 1).
 * Learns `weight` [out, in/groups, K] and `bias` [out], both starting uniform on +-1/sqrt(in/groups * K).
 */
export class Conv1d<B extends boolean = true> extends ConvNd<B> {
  constructor(...args: LayerArgs<B>) {
    super(1, readLayer("Conv1d", args), false);
  }
  forward(x: Tensor): Tensor {
    return convLayer(this, x);
  }
}

/**
 * 2-D convolution. Input [N, inChannels, H, W] or [inChannels, H, W], output [N, outChannels, H', W'] with
 * H' = floor((H + 2 padding - dilation (kernelSize - 1) - 1) / stride + 1).
 * Learns `weight` [out, in/groups, KH, KW] and `bias` [out], both starting uniform on +-1/sqrt(in/groups * KH * KW).
 *
 * ```ts
 * const conv = new nn.Conv2d(3, 64, 7, { stride: 2, padding: 3, bias: false });
 * conv.forward(torch.rand(1, 3, 224, 224)).shape; // [1, 64, 112, 112]
 * ```
 */
export class Conv2d<B extends boolean = true> extends ConvNd<B> {
  constructor(...args: LayerArgs<B>) {
    super(2, readLayer("Conv2d", args), false);
  }
  forward(x: Tensor): Tensor {
    return convLayer(this, x);
  }
}

/** 3-D convolution. Input [N, inChannels, D, H, W] or without N; otherwise as {@link Conv2d}. */
export class Conv3d<B extends boolean = true> extends ConvNd<B> {
  constructor(...args: LayerArgs<B>) {
    super(3, readLayer("Conv3d", args), false);
  }
  forward(x: Tensor): Tensor {
    return convLayer(this, x);
  }
}
