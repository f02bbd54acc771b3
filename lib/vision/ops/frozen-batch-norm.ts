/** Batch norm that never changes. */
import { type RequiredArgs, readArgs, required } from "../../args.js";
import { ones, zeros } from "../../creation.js";
import { Module, type StateDict } from "../../nn/index.js";
import { pyRepr } from "../../repr.js";
import type { Tensor } from "../../tensor.js";

/** Options of {@link FrozenBatchNorm2d}. */
export interface FrozenBatchNormOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
}

interface FrozenBatchNormAll extends FrozenBatchNormOptions {
  numFeatures: number;
}

/** y = (x - mean) / sqrt(var + eps) * weight + bias by channel, all four of them buffers: x [N, C, H, W] -> the same. */
export class FrozenBatchNorm2d extends Module {
  readonly numFeatures: number;
  readonly eps: number;
  declare readonly weight: Tensor;
  declare readonly bias: Tensor;
  declare readonly running_mean: Tensor;
  declare readonly running_var: Tensor;

  constructor(...args: RequiredArgs<FrozenBatchNormAll, ["numFeatures"], ["eps"]>) {
    super();
    const o = readArgs<FrozenBatchNormAll>("FrozenBatchNorm2d", ["numFeatures", "eps"], args);
    const numFeatures = required("FrozenBatchNorm2d", o, "numFeatures");
    this.numFeatures = numFeatures;
    this.eps = o.eps ?? 1e-5;
    this.registerBuffer("weight", ones([numFeatures]));
    this.registerBuffer("bias", zeros([numFeatures]));
    this.registerBuffer("running_mean", zeros([numFeatures]));
    this.registerBuffer("running_var", ones([numFeatures]));
  }

  forward(x: Tensor): Tensor {
    const along = (v: Tensor) => v.reshape(1, -1, 1, 1);
    const scale = along(this.weight).mul(along(this.running_var).add(this.eps).rsqrt());
    return x.mul(scale).add(along(this.bias).sub(along(this.running_mean).mul(scale)));
  }

  /** States of trainable batch norms count batches; this one does not. */
  override upgradeState(state: StateDict, prefix: string): void {
    delete state[`${prefix}num_batches_tracked`];
  }

  override toString(): string {
    return `FrozenBatchNorm2d(${this.numFeatures}, eps=${pyRepr(this.eps)})`;
  }
}
