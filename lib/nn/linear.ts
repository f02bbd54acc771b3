/** Linear layers. */

import { type Args, readArgs, required } from "../args.js";
import { byName } from "../by-name.js";
import { empty } from "../creation.js";
import type { DeviceLike } from "../device.js";
import type { DType } from "../dtype.js";
import { native } from "../native.js";
import { pyRepr } from "../repr.js";
import { handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { resetLinear } from "./init.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";

/** Where and in which type a layer's parameters are made. */
export interface FactoryOptions {
  /** The device. Default: the CPU. */
  device?: DeviceLike | null;
  /** The type. Default: the default type. */
  dtype?: DType | null;
}

/** The bias of a layer that was made with one, without, or with one perhaps. */
export type BiasOf<B extends boolean> = B extends true ? Parameter : null;

/** Options of {@link Linear}. */
export interface LinearOptions<B extends boolean = boolean> extends FactoryOptions {
  /** Whether to add a bias. Default true. */
  bias?: B;
}

interface LinearAll<B extends boolean = boolean> extends LinearOptions<B> {
  inFeatures: number;
  outFeatures: number;
}

/** y = x A^T + b. x [..., in], weight [out, in], bias [out] -> [..., out]. */
export const linear = byName(
  "nn.functional.linear",
  (x: TensorBase, weight: TensorBase, bias: TensorBase | null = null): Tensor =>
    wrap(native.linear(handleOf(x), handleOf(weight), bias === null ? null : handleOf(bias))),
);

/**
 * y = x A^T + b. Input [..., inFeatures], output [..., outFeatures].
 * Learns `weight` [out, in] and `bias` [out], both starting uniform on +-1/sqrt(inFeatures).
 *
 * ```ts
 * const fc = new nn.Linear(784, 10);
 * fc.forward(torch.rand(64, 784)).shape; // [64, 10]
 * ```
 */
export class Linear<B extends boolean = true> extends Module {
  readonly inFeatures: number;
  readonly outFeatures: number;
  weight: Parameter;
  bias: BiasOf<B>;

  constructor(inFeatures: number, outFeatures: number, ...rest: Args<LinearOptions<B>, ["bias", "device", "dtype"]>);
  constructor(options: LinearAll<B>);
  constructor(...args: unknown[]) {
    super();
    const names = ["inFeatures", "outFeatures", "bias", "device", "dtype"] as const;
    const o = readArgs<LinearAll>("Linear", names, args);
    this.inFeatures = required("Linear", o, "inFeatures");
    this.outFeatures = required("Linear", o, "outFeatures");
    const { bias = true, device, dtype } = o;
    this.weight = new Parameter(empty([this.outFeatures, this.inFeatures], { device, dtype }));
    this.bias = (bias ? new Parameter(empty([this.outFeatures], { device, dtype })) : null) as BiasOf<B>;
    this.resetParameters();
  }

  /** Draws the initial parameters anew. */
  resetParameters(): void {
    resetLinear(this.weight, this.bias);
  }

  forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }

  override extraRepr(): string {
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${pyRepr(this.bias !== null)}`;
  }
}

/** Gives its input. Arguments are accepted and ignored. */
export class Identity extends Module {
  constructor(..._ignored: unknown[]) {
    super();
  }

  forward<T>(x: T): T {
    return x;
  }
}
