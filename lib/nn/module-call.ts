/** What happens around a module's `forward`: hooks, and the module's path in errors. */
import { hookBarrier } from "../autograd/hooks.js";
import { isGradEnabled } from "../autograd/modes.js";
import { setModulePath, TorchError } from "../errors.js";
import { isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import type { Module } from "./module.js";

type Grads = readonly (Tensor | null)[];

/** A hook in its general form; the typed forms are in module.ts. */
export type ForwardHookEntry = (module: Module, first: unknown, second?: unknown) => unknown;

/** The hooks of one module. `count` is their number: zero is the fast path. */
export interface HookTable {
  count: number;
  forwardPre: Map<number, ForwardHookEntry>;
  forward: Map<number, ForwardHookEntry>;
  backwardPre: Map<number, ForwardHookEntry>;
  backward: Map<number, ForwardHookEntry>;
}

type Forward = (...inputs: unknown[]) => unknown;

/** Calls a module's forward method with its hooks, and adds the module to the path of an error. */
export function callForward(module: Module, hooks: HookTable, method: Forward, inputs: unknown[]): unknown {
  try {
    if (hooks.count === 0) return method.apply(module, inputs);
    return callWithHooks(module, hooks, method, inputs);
  } catch (error) {
    if (error instanceof TorchError) locate(error, module);
    throw error;
  }
}

function callWithHooks(module: Module, hooks: HookTable, method: Forward, inputs: unknown[]): unknown {
  let args = inputs;
  for (const hook of hooks.forwardPre.values()) {
    const changed = hook(module, args);
    if (changed !== undefined && changed !== null) args = Array.isArray(changed) ? changed : [changed];
  }
  const barrier = hooks.backward.size + hooks.backwardPre.size > 0 ? new BackwardBarrier(module, hooks) : undefined;
  if (barrier !== undefined) args = barrier.inputs(args);
  let output = method.apply(module, args);
  for (const hook of hooks.forward.values()) {
    const changed = hook(module, args, output);
    if (changed !== undefined && changed !== null) output = changed;
  }
  return barrier === undefined ? output : barrier.outputs(output);
}

/** Two nodes of the graph, before and after the module, between which its gradients are known. */
class BackwardBarrier {
  readonly module: Module;
  readonly hooks: HookTable;
  gradOutput: Grads = [];
  inputCount = 0;
  hasInputs = false;

  constructor(module: Module, hooks: HookTable) {
    this.module = module;
    this.hooks = hooks;
  }

  inputs(args: unknown[]): unknown[] {
    this.inputCount = args.length;
    const at = args.flatMap((arg, i) => (isTensor(arg) ? [i] : []));
    const tensors = args.filter(isTensor);
    this.hasInputs = isGradEnabled() && tensors.some((x) => x.requiresGrad);
    if (!this.hasInputs) return args;
    const passed = hookBarrier(tensors, (grads) => {
      const result = this.#run(spread(grads, at, this.inputCount));
      return result === undefined ? undefined : at.map((i) => result[i] ?? null);
    });
    return replace(args, at, passed);
  }

  outputs(output: unknown): unknown {
    const list: unknown[] = Array.isArray(output) ? output : [output];
    const at = list.flatMap((item, i) => (isTensor(item) ? [i] : []));
    const tensors = list.filter(isTensor);
    if (!isGradEnabled() || !tensors.some((x) => x.requiresGrad)) return output;
    const passed = hookBarrier(tensors, (grads) => {
      this.gradOutput = spread(grads, at, list.length);
      let changed = false;
      for (const hook of this.hooks.backwardPre.values()) {
        const result = toGrads(hook(this.module, this.gradOutput));
        if (result !== undefined) {
          this.gradOutput = result;
          changed = true;
        }
      }
      if (!this.hasInputs) this.#run(Array<null>(this.inputCount).fill(null));
      return changed ? at.map((i) => this.gradOutput[i] ?? null) : undefined;
    });
    return Array.isArray(output) ? replace(list, at, passed) : passed[0];
  }

  #run(gradInput: Grads): Grads | undefined {
    let current = gradInput;
    let changed = false;
    for (const hook of this.hooks.backward.values()) {
      const result = toGrads(hook(this.module, current, this.gradOutput));
      if (result !== undefined) {
        current = result;
        changed = true;
      }
    }
    return changed ? current : undefined;
  }
}

function toGrads(result: unknown): Grads | undefined {
  if (result === undefined || result === null) return undefined;
  return isTensor(result) ? [result] : (result as Grads);
}

function spread(grads: Grads, at: readonly number[], length: number): Grads {
  const out = Array<Tensor | null>(length).fill(null);
  at.forEach((i, k) => {
    out[i] = grads[k] ?? null;
  });
  return out;
}

function replace(list: readonly unknown[], at: readonly number[], values: readonly unknown[]): unknown[] {
  const out = [...list];
  at.forEach((i, k) => {
    out[i] = values[k];
  });
  return out;
}

/** Which module an error has reached, and its path from there. */
const located = new WeakMap<TorchError, { module: Module; path: string }>();

/** Puts one more module in front of an error's path: every forward that the error leaves knows its children's names. */
function locate(error: TorchError, module: Module): void {
  const inner = located.get(error);
  if (inner === undefined) {
    located.set(error, { module, path: "" });
    return;
  }
  if (inner.module === module) return;
  const name = module.namedModules().find(([, candidate]) => candidate === inner.module)?.[0];
  if (name === undefined) return;
  const path = inner.path === "" ? name : `${name}.${inner.path}`;
  located.set(error, { module, path });
  setModulePath(error, path);
}
