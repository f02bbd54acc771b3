/** Rectifiers: ReLU, LeakyReLU, PReLU, RReLU, Threshold. */

import { type Args, readArgs, required } from "../../args.js";
import { byName } from "../../by-name.js";
import { empty } from "../../creation.js";
import { native } from "../../native.js";
import * as pointwise from "../../ops/pointwise.js";
import { pyFloat } from "../../repr.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { constant_ } from "../init.js";
import type { FactoryOptions } from "../linear.js";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { either, type InplaceArgs, InplaceLayer, type InplaceOptions, inplaceRepr, readInplace } from "./inplace.js";

/** max(x, 0). */
export const relu = byName(
  "nn.functional.relu",
  (x: Tensor, ...rest: InplaceArgs): Tensor => (readInplace("relu", rest) ? x.relu_() : pointwise.relu(x)),
);

/** {@link relu} in place. */
export const relu_ = byName("nn.functional.relu_", (x: Tensor): Tensor => x.relu_());

/** Options of {@link LeakyReLU}. */
export interface LeakyReLUOptions extends InplaceOptions {
  /** The slope below 0. Default 0.01. */
  negativeSlope?: number;
}

const LEAKY = ["negativeSlope", "inplace"] as const;
type LeakyArgs = Args<LeakyReLUOptions, ["negativeSlope", "inplace"]>;

/** x for x > 0, else slope * x. */
export const leakyRelu = byName("nn.functional.leakyRelu", (x: Tensor, ...rest: LeakyArgs): Tensor => {
  const { negativeSlope = 0.01, inplace } = readArgs<LeakyReLUOptions>("leakyRelu", LEAKY, rest);
  return either(x, inplace, native.leakyRelu, native.leakyRelu_, negativeSlope);
});

/** {@link leakyRelu} in place. */
export const leakyRelu_ = byName(
  "nn.functional.leakyRelu_",
  (x: Tensor, negativeSlope = 0.01): Tensor => either(x, true, native.leakyRelu, native.leakyRelu_, negativeSlope),
);

/**
 * x for x > 0, else weight * x: one weight for all, or one for each channel, the second dimension.
 * Errors: another number of weights.
 */
export const prelu = byName(
  "nn.functional.prelu",
  (x: TensorBase, weight: TensorBase | { weight: TensorBase }): Tensor => {
    const w = "weight" in weight ? weight.weight : weight;
    return wrap(native.prelu(handleOf(x), handleOf(w)));
  },
);

/** Options of {@link RReLU}. */
export interface RReLUOptions extends InplaceOptions {
  /** The smallest slope. Default 1/8. */
  lower?: number;
  /** The largest slope. Default 1/3. */
  upper?: number;
}

/** Options of {@link rrelu}. */
export interface RReLUFunctionOptions extends RReLUOptions {
  /** Whether slopes are drawn; else all are the middle one. Default false. */
  training?: boolean;
}

const RRELU = ["lower", "upper", "training", "inplace"] as const;

/** x for x > 0, else r * x, with r uniform over [lower, upper) and drawn for each element below 0. */
export const rrelu = byName(
  "nn.functional.rrelu",
  (x: Tensor, ...rest: Args<RReLUFunctionOptions, ["lower", "upper", "training", "inplace"]>): Tensor => {
    const {
      lower = 1 / 8,
      upper = 1 / 3,
      training = false,
      inplace,
    } = readArgs<RReLUFunctionOptions>("rrelu", RRELU, rest);
    return either(x, inplace, native.rrelu, native.rrelu_, lower, upper, training);
  },
);

/** {@link rrelu} in place. */
export const rrelu_ = byName(
  "nn.functional.rrelu_",
  (x: Tensor, lower = 1 / 8, upper = 1 / 3, training = false): Tensor =>
    either(x, true, native.rrelu, native.rrelu_, lower, upper, training),
);

/** Options of {@link Threshold}. */
export interface ThresholdOptions extends InplaceOptions {
  /** What x must exceed to stay. */
  threshold: number;
  /** What takes the place of x otherwise. */
  value: number;
}

const THRESHOLD = ["threshold", "value", "inplace"] as const;
type ThresholdArgs =
  | [threshold: number, value: number, ...rest: InplaceArgs]
  | [threshold: number, options: InplaceOptions & { value: number }]
  | [options: ThresholdOptions];

