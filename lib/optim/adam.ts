/** Adam.   [Kingma & Ba 2015] */
import { type Args, readArgs } from "../args.js";
import { ArgumentError } from "../errors.js";
import { native, type TensorHandle } from "../native.js";
import { pyRepr } from "../repr.js";
import { handleOf } from "../tensor/base.js";
import {
  type BaseOptions,
  nonNegative,
  Optimizer,
  type ParamGroup,
  type ParamState,
  type Params,
  stateTensor,
  zerosFor,
} from "./optimizer.js";

/** Options of {@link Adam} and AdamW. */
export interface AdamOptions {
  /** The learning rate. Default 1e-3. */
  lr?: number;
  /** How slowly the averages of the gradient and of its square move. Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** Added to the divisor. Default 1e-8. */
  eps?: number;
  /** Adam: adds weightDecay * parameter to the gradient (default 0). AdamW: shrinks the parameter (default 0.01). */
  weightDecay?: number;
  /** Whether to divide by the largest average so far.   [Reddi et al. 2018] Default false. */
  amsgrad?: boolean;
  /** Accepted for PyTorch's sake; there is one implementation. */
  foreach?: boolean | null;
  /** Whether to climb instead of descend. Default false. */
  maximize?: boolean;
  /** Accepted for PyTorch's sake. */
  capturable?: boolean;
  /** Accepted for PyTorch's sake. */
  differentiable?: boolean;
  /** Accepted for PyTorch's sake; the update is always fused. */
  fused?: boolean | null;
  /** Whether weight decay acts as in AdamW. Default false. */
  decoupledWeightDecay?: boolean;
}

/** The hyper-parameters of a group. */
export type AdamGroup = Required<AdamOptions> & BaseOptions;

/** What Adam takes where nothing is said. */
export const ADAM_DEFAULTS: AdamGroup = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  amsgrad: false,
  maximize: false,
  foreach: null,
  capturable: false,
  differentiable: false,
  fused: null,
  decoupledWeightDecay: false,
};

/** Adam and AdamW, which differ in weight decay only. */
export abstract class AdamBase extends Optimizer<AdamGroup> {
  protected override check(g: AdamGroup): void {
    nonNegative("learning rate", g.lr);
    nonNegative("epsilon value", g.eps);
    if (!Array.isArray(g.betas))
      throw new ArgumentError(`Invalid betas: expected two numbers, received ${pyRepr(g.betas)}`);
    g.betas.forEach((beta, i) => {
      if (!(beta >= 0 && beta < 1)) throw new ArgumentError(`Invalid beta parameter at index ${i}: ${pyRepr(beta)}`);
    });
    nonNegative("weight_decay value", g.weightDecay);
  }

  protected override update(group: ParamGroup<AdamGroup>): void {
    const { lr, betas, eps, weightDecay, amsgrad, maximize, decoupledWeightDecay: decoupled } = group;
    const lists: TensorHandle[][] = [[], [], [], [], []];
    const [params = [], grads = [], averages = [], squares = [], largest = []] = lists;
    const steps: number[] = [];
    for (const p of group.params) {
      const { grad } = p;
      if (grad === null) continue;
      const state = this.stateOf(p, () => fresh(p, amsgrad));
      const step = Number(state.step) + 1;
      state.step = step;
      steps.push(step);
      params.push(handleOf(p));
      grads.push(handleOf(grad));
      averages.push(handleOf(stateTensor(state, "expAvg")));
      squares.push(handleOf(stateTensor(state, "expAvgSq")));
      if (amsgrad) largest.push(handleOf(stateTensor(state, "maxExpAvgSq")));
    }
    if (params.length === 0) return;
    const [beta1, beta2] = betas;
    native.adam_(params, grads, averages, squares, largest, steps, {
      lr,
      beta1,
      beta2,
      eps,
      weightDecay,
      amsgrad,
      maximize,
      decoupled,
    });
  }
}

function fresh(p: Parameters<typeof zerosFor>[0], amsgrad: boolean): ParamState {
  const state: ParamState = { step: 0, expAvg: zerosFor(p), expAvgSq: zerosFor(p) };
  if (amsgrad) state.maxExpAvgSq = zerosFor(p);
  return state;
}

/**
 * Adam: m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; p -= lr * m^ / (sqrt(v^) + eps), where the hats
 * divide by 1 - beta^step. `new optim.Adam(model.parameters(), { lr: 1e-3 })`.
 */
export class Adam extends AdamBase {
  constructor(
    params: Params<AdamGroup>,
    ...rest: Args<
      AdamOptions,
      [
        "lr",
        "betas",
        "eps",
        "weightDecay",
        "amsgrad",
        "foreach",
        "maximize",
        "capturable",
        "differentiable",
        "fused",
        "decoupledWeightDecay",
      ]
    >
  ) {
    const names = [
      "lr",
      "betas",
      "eps",
      "weightDecay",
      "amsgrad",
      "foreach",
      "maximize",
      "capturable",
      "differentiable",
      "fused",
      "decoupledWeightDecay",
    ] as const;
    super(params, { ...ADAM_DEFAULTS, ...readArgs<AdamOptions>("Adam", names, rest) });
  }
}
