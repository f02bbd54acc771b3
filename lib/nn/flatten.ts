/** Flattening. */
import { type Args, readArgs } from "../args.js";
import { type FlattenOptions, flatten } from "../ops/shape.js";
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
