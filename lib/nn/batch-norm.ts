/** Batch normalisation: y = (x - mean) / sqrt(var + eps) * weight + bias, per channel.   [Ioffe & Szegedy 2015] */
import { type Args, readArgs, required } from "../args.js";
import { empty, ones, tensor, zeros } from "../creation.js";
import { ShapeError } from "../errors.js";
import { native } from "../native.js";
import { pyRepr } from "../repr.js";
import { handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { ones_, zeros_ } from "./init.js";
import type { FactoryOptions } from "./linear.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";
import type { StateDict } from "./state-dict.js";

/** Options of {@link batchNorm}. */
export interface BatchNormFunctionOptions {
  /** The scale of each channel. Default: none. */
  weight?: TensorBase | null;
  /** The shift of each channel. Default: none. */
  bias?: TensorBase | null;
  /** Whether to use the batch's statistics, and to update the running ones. Default false. */
  training?: boolean;
  /** The weight of the new statistics. Default 0.1. */
  momentum?: number;
  /** Added to the variance. Default 1e-5. */
  eps?: number;
}

/**
 * Normalises x [N, C, ...] per channel, by the batch's statistics in training (which then update the running ones in
 * place), else by the running ones. Errors: one value per channel in training.
 */
export function batchNorm(
  x: TensorBase,
  runningMean: TensorBase | null,
  runningVar: TensorBase | null,
  ...rest: Args<BatchNormFunctionOptions, ["weight", "bias", "training", "momentum", "eps"]>
): Tensor {
  const names = ["weight", "bias", "training", "momentum", "eps"] as const;
  const o = readArgs<BatchNormFunctionOptions>("batchNorm", names, rest);
  const { weight = null, bias = null, training = false, momentum = 0.1, eps = 1e-5 } = o;
  return normalise(x, runningMean, runningVar, weight, bias, training, momentum, eps);
}

function normalise(
  x: TensorBase,
  mean: TensorBase | null,
  variance: TensorBase | null,
  weight: TensorBase | null,
  bias: TensorBase | null,
  training: boolean,
  momentum: number,
  eps: number,
): Tensor {
  if (training && x.numel() === x.size(1)) {
    throw new ShapeError(
      `Expected more than 1 value per channel when training, got input size torch.Size([${x.shape.join(", ")}])`,
      { op: "batchNorm" },
    );
  }
  const optional = (value: TensorBase | null) => (value === null ? null : handleOf(value));
  const statistics = [optional(mean), optional(variance), optional(weight), optional(bias)] as const;
  return wrap(native.batchNorm(handleOf(x), ...statistics, training, momentum, eps));
}

/** Options of {@link BatchNorm1d} and {@link BatchNorm2d}. */
export interface BatchNormOptions extends FactoryOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Weight of the new statistics; null averages all batches alike. Default 0.1. */
  momentum?: number | null;
  /** Whether to learn a weight and a bias. Default true. */
  affine?: boolean;
  /** Whether to keep running statistics for evaluation. Default true. */
  trackRunningStats?: boolean;
  /** Whether an affine layer learns a bias. Default true. */
  bias?: boolean;
}

interface BatchNormAll extends BatchNormOptions {
  numFeatures: number;
}

const NAMES = ["numFeatures", "eps", "momentum", "affine", "trackRunningStats", "device", "dtype", "bias"] as const;

type BatchNormArgs =
  | [
      numFeatures: number,
      ...rest: Args<BatchNormOptions, ["eps", "momentum", "affine", "trackRunningStats", "device", "dtype", "bias"]>,
    ]
  | [options: BatchNormAll];

/** What the batch normalisations share. */
export abstract class BatchNorm extends Module {
  readonly numFeatures: number;
  readonly eps: number;
  readonly momentum: number | null;
  readonly affine: boolean;
  readonly trackRunningStats: boolean;
  weight: Parameter | null;
  bias: Parameter | null;
  /** The running mean, [C]: a buffer. */
  declare running_mean: Tensor | null;
  /** The running variance, [C]: a buffer. */
  declare running_var: Tensor | null;
  /** How many batches the running statistics have seen: a buffer. */
  declare num_batches_tracked: Tensor | null;

