/** Stochastic gradient descent. */
import { type Args, type From, leading, readArgs } from "../args.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { nonNegative } from "./checks.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";
import type { BaseOptions, CommonOptions, FusedOptions } from "./options.js";
import { takeBuffers } from "./slots.js";

/** Options of {@link SGD}. */
export interface SGDOptions extends CommonOptions, FusedOptions {
  /** The learning rate. Default 1e-3. */
  lr?: number;
  /** How much of the last step goes on. Default 0. */
  momentum?: number;
  /** How much less the gradient counts in the momentum. Default 0. */
  dampening?: number;
  /** Adds weightDecay * parameter to the gradient. Default 0. */
  weightDecay?: number;
  /** Nesterov's momentum, which looks ahead. Default false. */
  nesterov?: boolean;
}

/** The hyper-parameters of a group. */
export type SGDGroup = Required<SGDOptions> & BaseOptions;

const DEFAULTS: SGDGroup = {
  lr: 1e-3,
  momentum: 0,
  dampening: 0,
  weightDecay: 0,
  nesterov: false,
  maximize: false,
  foreach: null,
  differentiable: false,
  fused: null,
};

const NAMES = [
  ...(["lr", "momentum", "dampening", "weightDecay", "nesterov", "maximize", "foreach"] as const),
  ...(["differentiable", "fused"] as const),
] as const;

/**
 * Stochastic gradient descent: g = grad + weightDecay * p; b = momentum * b + (1 - dampening) * g; p -= lr * b.
 * `new optim.SGD(model.parameters(), { lr: 1e-2, momentum: 0.9 })`.
 */
export class SGD extends Optimizer<SGDGroup> {
  constructor(...args: From<"params", Params<SGDGroup>, Args<SGDOptions, typeof NAMES>, SGDOptions>) {
    const [params, rest] = leading("params", args);
    super(params, { ...DEFAULTS, ...readArgs<SGDOptions>("SGD", NAMES, rest) });
  }

  protected override check(g: SGDGroup): void {
    nonNegative("learning rate", g.lr);
    nonNegative("momentum value", g.momentum);
    nonNegative("weight_decay value", g.weightDecay);
    if (g.nesterov && (g.momentum <= 0 || g.dampening !== 0)) {
      throw new ArgumentError("Nesterov momentum requires a momentum and zero dampening");
    }
  }

  protected override update(group: ParamGroup<SGDGroup>): void {
    const { lr, momentum, dampening, weightDecay, nesterov, maximize } = group;
    const slots = takeBuffers(group.params, momentum !== 0, (p) => this.stateOf(p, () => ({})));
    if (slots !== null) native.sgd_(slots, { lr, momentum, dampening, weightDecay, nesterov, maximize });
  }
}
