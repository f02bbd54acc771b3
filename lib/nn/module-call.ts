/** What happens around a module's `forward`: hooks, and the module's path in errors. */

import { blame } from "../argument-types.js";
import { hookBarrier, type RemovableHandle, removable } from "../autograd/hooks.js";
import { isGradEnabled } from "../autograd/modes.js";
import { ArgumentError, setModulePath, TorchError } from "../errors.js";
import { FORWARDS } from "../signatures.js";
import { describe, isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { warnOnce } from "../warnings.js";
import type { Module } from "./module.js";
import { INTERNALS } from "./module-fields.js";

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
  /** Forward hooks that are called even when the forward raised. */
  always: Set<number>;
}

/** Options of the forward hooks. */
export interface HookOptions {
  /** Whether the hook comes before those that are there. Default false. */
  prepend?: boolean;
  /** Refused: arguments by name are an object among the inputs here. */
  withKwargs?: false;
  /** Whether the hook is also called when the forward raised. Default false. */
  alwaysCall?: boolean;
}

let nextHook = 1;

/** Registers a hook of a module. */
export function addHook(
  module: Module,
  kind: "forwardPre" | "forward" | "backwardPre" | "backward",
  hook: ForwardHookEntry,
  options: HookOptions,
): RemovableHandle {
  if (typeof hook !== "function") throw new ArgumentError(`expected a function as hook, received ${describe(hook)}`);
  if (options.withKwargs) {
    throw new ArgumentError("withKwargs: expected a hook of the inputs, among which arguments by name are an object");
  }
  const { hooks } = module[INTERNALS];
  const id = nextHook++;
  const before = options.prepend === true ? [...hooks[kind]] : [];
  for (const [key] of before) hooks[kind].delete(key);
  hooks[kind].set(id, hook);
  for (const [key, value] of before) hooks[kind].set(key, value);
  hooks.count++;
  if (options.alwaysCall === true) hooks.always.add(id);
  return removable(() => {
    if (hooks[kind].delete(id)) hooks.count--;
    hooks.always.delete(id);
  });
}

/** Runs a function while modules have no hooks; those that it adds are removed. */
export function withoutHooks<T>(modules: readonly Module[], run: () => T): T {
  const restores = modules.map((module) => emptied(module[INTERNALS].hooks));
  try {
    return run();
  } finally {
    for (const restore of restores) restore();
  }
}

/** Empties a table of hooks. Returns what fills it again. */
function emptied(hooks: HookTable): () => void {
  const kinds = ["forwardPre", "forward", "backwardPre", "backward"] as const;
  const before = kinds.map((kind) => [...hooks[kind]]);
  const { count } = hooks;
  for (const kind of kinds) hooks[kind].clear();
  hooks.count = 0;
  return () => {
    kinds.forEach((kind, i) => {
      hooks[kind].clear();
      for (const [id, hook] of before[i] ?? []) hooks[kind].set(id, hook);
    });
    hooks.count = count;
  };
}

/** Makes `module.forward` run hooks: an own property around the class's method, which `super.forward` does not see. */
export function bindForward(module: Module): void {
  const method: unknown = Reflect.get(Object.getPrototypeOf(module), "forward");
  if (typeof method !== "function") {
    throw new ArgumentError(`${module.constructor.name}: declare forward as a method`);
  }
  const { hooks } = module[INTERNALS];
  const run = method as Forward;
  const forward = (...inputs: unknown[]): unknown => callForward(module, hooks, run, inputs);
  Object.defineProperty(module, "forward", { value: forward, enumerable: false, configurable: false });
}

type Forward = (...inputs: unknown[]) => unknown;

/** Calls a module's forward method with its hooks, and adds the module to the path of an error. */
export function callForward(module: Module, hooks: HookTable, method: Forward, inputs: unknown[]): unknown {
  try {
    if (hooks.count === 0) return method.apply(module, inputs);
    return callWithHooks(module, hooks, method, inputs);
  } catch (error) {
    const told = error instanceof TorchError ? error : explained(module, inputs, error);
    if (told instanceof TorchError) locate(told, module);
    throw told;
  }
}

/** An input of a wrong type is what a built-in module's fault comes of. */
function explained(module: Module, inputs: unknown[], error: unknown): unknown {
  const { name } = module.constructor;
  const signature = Object.hasOwn(FORWARDS, name) ? FORWARDS[name] : undefined;
  return signature === undefined ? error : blame(`${name}.forward`, [signature], { front: inputs, rest: {} }, error);
}

/** As below; when it raises, the hooks that are always called and have not been yet get their turn. */
function callWithHooks(module: Module, hooks: HookTable, method: Forward, inputs: unknown[]): unknown {
  const called = new Set<number>();
  try {
    return runWithHooks(module, hooks, method, inputs, called);
  } catch (error) {
    for (const [id, hook] of hooks.forward) {
      if (!hooks.always.has(id) || called.has(id)) continue;
      // What the forward raised is what the caller sees.
      try {
        hook(module, inputs, undefined);
      } catch {}
    }
    throw error;
  }
}

function runWithHooks(
  module: Module,
  hooks: HookTable,
  method: Forward,
  inputs: unknown[],
  called: Set<number>,
): unknown {
  let args = inputs;
  for (const hook of hooks.forwardPre.values()) {
    const changed = hook(module, args);
    if (changed !== undefined && changed !== null) args = Array.isArray(changed) ? changed : [changed];
  }
  const barrier = hooks.backward.size + hooks.backwardPre.size > 0 ? new BackwardBarrier(module, hooks) : undefined;
  if (barrier !== undefined) args = barrier.inputs(args);
  let output = method.apply(module, args);
  for (const [id, hook] of hooks.forward) {
    called.add(id);
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
      if (!this.hasInputs && this.hooks.backward.size > 0) {
        warnOnce(
          "CANDLEWICK_BACKWARD_HOOK",
          "Full backward hook is firing when gradients are computed with respect to module outputs since no inputs require gradients. See https://docs.pytorch.org/docs/main/generated/torch.nn.Module.html#torch.nn.Module.register_full_backward_hook for more details.",
        );
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
