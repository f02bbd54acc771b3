/** `nn`: modules, layers, losses, initialisers. */

export type { InplaceOptions, SoftmaxOptions } from "./activation.js";
export { LogSoftmax, ReLU, Sigmoid, Softmax, Tanh } from "./activation.js";
export type { AttentionOptions, MultiheadAttentionOptions, MultiheadForwardOptions } from "./attention.js";
export { MultiheadAttention } from "./attention.js";
export type { BatchNormOptions } from "./batch-norm.js";
export { BatchNorm1d, BatchNorm2d } from "./batch-norm.js";
export { type Layer, ModuleDict, ModuleList, Sequential } from "./containers.js";
export type { ConvLayerOptions, ConvOptions, Padding, PaddingMode } from "./conv.js";
export { Conv1d, Conv2d, Conv3d } from "./conv.js";
export type { ConvTransposeLayerOptions, ConvTransposeOptions } from "./conv-transpose.js";
export { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from "./conv-transpose.js";
export type { DropoutOptions } from "./dropout.js";
export { Dropout, Dropout2d } from "./dropout.js";
export { Flatten } from "./flatten.js";
export { Fold, Unfold, type UnfoldOptions } from "./fold.js";
export * as functional from "./functional.js";
export type { AffineGridOptions, GridSampleOptions } from "./grid-sample.js";
export * as init from "./init.js";
export { hasUninitializedParams, LazyLinear } from "./lazy.js";
export { LazyBatchNorm1d, LazyBatchNorm2d } from "./lazy-batch-norm.js";
export {
  LazyConv1d,
  LazyConv2d,
  LazyConv3d,
  LazyConvTranspose1d,
  LazyConvTranspose2d,
  LazyConvTranspose3d,
} from "./lazy-conv.js";
export type { FactoryOptions, LinearOptions } from "./linear.js";
export { Identity, Linear } from "./linear.js";
export { LocalResponseNorm, type LocalResponseNormOptions } from "./local-response-norm.js";
export type { CrossEntropyOptions, NLLOptions } from "./loss/cross-entropy.js";
export { CrossEntropyLoss, NLLLoss } from "./loss/cross-entropy.js";
export { MSELoss } from "./loss/mse.js";
export type { Reduction, ReductionOptions } from "./loss/reduction.js";
export { type HookGrads, Module, type NamedOptions } from "./module.js";
export {
  CircularPad1d,
  CircularPad2d,
  CircularPad3d,
  ConstantPad1d,
  ConstantPad2d,
  ConstantPad3d,
  type PadMode,
  type PadOptions,
  ReflectionPad1d,
  ReflectionPad2d,
  ReflectionPad3d,
  ReplicationPad1d,
  ReplicationPad2d,
  ReplicationPad3d,
  ZeroPad1d,
  ZeroPad2d,
  ZeroPad3d,
} from "./padding.js";
export { Parameter } from "./parameter.js";
export { ParameterDict, ParameterList } from "./parameter-containers.js";
export { type RecurrentMode, type RecurrentOptions, RNNBase } from "./rnn/base.js";
export { type CellOptions, GRUCell, LSTMCell, RNNCell, RNNCellBase, type RNNCellOptions } from "./rnn/cells.js";
export { GRU, LSTM, type LSTMOptions, type LSTMState, RNN, type RNNOptions } from "./rnn/layers.js";
export type { IntOrTuple } from "./sizes.js";
export { LoadResult, type LoadStateDictOptions, type StateDict } from "./state-dict.js";
export * as utils from "./utils/index.js";
export {
  AdaptiveAvgPool1d,
  AdaptiveAvgPool2d,
  AdaptiveAvgPool3d,
  AdaptiveMaxPool1d,
  AdaptiveMaxPool2d,
  AdaptiveMaxPool3d,
  type AdaptiveMaxPoolOptions,
  type AdaptiveSize,
} from "./pooling/adaptive.js";
export type { Pooled } from "./pooling/arguments.js";
export { AvgPool1d, type AvgPool1dOptions, AvgPool2d, AvgPool3d, type AvgPoolOptions } from "./pooling/average.js";
export { FractionalMaxPool2d, FractionalMaxPool3d, type FractionalMaxPoolOptions } from "./pooling/fractional.js";
export { LPPool1d, LPPool2d, LPPool3d, type LPPoolOptions } from "./pooling/lp.js";
export { MaxPool1d, MaxPool2d, MaxPool3d, type MaxPoolOptions } from "./pooling/max.js";
export { MaxUnpool1d, MaxUnpool2d, MaxUnpool3d, type MaxUnpoolOptions } from "./pooling/unpool.js";
export { ChannelShuffle, PixelShuffle, PixelUnshuffle } from "./shuffle.js";
export { UninitializedBuffer, UninitializedParameter } from "./uninitialized.js";
export {
  type InterpolateOptions,
  type InterpolationMode,
  Upsample,
  type UpsampleOptions,
  UpsamplingBilinear2d,
  UpsamplingNearest2d,
} from "./upsample.js";
