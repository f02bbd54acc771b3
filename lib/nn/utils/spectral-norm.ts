/** Spectral normalisation: w = v / sigma(v), sigma the largest singular value.   [Miyato et al. 2018] */

import { type Args, readArgs } from "../../args.js";
import { withoutGrad } from "../../autograd/modes.js";
import { byNameBeside } from "../../by-name.js";
import { empty } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { dot, mv } from "../../ops/matmul.js";
import type { Tensor } from "../../tensor.js";
import { normal_ } from "../init.js";
import type { Module } from "../module.js";
import { removeField } from "../module-fields.js";
import { Parameter } from "../parameter.js";
import { recompute, recomputed, stopRecomputing } from "./recomputed.js";

/** Options of {@link spectralNorm}. */
export interface SpectralNormOptions {
  /** The parameter's name. Default "weight". */
  name?: string;
  /** Steps of the power iteration before every forward in training. Default 1. */
  nPowerIterations?: number;
  /** The smallest norm that is divided by. Default 1e-12. */
  eps?: number;
  /** The dimension of the outputs. Default 1 for transposed convolutions, else 0. */
  dim?: number | null;
}

const KIND = "spectral_norm";

function tensorAt(module: Module, name: string): Tensor {
  return Reflect.get(module, name) as Tensor;
}

/** The weight as a matrix with the outputs as rows. */
export function matrix(weight: Tensor, dim: number): Tensor {
  const first = weight.permute([dim, ...weight.shape.map((_, d) => d).filter((d) => d !== dim)]);
  return first.reshape(first.size(0), -1);
}

/** x / max(||x||, eps) */
export function normalized(x: Tensor, eps: number): Tensor {
  return x.div(x.square().sum().sqrt().clamp(eps));
}

/**
 * Divides the parameter `name` of a module by its largest singular value before every forward, found by power iteration. The
 * parameter is called `name_orig` from then on, the iteration's vectors are the buffers `name_u` and `name_v`.
 * Returns the module. Errors: applied twice to one parameter; no positive number of iterations.
 */
export const spectralNorm = byNameBeside(
  "nn.utils.spectralNorm",
  <M extends Module>(module: M, ...rest: Args<SpectralNormOptions, ["name", "nPowerIterations", "eps", "dim"]>): M => {
    const op = "spectralNorm";
    const names = ["name", "nPowerIterations", "eps", "dim"] as const;
    const o = readArgs<SpectralNormOptions>(op, names, rest);
    const { name = "weight", nPowerIterations = 1, eps = 1e-12 } = o;
    const dim = o.dim ?? (/^ConvTranspose[123]d$/.test(module.constructor.name) ? 1 : 0);
    if (nPowerIterations <= 0) {
      throw new ArgumentError(
        `Expected n_power_iterations to be positive, but got n_power_iterations=${nPowerIterations}`,
        { op },
      );
    }
    if (recomputed(module, KIND, name) !== undefined) {
      throw new ArgumentError(`Cannot register two spectral_norm hooks on the same parameter ${name}`, { op });
    }
    const original: unknown = Reflect.get(module, name);
    if (!(original instanceof Parameter)) {
      throw new ArgumentError(`\`SpectralNorm\` cannot be applied as parameter \`${name}\` is None`, { op });
    }
    const [height = 0, width = 0] = matrix(original.detach(), dim).shape;
    const draw = (size: number): Tensor => normalized(normal_(empty([size], { dtype: original.dtype })), eps);
    const [u, v] = [draw(height), draw(width)];
    removeField(module, name);
    module.registerParameter(`${name}_orig`, original);
    Reflect.set(module, name, original.data);
    module.registerBuffer(`${name}_u`, u);
    module.registerBuffer(`${name}_v`, v);
    recompute(module, KIND, name, (owner) => {
      const raw = tensorAt(owner, `${name}_orig`);
      const rows = matrix(raw, dim);
      const [left, right] = [tensorAt(owner, `${name}_u`), tensorAt(owner, `${name}_v`)];
      if (owner.training) withoutGrad(() => powerIteration(rows.detach(), left, right, nPowerIterations, eps));
      // Copies: the next iteration writes the buffers, and the graph keeps what was multiplied.
      return raw.div(dot(left.clone(), mv(rows, right.clone())));
    });
    return module;
  },
);

function powerIteration(rows: Tensor, u: Tensor, v: Tensor, steps: number, eps: number): void {
  for (let i = 0; i < steps; i++) {
    v.copy_(normalized(mv(rows.t(), u), eps));
    u.copy_(normalized(mv(rows, v), eps));
  }
}

/** Undoes {@link spectralNorm}: the divided weight is the parameter. Returns the module. Errors: it was not applied. */
export const removeSpectralNorm = byNameBeside(
  "nn.utils.removeSpectralNorm",
  <M extends Module>(module: M, name = "weight"): M => {
    const value = recomputed(module, KIND, name);
    if (value === undefined) {
      throw new ArgumentError(`spectral_norm of '${name}' not found in ${module}`, { op: "removeSpectralNorm" });
    }
    // Without another step of the iteration.
    const { training } = module;
    module.training = false;
    const weight = withoutGrad(() => value(module) as Tensor).detach();
    module.training = training;
    stopRecomputing(module, KIND, name, [name, `${name}_u`, `${name}_v`, `${name}_orig`]);
    module.registerParameter(name, new Parameter(weight));
    return module;
  },
);
