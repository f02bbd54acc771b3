/** RAdam.   [Liu et al. 2020] */
import { type Args, type From, leading, readArgs } from "../args.js";
import { native } from "../native.js";
import { checkMoments, type DecoupledOptions, type MomentOptions, nativeMoments } from "./adam.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";
import type { BaseOptions } from "./options.js";
import { takeSlots, zeros } from "./slots.js";

/** Options of {@link RAdam}. */
export interface RAdamOptions extends MomentOptions, DecoupledOptions {}

/** The hyper-parameters of a group. */
export type RAdamGroup = Required<RAdamOptions> & BaseOptions;

const DEFAULTS: RAdamGroup = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  maximize: false,
  foreach: null,
  capturable: false,
  decoupledWeightDecay: false,
  differentiable: false,
};

const NAMES = [
  ...(["lr", "betas", "eps", "weightDecay", "decoupledWeightDecay", "foreach", "maximize", "capturable"] as const),
  ...(["differentiable"] as const),
] as const;

/** Adam whose step is rectified: while the variance of the gradient is uncertain it is plain momentum. */
export class RAdam extends Optimizer<RAdamGroup> {
  constructor(...args: From<"params", Params<RAdamGroup>, Args<RAdamOptions, typeof NAMES>, RAdamOptions>) {
    const [params, rest] = leading("params", args);
    super(params, { ...DEFAULTS, ...readArgs<RAdamOptions>("RAdam", NAMES, rest) });
  }

  protected override check(g: RAdamGroup): void {
    checkMoments(g);
  }

  protected override update(group: ParamGroup<RAdamGroup>): void {
    const names = ["expAvg", "expAvgSq"];
    const slots = takeSlots(group.params, names, (p) => this.stateOf(p, zeros(...names)));
    if (slots !== null) native.radam_(slots, nativeMoments(group));
  }
}
