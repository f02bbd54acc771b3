/** Images with mean 0 and standard deviation 1. */
import { type Args, readArgs, required } from "../../args.js";
import { listOf } from "../../argument-types.js";
import { pyList, pyRepr } from "../../repr.js";
import { normalize } from "./changes/convert.js";
import type { Picture } from "./picture.js";
import { ImageTransform } from "./transform.js";

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
export class Normalize extends ImageTransform {
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

  override apply(picture: Picture): Picture {
    const list = (name: string, values: number | readonly number[]) =>
      typeof values === "number" ? [values] : listOf<number>("normalize", name, values);
    return normalize(picture, list("mean", this.mean), list("std", this.std), this.inplace);
  }

  override toString(): string {
    const show = (values: unknown) => (Array.isArray(values) ? pyList(values) : pyRepr(values));
    return `Normalize(mean=${show(this.mean)}, std=${show(this.std)})`;
  }
}