  constructor(...args: BatchNormArgs) {
    super();
    const op = this.getName();
    const o = readArgs<BatchNormAll>(op, NAMES, args);
    const n = required(op, o, "numFeatures");
    const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true, bias = true, device, dtype } = o;
    this.numFeatures = n;
    this.eps = eps;
    this.momentum = momentum;
    this.affine = affine;
    this.trackRunningStats = trackRunningStats;
    this.weight = affine ? new Parameter(empty([n], { device, dtype })) : null;
    this.bias = affine && bias ? new Parameter(empty([n], { device, dtype })) : null;
    this.registerBuffer("running_mean", trackRunningStats ? zeros([n], { device, dtype }) : null);
    this.registerBuffer("running_var", trackRunningStats ? ones([n], { device, dtype }) : null);
    this.registerBuffer("num_batches_tracked", trackRunningStats ? tensor(0n, { device }) : null);
    this.resetParameters();
  }

  /** Forgets the running statistics. */
  resetRunningStats(): void {
    this.running_mean?.zero_();
    this.running_var?.fill_(1);
    this.num_batches_tracked?.zero_();
  }

  /** Back to weight 1, bias 0 and no statistics. */
  resetParameters(): void {
    this.resetRunningStats();
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  /** Refuses inputs with a wrong number of dimensions. */
  protected abstract checkInput(x: Tensor): void;

  forward(x: Tensor): Tensor {
    this.checkInput(x);
    const { training, running_mean, running_var, weight, bias } = this;
    let factor = this.momentum ?? 0;
    if (training && this.trackRunningStats && this.num_batches_tracked !== null) {
      this.num_batches_tracked.add_(1);
      if (this.momentum === null) factor = 1 / this.num_batches_tracked.item();
    }
    const useBatch = training || (running_mean === null && running_var === null);
    const track = !training || this.trackRunningStats;
    return normalise(
      x,
      track ? running_mean : null,
      track ? running_var : null,
      weight,
      bias,
      useBatch,
      factor,
      this.eps,
    );
  }

  override extraRepr(): string {
    const parts = [
      `${this.numFeatures}, eps=${pyRepr(this.eps)}, momentum=${pyRepr(this.momentum)}, affine=${pyRepr(this.affine)}`,
      `bias=${pyRepr(this.bias !== null)}, track_running_stats=${pyRepr(this.trackRunningStats)}`,
    ];
    return parts.join(", ");
  }

  /** Checkpoints older than PyTorch 0.4.1 do not count batches. */
  override upgradeState(state: StateDict, prefix: string): void {
    if (this.num_batches_tracked !== null) state[`${prefix}num_batches_tracked`] ??= this.num_batches_tracked;
  }
}

/** Batch normalisation of [N, C] or [N, C, L]; as {@link BatchNorm2d}. */
export class BatchNorm1d extends BatchNorm {
  protected override checkInput(x: Tensor): void {
    if (x.ndim !== 2 && x.ndim !== 3) throw new ShapeError(`expected 2D or 3D input (got ${x.ndim}D input)`);
  }
}

/**
 * y = (x - E[x]) / sqrt(Var[x] + eps) * weight + bias, per channel. Input and output [N, C, H, W].
 * In training by the batch's own statistics (biased variance), which also move the running ones (unbiased) by
 * `momentum`; in evaluation by the running ones. Learns `weight` and `bias`, starting at 1 and 0.
 */
export class BatchNorm2d extends BatchNorm {
  protected override checkInput(x: Tensor): void {
    if (x.ndim !== 4) throw new ShapeError(`expected 4D input (got ${x.ndim}D input)`);
  }
}
