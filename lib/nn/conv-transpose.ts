/** Transposed convolutions: what gives the input of a convolution its gradient, as a layer of its own. */

import { type Args, readArgs, required } from "../args.js";
import { byName } from "../by-name.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { ConvNd } from "./conv.js";
import type { FactoryOptions } from "./linear.js";
import { type IntOrTuple, ints } from "./sizes.js";

/** Options of the transposed convolution functions. */
export interface ConvTransposeOptions {
  /** Added to every output channel. Default: none. */
  bias?: TensorBase | null;
  /** The step between the windows of the convolution. Default 1. */
  stride?: IntOrTuple;
  /** Taken off both sides of every spatial dimension. Default 0. */
  padding?: IntOrTuple;
  /** Added to one side of every spatial dimension, below stride or dilation. Default 0. */
  outputPadding?: IntOrTuple;
  /** Into how many independent groups the channels are divided. Default 1. */
  groups?: number;
  /** The step between the elements of a window. Default 1. */
  dilation?: IntOrTuple;
}

const NAMES = ["bias", "stride", "padding", "outputPadding", "groups", "dilation"] as const;
type TransposeArgs = Args<ConvTransposeOptions, ["bias", "stride", "padding", "outputPadding", "groups", "dilation"]>;

/** 1-D transposed convolution: x [N, C, L], weight [C, O/groups, K] -> [N, O, (L - 1) s - 2p + d(K - 1) + outputPadding + 1]. */
export const convTranspose1d = byName(
  "nn.functional.convTranspose1d",
  (x: TensorBase, weight: TensorBase, ...rest: TransposeArgs): Tensor =>
    transposed(1, x, weight, readArgs<ConvTransposeOptions>("convTranspose1d", NAMES, rest)),
);
/** 2-D transposed convolution: x [N, C, H, W], weight [C, O/groups, KH, KW] -> [N, O, H', W']. */
export const convTranspose2d = byName(
  "nn.functional.convTranspose2d",
  (x: TensorBase, weight: TensorBase, ...rest: TransposeArgs): Tensor =>
    transposed(2, x, weight, readArgs<ConvTransposeOptions>("convTranspose2d", NAMES, rest)),
);
/** 3-D transposed convolution: x [N, C, D, H, W], weight [C, O/groups, KD, KH, KW] -> [N, O, D', H', W']. */
export const convTranspose3d = byName(
  "nn.functional.convTranspose3d",
  (x: TensorBase, weight: TensorBase, ...rest: TransposeArgs): Tensor =>
    transposed(3, x, weight, readArgs<ConvTransposeOptions>("convTranspose3d", NAMES, rest)),
);

function transposed(spatial: number, x: TensorBase, weight: TensorBase, o: ConvTransposeOptions): Tensor {
  const { bias = null, stride = 1, padding = 0, outputPadding = 0, groups = 1, dilation = 1 } = o;
  const tensors = [handleOf(x), handleOf(weight), bias === null ? null : handleOf(bias)] as const;
  const geometry = [ints(stride), ints(padding), ints(outputPadding), groups, ints(dilation)] as const;
  return wrap(native.convTranspose(...tensors, spatial, ...geometry));
}

/** Options of {@link ConvTranspose2d}. */
export interface ConvTransposeLayerOptions<B extends boolean = boolean> extends FactoryOptions {
  /** The step between the windows of the convolution. Default 1. */
  stride?: IntOrTuple;
  /** Taken off both sides of every spatial dimension. Default 0. */
  padding?: IntOrTuple;
  /** Added to one side of every spatial dimension, below stride or dilation. Default 0. */
  outputPadding?: IntOrTuple;
  /** Into how many independent groups the channels are divided. Default 1. */
  groups?: number;
  /** Whether to learn a bias. Default true. */
  bias?: B;
  /** The step between the elements of a window. Default 1. */
  dilation?: IntOrTuple;
  /** Only zeros make sense here. Default `"zeros"`. */
  paddingMode?: "zeros";
}

/** All arguments of a transposed convolution layer. */
export interface ConvTransposeAll<B extends boolean = boolean> extends ConvTransposeLayerOptions<B> {
  inChannels: number;
  outChannels: number;
  kernelSize: IntOrTuple;
}

const OPTIONS = [
  ...(["stride", "padding", "outputPadding", "groups", "bias", "dilation", "paddingMode", "device", "dtype"] as const),
];
const ALL = ["inChannels", "outChannels", "kernelSize", ...OPTIONS] as const;

type OptionArgs<B extends boolean> = Args<
  ConvTransposeLayerOptions<B>,
  ["stride", "padding", "outputPadding", "groups", "bias", "dilation", "paddingMode", "device", "dtype"]
