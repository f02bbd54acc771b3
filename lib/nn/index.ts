/** `nn`: modules, layers, losses, initialisers. */

export type { InplaceOptions, SoftmaxOptions } from "./activation.js";
export { LogSoftmax, ReLU, Sigmoid, Softmax, Tanh } from "./activation.js";
export type { BatchNormOptions } from "./batch-norm.js";
export { BatchNorm1d, BatchNorm2d } from "./batch-norm.js";
export { type Layer, ModuleDict, ModuleList, Sequential } from "./containers.js";
export type { ConvLayerOptions, ConvOptions, Padding } from "./conv.js";
export { Conv1d, Conv2d, Conv3d } from "./conv.js";
export type { DropoutOptions } from "./dropout.js";
export { Dropout, Dropout2d } from "./dropout.js";
export { Flatten } from "./flatten.js";
export * as functional from "./functional.js";
export * as init from "./init.js";
export type { FactoryOptions, LinearOptions } from "./linear.js";
export { Identity, Linear } from "./linear.js";
export type { CrossEntropyOptions, NLLOptions } from "./loss/cross-entropy.js";
export { CrossEntropyLoss, NLLLoss } from "./loss/cross-entropy.js";
export { MSELoss } from "./loss/mse.js";
export type { Reduction, ReductionOptions } from "./loss/reduction.js";
export { type HookGrads, Module, type NamedOptions } from "./module.js";
export { Parameter } from "./parameter.js";
export { ParameterDict, ParameterList } from "./parameter-containers.js";
export type { AdaptiveSize, AvgPoolOptions, MaxPoolOptions } from "./pooling.js";
export { AdaptiveAvgPool2d, AvgPool2d, MaxPool2d } from "./pooling.js";
export type { IntOrTuple } from "./sizes.js";
export { LoadResult, type LoadStateDictOptions, type StateDict } from "./state-dict.js";
