/** Muon.   [Jordan et al. 2024] */
import { type Args, type From, leading, readArgs } from "../args.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { pyFloat } from "../repr.js";
import { Optimizer, type ParamGroup, type Params } from "./optimizer.js";
import type { BaseOptions } from "./options.js";
import { takeBuffers } from "./slots.js";

/** Options of {@link Muon}. */
export interface MuonOptions {
  /** The learning rate. Default 1e-3. */
  lr?: number;
  /** Shrinks the parameter by lr * weightDecay. Default 0.1. */
  weightDecay?: number;
  /** How much of the last step goes on. Default 0.95. */
  momentum?: number;
  /** Nesterov's momentum, which looks ahead. Default true. */
  nesterov?: boolean;
  /** The polynomial of the iteration. Default [3.4445, -4.775, 2.0315]. */
  nsCoefficients?: readonly [number, number, number];
  /** The least norm that divides. Default 1e-7. */
  eps?: number;
  /** How many iterations make a step orthogonal. Default 5. */
  nsSteps?: number;
  /** How the learning rate depends on the shape. Default null, which is `"original"`. */
  adjustLrFn?: "original" | "match_rms_adamw" | "spectral_unclamped" | null;
}

/** The hyper-parameters of a group. */
export type MuonGroup = Required<MuonOptions> & BaseOptions;

const DEFAULTS: MuonGroup = {
  lr: 1e-3,
  weightDecay: 0.1,
  momentum: 0.95,
  nesterov: true,
  nsCoefficients: [3.4445, -4.775, 2.0315],
  eps: 1e-7,
  nsSteps: 5,
  adjustLrFn: null,
};

const NAMES = [
  ...(["lr", "weightDecay", "momentum", "nesterov", "nsCoefficients", "eps", "nsSteps", "adjustLrFn"] as const),
] as const;

/** Momentum whose step is made orthogonal, for the matrices inside a network. Errors: parameters that are no matrices. */
export class Muon extends Optimizer<MuonGroup> {
  constructor(...args: From<"params", Params<MuonGroup>, Args<MuonOptions, typeof NAMES>, MuonOptions>) {
    const [params, rest] = leading("params", args);
    super(params, { ...DEFAULTS, ...readArgs<MuonOptions>("Muon", NAMES, rest) });
    const other = this.paramGroups.flatMap((group) => group.params).find((p) => p.ndim !== 2);
    if (other !== undefined) {
      throw new ArgumentError(
        `Muon only supports 2D parameters whereas we found a parameter with size: torch.Size([${other.shape.join(", ")}])`,
      );
    }
  }

  protected override check(g: MuonGroup): void {
    const { lr, momentum, weightDecay, nsSteps, adjustLrFn } = g;
    for (const [label, value] of Object.entries({ "Learning rate": lr, momentum, "weight decay": weightDecay })) {
      if (!(value >= 0)) throw new ArgumentError(`${label} should be >= 0 but is: ${pyFloat(value)}`);
    }
    if (nsSteps >= 100) {
      throw new ArgumentError("Number of steps must be less than 100 for computational efficiency");
    }
    if (!["original", "match_rms_adamw", "spectral_unclamped", null].includes(adjustLrFn)) {
      throw new ArgumentError(`Adjust learning rate function ${adjustLrFn} is not supported`);
    }
  }

  protected override update(group: ParamGroup<MuonGroup>): void {
    const { lr, weightDecay, momentum, nesterov, eps, nsSteps } = group;
    const slots = takeBuffers(group.params, true, (p) => this.stateOf(p, () => ({})));
    if (slots === null) return;
    const adjustLrFn = group.adjustLrFn ?? "original";
    const nsCoefficients = [...group.nsCoefficients];
    native.muon_(slots, { lr, weightDecay, momentum, nesterov, nsCoefficients, eps, nsSteps, adjustLrFn });
  }
}
