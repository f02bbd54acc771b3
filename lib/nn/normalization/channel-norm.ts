/** What batch and instance normalisation share: statistics, weight and bias by channel. */
import { required } from "../../args.js";
import { empty, ones, tensor, zeros } from "../../creation.js";
import { pyRepr } from "../../repr.js";
import type { Tensor } from "../../tensor.js";
import { ones_, zeros_ } from "../init.js";
import type { FactoryOptions } from "../linear.js";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import type { StateDict } from "../state-dict.js";

/** Options of batch and instance normalisation. */
export interface ChannelNormOptions extends FactoryOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Weight of the new statistics; null averages all batches alike. Default 0.1. */
  momentum?: number | null;
  /** Whether to learn a weight and a bias. Default true for batch, false for instance normalisation. */
  affine?: boolean;
  /** Whether to keep running statistics for evaluation. Default as for `affine`. */
  trackRunningStats?: boolean;
  /** Whether an affine layer learns a bias. Default true. */
  bias?: boolean;
}

/** The same with the number of channels. */
export interface ChannelNormAll extends ChannelNormOptions {
  /** The number of channels. */
  numFeatures: number;
}

/** PyTorch's order. */
export const CHANNEL_NORM_NAMES = [
  "numFeatures",
  "eps",
  "momentum",
  "affine",
  "trackRunningStats",
  "device",
  "dtype",
  "bias",
] as const;

/** A normalisation with statistics, weight and bias by channel. */
export abstract class ChannelNorm extends Module {
  /** The version of the state dict: since 2 it has num_batches_tracked. */
  static readonly stateVersion = 2;
  readonly numFeatures: number;
  readonly eps: number;
  /** May be changed between batches. */
  momentum: number | null;
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

  constructor(o: Partial<ChannelNormAll>, defaults: { affine: boolean; trackRunningStats: boolean }) {
    super();
    const n = required(this.getName(), o, "numFeatures");
    const { eps = 1e-5, momentum = 0.1, bias = true, device, dtype } = o;
    const { affine = defaults.affine, trackRunningStats = defaults.trackRunningStats } = o;
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

  override extraRepr(): string {
    const parts = [
      `${this.numFeatures}, eps=${pyRepr(this.eps)}, momentum=${pyRepr(this.momentum)}, affine=${pyRepr(this.affine)}`,
      `bias=${pyRepr(this.bias !== null)}, track_running_stats=${pyRepr(this.trackRunningStats)}`,
    ];
    return parts.join(", ");
  }

  /** Version 1, of PyTorch before 0.4.1, does not count batches. */
  override upgradeState(state: StateDict, prefix: string, version: number | null): void {
    if (this.num_batches_tracked === null || (version ?? 1) >= 2) return;
    state[`${prefix}num_batches_tracked`] ??= this.num_batches_tracked;
  }
}
