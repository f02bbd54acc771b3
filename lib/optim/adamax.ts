/** Adamax.   [Kingma & Ba 2015] */
import { type Args, type From, leading, readArgs } from "../args.js";
import { native } from "../native.js";
import { checkMoments, type MomentOptions, nativeMoments } from "./adam.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";
import type { BaseOptions } from "./options.js";
import { takeSlots, zeros } from "./slots.js";

/** Options of {@link Adamax}. */
export interface AdamaxOptions extends MomentOptions {}

/** The hyper-parameters of a group. */
export type AdamaxGroup = Required<AdamaxOptions> & BaseOptions;

const DEFAULTS: AdamaxGroup = {
  lr: 2e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  foreach: null,
  maximize: false,
  differentiable: false,
  capturable: false,
};

const NAMES = [
  ...(["lr", "betas", "eps", "weightDecay", "foreach", "maximize", "differentiable", "capturable"] as const),
] as const;

/** Adam with the infinity norm: u = max(beta2 u, |g| + eps); p -= lr * m^ / u. */
export class Adamax extends Optimizer<AdamaxGroup> {
  constructor(...args: From<"params", Params<AdamaxGroup>, Args<AdamaxOptions, typeof NAMES>, AdamaxOptions>) {
    const [params, rest] = leading("params", args);
    super(params, { ...DEFAULTS, ...readArgs<AdamaxOptions>("Adamax", NAMES, rest) });
  }

  protected override check(g: AdamaxGroup): void {
    checkMoments(g);
  }

  protected override update(group: ParamGroup<AdamaxGroup>): void {
    const names = ["expAvg", "expInf"];
    const slots = takeSlots(group.params, names, (p) => this.stateOf(p, zeros(...names)));
    if (slots !== null) native.adamax_(slots, nativeMoments(group));
  }
}
