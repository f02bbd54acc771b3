/** Adagrad.   [Duchi et al. 2011] */
import { type Args, type From, leading, readArgs } from "../args.js";
import { native } from "../native.js";
import type { Tensor } from "../tensor.js";
import { nonNegative } from "./checks.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";
import type { BaseOptions, CommonOptions, FusedOptions } from "./options.js";
import { takeSlots } from "./slots.js";
import { filledLike, type ParamState } from "./state.js";

/** Options of {@link Adagrad}. */
export interface AdagradOptions extends CommonOptions, FusedOptions {
  /** The learning rate. Default 1e-2. */
  lr?: number;
  /** How fast the learning rate falls: lr / (1 + (step - 1) * lrDecay). Default 0. */
  lrDecay?: number;
  /** Adds weightDecay * parameter to the gradient. Default 0. */
  weightDecay?: number;
  /** What the sum of squares starts from. Default 0. */
  initialAccumulatorValue?: number;
  /** Added to the divisor. Default 1e-10. */
  eps?: number;
}

/** The hyper-parameters of a group. */
export type AdagradGroup = Required<AdagradOptions> & BaseOptions;

const DEFAULTS: AdagradGroup = {
  lr: 1e-2,
  lrDecay: 0,
  eps: 1e-10,
  weightDecay: 0,
  initialAccumulatorValue: 0,
  foreach: null,
  maximize: false,
  differentiable: false,
  fused: null,
};

const NAMES = [
  ...(["lr", "lrDecay", "weightDecay", "initialAccumulatorValue", "eps", "foreach", "maximize"] as const),
  ...(["differentiable", "fused"] as const),
] as const;

/** Steps divided by the root of all squared gradients so far: sum += g^2; p -= lr * g / (sqrt(sum) + eps). */
export class Adagrad extends Optimizer<AdagradGroup> {
  constructor(...args: From<"params", Params<AdagradGroup>, Args<AdagradOptions, typeof NAMES>, AdagradOptions>) {
    const [params, rest] = leading("params", args);
    super(params, { ...DEFAULTS, ...readArgs<AdagradOptions>("Adagrad", NAMES, rest) });
    // PyTorch makes these states at once, so a state dict has them before the first step.
    for (const group of this.paramGroups) for (const p of group.params) this.#stateOf(p);
  }

  #stateOf(p: Tensor): ParamState {
    return this.stateOf(p, () => ({ step: 0, sum: filledLike(p, this.defaults.initialAccumulatorValue) }));
  }

  protected override check(g: AdagradGroup): void {
    nonNegative("learning rate", g.lr);
    nonNegative("lr_decay value", g.lrDecay);
    nonNegative("weight_decay value", g.weightDecay);
    nonNegative("initial_accumulator_value value", g.initialAccumulatorValue);
    nonNegative("epsilon value", g.eps);
  }

  protected override update(group: ParamGroup<AdagradGroup>): void {
    const { lr, lrDecay, eps, weightDecay, maximize } = group;
    const slots = takeSlots(group.params, ["sum"], (p) => this.#stateOf(p));
    if (slots !== null) native.adagrad_(slots, { lr, lrDecay, eps, weightDecay, maximize });
  }
}
