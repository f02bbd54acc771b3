/** Buffers: tensors of a module's state that are not learned. */
import { type Args, readArgs } from "../args.js";
import { keep } from "../memory.js";
import { native } from "../native.js";
import { HANDLE, handleOf } from "../tensor/base.js";
import { Tensor } from "../tensor.js";

/** A tensor that becomes a buffer of the module it is a field of. `persistent: false` leaves it out of the state dict. */
export class Buffer extends Tensor {
  /** Whether the state dict holds it. */
  declare readonly persistent: boolean;

  constructor(data: Tensor, ...rest: Args<{ persistent?: boolean }, ["persistent"]>) {
    const { persistent = true } = readArgs<{ persistent?: boolean }>("Buffer", ["persistent"], rest);
    const handle = native.detach(handleOf(data));
    if (data.requiresGrad) native.setRequiresGrad(handle, true);
    super(handle, HANDLE);
    Object.defineProperty(this, "persistent", { value: persistent });
    keep(this);
  }
}
