/** `nn.functional`: the layers as functions. */

export { sigmoid, tanh } from "../ops/pointwise.js";
export { flatten } from "../ops/shape.js";
export { celu, celu_, elu, elu_, selu, selu_ } from "./activation/elu.js";
export { hardshrink, hardsigmoid, hardswish, hardtanh, hardtanh_, relu6, softshrink } from "./activation/hard.js";
export {
  leakyRelu,
  leakyRelu_,
  prelu,
  relu,
  relu_,
  rrelu,
  rrelu_,
  threshold,
  threshold_,
} from "./activation/rectifier.js";
export { gelu, glu, logsigmoid, mish, silu, softplus, softsign, tanhshrink } from "./activation/smooth.js";
export { gumbelSoftmax, logSoftmax, softmax, softmin } from "./activation/softmax.js";
export { multiHeadAttentionForward, scaledDotProductAttention } from "./attention/functional.js";
export { bilinear } from "./bilinear.js";
export { conv1d, conv2d, conv3d } from "./conv.js";
export { convTranspose1d, convTranspose2d, convTranspose3d } from "./conv-transpose.js";
export { cosineSimilarity, normalize, pairwiseDistance, pdist } from "./distance.js";
export { alphaDropout, dropout, dropout1d, dropout2d, dropout3d, featureAlphaDropout } from "./dropout.js";
export { embedding } from "./embedding.js";
export { embeddingBag } from "./embedding-bag.js";
export { fold, unfold } from "./fold.js";
export { affineGrid, gridSample } from "./grid-sample.js";
export { linear } from "./linear.js";
export { localResponseNorm } from "./local-response-norm.js";
export {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  multilabelSoftMarginLoss,
  softMarginLoss,
} from "./loss/binary.js";
export { crossEntropy, nllLoss } from "./loss/cross-entropy.js";
export { ctcLoss } from "./loss/ctc.js";
export { gaussianNllLoss, klDiv, poissonNllLoss } from "./loss/divergence.js";
export { cosineEmbeddingLoss, tripletMarginLoss, tripletMarginWithDistanceLoss } from "./loss/embedding.js";
export { linearCrossEntropy } from "./loss/linear-cross-entropy.js";
export { hingeEmbeddingLoss, marginRankingLoss, multilabelMarginLoss, multiMarginLoss } from "./loss/margin.js";
export { huberLoss, l1Loss, mseLoss, smoothL1Loss } from "./loss/regression.js";
export { batchNorm } from "./normalization/batch-norm.js";
export { groupNorm } from "./normalization/group-norm.js";
export { instanceNorm } from "./normalization/instance-norm.js";
export { layerNorm, rmsNorm } from "./normalization/layer-norm.js";
export { oneHot } from "./one-hot.js";
export { pad } from "./padding.js";
export {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool1dWithIndices,
  adaptiveMaxPool2d,
  adaptiveMaxPool2dWithIndices,
  adaptiveMaxPool3d,
  adaptiveMaxPool3dWithIndices,
} from "./pooling/adaptive.js";
export { avgPool1d, avgPool2d, avgPool3d } from "./pooling/average.js";
export {
  fractionalMaxPool2d,
  fractionalMaxPool2dWithIndices,
  fractionalMaxPool3d,
  fractionalMaxPool3dWithIndices,
} from "./pooling/fractional.js";
export { lpPool1d, lpPool2d, lpPool3d } from "./pooling/lp.js";
export {
  maxPool1d,
  maxPool1dWithIndices,
  maxPool2d,
  maxPool2dWithIndices,
  maxPool3d,
  maxPool3dWithIndices,
} from "./pooling/max.js";
export { maxUnpool1d, maxUnpool2d, maxUnpool3d } from "./pooling/unpool.js";
export { channelShuffle, pixelShuffle, pixelUnshuffle } from "./shuffle.js";
export { interpolate, upsample, upsampleBilinear, upsampleNearest } from "./upsample.js";
