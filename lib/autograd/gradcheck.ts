/** Checking gradients against finite differences, in float64. */

import { checkFunction } from "../argument-types.js";
import { fromTypedArray, onesLike, randLike } from "../creation.js";
import { ArgumentError, AutogradError } from "../errors.js";
import { stack } from "../ops/join.js";
import { clone } from "../ops/shape.js";
import { describe, isTensor, tensorsOf } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { grad } from "./functions.js";
import { enableGrad, noGrad } from "./modes.js";

/** A function whose gradients are checked. */
export type CheckedFunction = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

/** Options of {@link gradcheck}. */
export interface GradcheckOptions {
  /** The step of the finite differences. Default 1e-6. */
  eps?: number;
  /** The absolute tolerance. Default 1e-5. */
  atol?: number;
  /** The relative tolerance. Default 1e-3. */
  rtol?: number;
  /** Whether to throw instead of giving false. Default true. */
  raiseException?: boolean;
  /** How far two backward passes over the same graph may differ. Default 0. */
  nondetTol?: number;
  /** Whether gradients must have the types of their inputs. Default false. */
  checkGradDtypes?: boolean;
  /** Accepted for PyTorch's sake: outputs are always differentiated one by one, the gradients of the others undefined. */
  checkUndefinedGrad?: boolean;
  /** Whether to compare the product of the Jacobian with one vector on either side instead of all of it. Default false. */
  fastMode?: boolean;
}

/** Options of {@link gradgradcheck}. */
export interface GradgradcheckOptions extends GradcheckOptions {
  /** Whether the gradients that are made up for the outputs are not contiguous. Default false. */
  genNonContigGradOutputs?: boolean;
}

/**
 * Whether the gradients of `fn` with respect to its float64 inputs that require them agree with finite differences,
 * element by element: |a - n| <= atol + rtol * |n|. Errors: they do not (unless `raiseException` is false).
 */
export function gradcheck(
  fn: CheckedFunction,
  inputs: Tensor | readonly Tensor[],
  options: GradcheckOptions = {},
): boolean {
  checkFunction("gradcheck", "func", fn);
  const list = tensorsOf("gradcheck", "inputs", inputs);
  const failure = findMismatch(fn, list, options);
  if (failure !== undefined && (options.raiseException ?? true)) throw new AutogradError(failure, { op: "gradcheck" });
  return failure === undefined;
}

function findMismatch(fn: CheckedFunction, inputs: readonly Tensor[], o: GradcheckOptions): string | undefined {
  const { eps = 1e-6, atol = 1e-5, rtol = 1e-3 } = o;
  const checked = inputs.filter((x) => x.requiresGrad);
  if (checked.length === 0) throw new ArgumentError("gradcheck expects at least one input tensor to require gradient");
  for (const x of checked) {
    if (x.dtype !== "float64") throw new ArgumentError(`gradcheck: expected float64 inputs, received ${x.dtype}`);
  }
  const outputs = differentiable(fn(...inputs));
  const unsteady = findUnsteady(outputs, checked, o);
  if (unsteady !== undefined) return unsteady;
  if (o.fastMode === true) return findFastMismatch(fn, inputs, outputs, checked, o);
  // First all gradients by backward: finite differences write into the inputs, which the graph has saved.
  const analyticals = checked.map((x) => outputs.map((y) => analyticalJacobian(y, x)));
  for (const [i, x] of checked.entries()) {
    const numerical = numericalJacobian(fn, inputs, x, eps);
    for (const [j, analytical] of (analyticals[i] ?? []).entries()) {
      const expected = numerical[j] ?? [];
      for (let k = 0; k < analytical.length; k++) {
        const [a, n] = [analytical[k] ?? 0, expected[k] ?? 0];
        if (Math.abs(a - n) <= atol + rtol * Math.abs(n)) continue;
        const size = x.numel();
        const where = `element ${k % size} of input and ${Math.floor(k / size)} of output`;
        return `Jacobian mismatch for output ${j} with respect to input ${i}, ${where}: numerical ${n}, analytical ${a}`;
      }
    }
  }
  return undefined;
}

/** Why the gradients themselves are wrong before any comparison: their types, or that they differ between two passes. */
function findUnsteady(outputs: readonly Tensor[], checked: readonly Tensor[], o: GradcheckOptions): string | undefined {
  const { nondetTol = 0, checkGradDtypes = false } = o;
  for (const y of outputs.filter((output) => output.requiresGrad)) {
    for (const x of checked) {
      const run = () => grad(y, x, { gradOutputs: wave(y), retainGraph: true, allowUnused: true })[0] ?? null;
      const [first, second] = [run(), run()];
      if (first === null || second === null) continue;
      if (checkGradDtypes && first.dtype !== x.dtype) {
        return `Gradient has dtype mismatch: expected ${x.dtype}, received ${first.dtype}`;
      }
      if (first.numel() > 0 && !(first.sub(second).abs().max().item() <= nondetTol)) {
        return `Backward is not reentrant, i.e., running backward with same input and grad_output multiple times gives different values, although analytical gradient matches numerical gradient.The tolerance for nondeterminism was ${nondetTol}.`;
      }
    }
  }
  return undefined;
}

/** Distinct numbers of length 1 as a vector, in a tensor's shape. */
function wave(x: Tensor): Tensor {
  const values = Float64Array.from({ length: x.numel() }, (_, i) => Math.cos(i));
  const length = Math.hypot(...values) || 1;
  return fromTypedArray(
    values.map((value) => value / length),
    x.shape,
  ).to(x.dtype);
}

