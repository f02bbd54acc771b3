/**
 * Which intermediates a container may dispose: outputs of exact built-in leaf layers without hooks, read by another such
 * layer and by no one else. What backward needs, the tape keeps; disposing only drops JavaScript's reference.
 */
import { CELU, ELU, SELU } from "./activation/elu.js";
import { Hardshrink, Hardsigmoid, Hardswish, Hardtanh, ReLU6, Softshrink } from "./activation/hard.js";
import { LeakyReLU, PReLU, ReLU, RReLU, Threshold } from "./activation/rectifier.js";
import {
  GELU,
  GLU,
  LogSigmoid,
  Mish,
  Sigmoid,
  SiLU,
  Softplus,
  Softsign,
  Tanh,
  Tanhshrink,
} from "./activation/smooth.js";
import { LogSoftmax, Softmax, Softmax2d, Softmin } from "./activation/softmax.js";
import { Conv1d, Conv2d, Conv3d } from "./conv.js";
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from "./conv-transpose.js";
import { AlphaDropout, Dropout, Dropout1d, Dropout2d, Dropout3d, FeatureAlphaDropout } from "./dropout.js";
import { Embedding } from "./embedding.js";
import { Flatten } from "./flatten.js";
import { Linear } from "./linear.js";
import type { Module } from "./module.js";
import { INTERNALS } from "./module-fields.js";
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from "./normalization/batch-norm.js";
import { GroupNorm } from "./normalization/group-norm.js";
import { LayerNorm, RMSNorm } from "./normalization/layer-norm.js";
import { ReflectionPad2d, ReplicationPad2d, ZeroPad2d } from "./padding.js";
import { AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d } from "./pooling/adaptive.js";
import { AvgPool1d, AvgPool2d, AvgPool3d } from "./pooling/average.js";
import { MaxPool1d, MaxPool2d, MaxPool3d } from "./pooling/max.js";
import { PixelShuffle } from "./shuffle.js";
import { Upsample } from "./upsample.js";

/** Layers whose output is a tensor of its own (or, where it is the input itself, the same object). */
const MAKERS = new Set<unknown>([
  ...[Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, Linear, Embedding],
  ...[MaxPool1d, MaxPool2d, MaxPool3d, AvgPool1d, AvgPool2d, AvgPool3d],
  ...[AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d],
  ...[ZeroPad2d, ReflectionPad2d, ReplicationPad2d, PixelShuffle, Upsample],
  ...[BatchNorm1d, BatchNorm2d, BatchNorm3d, GroupNorm, LayerNorm, RMSNorm],
  ...[ReLU, ReLU6, LeakyReLU, PReLU, RReLU, Threshold, ELU, CELU, SELU, SiLU, Mish, GELU, GLU, Softplus, Softsign],
  ...[Hardtanh, Hardsigmoid, Hardswish, Hardshrink, Softshrink, Tanh, Tanhshrink, Sigmoid, LogSigmoid],
  ...[Softmax, Softmax2d, Softmin, LogSoftmax],
  ...[Dropout, Dropout1d, Dropout2d, Dropout3d, AlphaDropout, FeatureAlphaDropout],
]);

/** Layers that keep no reference to their input. */
const READERS = new Set<unknown>([...MAKERS, Flatten]);

function plain(module: Module, classes: ReadonlySet<unknown>): boolean {
  return classes.has(module.constructor) && module[INTERNALS].hooks.count === 0;
}

/** Whether the output of `maker`, once `reader` has read it, can be disposed. */
export function releasesInput(maker: Module, reader: Module): boolean {
  return plain(maker, MAKERS) && plain(reader, READERS);
}