/** x for x > threshold, else value. */
export const threshold = byName("nn.functional.threshold", (x: Tensor, ...args: ThresholdArgs): Tensor => {
  const o = readArgs<ThresholdOptions>("threshold", THRESHOLD, args);
  const [limit, value] = [required("threshold", o, "threshold"), required("threshold", o, "value")];
  return either(x, o.inplace, native.threshold, native.threshold_, limit, value);
});

/** {@link threshold} in place. */
export const threshold_ = byName(
  "nn.functional.threshold_",
  (x: Tensor, limit: number, value: number): Tensor =>
    either(x, true, native.threshold, native.threshold_, limit, value),
);

/** max(x, 0), element by element. Any shape. */
export class ReLU extends InplaceLayer {
  forward(x: Tensor): Tensor {
    return this.inplace ? x.relu_() : pointwise.relu(x);
  }
}

/** x for x > 0, else slope * x, element by element. Any shape.   [Maas et al. 2013] */
export class LeakyReLU extends Module {
  readonly negativeSlope: number;
  readonly inplace: boolean;

  constructor(...args: LeakyArgs) {
    super();
    const { negativeSlope = 0.01, inplace = false } = readArgs<LeakyReLUOptions>("LeakyReLU", LEAKY, args);
    this.negativeSlope = negativeSlope;
    this.inplace = inplace;
  }
  forward(x: Tensor): Tensor {
    return either(x, this.inplace, native.leakyRelu, native.leakyRelu_, this.negativeSlope);
  }
  override extraRepr(): string {
    return `negative_slope=${pyFloat(this.negativeSlope)}${inplaceRepr(this.inplace)}`;
  }
}

/** Options of {@link PReLU}. */
export interface PReLUOptions extends FactoryOptions {
  /** One weight for all channels, or one for each. Default 1. */
  numParameters?: number;
  /** What the weights start at. Default 0.25. */
  init?: number;
}

/**
 * x for x > 0, else weight * x. Input [N, C, ...].
 * Learns `weight` [numParameters], starting at `init`.   [He et al. 2015]
 */
export class PReLU extends Module {
  readonly numParameters: number;
  readonly init: number;
  weight: Parameter;

  constructor(...args: Args<PReLUOptions, ["numParameters", "init", "device", "dtype"]>) {
    super();
    const names = ["numParameters", "init", "device", "dtype"] as const;
    const { numParameters = 1, init = 0.25, device, dtype } = readArgs<PReLUOptions>("PReLU", names, args);
    this.numParameters = numParameters;
    this.init = init;
    this.weight = new Parameter(empty([numParameters], { device, dtype }));
    this.resetParameters();
  }

  /** Back to the initial weights. */
  resetParameters(): void {
    constant_(this.weight, this.init);
  }
  forward(x: Tensor): Tensor {
    return prelu(x, this.weight);
  }
  override extraRepr(): string {
    return `num_parameters=${this.numParameters}`;
  }
}

/** LeakyReLU with slopes drawn at random in training, the middle one in evaluation. Any shape.   [Xu et al. 2015] */
export class RReLU extends Module {
  readonly lower: number;
  readonly upper: number;
  readonly inplace: boolean;

  constructor(...args: Args<RReLUOptions, ["lower", "upper", "inplace"]>) {
    super();
    const names = ["lower", "upper", "inplace"] as const;
    const { lower = 1 / 8, upper = 1 / 3, inplace = false } = readArgs<RReLUOptions>("RReLU", names, args);
    this.lower = lower;
    this.upper = upper;
    this.inplace = inplace;
  }
  forward(x: Tensor): Tensor {
    return either(x, this.inplace, native.rrelu, native.rrelu_, this.lower, this.upper, this.training);
  }
  override extraRepr(): string {
    return `lower=${pyFloat(this.lower)}, upper=${pyFloat(this.upper)}${inplaceRepr(this.inplace)}`;
  }
}

/** x for x > threshold, else value, element by element. Any shape. */
export class Threshold extends Module {
  readonly threshold: number;
  readonly value: number;
  readonly inplace: boolean;

  constructor(...args: ThresholdArgs) {
    super();
    const o = readArgs<ThresholdOptions>("Threshold", THRESHOLD, args);
    this.threshold = required("Threshold", o, "threshold");
    this.value = required("Threshold", o, "value");
    this.inplace = o.inplace ?? false;
  }
  forward(x: Tensor): Tensor {
    return either(x, this.inplace, native.threshold, native.threshold_, this.threshold, this.value);
  }
  override extraRepr(): string {
    return `threshold=${pyFloat(this.threshold)}, value=${pyFloat(this.value)}${inplaceRepr(this.inplace)}`;
  }
}
