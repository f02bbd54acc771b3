/** The learning rate by a function. */
import { type From, leading, type Required1, readArgs, required } from "../../args.js";
import type { Optimizer } from "../optimizer.js";
import { FunctionLR, type LambdaOptions } from "./lambdas.js";

/** lr = base * lrLambda(epoch). */
export class LambdaLR extends FunctionLR {
  constructor(
    ...args: From<"optimizer", Optimizer, Required1<LambdaOptions, "lrLambda", ["lastEpoch"]>, LambdaOptions>
  ) {
    const [optimizer, rest] = leading("optimizer", args);
    const o = readArgs<LambdaOptions>("LambdaLR", ["lrLambda", "lastEpoch"], rest);
    super(optimizer, required("LambdaLR", o, "lrLambda"));
    this.start(o.lastEpoch ?? -1);
  }

  override getLr(): number[] {
    const factors = this.factors();
    return this.baseLrs.map((base, i) => base * (factors[i] ?? 1));
  }
}
