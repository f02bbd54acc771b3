/** RMSprop.   [Hinton 2012] */
import { type Args, type From, leading, readArgs } from "../args.js";
import { native } from "../native.js";
import { nonNegative } from "./checks.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";
import type { BaseOptions, CapturableOptions, CommonOptions } from "./options.js";
import { takeSlots, zeros } from "./slots.js";

/** Options of {@link RMSprop}. */
export interface RMSpropOptions extends CommonOptions, CapturableOptions {
  /** The learning rate. Default 1e-2. */
  lr?: number;
  /** How slowly the average of squares moves. Default 0.99. */
  alpha?: number;
  /** Added to the divisor. Default 1e-8. */
  eps?: number;
  /** Adds weightDecay * parameter to the gradient. Default 0. */
  weightDecay?: number;
  /** How much of the last step goes on. Default 0. */
  momentum?: number;
  /** Whether to divide by the standard deviation instead of the root mean square.   [Graves 2013] Default false. */
  centered?: boolean;
}

/** The hyper-parameters of a group. */
export type RMSpropGroup = Required<RMSpropOptions> & BaseOptions;

const DEFAULTS: RMSpropGroup = {
  lr: 1e-2,
  momentum: 0,
  alpha: 0.99,
  eps: 1e-8,
  centered: false,
  weightDecay: 0,
  capturable: false,
  foreach: null,
  maximize: false,
  differentiable: false,
};

const NAMES = [
  ...(["lr", "alpha", "eps", "weightDecay", "momentum", "centered", "capturable", "foreach", "maximize"] as const),
  ...(["differentiable"] as const),
] as const;

/** Steps divided by the root of a running mean of squares: v = alpha v + (1 - alpha) g^2; p -= lr * g / (sqrt(v) + eps). */
export class RMSprop extends Optimizer<RMSpropGroup> {
  constructor(...args: From<"params", Params<RMSpropGroup>, Args<RMSpropOptions, typeof NAMES>, RMSpropOptions>) {
    const [params, rest] = leading("params", args);
    super(params, { ...DEFAULTS, ...readArgs<RMSpropOptions>("RMSprop", NAMES, rest) });
  }

  protected override check(g: RMSpropGroup): void {
    nonNegative("learning rate", g.lr);
    nonNegative("epsilon value", g.eps);
    nonNegative("momentum value", g.momentum);
    nonNegative("weight_decay value", g.weightDecay);
    nonNegative("alpha value", g.alpha);
  }

  protected override update(group: ParamGroup<RMSpropGroup>): void {
    const { lr, alpha, eps, weightDecay, momentum, centered, maximize } = group;
    const names = ["squareAvg", ...(centered ? ["gradAvg"] : []), ...(momentum > 0 ? ["momentumBuffer"] : [])];
    const slots = takeSlots(group.params, names, (p) => this.stateOf(p, zeros(...names)));
    if (slots !== null) native.rmsprop_(slots, { lr, alpha, eps, weightDecay, momentum, centered, maximize });
  }
}
