/**
 * candlewick: PyTorch and TorchVision for TypeScript.
 *
 * ```ts
 * import * as torch from "candlewick";
 * const { nn, optim, data, vision } = torch;
 * ```
 */

export * as amp from "./amp.js";
export { autocast, GradScaler } from "./amp.js";
export type { RemovableHandle } from "./autograd/hooks.js";
export * as autograd from "./autograd/index.js";
export {
  enableGrad,
  inferenceMode,
  isGradEnabled,
  isInferenceModeEnabled,
  noGrad,
  setGradEnabled,
} from "./autograd/modes.js";
export {
  __version__,
  areDeterministicAlgorithmsEnabled,
  backends,
  setFlushDenormal,
  useDeterministicAlgorithms,
  version,
} from "./backends.js";
export {
  type ComparedMetrics,
  type CompareOptions,
  compareModels,
  ModelComparison,
  type ModelRow,
  type NamedModel,
} from "./compare-models/index.js";
export { e, inf, nan, newaxis, pi } from "./constants.js";
export {
  arange,
  asTensor,
  bernoulli,
  type CreationOptions,
  empty,
  emptyLike,
  emptyPermuted,
  emptyStrided,
  eye,
  fromNumpy,
  fromTypedArray,
  full,
  fullLike,
  linspace,
  logspace,
  type MultinomialOptions,
  multinomial,
  normal,
  ones,
  onesLike,
  type RandomOptions,
  rand,
  randint,
  randintLike,
  randLike,
  randn,
  randnLike,
  randperm,
  scalar,
  scalarTensor,
  type TensorData,
  tensor,
  trilIndices,
  triuIndices,
  zeros,
  zerosLike,
} from "./creation.js";
export * as data from "./data/index.js";
export { deepcopy } from "./deepcopy.js";
export { cuda, Device, type DeviceLike, device } from "./device.js";
export { type DType, getDefaultDtype, setDefaultDtype, type TypedArray } from "./dtype.js";
export {
  ArgumentError,
  AutogradError,
  DeviceError,
  DisposedError,
  DTypeError,
  IndexError,
  IOError,
  OutOfMemoryError,
  ShapeError,
  TorchError,
  UnpicklingError,
} from "./errors.js";
export * as hub from "./hub/index.js";
export { type Index, type IndexList, Slice, slice } from "./index-items.js";
export {
  BFloat16Tensor,
  BoolTensor,
  ByteTensor,
  CharTensor,
  DoubleTensor,
  FloatTensor,
  HalfTensor,
  IntTensor,
  LongTensor,
  ShortTensor,
} from "./legacy.js";
export { emptyCache, type MemoryStats, memoryStats, resetPeakMemoryStats, scope } from "./memory.js";
export * as metrics from "./metrics/index.js";
export { celu, celu_, selu, selu_ } from "./nn/activation/elu.js";
export { hardshrink } from "./nn/activation/hard.js";
export { prelu, rrelu, rrelu_, threshold, threshold_ } from "./nn/activation/rectifier.js";
export { bilinear } from "./nn/bilinear.js";
export { conv1d, conv2d, conv3d } from "./nn/conv.js";
export { convTranspose1d, convTranspose2d, convTranspose3d } from "./nn/conv-transpose.js";
export { cosineSimilarity, pairwiseDistance, pdist } from "./nn/distance.js";
export { gridSampler, gridSampler2d, gridSampler3d } from "./nn/grid-sample.js";
export * as nn from "./nn/index.js";
export {
  _batchNormWithUpdate,
  _nativeBatchNormLegit,
  _softmaxBackwardData,
  nativeBatchNorm,
  nativeDropoutBackward,
  nativeGroupNorm,
  nativeLayerNorm,
} from "./nn/native-names.js";
export { groupNorm } from "./nn/normalization/group-norm.js";
export { layerNorm, rmsNorm } from "./nn/normalization/layer-norm.js";
export { constantPadNd } from "./nn/padding.js";
export { adaptiveAvgPool1d, adaptiveMaxPool1dWithIndices as adaptiveMaxPool1d } from "./nn/pooling/adaptive.js";
export { avgPool1d } from "./nn/pooling/average.js";
export {
  maxPool1d,
  maxPool1dWithIndices,
  maxPool2d,
  maxPool2dWithIndicesBackward,
  maxPool3d,
} from "./nn/pooling/max.js";
export { channelShuffle, pixelShuffle, pixelUnshuffle } from "./nn/shuffle.js";
export { _upsampleBilinear2dAa } from "./nn/upsample.js";
export * from "./ops/arithmetic.js";
export * from "./ops/arrange.js";
export * from "./ops/compare.js";
export * from "./ops/copies.js";
export { einsum, tensordot } from "./ops/einsum.js";
export * from "./ops/indexing.js";
export * from "./ops/join.js";
export * from "./ops/math.js";
export * from "./ops/matmul.js";
export * from "./ops/numeric.js";
export type { Named, ValuesAndIndices } from "./ops/pair.js";
export * from "./ops/pointwise.js";
export * from "./ops/reduction.js";
export * from "./ops/scan.js";
export {
  _unsafeMaskedIndex,
  _unsafeMaskedIndexPutAccumulate,
  asStridedScatter,
  diagonalScatter,
  indexAdd,
  indexCopy,
  indexFill,
  indexPut,
  indexReduce,
  maskedScatter,
  maskedSelect,
  put,
  type Reduce,
  type ReduceOptions as ScatterReduceOptions,
  type ScatterOptions,
  scatter,
  scatterAdd,
  scatterReduce,
  selectScatter,
  sliceScatter,
  takeAlongDim,
} from "./ops/scatter.js";
export * from "./ops/search.js";
export * from "./ops/shape.js";
export * from "./ops/sorting.js";
export * from "./ops/statistics.js";
export * as optim from "./optim/index.js";
export * as plot from "./plot/index.js";
export { type Progress, type ProgressOptions, progress } from "./progress/index.js";
export { Generator, getRngState, initialSeed, manualSeed, seed, setRngState } from "./random.js";
export * from "./serialization/index.js";
export { getNumThreads, type PrintOptions, setNumThreads, setPrintoptions, simdLevel } from "./settings.js";
export { type LayerInfo, type ModelStatistics, type SummaryOptions, summary } from "./summary/index.js";
export { isTensor, type NestedList, type Operand, type Scalar, type TensorBase, TypedScalar } from "./tensor/base.js";
export { GradFn, Tensor, type ToOptions } from "./tensor.js";
export * from "./type-info.js";
export * as utils from "./utils/index.js";
export * as vision from "./vision/index.js";
