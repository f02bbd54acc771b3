/** Smooth activations: SiLU, Mish, GELU, Softplus, LogSigmoid, Softsign, Tanhshrink, GLU. */

import { type Args, readArgs } from "../../args.js";
import { byName } from "../../by-name.js";
import { native } from "../../native.js";
import * as pointwise from "../../ops/pointwise.js";
import { pyRepr } from "../../repr.js";
import { handleOf, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { Module } from "../module.js";
import { either, type InplaceArgs, InplaceLayer, readInplace } from "./inplace.js";

/** x * sigmoid(x). */
export const silu = byName(
  "nn.functional.silu",
  (x: Tensor, ...rest: InplaceArgs): Tensor => either(x, readInplace("silu", rest), native.silu, native.silu_),
);

/** x * tanh(softplus(x)). */
export const mish = byName(
  "nn.functional.mish",
  (x: Tensor, ...rest: InplaceArgs): Tensor => either(x, readInplace("mish", rest), native.mish, native.mish_),
);

/** Options of {@link GELU}. */
export interface GELUOptions {
  /** `"none"` computes by the error function, `"tanh"` approximates it. Default "none". */
  approximate?: "none" | "tanh";
}

type GELUArgs = Args<GELUOptions, ["approximate"]>;

/** x * Phi(x), Phi being the normal distribution. */
export const gelu = byName("nn.functional.gelu", (x: TensorBase, ...rest: GELUArgs): Tensor => {
  const { approximate = "none" } = readArgs<GELUOptions>("gelu", ["approximate"], rest);
  return wrap(native.gelu(handleOf(x), approximate));
});

/** Options of {@link Softplus}. */
export interface SoftplusOptions {
  /** How sharp the bend is. Default 1. */
  beta?: number;
  /** The value of beta * x above which the function is x. Default 20. */
  threshold?: number;
}

const SOFTPLUS = ["beta", "threshold"] as const;
type SoftplusArgs = Args<SoftplusOptions, ["beta", "threshold"]>;

/** ln(1 + e^(beta x)) / beta. */
export const softplus = byName("nn.functional.softplus", (x: TensorBase, ...rest: SoftplusArgs): Tensor => {
  const { beta = 1, threshold = 20 } = readArgs<SoftplusOptions>("softplus", SOFTPLUS, rest);
  return wrap(native.softplus(handleOf(x), beta, threshold));
});

/** ln(sigmoid(x)), without overflow. */
export const logsigmoid = byName(
  "nn.functional.logsigmoid",
  (x: TensorBase): Tensor => wrap(native.logsigmoid(handleOf(x))),
);

/** x / (1 + |x|). */
export const softsign = byName("nn.functional.softsign", (x: TensorBase): Tensor => wrap(native.softsign(handleOf(x))));

/** x - tanh(x). */
export const tanhshrink = byName(
  "nn.functional.tanhshrink",
  (x: TensorBase): Tensor => wrap(native.tanhshrink(handleOf(x))),
);

/** a * sigmoid(b), where a and b are the halves of x along `dim` (default the last). Errors: an odd size. */
export const glu = byName("nn.functional.glu", (x: TensorBase, ...rest: Args<{ dim?: number }, ["dim"]>): Tensor => {
  const { dim = -1 } = readArgs<{ dim?: number }>("glu", ["dim"], rest);
  return wrap(native.glu(handleOf(x), dim));
});

/** The hyperbolic tangent, element by element. Any shape. */
export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    return pointwise.tanh(x);
  }
}

/** 1 / (1 + e^-x), element by element. Any shape. */
export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    return pointwise.sigmoid(x);
  }
}

/** x * sigmoid(x), element by element. Any shape.   [Elfwing et al. 2017] */
export class SiLU extends InplaceLayer {
  forward(x: Tensor): Tensor {
    return either(x, this.inplace, native.silu, native.silu_);
  }
}

/** x * tanh(softplus(x)), element by element. Any shape.   [Misra 2019] */
export class Mish extends InplaceLayer {
  forward(x: Tensor): Tensor {
    return either(x, this.inplace, native.mish, native.mish_);
  }
}

/** x * Phi(x), element by element. Any shape.   [Hendrycks & Gimpel 2016] */
export class GELU extends Module {
  readonly approximate: "none" | "tanh";

  constructor(...args: GELUArgs) {
    super();
    this.approximate = readArgs<GELUOptions>("GELU", ["approximate"], args).approximate ?? "none";
  }
  forward(x: Tensor): Tensor {
    return gelu(x, this.approximate);
  }
  override extraRepr(): string {
    return `approximate=${pyRepr(this.approximate)}`;
  }
}

/** ln(1 + e^(beta x)) / beta, a smooth ReLU, element by element. Any shape. */
export class Softplus extends Module {
  readonly beta: number;
  readonly threshold: number;
  /** The numbers as they were given; the defaults print as floats. */
  protected readonly printed: string;

  constructor(...args: SoftplusArgs) {
    super();
    const o = readArgs<SoftplusOptions>("Softplus", SOFTPLUS, args);
    this.beta = o.beta ?? 1;
    this.threshold = o.threshold ?? 20;
    const { beta = "1.0", threshold = "20.0" } = o;
    this.printed = `beta=${beta}, threshold=${threshold}`;
  }
  forward(x: Tensor): Tensor {
    return softplus(x, this.beta, this.threshold);
  }
  override extraRepr(): string {
    return this.printed;
  }
}

/** ln(sigmoid(x)), element by element. Any shape. */
export class LogSigmoid extends Module {
  forward(x: Tensor): Tensor {
    return logsigmoid(x);
  }
}

/** x / (1 + |x|), element by element. Any shape. */
export class Softsign extends Module {
  forward(x: Tensor): Tensor {
    return softsign(x);
  }
}

/** x - tanh(x), element by element. Any shape. */
export class Tanhshrink extends Module {
  forward(x: Tensor): Tensor {
    return tanhshrink(x);
  }
}

/** The gated linear unit a * sigmoid(b) of the halves along `dim`: [..., 2n, ...] -> [..., n, ...].   [Dauphin et al. 2016] */
export class GLU extends Module {
  readonly dim: number;

  constructor(...args: Args<{ dim?: number }, ["dim"]>) {
    super();
    this.dim = readArgs<{ dim?: number }>("GLU", ["dim"], args).dim ?? -1;
  }
  forward(x: Tensor): Tensor {
    return glu(x, this.dim);
  }
  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}
