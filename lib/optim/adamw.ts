/** AdamW.   [Loshchilov & Hutter 2019] */
import { type Args, type From, leading, readArgs } from "../args.js";
import { ADAM_DEFAULTS, AdamBase, type AdamGroup, type AdamOptions } from "./adam.js";
import type { Params } from "./optimizer.js";

/** Options of {@link AdamW}. */
export type AdamWOptions = Omit<AdamOptions, "decoupledWeightDecay">;

const NAMES = [
  ...(["lr", "betas", "eps", "weightDecay", "amsgrad", "maximize", "foreach", "capturable"] as const),
  ...(["differentiable", "fused"] as const),
] as const;

/** Adam whose weight decay (default 0.01) shrinks the parameter itself: p -= lr * weightDecay * p, before the step. */
export class AdamW extends AdamBase {
  constructor(...args: From<"params", Params<AdamGroup>, Args<AdamWOptions, typeof NAMES>, AdamWOptions>) {
    const [params, rest] = leading("params", args);
    const own = { weightDecay: 0.01, decoupledWeightDecay: true };
    super(params, { ...ADAM_DEFAULTS, ...own, ...readArgs<AdamWOptions>("AdamW", NAMES, rest) });
  }
}
