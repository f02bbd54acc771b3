/** Convolutions. */
import { type Args, readArgs, required } from "../args.js";
import { empty, zeros } from "../creation.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { cat } from "../ops/join.js";
import { pyRepr } from "../repr.js";
import { handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { resetLinear } from "./init.js";
import type { FactoryOptions } from "./linear.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";
import { type IntOrTuple, ints, tuple } from "./sizes.js";

/** Padding: numbers, `"valid"` for none, `"same"` for an output of the input's size (stride 1). */
export type Padding = IntOrTuple | "same" | "valid";

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
export function conv1d(x: TensorBase, weight: TensorBase, ...rest: ConvArgs): Tensor {
  return convolve("conv1d", 1, x, weight, readArgs<ConvOptions>("conv1d", CONV, rest));
}
/** 2-D convolution: x [N, C, H, W], weight [O, C/groups, KH, KW] -> [N, O, H', W']. */
export function conv2d(x: TensorBase, weight: TensorBase, ...rest: ConvArgs): Tensor {
  return convolve("conv2d", 2, x, weight, readArgs<ConvOptions>("conv2d", CONV, rest));
}
/** 3-D convolution: x [N, C, D, H, W], weight [O, C/groups, KD, KH, KW] -> [N, O, D', H', W']. */
export function conv3d(x: TensorBase, weight: TensorBase, ...rest: ConvArgs): Tensor {
  return convolve("conv3d", 3, x, weight, readArgs<ConvOptions>("conv3d", CONV, rest));
}

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
  const padded = padRight(x, spatial, totals);
  const left = totals.map((total) => Math.floor(total / 2));
  return wrap(native.conv(handleOf(padded), handleOf(weight), b, spatial, steps, left, spread, groups));
}

/** How much "same" adds to each dimension in all. */
function samePadding(kernel: readonly number[], dilation: readonly number[]): number[] {
  return kernel.map((size, i) => (dilation[i] ?? 1) * (size - 1));
}

/** An odd total puts its extra zero on the right. */
function padRight(x: TensorBase, spatial: number, totals: readonly number[]): TensorBase {
  let out = x;
  totals.forEach((total, i) => {
    if (total % 2 === 0) return;
    const dim = x.ndim - spatial + i;
    const edge = [...out.shape];
    edge[dim] = 1;
    out = cat([out, zeros(edge, { dtype: x.dtype, device: x.device })], dim);
  });
  return out;
}

/** Options of {@link Conv1d}, {@link Conv2d} and {@link Conv3d}. */
export interface ConvLayerOptions extends FactoryOptions {
  /** The step between windows. Default 1. */
  stride?: IntOrTuple;
  /** Zeros added to both sides, `"same"` or `"valid"`. Default 0. */
  padding?: Padding;
  /** The step between the elements of a window. Default 1. */
  dilation?: IntOrTuple;
  /** Into how many independent groups the channels are divided. Default 1. */
  groups?: number;
  /** Whether to learn a bias. Default true. */
  bias?: boolean;
  /** Only `"zeros"` so far. */
  paddingMode?: "zeros";
}

interface ConvAll extends ConvLayerOptions {
  inChannels: number;
  outChannels: number;
  kernelSize: IntOrTuple;
}

const OPTIONS = ["stride", "padding", "dilation", "groups", "bias", "paddingMode", "device", "dtype"] as const;
const ALL = ["inChannels", "outChannels", "kernelSize", ...OPTIONS] as const;

type LayerArgs =
  | [
      inChannels: number,
      outChannels: number,
      kernelSize: IntOrTuple,
      ...rest: Args<
        ConvLayerOptions,
        ["stride", "padding", "dilation", "groups", "bias", "paddingMode", "device", "dtype"]
      >,
    ]
  | [inChannels: number, outChannels: number, options: Omit<ConvAll, "inChannels" | "outChannels">]
  | [options: ConvAll];

