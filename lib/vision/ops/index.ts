/** `vision.ops`: layers and functions of torchvision. */
export { Conv2dNormActivation, type ConvNormActivationOptions } from "./conv-norm-activation.js";
export type { Activation, NormLayer } from "./layers.js";
export { MLP, type MLPOptions } from "./mlp.js";
export { Permute } from "./permute.js";
export { SqueezeExcitation, type SqueezeExcitationOptions } from "./squeeze-excitation.js";
export { StochasticDepth, type StochasticDepthMode, stochasticDepth } from "./stochastic-depth.js";
