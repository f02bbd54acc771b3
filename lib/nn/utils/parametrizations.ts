/** `nn.utils.parametrizations`: weight and spectral normalisation as parametrizations. */

import { type Args, readArgs } from "../../args.js";
import { withoutGrad } from "../../autograd/modes.js";
import { byNameBeside } from "../../by-name.js";
import { empty } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { dot, mv } from "../../ops/matmul.js";
import { isTensor } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { normal_ } from "../init.js";
import { Module } from "../module.js";
import { registerParametrization } from "./parametrize.js";
import { matrix, normalized, type SpectralNormOptions } from "./spectral-norm.js";
import { normExcept } from "./weight-norm.js";

/** w = g v / ||v||. */
class WeightNorm extends Module {
  readonly dim: number | null;

  constructor(dim: number | null) {
    super();
    this.dim = dim;
  }
  forward(...[g, v]: Tensor[]): Tensor {
    if (g === undefined || v === undefined) throw new ArgumentError("weightNorm: expected a length and a direction");
    return v.mul(g.div(normExcept(v, this.dim)));
  }
  rightInverse(weight: Tensor): Tensor[] {
    return [normExcept(weight, this.dim), weight];
  }
}

/**
 * {@link weightNorm} of `nn.utils` as a parametrization: the lengths are `parametrizations.weight.original0`, the directions
 * `original1`. Returns the module.   [Salimans & Kingma 2016]
 */
export const weightNorm = byNameBeside(
  "nn.utils.parametrizations.weightNorm",
  <M extends Module>(module: M, name = "weight", dim: number | null = 0): M =>
    registerParametrization(module, name, new WeightNorm(dim), { unsafe: true }),
);

/** w = v / sigma(v), sigma by power iteration. */
class SpectralNorm extends Module {
  readonly dim: number;
  readonly eps: number;
  readonly nPowerIterations: number;
  declare _u: Tensor;
  declare _v: Tensor;

  constructor(weight: Tensor, nPowerIterations: number, dim: number, eps: number) {
    super();
    if (nPowerIterations <= 0) {
      throw new ArgumentError(
        `Expected n_power_iterations to be positive, but got n_power_iterations=${nPowerIterations}`,
        { op: "spectralNorm" },
      );
    }
    this.dim = dim < 0 ? dim + weight.ndim : dim;
    this.eps = eps;
    this.nPowerIterations = nPowerIterations;
    if (weight.ndim <= 1) return;
    const rows = matrix(weight.detach(), this.dim);
    const draw = (size: number): Tensor => normalized(normal_(empty([size], { dtype: weight.dtype })), eps);
    this.registerBuffer("_u", draw(rows.size(0)));
    this.registerBuffer("_v", draw(rows.size(1)));
    this.iterate(rows, 15);
  }
  private iterate(rows: Tensor, steps: number): void {
    withoutGrad(() => {
      for (let i = 0; i < steps; i++) {
        this._u.copy_(normalized(mv(rows, this._v), this.eps));
        this._v.copy_(normalized(mv(rows.t(), this._u), this.eps));
      }
    });
  }
  forward(...[weight]: Tensor[]): Tensor {
    if (weight === undefined) throw new ArgumentError("spectralNorm: expected a weight");
    if (weight.ndim <= 1) return normalized(weight, this.eps);
    const rows = matrix(weight, this.dim);
    if (this.training) this.iterate(rows.detach(), this.nPowerIterations);
    // Copies: the next iteration writes the buffers, and the graph keeps what was multiplied.
    return weight.div(dot(this._u.clone(), mv(rows, this._v.clone())));
  }
  rightInverse(value: Tensor): Tensor {
    return value;
  }
}

/** {@link spectralNorm} of `nn.utils` as a parametrization. Returns the module.   [Miyato et al. 2018] */
export const spectralNorm = byNameBeside(
  "nn.utils.parametrizations.spectralNorm",
  <M extends Module>(module: M, ...rest: Args<SpectralNormOptions, ["name", "nPowerIterations", "eps", "dim"]>): M => {
    const names = ["name", "nPowerIterations", "eps", "dim"] as const;
    const {
      name = "weight",
      nPowerIterations = 1,
      eps = 1e-12,
      dim,
    } = readArgs<SpectralNormOptions>("spectralNorm", names, rest);
    const weight: unknown = Reflect.get(module, name);
    if (!isTensor(weight)) {
      throw new ArgumentError(`Module '${module}' has no parameter or buffer with name '${name}'`, {
        op: "spectralNorm",
      });
    }
    const transposed = /^ConvTranspose[123]d$/.test(module.constructor.name);
    const outputs = dim ?? (transposed ? 1 : 0);
    return registerParametrization(module, name, new SpectralNorm(weight, nPowerIterations, outputs, eps));
  },
);
