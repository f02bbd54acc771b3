/** Dimensions in another order, as a module. */
import { Module } from "../../nn/index.js";
import type { Tensor } from "../../tensor.js";

/** x.permute(dims). */
export class Permute extends Module {
  readonly dims: readonly number[];

  constructor(dims: readonly number[]) {
    super();
    this.dims = dims;
  }

  forward(x: Tensor): Tensor {
    return x.permute(this.dims);
  }
}
