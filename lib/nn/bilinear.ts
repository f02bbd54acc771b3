/** The bilinear layer. */

import { type Args, readArgs, required } from "../args.js";
import { byName } from "../by-name.js";
import { empty } from "../creation.js";
import { native } from "../native.js";
import { pyRepr } from "../repr.js";
import { handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { uniform_ } from "./init.js";
import type { FactoryOptions, LinearOptions } from "./linear.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";

/** y = x1^T A x2 + b. x1 [..., in1], x2 [..., in2], weight [out, in1, in2], bias [out] -> [..., out]. */
export const bilinear = byName(
  "nn.functional.bilinear",
  (x1: TensorBase, x2: TensorBase, weight: TensorBase, bias: TensorBase | null = null): Tensor => {
    const b = bias === null ? null : handleOf(bias);
    return wrap(native.bilinear(handleOf(x1), handleOf(x2), handleOf(weight), b));
  },
);

interface BilinearAll extends FactoryOptions {
  in1Features: number;
  in2Features: number;
  outFeatures: number;
  bias?: boolean;
}

/**
 * y = x1^T A x2 + b. Inputs [..., in1Features] and [..., in2Features], output [..., outFeatures].
 * Learns `weight` [out, in1, in2] and `bias` [out], both starting uniform on +-1/sqrt(in1Features).
 */
export class Bilinear extends Module {
  readonly in1Features: number;
  readonly in2Features: number;
  readonly outFeatures: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(
    ...args:
      | [
          in1Features: number,
          in2Features: number,
          outFeatures: number,
          ...rest: Args<LinearOptions, ["bias", "device", "dtype"]>,
        ]
      | [options: BilinearAll]
  ) {
    super();
    const names = ["in1Features", "in2Features", "outFeatures", "bias", "device", "dtype"] as const;
    const o = readArgs<BilinearAll>("Bilinear", names, args);
    this.in1Features = required("Bilinear", o, "in1Features");
    this.in2Features = required("Bilinear", o, "in2Features");
    this.outFeatures = required("Bilinear", o, "outFeatures");
    const { bias = true, device, dtype } = o;
    const sizes = [this.outFeatures, this.in1Features, this.in2Features];
    this.weight = new Parameter(empty(sizes, { device, dtype }));
    this.bias = bias ? new Parameter(empty([this.outFeatures], { device, dtype })) : null;
    this.resetParameters();
  }

  /** Draws the initial parameters anew. */
  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.in1Features);
    uniform_(this.weight, -bound, bound);
    if (this.bias !== null) uniform_(this.bias, -bound, bound);
  }

  forward(x1: Tensor, x2: Tensor): Tensor {
    return bilinear(x1, x2, this.weight, this.bias);
  }

  override extraRepr(): string {
    const { in1Features, in2Features, outFeatures, bias } = this;
    return `in1_features=${in1Features}, in2_features=${in2Features}, out_features=${outFeatures}, bias=${pyRepr(bias !== null)}`;
  }
}
