/** `nn`: modules, layers, losses, initialisers. */

export { type AlphaOptions, CELU, ELU, SELU } from "./activation/elu.js";
export {
  Hardshrink,
  Hardsigmoid,
  Hardswish,
  Hardtanh,
  type HardtanhOptions,
  ReLU6,
  type ShrinkOptions,
  Softshrink,
} from "./activation/hard.js";
export type { InplaceOptions } from "./activation/inplace.js";
export {
  LeakyReLU,
  type LeakyReLUOptions,
  PReLU,
  type PReLUOptions,
  ReLU,
  RReLU,
  type RReLUOptions,
  Threshold,
  type ThresholdOptions,
} from "./activation/rectifier.js";
export {
  GELU,
  type GELUOptions,
  GLU,
  LogSigmoid,
  Mish,
  Sigmoid,
  SiLU,
  Softplus,
  type SoftplusOptions,
  Softsign,
  Tanh,
  Tanhshrink,
} from "./activation/smooth.js";
export { LogSoftmax, Softmax, Softmax2d, type SoftmaxOptions, Softmin } from "./activation/softmax.js";
export type { AttentionOptions, MultiHeadArguments } from "./attention/functional.js";
export {
  MultiheadAttention,
  type MultiheadAttentionOptions,
  type MultiheadForwardOptions,
} from "./attention/multihead-attention.js";
export { Bilinear } from "./bilinear.js";
export { Buffer } from "./buffer.js";
export { type Layer, ModuleDict, ModuleList, Sequential } from "./containers.js";
export type { ConvLayerOptions, ConvOptions, Padding, PaddingMode } from "./conv.js";
export { Conv1d, Conv2d, Conv3d } from "./conv.js";
export type { ConvTransposeLayerOptions, ConvTransposeOptions } from "./conv-transpose.js";
export { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from "./conv-transpose.js";
export { DataParallel } from "./data-parallel.js";
export {
  CosineSimilarity,
  type CosineSimilarityOptions,
  PairwiseDistance,
  type PairwiseDistanceOptions,
} from "./distance.js";
export type { DropoutOptions } from "./dropout.js";
export { AlphaDropout, Dropout, Dropout1d, Dropout2d, Dropout3d, FeatureAlphaDropout } from "./dropout.js";
export { Embedding, type EmbeddingOptions } from "./embedding.js";
export { type BagMode, EmbeddingBag, type EmbeddingBagOptions } from "./embedding-bag.js";
export { Flatten, Unflatten, type UnflattenOptions } from "./flatten.js";
export { Fold, Unfold, type UnfoldOptions } from "./fold.js";
export * as functional from "./functional.js";
export type { AffineGridOptions, GridSampleOptions } from "./grid-sample.js";
export * as init from "./init.js";
export { hasUninitializedParams, LazyLinear } from "./lazy.js";
export {
  LazyConv1d,
  LazyConv2d,
  LazyConv3d,
  LazyConvTranspose1d,
  LazyConvTranspose2d,
  LazyConvTranspose3d,
} from "./lazy-conv.js";
export {
  LazyBatchNorm1d,
  LazyBatchNorm2d,
  LazyBatchNorm3d,
  LazyInstanceNorm1d,
  LazyInstanceNorm2d,
  LazyInstanceNorm3d,
} from "./lazy-norm.js";
export type { FactoryOptions, LinearOptions } from "./linear.js";
export { Identity, Linear } from "./linear.js";
export { LocalResponseNorm, type LocalResponseNormOptions } from "./local-response-norm.js";
export {
  type AdaptiveLogSoftmaxOptions,
  AdaptiveLogSoftmaxWithLoss,
  type AdaptiveOutput,
} from "./loss/adaptive.js";
export {
  BCELoss,
  type BCEOptions,
  BCEWithLogitsLoss,
  type BCEWithLogitsOptions,
  MultiLabelSoftMarginLoss,
  SoftMarginLoss,
} from "./loss/binary.js";
export type { CrossEntropyOptions, NLLOptions } from "./loss/cross-entropy.js";
export { CrossEntropyLoss, NLLLoss, NLLLoss2d } from "./loss/cross-entropy.js";
export { CTCLoss, type CTCOptions, type Lengths } from "./loss/ctc.js";
export {
  GaussianNLLLoss,
  type GaussianNLLOptions,
  KLDivLoss,
  type KLDivOptions,
  PoissonNLLLoss,
  type PoissonNLLOptions,
} from "./loss/divergence.js";
export {
  CosineEmbeddingLoss,
  type DistanceFunction,
  TripletMarginLoss,
  type TripletMarginOptions,
  TripletMarginWithDistanceLoss,
  type TripletWithDistanceOptions,
} from "./loss/embedding.js";
export { LinearCrossEntropyLoss, type LinearCrossEntropyLossOptions } from "./loss/linear-cross-entropy.js";
export {
  HingeEmbeddingLoss,
  type MarginOptions,
  MarginRankingLoss,
  MultiLabelMarginLoss,
  MultiMarginLoss,
  type MultiMarginOptions,
} from "./loss/margin.js";
export type { LegacyReductionOptions, Reduction, ReductionOptions } from "./loss/reduction.js";
export {
  HuberLoss,
  type HuberOptions,
  L1Loss,
  MSELoss,
  SmoothL1Loss,
  type SmoothL1Options,
} from "./loss/regression.js";
export type { BackwardHookOptions, HookGrads, NamedOptions } from "./module.js";
export type { HookOptions } from "./module-call.js";
export { type AnyModule, Module } from "./module-type.js";
export { BatchNorm1d, BatchNorm2d, BatchNorm3d, SyncBatchNorm } from "./normalization/batch-norm.js";
export type { ChannelNormOptions } from "./normalization/channel-norm.js";
export { GroupNorm, type GroupNormOptions } from "./normalization/group-norm.js";
export { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from "./normalization/instance-norm.js";
export { LayerNorm, type LayerNormOptions, RMSNorm, type RMSNormOptions } from "./normalization/layer-norm.js";
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
export { type RecurrentMode, type RecurrentOptions, RNNBase } from "./rnn/base.js";
export { type CellOptions, GRUCell, LSTMCell, RNNCell, RNNCellBase, type RNNCellOptions } from "./rnn/cells.js";
export { GRU, LSTM, type LSTMOptions, type LSTMState, RNN, type RNNOptions } from "./rnn/layers.js";
export { ChannelShuffle, PixelShuffle, PixelUnshuffle } from "./shuffle.js";
export type { IntOrTuple } from "./sizes.js";
export { LoadResult, type LoadStateDictOptions, type LocalMetadata, type StateDict } from "./state-dict.js";
export {
  TransformerDecoder,
  TransformerDecoderLayer,
  type TransformerDecoderOptions,
} from "./transformer/decoder.js";
export {
  TransformerEncoder,
  TransformerEncoderLayer,
  type TransformerEncoderOptions,
} from "./transformer/encoder.js";
export type { TransformerLayerOptions } from "./transformer/shared.js";
export { Transformer, type TransformerMasks, type TransformerOptions } from "./transformer/transformer.js";
export { UninitializedBuffer, UninitializedParameter } from "./uninitialized.js";
export {
  type InterpolateOptions,
  type InterpolationMode,
  Upsample,
  type UpsampleOptions,
  UpsamplingBilinear2d,
  UpsamplingNearest2d,
} from "./upsample.js";
export * as utils from "./utils/index.js";
