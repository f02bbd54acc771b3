/** `backward` and `grad`: gradients of recorded computations. */

import { type Args, readArgs } from "../args.js";
import { AutogradError } from "../errors.js";
import { native, type TensorHandle } from "../native.js";
import { handleOf, isTensor, type TensorBase, tensorsOf, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { warnOnce } from "../warnings.js";
import { dispatch, runPass } from "./hooks.js";

/** Options of {@link backward} and of `Tensor.backward`. */
export interface BackwardOptions {
  /** The gradient of each root; a root of one element may leave it out. */
  gradient?: Tensor | null;
  /** Whether the graph stays for another backward. Default: the value of `createGraph`. */
  retainGraph?: boolean | null;
  /** Whether the gradients are recorded themselves. Default false. */
  createGraph?: boolean;
  /** The leaves that accumulate. Default: all. */
  inputs?: Tensor | readonly Tensor[] | null;
}

/** The arguments of `x.backward(...)`. */
export type BackwardArgs = Args<BackwardOptions, ["gradient", "retainGraph", "createGraph", "inputs"]>;

/** Adds the gradients of `x` to the `.grad` of the leaves that it was computed from. */
export function backwardOf(x: TensorBase, args: BackwardArgs): void {
  const o = readArgs<BackwardOptions>("backward", ["gradient", "retainGraph", "createGraph", "inputs"], args);
  backward([x], o.gradient === undefined ? null : [o.gradient], o);
}

/** Adds the gradients of several roots to the `.grad` of the leaves. */
export function backward(
  roots: TensorBase | readonly TensorBase[],
  gradients?: TensorBase | readonly (TensorBase | null)[] | null,
  options: Omit<BackwardOptions, "gradient"> = {},
): void {
  const list = tensorsOf("backward", "tensors", roots);
  const { createGraph = false, inputs } = options;
  if (createGraph) {
    warnOnce(
      "CANDLEWICK_CREATE_GRAPH",
      "Using backward() with create_graph=True will create a reference cycle between the parameter and its gradient which can cause a memory leak. We recommend using autograd.grad when creating the graph to avoid this. If you have to use this function, make sure to reset the .grad fields of your parameters to None after use to break the cycle and avoid the leak.",
    );
  }
  const grads = gradHandles(list.length, gradients);
  const into = inputs === undefined || inputs === null ? null : tensorsOf("backward", "inputs", inputs).map(handleOf);
  runPass(list, (handles) => {
    native.backward(handles, grads, options.retainGraph ?? createGraph, createGraph, into, dispatch);
  });
}

/** Options of {@link grad}. */
export interface GradOptions {
  /** The gradient of each output. */
  gradOutputs?: TensorBase | readonly (TensorBase | null)[] | null;
  /** Whether the graph stays. Default: the value of `createGraph`. */
  retainGraph?: boolean | null;
  /** Whether the gradients are recorded themselves. Default false. */
  createGraph?: boolean;
  /** Whether an input that no output depends on gives null instead of an error. Default false. */
  allowUnused?: boolean | null;
  /** Whether such an input gives zeros. Default false. */
  materializeGrads?: boolean;
}

type GradArgs = Args<GradOptions, ["gradOutputs", "retainGraph", "createGraph", "allowUnused", "materializeGrads"]>;

/**
 * The gradients of the outputs with respect to the inputs, one per input; `.grad` fields stay as they are.
 * Errors: an input that no output depends on, unless `allowUnused`, which gives null for it.
 */
export function grad(
  outputs: TensorBase | readonly TensorBase[],
  inputs: TensorBase | readonly TensorBase[],
  options: GradOptions & { allowUnused: true },
): (Tensor | null)[];
export function grad(
  outputs: TensorBase | readonly TensorBase[],
  inputs: TensorBase | readonly TensorBase[],
  ...args: GradArgs
): Tensor[];
export function grad(
  outputs: TensorBase | readonly TensorBase[],
  inputs: TensorBase | readonly TensorBase[],
  ...args: GradArgs
): (Tensor | null)[] {
  const names = ["gradOutputs", "retainGraph", "createGraph", "allowUnused", "materializeGrads"] as const;
  const o = readArgs<GradOptions>("grad", names, args);
  const roots = tensorsOf("grad", "outputs", outputs);
  const leaves = tensorsOf("grad", "inputs", inputs);
  const { createGraph = false, materializeGrads = false } = o;
  const grads = gradHandles(roots.length, o.gradOutputs);
  const unused = (o.allowUnused ?? false) || materializeGrads;
  const found = runPass(roots, (handles) =>
    native.autogradGrad(
      handles,
      leaves.map(handleOf),
      grads,
      o.retainGraph ?? createGraph,
      createGraph,
      unused,
      dispatch,
    ),
  );
  return found.map((g, i) => {
    if (g !== null) return wrap(g);
    const leaf = leaves[i];
    return materializeGrads && leaf !== undefined ? wrap(native.fullLike(handleOf(leaf), 0)) : null;
  });
}

function gradHandles(
  count: number,
  grads: TensorBase | readonly (TensorBase | null)[] | null | undefined,
): (TensorHandle | null)[] {
  if (grads === null || grads === undefined) return Array<null>(count).fill(null);
  const list = isTensor(grads) ? [grads] : (grads as readonly (TensorBase | null)[]);
  if (list.length !== count) {
    throw new AutogradError(`got ${count} tensors and ${list.length} gradients`, { op: "backward" });
  }
  return list.map((g) => (g === null ? null : handleOf(g)));
}
