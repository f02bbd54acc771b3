/** Padding. */

import { type Args, readArgs, required } from "../args.js";
import { byName } from "../by-name.js";
import { native, type TensorHandle } from "../native.js";
import { pyRepr } from "../repr.js";
import { handleOf, operand, type Scalar, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";

import { type IntOrTuple, tuple } from "./sizes.js";

/** What padding holds: one value, the mirrored or repeated border, or the elements from the other side. */
export type PadMode = "constant" | "reflect" | "replicate" | "circular";

/** Options of {@link pad}. */
export interface PadOptions {
  /** Default `"constant"`. */
  mode?: PadMode;
  /** The value of constant padding. Default 0. */
  value?: Scalar | null;
}

interface PadAll extends PadOptions {
  /** Pairs (before, after), the last dimension first. */
  pad: readonly number[];
}

/** {@link pad} on handles. */
export function padNative(x: TensorBase, pads: readonly number[], mode: PadMode, value: Scalar | null): TensorHandle {
  return native.pad(handleOf(x), [...pads], mode, value === null ? null : (operand(value) as never));
}

/**
 * Pads the last dimensions: `pad` has a pair (before, after) for each, the last dimension first; negative numbers take
 * away. Constant padding takes any number of dimensions, the other modes one to three behind [C] or [N, C].
 *
 * ```ts
 * F.pad(torch.ones(1, 2), [1, 1, 0, 1]).shape; // [2, 4]
 * ```
 */
export const pad = byName(
  "nn.functional.pad",
  (
    x: TensorBase,
    ...args: [pad: readonly number[], ...Args<PadOptions, ["mode", "value"]>] | [options: PadAll]
  ): Tensor => {
    const o = readArgs<PadAll>("pad", ["pad", "mode", "value"], args);
    return wrap(padNative(x, required("pad", o, "pad"), o.mode ?? "constant", o.value ?? null));
  },
);

/** Pads the last dimensions with a value: pairs (before, after), the last dimension first. */
export const constantPadNd = byName(
  "constantPadNd",
  (
    x: TensorBase,
    ...args: [pad: readonly number[], ...Args<{ value?: Scalar }, ["value"]>] | [options: Omit<PadAll, "mode">]
  ): Tensor => {
    const o = readArgs<Omit<PadAll, "mode">>("constantPadNd", ["pad", "value"], args);
    return wrap(padNative(x, required("constantPadNd", o, "pad"), "constant", o.value ?? 0));
  },
);

type PaddingArgs = [padding: IntOrTuple] | [options: { padding: IntOrTuple }];

/** What the padding layers share. */
abstract class PadNd extends Module {
  /** Pairs (before, after), the last dimension first. */
  readonly padding: readonly number[];

  constructor(spatial: number, args: readonly unknown[]) {
    super();
    const op = this.getName();
    const o = readArgs<{ padding: IntOrTuple; value: number }>(op, ["padding", "value"], args);
    this.padding = tuple(op, "padding", required(op, o, "padding"), 2 * spatial);
  }

  /** How this layer pads. */
  protected abstract fill(): [mode: PadMode, value: number | null];

  forward(x: Tensor): Tensor {
    return wrap(padNative(x, this.padding, ...this.fill()));
  }

  override extraRepr(): string {
    return pyRepr(this.padding);
  }
}

abstract class ZeroPad extends PadNd {
  protected fill(): [PadMode, number] {
    return ["constant", 0];
  }
}

/** Zeros before and after the last dimension. Input [N, C, L] or [C, L]; `padding` a number or (left, right). */
export class ZeroPad1d extends ZeroPad {
  constructor(...args: PaddingArgs) {
    super(1, args);
  }
}
/** Zeros around the last two dimensions. Input [N, C, H, W] or [C, H, W]; `padding` a number or (left, right, top, bottom). */
export class ZeroPad2d extends ZeroPad {
  constructor(...args: PaddingArgs) {
    super(2, args);
  }
}
/** Zeros around the last three dimensions; `padding` a number or (left, right, top, bottom, front, back). */
export class ZeroPad3d extends ZeroPad {
  constructor(...args: PaddingArgs) {
    super(3, args);
  }
}

type ConstantArgs =
  | [padding: IntOrTuple, value: number]
  | [padding: IntOrTuple, options: { value: number }]
  | [options: { padding: IntOrTuple; value: number }];

abstract class ConstantPad extends PadNd {
  readonly value: number;

  constructor(spatial: number, args: readonly unknown[]) {
    super(spatial, args);
    const op = this.getName();
    this.value = required(
      op,
      readArgs<{ padding: IntOrTuple; value: number }>(op, ["padding", "value"], args),
      "value",
    );
  }

  protected fill(): [PadMode, number] {
    return ["constant", this.value];
  }

  override extraRepr(): string {
    return `padding=${pyRepr(this.padding)}, value=${pyRepr(this.value)}`;
  }
}

/** `value` before and after the last dimension; otherwise as {@link ZeroPad1d}. */
export class ConstantPad1d extends ConstantPad {
  constructor(...args: ConstantArgs) {
    super(1, args);
  }
}
/** `value` around the last two dimensions; otherwise as {@link ZeroPad2d}. */
export class ConstantPad2d extends ConstantPad {
  constructor(...args: ConstantArgs) {
    super(2, args);
  }
}
/** `value` around the last three dimensions; otherwise as {@link ZeroPad3d}. */
export class ConstantPad3d extends ConstantPad {
  constructor(...args: ConstantArgs) {
    super(3, args);
  }
}

abstract class ReflectionPad extends PadNd {
  protected fill(): [PadMode, null] {
    return ["reflect", null];
  }
}

/** The input mirrored at the ends of its last dimension, which are not repeated; padding is below the size. */
export class ReflectionPad1d extends ReflectionPad {
  constructor(...args: PaddingArgs) {
    super(1, args);
  }
}
/** The input mirrored at the borders of its last two dimensions; as {@link ReflectionPad1d}. */
export class ReflectionPad2d extends ReflectionPad {
  constructor(...args: PaddingArgs) {
    super(2, args);
  }
}
/** The input mirrored at the borders of its last three dimensions; as {@link ReflectionPad1d}. */
export class ReflectionPad3d extends ReflectionPad {
  constructor(...args: PaddingArgs) {
    super(3, args);
  }
}

abstract class ReplicationPad extends PadNd {
  protected fill(): [PadMode, null] {
    return ["replicate", null];
  }
}

/** The outermost elements of the last dimension repeated. */
export class ReplicationPad1d extends ReplicationPad {
  constructor(...args: PaddingArgs) {
    super(1, args);
  }
}
/** The outermost elements of the last two dimensions repeated. */
export class ReplicationPad2d extends ReplicationPad {
  constructor(...args: PaddingArgs) {
    super(2, args);
  }
}
/** The outermost elements of the last three dimensions repeated. */
export class ReplicationPad3d extends ReplicationPad {
  constructor(...args: PaddingArgs) {
    super(3, args);
  }
}

abstract class CircularPad extends PadNd {
  protected fill(): [PadMode, null] {
    return ["circular", null];
  }
}

/** The elements from the other end of the last dimension; padding is at most the size. */
export class CircularPad1d extends CircularPad {
  constructor(...args: PaddingArgs) {
    super(1, args);
  }
}
/** The elements from the other side of the last two dimensions; as {@link CircularPad1d}. */
export class CircularPad2d extends CircularPad {
  constructor(...args: PaddingArgs) {
    super(2, args);
  }
}
/** The elements from the other side of the last three dimensions; as {@link CircularPad1d}. */
export class CircularPad3d extends CircularPad {
  constructor(...args: PaddingArgs) {
    super(3, args);
  }
}
