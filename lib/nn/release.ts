/**
 * Which intermediates a container may dispose: outputs of exact built-in leaf layers without hooks, read by another such
 * layer and by no one else. What backward needs, the tape keeps; disposing only drops JavaScript's reference.
 */
import { LogSoftmax, ReLU, Sigmoid, Softmax, Tanh } from "./activation.js";
import { BatchNorm1d, BatchNorm2d } from "./batch-norm.js";
import { Conv1d, Conv2d, Conv3d } from "./conv.js";
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from "./conv-transpose.js";
import { Dropout, Dropout2d } from "./dropout.js";
import { Flatten } from "./flatten.js";
import { Linear } from "./linear.js";
import type { Module } from "./module.js";
import { INTERNALS } from "./module-fields.js";
import { ReflectionPad2d, ReplicationPad2d, ZeroPad2d } from "./padding.js";
import { AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d } from "./pooling/adaptive.js";
import { AvgPool1d, AvgPool2d, AvgPool3d } from "./pooling/average.js";
import { MaxPool1d, MaxPool2d, MaxPool3d } from "./pooling/max.js";
import { PixelShuffle } from "./shuffle.js";
import { Upsample } from "./upsample.js";

/** Layers whose output is a tensor of its own (or, where it is the input itself, the same object). */
const MAKERS = new Set<unknown>([
  ...[Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, Linear, BatchNorm1d, BatchNorm2d],
  ...[MaxPool1d, MaxPool2d, MaxPool3d, AvgPool1d, AvgPool2d, AvgPool3d],
  ...[AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d],
  ...[ZeroPad2d, ReflectionPad2d, ReplicationPad2d, PixelShuffle, Upsample],
  ...[ReLU, Tanh, Sigmoid, Softmax, LogSoftmax, Dropout, Dropout2d],
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
