/** Rprop.   [Riedmiller & Braun 1993] */
import { type Args, type From, leading, readArgs } from "../args.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { pyFloat } from "../repr.js";
import { nonNegative } from "./checks.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";
import type { BaseOptions, CapturableOptions, CommonOptions } from "./options.js";
import { takeSlots } from "./slots.js";
import { filledLike } from "./state.js";

/** Options of {@link Rprop}. */
export interface RpropOptions extends CommonOptions, CapturableOptions {
  /** The first size of each element's step. Default 1e-2. */
  lr?: number;
  /** By how much a step shrinks when the gradient's sign changes, and grows when it stays. Default [0.5, 1.2]. */
  etas?: readonly [number, number];
  /** The smallest and the largest step. Default [1e-6, 50]. */
  stepSizes?: readonly [number, number];
}

/** The hyper-parameters of a group. */
export type RpropGroup = Required<RpropOptions> & BaseOptions;

const DEFAULTS: RpropGroup = {
  lr: 1e-2,
  etas: [0.5, 1.2],
  stepSizes: [1e-6, 50],
  foreach: null,
  maximize: false,
  differentiable: false,
  capturable: false,
};

const NAMES = [
  ...(["lr", "etas", "stepSizes", "capturable", "foreach", "maximize", "differentiable"] as const),
] as const;

/** Steps by the sign of the gradient, each element with a step size of its own. For full batches. */
export class Rprop extends Optimizer<RpropGroup> {
  constructor(...args: From<"params", Params<RpropGroup>, Args<RpropOptions, typeof NAMES>, RpropOptions>) {
    const [params, rest] = leading("params", args);
    super(params, { ...DEFAULTS, ...readArgs<RpropOptions>("Rprop", NAMES, rest) });
  }

  protected override check(g: RpropGroup): void {
    nonNegative("learning rate", g.lr);
    const [minus, plus] = g.etas;
    if (!(minus > 0 && minus < 1 && plus > 1)) {
      throw new ArgumentError(`Invalid eta values: ${pyFloat(minus)}, ${pyFloat(plus)}`);
    }
  }

  protected override update(group: ParamGroup<RpropGroup>): void {
    const { lr, maximize } = group;
    const [etaMinus, etaPlus] = group.etas;
    const [least, most] = group.stepSizes;
    const slots = takeSlots(group.params, ["prev", "stepSize"], (p) =>
      this.stateOf(p, () => ({ step: 0, prev: filledLike(p), stepSize: filledLike(p, lr) })),
    );
    if (slots !== null) native.rprop_(slots, { etaMinus, etaPlus, least, most, maximize });
  }
}
