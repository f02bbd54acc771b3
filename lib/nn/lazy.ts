/**
 * Lazy modules: their input sizes are those of the first input. Until then their parameters are uninitialised; the first
 * forward, or a state dict, gives them shapes, and the first forward makes the module one of the class it stands for.
 */

import { type Args, readArgs, required } from "../args.js";
import { ArgumentError } from "../errors.js";
import { isModule } from "../marks.js";
import { describe, isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { Linear, type LinearOptions } from "./linear.js";
import type { Module } from "./module.js";
import { INTERNALS, ownBuffers, ownParameters } from "./module-fields.js";
import { isUninitialized, UninitializedParameter } from "./uninitialized.js";

/** What a lazy module has of its own: how it draws its parameters. */
type Resettable = Module & { resetParameters(): void };

/** The shapes of parameters and buffers by name, once the first input is known. */
type Shapes = Record<string, readonly number[]>;

/** Whether a module has parameters or buffers of its own that wait for the first input. */
export function hasUninitializedParams(module: Module): boolean {
  if (!isModule(module)) {
    throw new ArgumentError(`hasUninitializedParams: expected a module, received ${describe(module)}`);
  }
  return [...ownParameters(module), ...ownBuffers(module)].some(([, value]) => isUninitialized(value));
}

/** The place of the hook that waits, apart from those that users register. */
const WAITING = 0;

/**
 * Makes a module wait for its first input, which is given to `shapesFor`; then its parameters take their shapes and values,
 * and the module becomes a `Class`.
 */
export function wait<M extends Resettable>(
  module: M,
  Class: { prototype: M },
  shapesFor: (module: M, x: Tensor) => Shapes,
): void {
  const { hooks } = module[INTERNALS];
  hooks.count++;
  // The module is the one that runs, which may be a copy of the one that was made.
  hooks.forwardPre.set(WAITING, (running, inputs) => {
    const [x] = Array.isArray(inputs) ? inputs : [];
    if (isTensor(x)) {
      // A state dict may have given the parameters their shapes; the sizes still come from the input.
      const shapes = shapesFor(running as M, x);
      if (hasUninitializedParams(running)) initialize(running as M, shapes);
    }
    const own = running[INTERNALS].hooks;
    if (own.forwardPre.delete(WAITING)) own.count--;
    Object.setPrototypeOf(running, Class.prototype);
  });
}

function initialize(module: Resettable, shapes: Shapes): void {
  for (const [name, value] of [...ownParameters(module), ...ownBuffers(module)]) {
    if (isUninitialized(value)) value.materialize(shapes[name] ?? []);
  }
  module.resetParameters();
}

/** A {@link Linear} whose inFeatures are the last size of the first input. */
export class LazyLinear extends Linear<boolean> {
  constructor(
    ...args:
      | [outFeatures: number, ...rest: Args<LinearOptions, ["bias", "device", "dtype"]>]
      | [options: LinearOptions & { outFeatures: number }]
  ) {
    const names = ["outFeatures", "bias", "device", "dtype"] as const;
    const o = readArgs<LinearOptions & { outFeatures: number }>("LazyLinear", names, args);
    super({ ...o, inFeatures: 0, outFeatures: 0 });
    const outFeatures = required("LazyLinear", o, "outFeatures");
    Object.assign(this, { outFeatures });
    this.weight = new UninitializedParameter(o);
    if (this.bias !== null) this.bias = new UninitializedParameter(o);
    wait<Linear<boolean>>(this, Linear, (module, x) => {
      const inFeatures = x.size(-1);
      Object.assign(module, { inFeatures });
      return { weight: [outFeatures, inFeatures], bias: [outFeatures] };
    });
  }
  /** Draws the parameters once there are any. */
  override resetParameters(): void {
    if (this.inFeatures !== 0) super.resetParameters();
  }
}