>;
type LayerArgs<B extends boolean> =
  | [inChannels: number, outChannels: number, kernelSize: IntOrTuple, ...rest: OptionArgs<B>]
  | [inChannels: number, outChannels: number, options: Omit<ConvTransposeAll<B>, "inChannels" | "outChannels">]
  | [options: ConvTransposeAll<B>];

/** What the transposed convolution layers share. */
export abstract class ConvTransposeNd<B extends boolean = boolean> extends ConvNd<B> {
  constructor(spatial: number, o: ConvTransposeAll) {
    super(spatial, o, true);
    if (this.paddingMode !== "zeros") {
      throw new ArgumentError(`Only "zeros" padding mode is supported for ConvTranspose${spatial}d`);
    }
  }

  /** `outputSize`, with or without [N, C], chooses among the sizes that the stride allows. */
  forward(x: Tensor, outputSize: readonly number[] | null = null): Tensor {
    const { weight, bias, stride, padding, groups, dilation, kernelSize } = this;
    const outputPadding = outputSize === null ? this.outputPadding : outputPaddingFor(this, x, outputSize);
    if (typeof padding === "string") throw new ArgumentError(`padding: expected numbers, received '${padding}'`);
    return transposed(kernelSize.length, x, weight, { bias, stride, padding, outputPadding, groups, dilation });
  }
}

/** The output padding that gives an output this size. */
function outputPaddingFor(layer: ConvTransposeNd, x: Tensor, outputSize: readonly number[]): number[] {
  const { kernelSize, stride, padding, dilation } = layer;
  const n = kernelSize.length;
  const lead = x.ndim === n + 2 ? 2 : 1;
  const size = outputSize.length === n + lead ? outputSize.slice(lead) : outputSize;
  if (size.length !== n) {
    throw new ArgumentError(
      `ConvTranspose${n}D: for ${x.ndim}D input, output_size must have ${n} or ${n + lead} elements (got ${outputSize.length})`,
    );
  }
  const at = (list: readonly (number | string)[] | string, i: number): number => Number(list[i] ?? 0);
  const input = x.shape.slice(x.ndim - n);
  const smallest = kernelSize.map(
    (k, i) => (at(input, i) - 1) * at(stride, i) - 2 * at(padding, i) + at(dilation, i) * (k - 1) + 1,
  );
  const largest = smallest.map((low, i) => low + at(stride, i) - 1);
  if (size.some((s, i) => s < at(smallest, i) || s > at(largest, i))) {
    const show = (list: readonly number[]) => `[${list.join(", ")}]`;
    throw new ArgumentError(
      `requested an output size of (${size.join(", ")}${n === 1 ? "," : ""}), but valid sizes range from ${show(smallest)} to ${show(largest)} (for an input of torch.Size(${show(input)}))`,
    );
  }
  return size.map((s, i) => s - at(smallest, i));
}

function readLayer(op: string, args: readonly unknown[]): ConvTransposeAll {
  const o = readArgs<ConvTransposeAll>(op, ALL, args);
  const [inChannels, outChannels] = [required(op, o, "inChannels"), required(op, o, "outChannels")];
  return { ...o, inChannels, outChannels, kernelSize: required(op, o, "kernelSize") };
}

/** 1-D transposed convolution. Input [N, inChannels, L] or [inChannels, L]; otherwise as {@link ConvTranspose2d}. */
export class ConvTranspose1d<B extends boolean = true> extends ConvTransposeNd<B> {
  constructor(...args: LayerArgs<B>) {
    super(1, readLayer("ConvTranspose1d", args));
  }
}

/**
 * 2-D transposed convolution. Input [N, inChannels, H, W] or [inChannels, H, W], output [N, outChannels, H', W'] with
 * H' = (H - 1) stride - 2 padding + dilation (kernelSize - 1) + outputPadding + 1; or of the size that forward is given.
 * Learns `weight` [in, out/groups, KH, KW] and `bias` [out], both starting uniform on +-1/sqrt(out/groups * KH * KW).
 *
 * ```ts
 * const up = new nn.ConvTranspose2d(16, 8, 4, { stride: 2, padding: 1 });
 * up.forward(torch.rand(1, 16, 14, 14)).shape; // [1, 8, 28, 28]
 * ```
 */
export class ConvTranspose2d<B extends boolean = true> extends ConvTransposeNd<B> {
  constructor(...args: LayerArgs<B>) {
    super(2, readLayer("ConvTranspose2d", args));
  }
}

/** 3-D transposed convolution. Input [N, inChannels, D, H, W] or without N; otherwise as {@link ConvTranspose2d}. */
export class ConvTranspose3d<B extends boolean = true> extends ConvTransposeNd<B> {
  constructor(...args: LayerArgs<B>) {
    super(3, readLayer("ConvTranspose3d", args));
  }
}
