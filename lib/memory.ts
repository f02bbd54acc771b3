/**
 * When tensors' memory comes back.
 *
 * A tensor is a small JavaScript object over a large native buffer, and V8 sees only the small object. So native code
 * counts the bytes it makes, and every new tensor compares the count with a budget; past it a minor collection runs,
 * whose finalizers free the buffers of dead tensors at once. What minor collections leave standing is reported to V8, and
 * a full collection runs when they do not help. Nobody has to call anything; `using`, `dispose()` and `scope()` exist for
 * who wants memory back sooner.
 */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { checkFunction } from "./argument-types.js";
import { ArgumentError } from "./errors.js";
import { native } from "./native.js";

const MB = 1024 * 1024;

/** [0] bytes born since the last reset, [1] live bytes of this isolate: written by native code. */
export const counters = new Float64Array(2);
native.shareCounters(counters);

/** How many bytes the machine, or the container, allows. */
const limit = native.memoryLimit();
// With 256 MB a CNN's training stood at 530 MB of resident memory, with 192 MB at 440; the step took as long.
const FIRST_BUDGET = Math.min(192 * MB, limit / 8);
const LARGEST_BUDGET = Math.max(FIRST_BUDGET, limit / 8);

/**
 * `budget`: bytes that may be born between collections. `watch`: how many scopes and hooks want to see each new tensor.
 * `afterCollection` lets the hooks forget those that are gone.
 */
export const pressure = { budget: FIRST_BUDGET, watch: 0, afterCollection: (): void => {} };

type Collect = (options?: { type: "minor" }) => void;

/** The collector: `gc` of V8, obtained once without leaving the flag on; `Bun.gc` in Bun; else none. */
function findCollector(): Collect | undefined {
  const bun: unknown = Reflect.get(globalThis, "Bun");
  if (typeof bun === "object" && bun !== null && "gc" in bun && typeof bun.gc === "function") {
    const bunCollect = bun.gc;
    return () => bunCollect(true);
  }
  const given: unknown = Reflect.get(globalThis, "gc");
  if (typeof given === "function") return (options) => given(options);
  try {
    setFlagsFromString("--expose-gc");
    const made: unknown = runInNewContext("typeof gc === 'function' ? gc : undefined");
    setFlagsFromString("--no-expose-gc");
    return typeof made === "function" ? (options) => made(options) : undefined;
  } catch {
    return undefined;
  }
}
const collect = findCollector();

/** Live bytes after the last full collection: what is known to be in use. */
let floor = 0;
/** Live bytes that V8 has been told of. */
let reported = 0;

/** Called by the constructor of Tensor once the budget is spent. */
export function relieve(): void {
  counters[0] = 0;
  if (collect === undefined) {
    report(0);
    return;
  }
  collect({ type: "minor" });
  pressure.afterCollection();
  if (live() - floor > pressure.budget) {
    // Minor collections have stopped helping: dead tensors were promoted with their wrappers.
    collect();
    floor = live();
    pressure.budget = Math.min(Math.max(FIRST_BUDGET, 2 * floor), LARGEST_BUDGET);
  }
  report(64 * MB);
}

function live(): number {
  return counters[1] ?? 0;
}

/** Tells V8 of the bytes that stand, when they differ by more than `step` from what it knows. */
function report(step: number): void {
  const change = live() - reported;
  if (Math.abs(change) <= step) return;
  reported += change;
  native.adjustExternalMemory(change);
}

/** Bytes and tensors in use, as {@link memoryStats} gives them. */
export interface MemoryStats {
  /** Bytes that living tensors hold, in the whole process. */
  allocatedBytes: number;
  /** The largest `allocatedBytes` so far, or since {@link resetPeakMemoryStats}. */
  peakBytes: number;
  /** Living tensor handles of this isolate. */
  liveTensors: number;
  /** Bytes that the allocator keeps for reuse. */
  cachedBytes: number;
  /** Tensors that the graphs of the process keep for backward; one that several operations keep counts for each. */
  savedTensors: number;
  /** Their bytes. */
  savedBytes: number;
}

/** What tensors use right now. */
export function memoryStats(): MemoryStats {
  return native.memoryStats();
}

/** Starts the measurement of `peakBytes` anew. */
export function resetPeakMemoryStats(): void {
  native.resetPeakMemory();
}

/** Gives the allocator's unused buffers back to the operating system. */
export function emptyCache(): void {
  native.emptyCache();
}

// ---- scopes

/** What a scope disposes: a tensor, seen from below. */
interface Tracked {
  dispose(): void;
}

const scopes: Set<Tracked>[] = [];

/** Called by the constructor of Tensor while a scope is open. */
export function enterScope(x: Tracked): void {
  scopes.at(-1)?.add(x);
}

/** Takes a tensor out of every open scope: parameters, buffers, gradients and optimizer state outlive them. */
export function keep<T extends Tracked>(x: T): T {
  for (const scope of scopes) scope.delete(x);
  return x;
}

/**
 * Runs `fn` and disposes at once every tensor that was made inside, except those it returns (also inside arrays and plain
 * objects), parameters, buffers, gradients and optimizer state. The body must be synchronous.
 *
 * ```ts
 * const loss = scope(() => { const out = model.forward(x); return criterion.forward(out, y).item(); });
 * ```
 */
export function scope<T>(fn: () => T): T {
  checkFunction("scope", "fn", fn);
  const made = new Set<Tracked>();
  scopes.push(made);
  pressure.watch++;
  let result: T;
  try {
    result = fn();
    if (result instanceof Promise) {
      throw new ArgumentError("scope: expected a synchronous function, received one that returns a promise");
    }
    release(result, made, scopes.at(-2));
  } finally {
    scopes.pop();
    pressure.watch--;
    for (const x of made) x.dispose();
  }
  return result;
}

/** Moves the tensors inside a returned value from the closing scope to the one around it. */
function release(value: unknown, made: Set<Tracked>, outer: Set<Tracked> | undefined): void {
  if (typeof value !== "object" || value === null) return;
  // `has` and `delete` compare identities: a value of any type may be asked for.
  const disposables: Set<object> = made;
  if (disposables.has(value)) {
    disposables.delete(value);
    outer?.add(value as Tracked);
    return;
  }
  if (Array.isArray(value)) for (const item of value) release(item, made, outer);
  else if (value instanceof Map) for (const item of value.values()) release(item, made, outer);
  else if (isPlain(value)) for (const item of Object.values(value)) release(item, made, outer);
}

function isPlain(value: object): boolean {
  const proto: unknown = Object.getPrototypeOf(value);
  return proto === Object.prototype || proto === null;
}
