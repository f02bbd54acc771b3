/** Flattening and its reverse. */
import { type Args, readArgs, required } from "../args.js";
import { listOf } from "../argument-types.js";
import { type FlattenOptions, flatten, unflatten } from "../ops/shape.js";
import { pyRepr } from "../repr.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";

/** Makes the dimensions from startDim (default 1) to endDim (default -1) one: [N, C, H, W] -> [N, C * H * W]. */
export class Flatten extends Module {
  readonly startDim: number;
  readonly endDim: number;

  constructor(...args: Args<FlattenOptions, ["startDim", "endDim"]>) {
    super();
    const { startDim = 1, endDim = -1 } = readArgs<FlattenOptions>("Flatten", ["startDim", "endDim"], args);
    this.startDim = startDim;
    this.endDim = endDim;
  }
  forward(x: Tensor): Tensor {
    return flatten(x, this.startDim, this.endDim);
  }
  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}

/** Options of {@link Unflatten}. */
export interface UnflattenOptions {
  /** The dimension that is divided. */
  dim?: number;
  /** What it is divided into; one size may be -1. */
  unflattenedSize?: readonly number[];
}

/** Divides one dimension into several: `new nn.Unflatten(1, [2, 3])` makes [N, 6] to [N, 2, 3]. */
export class Unflatten extends Module {
  readonly dim: number;
  readonly unflattenedSize: readonly number[];

  constructor(...args: Args<UnflattenOptions, ["dim", "unflattenedSize"]>) {
    super();
    const o = readArgs<UnflattenOptions>("Unflatten", ["dim", "unflattenedSize"], args);
    this.dim = required("Unflatten", o, "dim");
    this.unflattenedSize = listOf<number>("Unflatten", "unflattenedSize", required("Unflatten", o, "unflattenedSize"));
  }
  forward(x: Tensor): Tensor {
    return unflatten(x, this.dim, this.unflattenedSize);
  }
  override extraRepr(): string {
    return `dim=${this.dim}, unflattened_size=${pyRepr(this.unflattenedSize)}`;
  }
}
