/** Activations of straight pieces: Hardtanh, ReLU6, Hardsigmoid, Hardswish, Hardshrink, Softshrink. */

import { type Args, readArgs } from "../../args.js";
import { byName } from "../../by-name.js";
import { ArgumentError } from "../../errors.js";
import { native } from "../../native.js";
import { pyFloat, pyRepr } from "../../repr.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";
import { Module } from "../module.js";
import { either, type InplaceArgs, InplaceLayer, type InplaceOptions, inplaceRepr, readInplace } from "./inplace.js";

/** Options of {@link Hardtanh}. */
export interface HardtanhOptions extends InplaceOptions {
  /** The lower bound. Default -1. */
  minVal?: number;
  /** The upper bound. Default 1. */
  maxVal?: number;
}

const HARDTANH = ["minVal", "maxVal", "inplace"] as const;
type HardtanhArgs = Args<HardtanhOptions, ["minVal", "maxVal", "inplace"]>;

/** x within [minVal, maxVal]. Errors: a lower bound above the upper one. */
export const hardtanh = byName("nn.functional.hardtanh", (x: Tensor, ...rest: HardtanhArgs): Tensor => {
  const { minVal = -1, maxVal = 1, inplace } = readArgs<HardtanhOptions>("hardtanh", HARDTANH, rest);
  return bounded(x, minVal, maxVal, inplace);
});

/** {@link hardtanh} in place. */
export const hardtanh_ = byName(
  "nn.functional.hardtanh_",
  (x: Tensor, minVal = -1, maxVal = 1): Tensor => bounded(x, minVal, maxVal, true),
);

function bounded(x: Tensor, min: number, max: number, inplace: boolean | undefined): Tensor {
  if (min > max) throw new ArgumentError("min_val cannot be greater than max_val", { op: "hardtanh" });
  return either(x, inplace, native.hardtanh, native.hardtanh_, min, max);
}

/** x within [0, 6]. */
export const relu6 = byName(
  "nn.functional.relu6",
  (x: Tensor, ...rest: InplaceArgs): Tensor => bounded(x, 0, 6, readInplace("relu6", rest)),
);

/** 0 below -3, 1 above 3, x / 6 + 1 / 2 between. */
export const hardsigmoid = byName(
  "nn.functional.hardsigmoid",
  (x: Tensor, ...rest: InplaceArgs): Tensor =>
    either(x, readInplace("hardsigmoid", rest), native.hardsigmoid, native.hardsigmoid_),
);

/** x * hardsigmoid(x). */
export const hardswish = byName(
  "nn.functional.hardswish",
  (x: Tensor, ...rest: InplaceArgs): Tensor =>
    either(x, readInplace("hardswish", rest), native.hardswish, native.hardswish_),
);

/** Options of {@link Hardshrink} and {@link Softshrink}. */
export interface ShrinkOptions {
  /** Half the width of what becomes 0. Default 0.5. */
  lambd?: number;
}

type ShrinkArgs = Args<ShrinkOptions, ["lambd"]>;

/** x outside of [-lambd, lambd], 0 inside. */
export const hardshrink = byName("nn.functional.hardshrink", (x: TensorBase, ...rest: ShrinkArgs): Tensor => {
  const { lambd = 0.5 } = readArgs<ShrinkOptions>("hardshrink", ["lambd"], rest);
  return wrap(native.hardshrink(handleOf(x), lambd));
});

/** x - lambd above lambd, x + lambd below -lambd, 0 between. Errors: a negative lambd. */
export const softshrink = byName("nn.functional.softshrink", (x: TensorBase, ...rest: ShrinkArgs): Tensor => {
  const { lambd = 0.5 } = readArgs<ShrinkOptions>("softshrink", ["lambd"], rest);
  return wrap(native.softshrink(handleOf(x), lambd));
});

/** The bounds of {@link Hardtanh} under their older names. */
interface RenamedBounds {
  minValue?: number | null;
  maxValue?: number | null;
}

function renamed(bound: "min" | "max", value: number | null | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  warnOnce(
    `CANDLEWICK_HARDTANH_${bound.toUpperCase()}`,
    `keyword argument \`${bound}_value\` is deprecated and renamed to \`${bound}_val\``,
  );
  return value;
}

/** x within [minVal, maxVal], element by element. Any shape. */
export class Hardtanh extends Module {
  readonly minVal: number;
  readonly maxVal: number;
  readonly inplace: boolean;

  constructor(...args: HardtanhArgs) {
    super();
    const o = readArgs<HardtanhOptions & RenamedBounds>(this.getName(), [...HARDTANH, "minValue", "maxValue"], args);
    const { inplace = false } = o;
    const minVal = renamed("min", o.minValue) ?? o.minVal ?? -1;
    const maxVal = renamed("max", o.maxValue) ?? o.maxVal ?? 1;
    if (maxVal <= minVal) {
      const [max, min] = [pyFloat(maxVal), pyFloat(minVal)];
      throw new ArgumentError(`max_val (${max}) must be greater than min_val (${min})`, { op: "Hardtanh" });
    }
    this.minVal = minVal;
    this.maxVal = maxVal;
    this.inplace = inplace;
  }
  forward(x: Tensor): Tensor {
    return bounded(x, this.minVal, this.maxVal, this.inplace);
  }
  override extraRepr(): string {
    return `min_val=${pyFloat(this.minVal)}, max_val=${pyFloat(this.maxVal)}${inplaceRepr(this.inplace)}`;
  }
}

/** min(max(x, 0), 6), element by element. Any shape.   [Krizhevsky 2010] */
export class ReLU6 extends Hardtanh {
  constructor(...args: InplaceArgs) {
    super(0, 6, readInplace("ReLU6", args));
  }
  override extraRepr(): string {
    return this.inplace ? "inplace=True" : "";
  }
}

/** 0 below -3, 1 above 3, x / 6 + 1 / 2 between, element by element. Any shape. */
export class Hardsigmoid extends InplaceLayer {
  forward(x: Tensor): Tensor {
    return either(x, this.inplace, native.hardsigmoid, native.hardsigmoid_);
  }
  override extraRepr(): string {
    return "";
  }
}

/** x * hardsigmoid(x), element by element. Any shape.   [Howard et al. 2019] */
export class Hardswish extends InplaceLayer {
  forward(x: Tensor): Tensor {
    return either(x, this.inplace, native.hardswish, native.hardswish_);
  }
  override extraRepr(): string {
    return "";
  }
}

abstract class Shrink extends Module {
  readonly lambd: number;

  constructor(...args: ShrinkArgs) {
    super();
    this.lambd = readArgs<ShrinkOptions>(this.getName(), ["lambd"], args).lambd ?? 0.5;
  }
}

/** x outside of [-lambd, lambd], 0 inside, element by element. Any shape. */
export class Hardshrink extends Shrink {
  forward(x: Tensor): Tensor {
    return wrap(native.hardshrink(handleOf(x), this.lambd));
  }
  override extraRepr(): string {
    return pyFloat(this.lambd);
  }
}

/** x drawn towards 0 by lambd, element by element. Any shape. */
export class Softshrink extends Shrink {
  forward(x: Tensor): Tensor {
    return wrap(native.softshrink(handleOf(x), this.lambd));
  }
  override extraRepr(): string {
    return pyRepr(this.lambd);
  }
}
