/** Layers as the models' blocks take them: made by functions of their number of channels. */
import { BatchNorm2d, type Layer, ReLU } from "../../nn/index.js";

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
