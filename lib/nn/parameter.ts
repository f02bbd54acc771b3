/** Parameters: tensors that a module learns. */
import { type Args, readArgs } from "../args.js";
import { keep } from "../memory.js";
import { native } from "../native.js";
import { HANDLE, handleOf, type TensorBase } from "../tensor/base.js";
import { Tensor } from "../tensor.js";

/** A tensor that belongs to a module's parameters once it is a field of the module. A leaf over the storage of `data`. */
export class Parameter extends Tensor {
  constructor(data: TensorBase, ...rest: Args<{ requiresGrad?: boolean }, ["requiresGrad"]>) {
    const { requiresGrad = true } = readArgs<{ requiresGrad?: boolean }>("Parameter", ["requiresGrad"], rest);
    const handle = native.detach(handleOf(data));
    if (requiresGrad) native.setRequiresGrad(handle, true);
    super(handle, HANDLE);
    keep(this);
    // The given wrapper may have been made inside a scope(); the parameter has a handle of its own.
  }

  protected override displayName(): string {
    return "Parameter containing:\ntensor";
  }
}
