/**
 * Hooks: JavaScript functions that backward calls. Native code knows them by number only, since a native reference to a
 * closure that captures its own tensor would never be collected. Who keeps a hook alive:
 * - a leaf's wrapper holds its hooks in a field;
 * - a non-leaf's hooks are held by every wrapper whose graph leads to them: those that exist get it at registration, each
 *   new one asks the native side while there is any;
 * - the native side holds weak references, so a hook goes with the last wrapper even when backward never runs. They are its
 *   own: a WeakRef would keep its target until the running job ends, in a synchronous loop for ever.
 */

import { ArgumentError } from "../errors.js";
import { pressure } from "../memory.js";
import { type HookDispatch, native, type TensorHandle } from "../native.js";
import { birth, describe, handleOf, holdOnto, letGo, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { inModesOfPass } from "./modes.js";

/** What backward calls: gradients in, replacements or nothing out. */
type Entry = {
  readonly id: number;
  readonly run: (grads: (Tensor | null)[]) => readonly (Tensor | null)[] | undefined;
};

/** Hooks of non-leaves and barriers that the native side has not let go of. */
const graphHooks = new Set<number>();
let nextId = 1;

/** Removes a hook. */
export interface RemovableHandle extends Disposable {
  /** Removes the hook; a second call does nothing. */
  remove(): void;
}

/** A handle around a function that undoes. */
export function removable(undo: () => void): RemovableHandle {
  let done = false;
  const remove = (): void => {
    if (!done) undo();
    done = true;
  };
  return { remove, [Symbol.dispose]: remove };
}

function makeEntry(run: Entry["run"]): Entry {
  const entry = { id: nextId++, run };
  native.watchHook(entry, entry.id);
  return entry;
}

function findEntry(id: number): Entry | null {
  return native.findHook(id) as Entry | null;
}

function startWatching(id: number): void {
  drain();
  if (graphHooks.size === 0) {
    pressure.watch++;
    birth.attachHooks = attach;
  }
  graphHooks.add(id);
}

function stopWatching(id: number): void {
  if (!graphHooks.delete(id) || graphHooks.size > 0) return;
  pressure.watch--;
  birth.attachHooks = undefined;
}

/** Forgets the hooks of nodes that have run or were freed, and those that are gone. */
function forget(): void {
  for (const id of native.drainHooks()) stopWatching(id);
}

/** The same, where there is something to forget. */
export function drain(): void {
  if (graphHooks.size > 0) forget();
}

pressure.afterCollection = forget;

/** Gives a new wrapper the hooks of the graph behind it. */
function attach(x: TensorBase): void {
  const ids = native.hooksBehind(handleOf(x));
  for (const id of ids) {
    const entry = findEntry(id);
    if (entry !== null) holdOnto(x, entry);
  }
}

/** Calls one hook during backward. */
export const dispatch: HookDispatch = (id, grads) =>
  inModesOfPass(() => {
    const entry = findEntry(id);
    if (entry === null) return null;
    const replaced = entry.run(grads.map((grad) => (grad === null ? null : wrap(grad))));
    if (replaced === undefined) return null;
    return replaced.map((grad): TensorHandle | null => (grad === null ? null : handleOf(grad)));
  });

/** Registers `hook` to see, and perhaps replace, the gradient of `x`. */
export function registerTensorHook(
  x: TensorBase,
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook without a return statement returns void
  hook: (grad: Tensor) => Tensor | null | undefined | void,
): RemovableHandle {
  if (typeof hook !== "function")
    throw new ArgumentError(`registerHook: expected a function, received ${describe(hook)}`);
  const entry = makeEntry(([grad]) => {
    if (grad === null || grad === undefined) return undefined;
    const replaced = hook(grad);
    return replaced === null || replaced === undefined ? undefined : [replaced];
  });
  const handle = handleOf(x);
  native.registerHook(handle, entry.id);
  holdOnto(x, entry);
  if (!native.isLeaf(handle)) startWatching(entry.id);
  return removable(() => {
    native.removeHook(handleOf(x), entry.id);
    letGo(x, entry);
    stopWatching(entry.id);
  });
}

/**
 * Passes tensors through one node of the graph whose backward calls `run` with the gradients of all of them. Gives the
 * tensors themselves when none needs a gradient.
 */
export function hookBarrier(xs: readonly TensorBase[], run: Entry["run"]): Tensor[] {
  const entry = makeEntry(run);
  const outputs = native.hookBarrier(xs.map(handleOf), entry.id);
  startWatching(entry.id);
  const wrapped = outputs.map(wrap);
  for (const x of wrapped) holdOnto(x, entry);
  return wrapped;
}

/** What the forward function of an operation of JavaScript's left. */
export interface CustomNode {
  name: string;
  inputs: readonly TensorBase[];
  outputs: readonly TensorBase[];
  differentiable: boolean[];
  dirty: boolean[];
  saved: readonly TensorBase[];
  materialize: boolean;
}

/**
 * Records an operation whose gradient `run` computes from the outputs' gradients and, behind them, the saved tensors: one
 * gradient for each input. Gives the recorded outputs.
 */
export function customNode(node: CustomNode, run: Entry["run"]): Tensor[] {
  const entry = makeEntry(run);
  const { inputs, outputs, saved, ...options } = node;
  const [from, to, kept] = [inputs, outputs, saved].map((xs) => xs.map(handleOf)) as [Handles, Handles, Handles];
  const recorded = native.customFunction(from, to, kept, entry.id, options);
  startWatching(entry.id);
  const wrapped = recorded.map(wrap);
  for (const x of wrapped) holdOnto(x, entry);
  return wrapped;
}

type Handles = TensorHandle[];

/**
 * Runs a function whose nodes keep no tensors: backward asks `again` for each by its number. Gives the function's result;
 * `tensorsIn` finds the tensors in it.
 */
export function packed<T>(again: (index: number) => Tensor, body: () => T, tensorsIn: (result: T) => Tensor[]): T {
  const entry = makeEntry(([index]) => [again(index?.item() ?? -1)]);
  startWatching(entry.id);
  native.beginPacking(entry.id);
  let result: T;
  try {
    result = body();
  } finally {
    native.endPacking();
  }
  for (const x of tensorsIn(result)) holdOnto(x, entry);
  return result;
}

/** Runs a function and gives the tensors that its nodes keep. */
export function collected(body: () => void): Tensor[] {
  native.beginCollecting();
  let kept: TensorHandle[] = [];
  try {
    body();
  } finally {
    kept = native.endPacking();
  }
  return kept.map(wrap);
}

/** Called at the end of every backward pass. */
export const passEnd: { listeners: (() => void)[] } = { listeners: [] };

/** Runs a backward pass; its roots' wrappers, which keep hooks alive, live until it ends. */
export function runPass<T>(roots: readonly TensorBase[], pass: (handles: Handles) => T): T {
  running.push(roots);
  try {
    return pass(roots.map(handleOf));
  } finally {
    running.pop();
    for (const listener of passEnd.listeners) listener();
    drain();
  }
}

const running: (readonly TensorBase[])[] = [];
