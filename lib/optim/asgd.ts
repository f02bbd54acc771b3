/** ASGD.   [Polyak & Juditsky 1992] */
import { type Args, type From, leading, readArgs } from "../args.js";
import { native } from "../native.js";
import { nonNegative } from "./checks.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";
import type { BaseOptions, CapturableOptions, CommonOptions } from "./options.js";
import { takeSlots } from "./slots.js";
import { filledLike, stateNumber } from "./state.js";

/** Options of {@link ASGD}. */
export interface ASGDOptions extends CommonOptions, CapturableOptions {
  /** The learning rate. Default 1e-2. */
  lr?: number;
  /** How much each step shrinks the parameter. Default 1e-4. */
  lambd?: number;
  /** The power by which the step's size falls. Default 0.75. */
  alpha?: number;
  /** The step from which on the parameters are averaged. Default 1e6. */
  t0?: number;
  /** Adds weightDecay * parameter to the gradient. Default 0. */
  weightDecay?: number;
}

/** The hyper-parameters of a group. */
export type ASGDGroup = Required<ASGDOptions> & BaseOptions;

const DEFAULTS: ASGDGroup = {
  lr: 1e-2,
  lambd: 1e-4,
  alpha: 0.75,
  t0: 1e6,
  weightDecay: 0,
  foreach: null,
  maximize: false,
  differentiable: false,
  capturable: false,
};

const NAMES = [
  ...(["lr", "lambd", "alpha", "t0", "weightDecay", "foreach", "maximize", "differentiable", "capturable"] as const),
] as const;

/** Stochastic gradient descent that also averages its parameters: the state `ax` holds the average. */
export class ASGD extends Optimizer<ASGDGroup> {
  constructor(...args: From<"params", Params<ASGDGroup>, Args<ASGDOptions, typeof NAMES>, ASGDOptions>) {
    const [params, rest] = leading("params", args);
    super(params, { ...DEFAULTS, ...readArgs<ASGDOptions>("ASGD", NAMES, rest) });
  }

  protected override get floats(): readonly string[] {
    return ["t0"];
  }

  protected override check(g: ASGDGroup): void {
    nonNegative("learning rate", g.lr);
    nonNegative("lambd value", g.lambd);
    nonNegative("alpha value", g.alpha);
    nonNegative("weight_decay value", g.weightDecay);
  }

  protected override update(group: ParamGroup<ASGDGroup>): void {
    const { lr, lambd, alpha, t0, weightDecay, maximize } = group;
    const slots = takeSlots(group.params, ["ax"], (p) =>
      this.stateOf(p, () => ({ step: 0, eta: Math.fround(lr), mu: 1, ax: filledLike(p) })),
    );
    if (slots === null) return;
    const read = (name: string) => slots.remembered.map((state) => stateNumber(state, name));
    const options = { lr, lambd, alpha, t0, weightDecay, maximize };
    const [etas = [], mus = []] = native.asgd_(slots, read("eta"), read("mu"), options);
    slots.remembered.forEach((state, i) => {
      state.eta = etas[i] ?? lr;
      state.mu = mus[i] ?? 1;
    });
  }
}
