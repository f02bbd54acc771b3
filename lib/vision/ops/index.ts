/** `vision.ops`: layers and functions of torchvision. */
export {
  type BoxFormat,
  batchedNms,
  boxArea,
  boxConvert,
  boxIou,
  clipBoxesToImage,
  generalizedBoxIou,
  masksToBoxes,
  nms,
  removeSmallBoxes,
} from "./boxes.js";
export { Conv2dNormActivation, type ConvNormActivationOptions } from "./conv-norm-activation.js";
export { FrozenBatchNorm2d, type FrozenBatchNormOptions } from "./frozen-batch-norm.js";
export type { ActivationLayer, NormLayer } from "./layers.js";
export { MLP, type MLPOptions } from "./mlp.js";
export { Permute } from "./permute.js";
export { SqueezeExcitation, type SqueezeExcitationOptions } from "./squeeze-excitation.js";
export { StochasticDepth, type StochasticDepthMode, stochasticDepth } from "./stochastic-depth.js";