/** Compares v J u for one vector u and v each. */
function findFastMismatch(
  fn: CheckedFunction,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  checked: readonly Tensor[],
  o: GradcheckOptions,
): string | undefined {
  const { eps = 1e-6, atol = 1e-5, rtol = 1e-3 } = o;
  for (const [i, x] of checked.entries()) {
    const u = wave(x);
    const at = (by: number) => noGrad(() => differentiable(fn(...inputs.map((z) => (z === x ? z.add(u.mul(by)) : z)))));
    const [high, low] = [at(eps), at(-eps)];
    for (const [j, y] of outputs.entries()) {
      const v = wave(y);
      const [up, down] = [high[j] ?? y, low[j] ?? y];
      const numerical = up.sub(down).mul(v).sum().item() / (2 * eps);
      const [g] = y.requiresGrad ? grad(y, x, { gradOutputs: v, retainGraph: true, allowUnused: true }) : [null];
      const analytical = g === null || g === undefined ? 0 : g.mul(u).sum().item();
      if (Math.abs(analytical - numerical) <= atol + rtol * Math.abs(numerical)) continue;
      return `Jacobian mismatch for output ${j} with respect to input ${i} in fast mode: numerical ${numerical}, analytical ${analytical}`;
    }
  }
  return undefined;
}

function differentiable(result: Tensor | readonly Tensor[]): Tensor[] {
  const list = isTensor(result) ? [result] : result;
  if (!Array.isArray(list) || !list.every(isTensor)) {
    throw new ArgumentError(`gradcheck: expected the function to give tensors, received ${describe(result)}`);
  }
  return (list as Tensor[]).filter((y) => y.isFloatingPoint());
}

/** d outputs[j][m] / d x[i] by central differences, flat as [m][i], for every output j. */
function numericalJacobian(fn: CheckedFunction, inputs: readonly Tensor[], x: Tensor, eps: number): Float64Array[] {
  return noGrad(() => {
    const evaluate = (): Float64Array[] =>
      differentiable(fn(...inputs)).map((y) => Float64Array.from(clone(y).toTypedArray(), Number));
    const size = x.numel();
    let jacobians: Float64Array[] = [];
    for (let i = 0; i < size; i++) {
      const cell = element(x, i);
      const value = cell.item();
      cell.fill_(value + eps);
      const high = evaluate();
      cell.fill_(value - eps);
      const low = evaluate();
      cell.fill_(value);
      if (i === 0) jacobians = high.map((y) => new Float64Array(y.length * size));
      high.forEach((up, j) => {
        const down = low[j];
        const out = jacobians[j];
        if (down === undefined || out === undefined) return;
        for (let m = 0; m < up.length; m++) out[m * size + i] = ((up[m] ?? 0) - (down[m] ?? 0)) / (2 * eps);
      });
    }
    return jacobians;
  });
}

/** Element number `i`, in row-major order, as a view. */
function element(x: Tensor, i: number): Tensor {
  let [rest, offset] = [i, x.storageOffset()];
  for (let d = x.ndim - 1; d >= 0; d--) {
    const size = x.shape[d] ?? 1;
    offset += (rest % size) * x.stride(d);
    rest = Math.floor(rest / size);
  }
  return x.detach().asStrided([1], [1], offset);
}

/** The same by backward, one row per element of the output. */
function analyticalJacobian(y: Tensor, x: Tensor): Float64Array {
  const [rows, size] = [y.numel(), x.numel()];
  const out = new Float64Array(rows * size);
  if (!y.requiresGrad) return out;
  for (let m = 0; m < rows; m++) {
    const unit = new Float64Array(rows);
    unit[m] = 1;
    const seed = fromTypedArray(unit, y.shape).to(y.dtype);
    const [g] = grad(y, x, { gradOutputs: seed, retainGraph: true, allowUnused: true });
    if (g !== null && g !== undefined) out.set(Float64Array.from(g.toTypedArray(), Number), m * size);
  }
  return out;
}

/** As {@link gradcheck} for the gradients themselves: whether they can be differentiated again, correctly. */
export function gradgradcheck(
  fn: CheckedFunction,
  inputs: Tensor | readonly Tensor[],
  gradOutputs?: readonly Tensor[] | null,
  options: GradgradcheckOptions = {},
): boolean {
  checkFunction("gradgradcheck", "func", fn);
  const list = tensorsOf("gradgradcheck", "inputs", inputs);
  const outputs = differentiable(fn(...list));
  const { genNonContigGradOutputs = false, ...rest } = options;
  const seed = (y: Tensor): Tensor => {
    const drawn = y.numel() === 0 ? onesLike(y) : randLike(y);
    const apart = genNonContigGradOutputs && y.ndim > 0 && y.size(-1) > 1;
    return (apart ? stack([drawn, drawn], -1).select(-1, 0) : drawn).detach().requiresGrad_();
  };
  const seeds = gradOutputs ?? outputs.map(seed);
  const count = list.length;
  const gradient: CheckedFunction = (...all) => {
    const own = all.slice(0, count);
    const wanted = own.filter((x) => x.requiresGrad);
    const ys = differentiable(fn(...own));
    const found = grad(ys, wanted, { gradOutputs: all.slice(count), createGraph: true, allowUnused: true });
    return found.filter((g) => g !== null);
  };
  return gradcheck(withGrad(gradient), [...list, ...seeds], rest);
}

/** Runs a function with recording on, also inside the numerical side's noGrad. */
function withGrad(fn: CheckedFunction): CheckedFunction {
  return (...inputs) => enableGrad(() => fn(...inputs));
}
