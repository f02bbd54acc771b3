/** Sliding windows of images as columns, and columns added into images. */

import { type Args, readArgs, required } from "../args.js";
import { byName } from "../by-name.js";
import { native } from "../native.js";
import { pyRepr } from "../repr.js";
import { handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";
import type { KernelAnd, WithKernel } from "./pooling/arguments.js";
import { type IntOrTuple, ints } from "./sizes.js";

/** Options of {@link unfold} and {@link fold}. */
export interface UnfoldOptions {
  /** The step between the elements of a window. Default 1. */
  dilation?: IntOrTuple;
  /** Zeros added to both sides. Default 0. */
  padding?: IntOrTuple;
  /** The step between windows. Default 1. */
  stride?: IntOrTuple;
}

type Window = KernelAnd<UnfoldOptions>;
const WINDOW = ["kernelSize", "dilation", "padding", "stride"] as const;
type Rest = Args<UnfoldOptions, ["dilation", "padding", "stride"]>;
type UnfoldArgs = WithKernel<UnfoldOptions, Rest>;

interface FoldAll extends Window {
  /** Height and width of the images. */
  outputSize: IntOrTuple;
}

const FOLD = ["outputSize", ...WINDOW] as const;
type FoldArgs =
  | [outputSize: IntOrTuple, kernelSize: IntOrTuple, ...rest: Rest]
  | [outputSize: IntOrTuple, options: Window]
  | [options: FoldAll];

function readUnfold(op: string, args: readonly unknown[]): Window {
  const o = readArgs<Window>(op, WINDOW, args);
  return { ...o, kernelSize: required(op, o, "kernelSize") };
}

function readFold(op: string, args: readonly unknown[]): FoldAll {
  const o = readArgs<FoldAll>(op, FOLD, args);
  return { ...o, outputSize: required(op, o, "outputSize"), kernelSize: required(op, o, "kernelSize") };
}

function windows({ kernelSize, dilation = 1, padding = 0, stride = 1 }: Window) {
  return [ints(kernelSize), ints(dilation), ints(padding), ints(stride)] as const;
}

/** The windows of [N, C, H, W] (or [C, H, W]) as columns: [N, C KH KW, number of windows]. */
export const unfold = byName(
  "nn.functional.unfold",
  (x: TensorBase, ...args: UnfoldArgs): Tensor =>
    wrap(native.im2col(handleOf(x), ...windows(readUnfold("unfold", args)))),
);

/** Adds columns [N, C KH KW, number of windows] (or without N) into images [N, C, ...outputSize], where windows overlap. */
export const fold = byName(
  "nn.functional.fold",
  (x: TensorBase, ...args: FoldArgs): Tensor => folded(x, readFold("fold", args)),
);

function folded(x: TensorBase, o: FoldAll): Tensor {
  return wrap(native.col2im(handleOf(x), ints(o.outputSize), ...windows(o)));
}

/** What both layers share. */
abstract class Sliding extends Module {
  readonly kernelSize: IntOrTuple;
  readonly dilation: IntOrTuple;
  readonly padding: IntOrTuple;
  readonly stride: IntOrTuple;

  constructor(o: Window) {
    super();
    this.kernelSize = o.kernelSize;
    this.dilation = o.dilation ?? 1;
    this.padding = o.padding ?? 0;
    this.stride = o.stride ?? 1;
  }

  override extraRepr(): string {
    const { kernelSize, dilation, padding, stride } = this;
    return `kernel_size=${pyRepr(kernelSize)}, dilation=${pyRepr(dilation)}, padding=${pyRepr(padding)}, stride=${pyRepr(stride)}`;
  }
}

/**
 * The windows of [N, C, H, W] (or [C, H, W]) as columns: [N, C KH KW, H' W'] with
 * H' = floor((H + 2 padding - dilation (kernelSize - 1) - 1) / stride + 1).
 */
export class Unfold extends Sliding {
  constructor(...args: UnfoldArgs) {
    super(readUnfold("Unfold", args));
  }
  forward(x: Tensor): Tensor {
    return wrap(native.im2col(handleOf(x), ...windows(this)));
  }
}

/** Adds the columns of {@link Unfold} into images [N, C, ...outputSize], where windows overlap. */
export class Fold extends Sliding {
  readonly outputSize: IntOrTuple;

  constructor(...args: FoldArgs) {
    const o = readFold("Fold", args);
    super(o);
    this.outputSize = o.outputSize;
  }
  forward(x: Tensor): Tensor {
    return folded(x, this);
  }
  override extraRepr(): string {
    return `output_size=${pyRepr(this.outputSize)}, ${super.extraRepr()}`;
  }
}
