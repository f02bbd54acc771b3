/** Weight normalisation: w = g v / ||v||.   [Salimans & Kingma 2016] */

import { byNameBeside } from "../../by-name.js";
import { ArgumentError } from "../../errors.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";
import type { Module } from "../module.js";
import { removeField } from "../module-fields.js";
import { Parameter } from "../parameter.js";
import { recompute, recomputed, stopRecomputing } from "./recomputed.js";

const KIND = "weight_norm";

/** The norm of every slice along `dim`, broadcastable to v; of all of v where `dim` is null. */
export function normExcept(v: Tensor, dim: number | null): Tensor {
  if (dim === null) return v.square().sum().sqrt();
  const kept = dim < 0 ? dim + v.ndim : dim;
  const others = v.shape.map((_, d) => d).filter((d) => d !== kept);
  return others.length === 0 ? v.abs() : v.square().sum(others, true).sqrt();
}

function fieldOf(module: Module, name: string): Parameter {
  const value: unknown = Reflect.get(module, name);
  if (value instanceof Parameter) return value;
  throw new ArgumentError(`${module.getName()} has no parameter \`${name}\``, { op: "weightNorm" });
}

function weightOf(module: Module, name: string, dim: number | null): Tensor {
  const v = fieldOf(module, `${name}_v`);
  return v.mul(fieldOf(module, `${name}_g`).div(normExcept(v, dim)));
}

/**
 * Replaces the parameter `name` of a module by its length `name_g` and its direction `name_v`; the weight is computed from
 * them before every forward. `dim` is the dimension of the slices that have a length each, null for one length.
 * Returns the module. Errors: applied twice to one parameter.
 */
export const weightNorm = byNameBeside(
  "nn.utils.weightNorm",
  <M extends Module>(module: M, name = "weight", dim: number | null = 0): M => {
    warnOnce(
      "CANDLEWICK_WEIGHT_NORM",
      "`torch.nn.utils.weight_norm` is deprecated in favor of `torch.nn.utils.parametrizations.weight_norm`.",
    );
    if (recomputed(module, KIND, name) !== undefined) {
      throw new ArgumentError(`Cannot register two weight_norm hooks on the same parameter ${name}`, {
        op: "weightNorm",
      });
    }
    const weight = fieldOf(module, name);
    removeField(module, name);
    module.registerParameter(`${name}_g`, new Parameter(normExcept(weight.detach(), dim)));
    module.registerParameter(`${name}_v`, new Parameter(weight.data));
    const value = (owner: Module): Tensor => weightOf(owner, name, dim);
    Reflect.set(module, name, value(module));
    recompute(module, KIND, name, value);
    return module;
  },
);

/** Undoes {@link weightNorm}: the weight is a parameter again. Returns the module. Errors: it was not applied. */
export const removeWeightNorm = byNameBeside(
  "nn.utils.removeWeightNorm",
  <M extends Module>(module: M, name = "weight"): M => {
    const value = recomputed(module, KIND, name);
    if (value === undefined) {
      throw new ArgumentError(`weight_norm of '${name}' not found in ${module}`, { op: "removeWeightNorm" });
    }
    const weight = value(module) as Tensor;
    stopRecomputing(module, KIND, name, [name, `${name}_g`, `${name}_v`]);
    module.registerParameter(name, new Parameter(weight.data));
    return module;
  },
);
