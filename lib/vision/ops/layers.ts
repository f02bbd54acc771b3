/** Layers as the models' blocks take them: made by functions of their number of channels. */
import { ArgumentError } from "../../errors.js";
import { BatchNorm2d, type Layer, ReLU } from "../../nn/index.js";
import { describe } from "../../tensor/base.js";

/** Makes a normalisation of so many channels. */
export type NormLayer = (channels: number) => Layer;

/** Makes an activation. */
export type Activation = (inplace: boolean) => Layer;

/** Batch norm with PyTorch's defaults. */
export const batchNorm: NormLayer = (channels) => new BatchNorm2d(channels);

/** Batch norm with another epsilon or momentum. */
export function batchNormOf(options: { eps?: number; momentum?: number }): NormLayer {
  return (channels) => new BatchNorm2d(channels, options);
}

/** ReLU. */
export const relu: Activation = (inplace) => new ReLU({ inplace });

/** Errors: what is no list of integers. */
export function checkSizes(op: string, name: string, given: unknown): void {
  if (Array.isArray(given) && given.every((n) => Number.isInteger(n))) return;
  throw new ArgumentError(`${op}: expected ${name} to be a list of integers, received ${describe(given)}`, { op });
}

/** Errors: what is no number. */
export function checkNumber(op: string, name: string, given: unknown): void {
  if (typeof given === "number") return;
  throw new ArgumentError(`${op}: expected ${name} to be a number, received ${describe(given)}`, { op });
}
