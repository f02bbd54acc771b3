/** NAdam.   [Dozat 2016] */
import { type Args, type From, leading, readArgs } from "../args.js";
import { native } from "../native.js";
import { checkMoments, type DecoupledOptions, type MomentOptions, nativeMoments } from "./adam.js";
import { nonNegative } from "./checks.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";
import type { BaseOptions } from "./options.js";
import { takeSlots } from "./slots.js";
import { filledLike, stateNumber } from "./state.js";

/** Options of {@link NAdam}. */
export interface NAdamOptions extends MomentOptions, DecoupledOptions {
  /** How fast the momentum warms up. Default 4e-3. */
  momentumDecay?: number;
}

/** The hyper-parameters of a group. */
export type NAdamGroup = Required<NAdamOptions> & BaseOptions;

const DEFAULTS: NAdamGroup = {
  lr: 2e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  momentumDecay: 4e-3,
  decoupledWeightDecay: false,
  maximize: false,
  foreach: null,
  capturable: false,
  differentiable: false,
};

const NAMES = [
  ...(["lr", "betas", "eps", "weightDecay", "momentumDecay", "decoupledWeightDecay", "foreach"] as const),
  ...(["maximize", "capturable", "differentiable"] as const),
] as const;

/** Adam with Nesterov's momentum: the step looks ahead along the mean of the gradient. */
export class NAdam extends Optimizer<NAdamGroup> {
  constructor(...args: From<"params", Params<NAdamGroup>, Args<NAdamOptions, typeof NAMES>, NAdamOptions>) {
    const [params, rest] = leading("params", args);
    super(params, { ...DEFAULTS, ...readArgs<NAdamOptions>("NAdam", NAMES, rest) });
  }

  protected override check(g: NAdamGroup): void {
    checkMoments(g);
    nonNegative("momentum_decay value", g.momentumDecay);
  }

  protected override update(group: ParamGroup<NAdamGroup>): void {
    const slots = takeSlots(group.params, ["expAvg", "expAvgSq"], (p) =>
      this.stateOf(p, () => ({ step: 0, muProduct: 1, expAvg: filledLike(p), expAvgSq: filledLike(p) })),
    );
    if (slots === null) return;
    const before = slots.remembered.map((state) => stateNumber(state, "muProduct"));
    const products = native.nadam_(slots, before, group.momentumDecay, nativeMoments(group));
    slots.remembered.forEach((state, i) => {
      state.muProduct = products[i] ?? 1;
    });
  }
}
