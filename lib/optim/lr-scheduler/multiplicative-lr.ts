/** The learning rate times a function. */
import { type From, leading, type Required1, readArgs, required } from "../../args.js";
import type { Optimizer } from "../optimizer.js";
import { FunctionLR, type LambdaOptions } from "./lambdas.js";

/** Multiplies the learning rates by lrLambda(epoch) in each epoch. */
export class MultiplicativeLR extends FunctionLR {
  constructor(
    ...args: From<"optimizer", Optimizer, Required1<LambdaOptions, "lrLambda", ["lastEpoch"]>, LambdaOptions>
  ) {
    const [optimizer, rest] = leading("optimizer", args);
    const o = readArgs<LambdaOptions>("MultiplicativeLR", ["lrLambda", "lastEpoch"], rest);
    super(optimizer, required("MultiplicativeLR", o, "lrLambda"));
    this.start(o.lastEpoch ?? -1);
  }

  override getLr(): number[] {
    if (this.isInitial) return this.currentLrs();
    const factors = this.factors();
    return this.currentLrs().map((lr, i) => lr * (factors[i] ?? 1));
  }
}
