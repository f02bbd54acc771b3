/** Dimensions in another order, as a module. */
import { type RequiredArgs, readArgs, required } from "../../args.js";
import { Module } from "../../nn/index.js";
import type { Tensor } from "../../tensor.js";
import { checkSizes } from "./layers.js";

/** x.permute(dims). */
export class Permute extends Module {
  readonly dims: readonly number[];

  constructor(...args: RequiredArgs<{ dims: readonly number[] }, ["dims"], []>) {
    super();
    const dims = required("Permute", readArgs<{ dims: readonly number[] }>("Permute", ["dims"], args), "dims");
    checkSizes("Permute", "dims", dims);
    this.dims = dims;
  }

  forward(x: Tensor): Tensor {
    return x.permute(this.dims);
  }
}
