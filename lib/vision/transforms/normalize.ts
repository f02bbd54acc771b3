/** Images with mean 0 and standard deviation 1. */
import { type Args, readArgs, required } from "../../args.js";
import { pyList, pyRepr } from "../../repr.js";
import type { Tensor } from "../../tensor.js";
import { normalize } from "./functional.js";
import { Transform } from "./transform.js";

/** Options of {@link Normalize}. */
export interface NormalizeOptions {
  /** The mean of each channel. */
  mean?: readonly number[];
  /** The standard deviation of each channel. */
  std?: readonly number[];
  /** Whether the image itself is changed. Default false. */
  inplace?: boolean;
}

/** (image - mean) / std by channel. Image [..., C, H, W] of floats. */
export class Normalize extends Transform<Tensor, Tensor> {
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly inplace: boolean;

  constructor(...args: Args<NormalizeOptions, ["mean", "std", "inplace"]>) {
    super();
    const o = readArgs<NormalizeOptions>("Normalize", ["mean", "std", "inplace"], args);
    this.mean = required("Normalize", o, "mean");
    this.std = required("Normalize", o, "std");
    this.inplace = o.inplace ?? false;
  }

  forward(image: Tensor): Tensor {
    return normalize(image, this.mean, this.std, this.inplace);
  }

  override toString(): string {
    const show = (values: unknown) => (Array.isArray(values) ? pyList(values) : pyRepr(values));
    return `Normalize(mean=${show(this.mean)}, std=${show(this.std)})`;
  }
}
