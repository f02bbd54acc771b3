/** Adafactor.   [Shazeer & Stern 2018] */
import { type Args, type From, leading, readArgs } from "../args.js";
import { zeros } from "../creation.js";
import { ArgumentError } from "../errors.js";
import { keep } from "../memory.js";
import { native, type TensorHandle } from "../native.js";
import { pyFloat } from "../repr.js";
import { handleOf } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";
import type { BaseOptions } from "./options.js";
import { takeSlots } from "./slots.js";
import { filledLike, type ParamState, stateTensor } from "./state.js";

/** Options of {@link Adafactor}. */
export interface AdafactorOptions {
  /** The largest relative step. Default 1e-2. */
  lr?: number;
  /** The second moment moves by step^beta2Decay. Default -0.8. */
  beta2Decay?: number;
  /** The least root of a second moment (null: the type's precision), and the least size of a parameter. Default [null, 1e-3]. */
  eps?: readonly [number | null, number];
  /** The largest root mean square of an update. Default 1. */
  d?: number;
  /** Shrinks the parameter by lr * weightDecay. Default 0. */
  weightDecay?: number;
  /** Accepted for PyTorch's sake; there is one implementation. */
  foreach?: boolean | null;
  /** Whether to climb instead of descend. Default false. */
  maximize?: boolean;
}

/** The hyper-parameters of a group. */
export type AdafactorGroup = Required<AdafactorOptions> & BaseOptions;

const DEFAULTS: AdafactorGroup = {
  lr: 1e-2,
  beta2Decay: -0.8,
  eps: [null, 1e-3],
  d: 1,
  weightDecay: 0,
  foreach: null,
  maximize: false,
};

const NAMES = ["lr", "beta2Decay", "eps", "d", "weightDecay", "foreach", "maximize"] as const;

/**
 * Adam without momentum, in little memory: the second moment of a matrix is a column times a row. Steps are relative to
 * the size of the parameter.
 */
export class Adafactor extends Optimizer<AdafactorGroup> {
  constructor(...args: From<"params", Params<AdafactorGroup>, Args<AdafactorOptions, typeof NAMES>, AdafactorOptions>) {
    const [params, rest] = leading("params", args);
    super(params, { ...DEFAULTS, ...readArgs<AdafactorOptions>("Adafactor", NAMES, rest) });
  }

  protected override get floats(): readonly string[] {
    return ["d", "weightDecay"];
  }

  protected override check(g: AdafactorGroup): void {
    const [eps1, eps2] = g.eps;
    atLeast("Learning rate", g.lr, 0);
    if (!(g.beta2Decay <= 0)) {
      throw new ArgumentError(`beta2_decay should be <= 0 but is: ${pyFloat(g.beta2Decay)}`);
    }
    if (eps1 !== null) atLeast("epsilon1", eps1, 0);
    atLeast("epsilon2", eps2, 0);
    atLeast("Clipping threshold d", g.d, 1);
    atLeast("weight_decay", g.weightDecay, 0);
  }

  protected override update(group: ParamGroup<AdafactorGroup>): void {
    const { lr, beta2Decay, d, weightDecay, maximize } = group;
    const [eps1, eps2] = group.eps;
    const slots = takeSlots(group.params, [], (p) => this.stateOf(p, fresh));
    if (slots === null) return;
    const list = (matrix: string): TensorHandle[] =>
      slots.remembered.map((state) => handleOf(stateTensor(state, "variance" in state ? "variance" : matrix)));
    const states = [list("rowVar"), list("colVar")];
    const options = { lr, beta2Decay, eps2, d, weightDecay, maximize, ...(eps1 === null ? {} : { eps1 }) };
    native.adafactor_({ ...slots, states }, options);
  }
}

function atLeast(label: string, value: number, least: number): void {
  if (!(value >= least)) throw new ArgumentError(`${label} should be >= ${least} but is: ${pyFloat(value)}`);
}

function fresh(p: Tensor): ParamState {
  if (p.ndim < 2) return { step: 0, variance: filledLike(p) };
  const without = (dim: number) => keep(zeros(p.shape.with(dim, 1), { dtype: p.dtype }));
  return { step: 0, rowVar: without(-1), colVar: without(-2) };
}
