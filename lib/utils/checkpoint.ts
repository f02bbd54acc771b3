/** Checkpoints: memory for time. What a part of a model keeps for backward is computed again when backward needs it. */

import { isOptions } from "../args.js";
import { listOf } from "../argument-types.js";
import { collected, packed, passEnd } from "../autograd/hooks.js";
import { enableGrad, isGradEnabled } from "../autograd/modes.js";
import { ArgumentError, AutogradError } from "../errors.js";
import { isModule } from "../marks.js";
import { getRngState, setRngState } from "../random.js";
import { describe, isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

/** Options of {@link checkpoint}. */
export interface CheckpointOptions {
  /** Accepted for PyTorch's sake: both of its implementations are this one, which has the limits of neither. */
  useReentrant?: boolean | null;
  /** Whether the second run draws the same random numbers. Default true. */
  preserveRngState?: boolean;
}

const NAMES: readonly string[] = ["useReentrant", "preserveRngState"];

/** A function, or a module. */
type Callable<A extends unknown[], T> = ((...args: A) => T) | { forward(...args: A): T };

/** All tensors in a result: of arrays, Maps and plain objects. */
function tensorsIn(value: unknown): Tensor[] {
  if (isTensor(value)) return [value];
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  if (value instanceof Map) return [...value.values()].flatMap(tensorsIn);
  return isOptions(value) ? Object.values(value).flatMap(tensorsIn) : [];
}

/** A part of a model and, while backward is in it, what its nodes keep. */
class Region {
  /** The one that backward is in; the lists of others are freed. */
  static current: Region | undefined;
  readonly #run: () => unknown;
  readonly #state: Tensor | null;
  #kept: Tensor[] | undefined = undefined;

  constructor(run: () => unknown, state: Tensor | null) {
    this.#run = run;
    this.#state = state;
  }

  /** The tensor that was saved as number `index`. */
  get(index: number): Tensor {
    if (Region.current !== this) Region.leave();
    this.#kept ??= this.#again();
    Region.current = this;
    const found = this.#kept[index];
    if (found !== undefined) return found;
    throw new AutogradError(
      `torch.utils.checkpoint: A different number of tensors was saved during the original forward and recomputation.\nNumber of tensors saved during recomputation: ${this.#kept.length}.`,
      { op: "checkpoint" },
    );
  }

  #again(): Tensor[] {
    const now = this.#state === null ? null : getRngState();
    if (this.#state !== null) setRngState(this.#state);
    try {
      using _ = enableGrad();
      return collected(this.#run);
    } finally {
      if (now !== null) setRngState(now);
    }
  }

  static leave(): void {
    if (Region.current !== undefined) Region.current.#kept = undefined;
    Region.current = undefined;
  }
}

passEnd.listeners.push(() => Region.leave());

/**
 * `fn(...args)`, whose intermediate tensors are not kept for backward but computed again by a second run of `fn` when backward
 * comes to it. `fn` is a synchronous function or a module. A last argument with nothing but {@link CheckpointOptions} is taken
 * as such. [Chen et al. 2016]
 *
 * ```ts
 * const y = torch.utils.checkpoint.checkpoint(block, x);
 * ```
 */
export function checkpoint<A extends unknown[], T>(
  fn: Callable<A, T>,
  ...rest: [...args: A] | [...args: A, options: CheckpointOptions]
): T {
  checkCallable("checkpoint", fn);
  const last = rest.at(-1);
  const named =
    isOptions(last) && Object.keys(last).length > 0 && Object.keys(last).every((key) => NAMES.includes(key));
  const { preserveRngState = true } = (named ? last : {}) as CheckpointOptions;
  const args = (named ? rest.slice(0, -1) : rest) as A;
  const run = (): T => (typeof fn === "function" ? fn(...args) : fn.forward(...args));
  if (!isGradEnabled()) return run();
  const region = new Region(run, preserveRngState ? getRngState() : null);
  return packed((index) => region.get(index), run, tensorsIn);
}

/** Errors: a value that is neither a function nor a module. */
function checkCallable(op: string, fn: unknown): void {
  if (typeof fn === "function" || isModule(fn)) return;
  throw new ArgumentError(`${op}: expected a function or a module, received ${describe(fn)}`, { op });
}

/** Options of {@link checkpointSequential}. */
export type SequentialOptions = CheckpointOptions;

/**
 * Runs modules one after another in `segments` parts, each but the last a {@link checkpoint}. Errors: more segments than
 * modules, or none.
 */
export function checkpointSequential(
  functions: Iterable<Callable<[Tensor], Tensor>>,
  segments: number,
  input: Tensor,
  options: SequentialOptions = {},
): Tensor {
  const list = listOf("checkpointSequential", "functions", functions);
  for (const fn of list) checkCallable("checkpointSequential", fn);
  const each = Math.floor(list.length / segments);
  if (!(each >= 1)) {
    throw new ArgumentError(`checkpointSequential: expected 1 to ${list.length} segments, received ${segments}`, {
      op: "checkpointSequential",
    });
  }
  const through = (part: typeof list) => (x: Tensor) =>
    part.reduce((y, fn) => (typeof fn === "function" ? fn(y) : fn.forward(y)), x);
  let x = input;
  for (let i = 0; i < segments - 1; i++) {
    x = checkpoint(through(list.slice(i * each, (i + 1) * each)), x, { preserveRngState: true, ...options });
  }
  return through(list.slice((segments - 1) * each))(x);
}
