/** Adadelta.   [Zeiler 2012] */
import { type Args, type From, leading, readArgs } from "../args.js";
import { native } from "../native.js";
import { invalid, nonNegative } from "./checks.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";
import type { BaseOptions, CapturableOptions, CommonOptions } from "./options.js";
import { takeSlots, zeros } from "./slots.js";

/** Options of {@link Adadelta}. */
export interface AdadeltaOptions extends CommonOptions, CapturableOptions {
  /** The learning rate, which scales the step before it is applied. Default 1. */
  lr?: number;
  /** How slowly the averages of squares move. Default 0.9. */
  rho?: number;
  /** Added below the roots. Default 1e-6. */
  eps?: number;
  /** Adds weightDecay * parameter to the gradient. Default 0. */
  weightDecay?: number;
}

/** The hyper-parameters of a group. */
export type AdadeltaGroup = Required<AdadeltaOptions> & BaseOptions;

const DEFAULTS: AdadeltaGroup = {
  lr: 1,
  rho: 0.9,
  eps: 1e-6,
  weightDecay: 0,
  maximize: false,
  capturable: false,
  foreach: null,
  differentiable: false,
};

const NAMES = [
  ...(["lr", "rho", "eps", "weightDecay", "foreach", "capturable", "maximize", "differentiable"] as const),
] as const;

/** Steps in the proportion of the roots of two running squares, the past steps' and the gradients'. */
export class Adadelta extends Optimizer<AdadeltaGroup> {
  constructor(...args: From<"params", Params<AdadeltaGroup>, Args<AdadeltaOptions, typeof NAMES>, AdadeltaOptions>) {
    const [params, rest] = leading("params", args);
    super(params, { ...DEFAULTS, ...readArgs<AdadeltaOptions>("Adadelta", NAMES, rest) });
  }

  protected override get floats(): readonly string[] {
    return ["lr"];
  }

  protected override check(g: AdadeltaGroup): void {
    nonNegative("learning rate", g.lr);
    if (!(g.rho >= 0 && g.rho <= 1)) invalid("rho value", g.rho);
    nonNegative("epsilon value", g.eps);
    nonNegative("weight_decay value", g.weightDecay);
  }

  protected override update(group: ParamGroup<AdadeltaGroup>): void {
    const { lr, rho, eps, weightDecay, maximize } = group;
    const names = ["squareAvg", "accDelta"];
    const slots = takeSlots(group.params, names, (p) => this.stateOf(p, zeros(...names)));
    if (slots !== null) native.adadelta_(slots, { lr, rho, eps, weightDecay, maximize });
  }
}
