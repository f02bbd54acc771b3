/**
 * candlewick: PyTorch and TorchVision for TypeScript.
 *
 * ```ts
 * import * as torch from "candlewick";
 * const { nn, optim, data, vision } = torch;
 * ```
 */

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
  arange,
  bernoulli,
  type CreationOptions,
  empty,
  emptyLike,
  eye,
  fromTypedArray,
  full,
  fullLike,
  linspace,
  ones,
  onesLike,
  type RandomOptions,
  rand,
  randint,
  randLike,
  randn,
  randnLike,
  randperm,
  scalar,
  type TensorData,
  tensor,
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
export { type Index, type IndexList, Slice, slice } from "./index-items.js";
export { emptyCache, type MemoryStats, memoryStats, resetPeakMemoryStats, scope } from "./memory.js";
export { celu, celu_, selu, selu_ } from "./nn/activation/elu.js";
export { hardshrink } from "./nn/activation/hard.js";
export { prelu, rrelu, rrelu_, threshold, threshold_ } from "./nn/activation/rectifier.js";
export { bilinear } from "./nn/bilinear.js";
export { cosineSimilarity, pairwiseDistance, pdist } from "./nn/distance.js";
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
export { gather, index, indexPut_, indexSelect, nonzero } from "./ops/indexing.js";
export { addmm, bmm, dot, matmul, mm, mv } from "./ops/matmul.js";
export * from "./ops/pointwise.js";
export {
  all,
  amax,
  amin,
  any,
  argmax,
  argmin,
  logSoftmax,
  max,
  mean,
  min,
  softmax,
  std,
  sum,
  type ValuesAndIndices,
  variance as var,
} from "./ops/reduction.js";
export {
  asStrided,
  cat,
  chunk,
  clone,
  contiguous,
  expand,
  flatten,
  narrow,
  permute,
  repeat,
  reshape,
  select,
  split,
  squeeze,
  stack,
  t,
  transpose,
  unbind,
  unflatten,
  unsqueeze,
  view,
} from "./ops/shape.js";
export * as optim from "./optim/index.js";
export { type Progress, type ProgressOptions, progress } from "./progress.js";
export { Generator, getRngState, initialSeed, manualSeed, seed, setRngState } from "./random.js";
export { getNumThreads, type PrintOptions, setNumThreads, setPrintoptions, simdLevel } from "./settings.js";
export { isTensor, type NestedList, type Operand, type Scalar, type TensorBase, TypedScalar } from "./tensor/base.js";
export { GradFn, Tensor, type ToOptions } from "./tensor.js";
export * as vision from "./vision/index.js";
