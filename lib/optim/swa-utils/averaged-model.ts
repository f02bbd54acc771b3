/** Averages of a model's parameters.   [Izmailov et al. 2018; Polyak & Juditsky 1992] */

import { type Args, type From, leading, readArgs } from "../../args.js";
import { tensor } from "../../creation.js";
import { deepcopy } from "../../deepcopy.js";
import type { DeviceLike } from "../../device.js";
import { ArgumentError } from "../../errors.js";
import { isModule } from "../../marks.js";
import { Module } from "../../nn/module.js";
import { describe } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { type AvgFn, getSwaMultiAvgFn, type MultiAvgFn } from "./averages.js";

/** Options of {@link AveragedModel}. */
export interface AveragedModelOptions {
  /** Where the average lives. Default: where the model does. */
  device?: DeviceLike | null;
  /** How one tensor is averaged. Default: the mean of all values. */
  avgFn?: AvgFn | null;
  /** How all tensors are averaged, instead of `avgFn`. */
  multiAvgFn?: MultiAvgFn | null;
  /** Whether buffers are averaged too; else they are copied. Default false. */
  useBuffers?: boolean;
}

const NAMES = ["device", "avgFn", "multiAvgFn", "useBuffers"] as const;

/**
 * A copy of a model whose parameters are averages of the model's: `updateParameters(model)` after each step or epoch, then
 * {@link updateBn} once, and evaluate this. State: the copy's under `module`, and the buffer `n_averaged`.
 */
export class AveragedModel<M extends Module> extends Module {
  /** The copy. */
  module: M;
  /** How many times parameters were added: a buffer. */
  declare n_averaged: Tensor;
  readonly avgFn: AvgFn | null;
  readonly multiAvgFn: MultiAvgFn | null;
  readonly useBuffers: boolean;

  constructor(...args: From<"model", M, Args<AveragedModelOptions, typeof NAMES>, AveragedModelOptions>) {
    super();
    const [model, rest] = leading("model", args);
    if (!isModule(model)) throw new ArgumentError(`AveragedModel: expected a module, received ${describe(model)}`);
    const o = readArgs<AveragedModelOptions>("AveragedModel", NAMES, rest);
    const { device = null, avgFn = null, multiAvgFn = null } = o;
    if (avgFn !== null && multiAvgFn !== null) {
      throw new ArgumentError("Only one of avg_fn and multi_avg_fn should be provided");
    }
    this.module = deepcopy(model);
    if (device !== null) this.module.to({ device });
    this.registerBuffer("n_averaged", tensor(0n, { device }));
    this.avgFn = avgFn;
    this.multiAvgFn = multiAvgFn;
    this.useBuffers = o.useBuffers ?? false;
  }

  forward(...inputs: Parameters<M["forward"]>): ReturnType<M["forward"]> {
    return this.module.forward(...inputs) as ReturnType<M["forward"]>;
  }

  /** Takes the model's present parameters into the average. */
  updateParameters(model: M): void {
    const listed = (m: Module) => (this.useBuffers ? [...m.parameters(), ...m.buffers()] : m.parameters());
    const averaged = listed(this.module).map((x) => x.detach());
    const current = listed(model).map((x, i) => x.detach().to({ device: averaged[i]?.device ?? x.device }));
    const count = this.n_averaged.item();
    if (count === 0) copyAll(averaged, current);
    else if (this.avgFn === null) (this.multiAvgFn ?? getSwaMultiAvgFn())(averaged, current, count);
    else {
      const average = this.avgFn;
      copyAll(
        averaged,
        averaged.map((x, i) => average(x, current[i] ?? x, count)),
      );
    }
    if (!this.useBuffers) copyAll(this.module.buffers(), model.buffers());
    this.n_averaged.add_(1);
  }
}

function copyAll(to: readonly Tensor[], from: readonly Tensor[]): void {
  to.forEach((x, i) => {
    const value = from[i];
    if (value !== undefined) x.detach().copy_(value.detach());
  });
}
