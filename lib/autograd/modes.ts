/**
 * Gradient modes. A synchronous flag would be wrong for asynchronous bodies (two overlapping requests that save and
 * restore it leave gradients off for ever), so a scope lives in AsyncLocalStorage: while any is alive, the call gate sets
 * the native flag from the scope that the caller is in.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { checkBoolean, checkFunction } from "../argument-types.js";
import { gradScopes, native, readModes, setModes } from "../native.js";

interface Modes {
  grad: boolean;
  inference: boolean;
}

/** The modes outside every scope. */
const base: Modes = { grad: true, inference: false };
const storage = new AsyncLocalStorage<Modes>();
/** What the native flags are. */
const applied: Modes = { grad: true, inference: false };

function current(): Modes {
  return gradScopes.alive === 0 ? base : (storage.getStore() ?? base);
}

function apply(modes: Modes): void {
  if (modes.grad !== applied.grad) {
    applied.grad = modes.grad;
    setModes.grad(modes.grad);
  }
  if (modes.inference !== applied.inference) {
    applied.inference = modes.inference;
    setModes.inference(modes.inference);
  }
}

gradScopes.sync = () => {
  apply(storage.getStore() ?? base);
  gradScopes.trace?.();
};

function leave(): void {
  gradScopes.alive--;
  if (gradScopes.alive === 0) apply(base);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** Runs a body, synchronous or asynchronous, under changed modes. */
function within<T>(change: Partial<Modes>, body: () => T): T {
  const modes = { ...current(), ...change };
  gradScopes.alive++;
  let pending = false;
  try {
    const result = storage.run(modes, body);
    if (!isThenable(result)) return result;
    pending = true;
    // A promise of the same value, settled once the scope has been left.
    return Promise.resolve(result).finally(leave) as T;
  } finally {
    if (!pending) leave();
  }
}

/** Changes modes until the end of a synchronous block. */
function until(change: Partial<Modes>): Disposable {
  const modes = current();
  const before = { ...modes };
  Object.assign(modes, change);
  if (gradScopes.alive === 0) apply(base);
  return {
    [Symbol.dispose]() {
      Object.assign(modes, before);
      if (gradScopes.alive === 0) apply(base);
    },
  };
}

/**
 * Without recording: `noGrad(() => ...)` for a synchronous or asynchronous body, `using _ = noGrad()` in a synchronous
 * block.
 */
export function noGrad(): Disposable;
export function noGrad<T>(body: () => T): T;
export function noGrad<T>(body?: () => T): T | Disposable {
  if (body !== undefined) checkFunction("noGrad", "body", body);
  return body === undefined ? until({ grad: false }) : within({ grad: false }, body);
}

/** With recording, inside a {@link noGrad}. */
export function enableGrad(): Disposable;
export function enableGrad<T>(body: () => T): T;
export function enableGrad<T>(body?: () => T): T | Disposable {
  if (body !== undefined) checkFunction("enableGrad", "body", body);
  return body === undefined ? until({ grad: true }) : within({ grad: true }, body);
}

/** As {@link noGrad}, and the tensors made inside can never be recorded. */
export function inferenceMode(): Disposable;
export function inferenceMode<T>(body: () => T): T;
export function inferenceMode<T>(body?: () => T): T | Disposable {
  if (body !== undefined) checkFunction("inferenceMode", "body", body);
  const change = { grad: false, inference: true };
  return body === undefined ? until(change) : within(change, body);
}

/** Switches recording on or off from here on; also `using _ = setGradEnabled(false)` and with a body. */
export function setGradEnabled(on: boolean): Disposable;
export function setGradEnabled<T>(on: boolean, body: () => T): T;
export function setGradEnabled<T>(on: boolean, body?: () => T): T | Disposable {
  checkBoolean("setGradEnabled", "mode", on);
  if (body !== undefined) checkFunction("setGradEnabled", "body", body);
  return body === undefined ? until({ grad: on }) : within({ grad: on }, body);
}

/** Whether operations are recorded here. */
export function isGradEnabled(): boolean {
  return native.isGradEnabled();
}

/** Whether this is inside {@link inferenceMode}. */
export function isInferenceModeEnabled(): boolean {
  return native.isInferenceMode();
}

/** Runs a synchronous body of our own without recording, past AsyncLocalStorage. */
export function withoutGrad<T>(body: () => T): T {
  using _ = until({ grad: false });
  return body();
}

/**
 * Runs a function that backward calls. The pass has set the native flags to what it wants: they become the modes here, and
 * whatever scopes the function opens and closes, the pass finds them again.
 */
export function inModesOfPass<T>(body: () => T): T {
  const [grad, inference] = [readModes.grad(), readModes.inference()];
  try {
    using _ = until({ grad, inference });
    return body();
  } finally {
    setModes.grad(grad);
    setModes.inference(inference);
  }
}
