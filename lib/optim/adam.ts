/** Adam.   [Kingma & Ba 2015] */
import { type Args, type From, leading, readArgs } from "../args.js";
import { native } from "../native.js";
import { checkBetas, nonNegative } from "./checks.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";
import type { BaseOptions, CapturableOptions, CommonOptions, FusedOptions } from "./options.js";
import { takeSlots, zeros } from "./slots.js";

/** Options of {@link Adam} and its kin. */
export interface MomentOptions extends CommonOptions, CapturableOptions {
  /** The learning rate. Default 1e-3; NAdam and Adamax 2e-3. */
  lr?: number;
  /** How slowly the averages of the gradient and of its square move. Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** Added to the divisor. Default 1e-8. */
  eps?: number;
  /** Adds weightDecay * parameter to the gradient (default 0). AdamW: shrinks the parameter (default 0.01). */
  weightDecay?: number;
}

/** For optimizers whose weight decay may be decoupled from the gradient. */
export interface DecoupledOptions {
  /** Whether weight decay acts as in AdamW. Default false. */
  decoupledWeightDecay?: boolean;
}

/** Options of {@link Adam}. */
export interface AdamOptions extends MomentOptions, FusedOptions, DecoupledOptions {
  /** Whether to divide by the largest average so far.   [Reddi et al. 2018] Default false. */
  amsgrad?: boolean;
}

/** The hyper-parameters of a group. */
export type AdamGroup = Required<AdamOptions> & BaseOptions;

type MomentGroup = Required<MomentOptions> & DecoupledOptions & BaseOptions;

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

/** Checks the hyper-parameters of Adam and its kin. */
export function checkMoments(g: MomentGroup): void {
  nonNegative("learning rate", g.lr);
  nonNegative("epsilon value", g.eps);
  checkBetas(g.betas);
  nonNegative("weight_decay value", g.weightDecay);
}

/** The options of the native steps of Adam's kin. */
export function nativeMoments(g: MomentGroup): Parameters<typeof native.adam_>[1] {
  const { lr, betas, eps, weightDecay, maximize, decoupledWeightDecay: decoupled = false } = g;
  return { lr, beta1: betas[0], beta2: betas[1], eps, weightDecay, maximize, decoupled };
}

const MOMENTS = ["expAvg", "expAvgSq"];
const AMSGRAD = [...MOMENTS, "maxExpAvgSq"];

/** Adam and AdamW, which differ in weight decay only. */
export abstract class AdamBase extends Optimizer<AdamGroup> {
  protected override check(g: AdamGroup): void {
    checkMoments(g);
  }

  protected override update(group: ParamGroup<AdamGroup>): void {
    const names = group.amsgrad ? AMSGRAD : MOMENTS;
    const slots = takeSlots(group.params, names, (p) => this.stateOf(p, zeros(...names)));
    if (slots !== null) native.adam_(slots, nativeMoments(group));
  }
}

const NAMES = [
  ...(["lr", "betas", "eps", "weightDecay", "amsgrad", "foreach", "maximize", "capturable"] as const),
  ...(["differentiable", "fused", "decoupledWeightDecay"] as const),
] as const;

/**
 * Adam: m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; p -= lr * m^ / (sqrt(v^) + eps), where the hats
 * divide by 1 - beta^step. `new optim.Adam(model.parameters(), { lr: 1e-3 })`.
 */
export class Adam extends AdamBase {
  constructor(...args: From<"params", Params<AdamGroup>, Args<AdamOptions, typeof NAMES>, AdamOptions>) {
    const [params, rest] = leading("params", args);
    super(params, { ...ADAM_DEFAULTS, ...readArgs<AdamOptions>("Adam", NAMES, rest) });
  }
}
