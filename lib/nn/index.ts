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
export { Bilinear } from "./bilinear.js";
export { type Layer, ModuleDict, ModuleList, Sequential } from "./containers.js";
export type { ConvLayerOptions, ConvOptions, Padding } from "./conv.js";
export { Conv1d, Conv2d, Conv3d } from "./conv.js";
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
export { Flatten } from "./flatten.js";
export * as functional from "./functional.js";
export * as init from "./init.js";
export type { FactoryOptions, LinearOptions } from "./linear.js";
export { Identity, Linear } from "./linear.js";
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
export { type HookGrads, Module, type NamedOptions } from "./module.js";
export { BatchNorm1d, BatchNorm2d, BatchNorm3d, SyncBatchNorm } from "./normalization/batch-norm.js";
export type { ChannelNormOptions } from "./normalization/channel-norm.js";
export { GroupNorm, type GroupNormOptions } from "./normalization/group-norm.js";
export { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from "./normalization/instance-norm.js";
export { LayerNorm, type LayerNormOptions, RMSNorm, type RMSNormOptions } from "./normalization/layer-norm.js";
export { Parameter } from "./parameter.js";
export { ParameterDict, ParameterList } from "./parameter-containers.js";
export type { AdaptiveSize, AvgPoolOptions, MaxPoolOptions } from "./pooling.js";
export { AdaptiveAvgPool2d, AvgPool2d, MaxPool2d } from "./pooling.js";
export type { IntOrTuple } from "./sizes.js";
export { LoadResult, type LoadStateDictOptions, type StateDict } from "./state-dict.js";
