/** The mean squared error. */
import { type Args, readArgs } from "../../args.js";
import { native } from "../../native.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { checkReduction, Loss, type ReductionOptions } from "./reduction.js";

/** (input - target)^2, averaged, summed or as it is; the operands broadcast. */
export function mseLoss(input: TensorBase, target: TensorBase, ...rest: Args<ReductionOptions, ["reduction"]>): Tensor {
  const { reduction = "mean" } = readArgs<ReductionOptions>("mseLoss", ["reduction"], rest);
  return wrap(native.mseLoss(handleOf(input), handleOf(target), checkReduction(reduction)));
}

/** The mean of (input - target)^2. Input and target of one shape. */
export class MSELoss extends Loss {
  constructor(...args: Args<ReductionOptions, ["reduction"]>) {
    super(readArgs<ReductionOptions>("MSELoss", ["reduction"], args));
  }
  forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, this.reduction);
  }
}
