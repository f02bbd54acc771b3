/** Stochastic gradient descent. */
import { type Args, readArgs } from "../args.js";
import { ArgumentError } from "../errors.js";
import { native, type TensorHandle } from "../native.js";
import { handleOf, isTensor } from "../tensor/base.js";
import { type BaseOptions, nonNegative, Optimizer, type ParamGroup, type Params, zerosFor } from "./optimizer.js";

/** Options of {@link SGD}. */
export interface SGDOptions {
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
  /** Whether to climb instead of descend. Default false. */
  maximize?: boolean;
  /** Accepted for PyTorch's sake; there is one implementation. */
  foreach?: boolean | null;
  /** Accepted for PyTorch's sake. */
  differentiable?: boolean;
  /** Accepted for PyTorch's sake; the update is always fused. */
  fused?: boolean | null;
}

type SGDGroup = Required<SGDOptions> & BaseOptions;

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

/**
 * Stochastic gradient descent: g = grad + weightDecay * p; b = momentum * b + (1 - dampening) * g; p -= lr * b.
 * `new optim.SGD(model.parameters(), { lr: 1e-2, momentum: 0.9 })`.
 */
export class SGD extends Optimizer<SGDGroup> {
  constructor(
    params: Params<SGDGroup>,
    ...rest: Args<
      SGDOptions,
      ["lr", "momentum", "dampening", "weightDecay", "nesterov", "maximize", "foreach", "differentiable", "fused"]
    >
  ) {
    const names = Object.keys(DEFAULTS) as (keyof SGDOptions)[];
    super(params, { ...DEFAULTS, ...readArgs<SGDOptions>("SGD", names, rest) });
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
    const params: TensorHandle[] = [];
    const grads: TensorHandle[] = [];
    const buffers: TensorHandle[] = [];
    const first: boolean[] = [];
    for (const p of group.params) {
      const { grad } = p;
      if (grad === null) continue;
      params.push(handleOf(p));
      grads.push(handleOf(grad));
      if (momentum === 0) continue;
      const state = this.stateOf(p, () => ({}));
      let buffer = state.momentumBuffer;
      first.push(!isTensor(buffer));
      if (!isTensor(buffer)) buffer = state.momentumBuffer = zerosFor(p);
      buffers.push(handleOf(buffer));
    }
    if (params.length > 0)
      native.sgd_(params, grads, buffers, first, { lr, momentum, dampening, weightDecay, nesterov, maximize });
  }
}