/** What the convolution layers share. */
abstract class ConvNd extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[] | "same" | "valid";
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly paddingMode: "zeros";
  weight: Parameter;
  bias: Parameter | null;

  constructor(spatial: number, args: readonly unknown[]) {
    super();
    const op = this.getName();
    const o = readArgs<ConvAll>(op, ALL, args);
    const { padding = 0, groups = 1, bias = true, paddingMode = "zeros", device, dtype } = o;
    this.inChannels = required(op, o, "inChannels");
    this.outChannels = required(op, o, "outChannels");
    this.kernelSize = tuple(op, "kernelSize", required(op, o, "kernelSize"), spatial);
    this.stride = tuple(op, "stride", o.stride ?? 1, spatial);
    this.padding = typeof padding === "string" ? padding : tuple(op, "padding", padding, spatial);
    this.dilation = tuple(op, "dilation", o.dilation ?? 1, spatial);
    this.groups = groups;
    this.paddingMode = paddingMode;
    this.#check();
    const shape = [this.outChannels, this.inChannels / groups, ...this.kernelSize];
    this.weight = new Parameter(empty(shape, { device, dtype }));
    this.bias = bias ? new Parameter(empty([this.outChannels], { device, dtype })) : null;
    this.resetParameters();
  }

  #check(): void {
    const { groups, padding } = this;
    if (groups <= 0) throw new ArgumentError("groups must be a positive integer");
    if (this.inChannels % groups !== 0) throw new ArgumentError("in_channels must be divisible by groups");
    if (this.outChannels % groups !== 0) throw new ArgumentError("out_channels must be divisible by groups");
    if (typeof padding === "string") {
      if (padding !== "same" && padding !== "valid") {
        throw new ArgumentError(`Invalid padding string '${String(padding)}', should be one of valid, same`);
      }
      if (padding === "same" && this.stride.some((s) => s !== 1)) {
        throw new ArgumentError("padding='same' is not supported for strided convolutions");
      }
    }
    if (this.paddingMode !== "zeros") {
      throw new ArgumentError(
        `paddingMode: expected 'zeros' (others are not there yet), received '${String(this.paddingMode)}'`,
      );
    }
  }

  /** Draws the initial parameters anew. */
  resetParameters(): void {
    resetLinear(this.weight, this.bias);
  }

  /** The layer's arguments after the input and the weight. */
  protected options(): ConvOptions {
    const { bias, stride, padding, dilation, groups } = this;
    return { bias, stride, padding, dilation, groups };
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding, dilation, groups } = this;
    const parts = [
      `${this.inChannels}, ${this.outChannels}`,
      `kernel_size=${pyRepr(kernelSize)}`,
      `stride=${pyRepr(stride)}`,
    ];
    if (typeof padding === "string") parts.push(`padding=${padding}`);
    else if (padding.some((p) => p !== 0)) parts.push(`padding=${pyRepr(padding)}`);
    if (dilation.some((d) => d !== 1)) parts.push(`dilation=${pyRepr(dilation)}`);
    if (groups !== 1) parts.push(`groups=${groups}`);
    if (this.bias === null) parts.push("bias=False");
    return parts.join(", ");
  }
}

/**
 * 1-D convolution. Input [N, inChannels, L] or [inChannels, L], output [N, outChannels, L'] with
 * L' = floor((L + 2 padding - dilation (kernelSize - 1) - 1) / stride + 1).
 * Learns `weight` [out, in/groups, K] and `bias` [out], both starting uniform on +-1/sqrt(in/groups * K).
 */
export class Conv1d extends ConvNd {
  constructor(...args: LayerArgs) {
    super(1, args);
  }
  forward(x: Tensor): Tensor {
    return convolve("conv1d", 1, x, this.weight, this.options());
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
export class Conv2d extends ConvNd {
  constructor(...args: LayerArgs) {
    super(2, args);
  }
  forward(x: Tensor): Tensor {
    return convolve("conv2d", 2, x, this.weight, this.options());
  }
}

/** 3-D convolution. Input [N, inChannels, D, H, W] or without N; otherwise as {@link Conv2d}. */
export class Conv3d extends ConvNd {
  constructor(...args: LayerArgs) {
    super(3, args);
  }
  forward(x: Tensor): Tensor {
    return convolve("conv3d", 3, x, this.weight, this.options());
  }
}
