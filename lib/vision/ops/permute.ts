/** Dimensions in another order, as a module. */

import { Module } from "../../nn/index.js";
import type { Tensor } from "../../tensor.js";
import { checkSizes } from "./layers.js";

/** x.permute(dims). */
export class Permute extends Module {
  readonly dims: readonly number[];

  constructor(dims: readonly number[]) {
    super();
    checkSizes("Permute", "dims", dims);
    this.dims = dims;
  }

  forward(x: Tensor): Tensor {
    return x.permute(this.dims);
  }
}
