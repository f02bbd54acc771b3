/** `nn.functional`: the layers as functions. */

export { sigmoid, tanh } from "../ops/pointwise.js";
export { flatten } from "../ops/shape.js";
export { logSoftmax, relu, softmax } from "./activation.js";
export { multiHeadAttentionForward, scaledDotProductAttention } from "./attention.js";
export { batchNorm } from "./batch-norm.js";
export { conv1d, conv2d, conv3d } from "./conv.js";
export { convTranspose1d, convTranspose2d, convTranspose3d } from "./conv-transpose.js";
export { dropout, dropout2d } from "./dropout.js";
export { fold, unfold } from "./fold.js";
export { affineGrid, gridSample } from "./grid-sample.js";
export { linear } from "./linear.js";
export { localResponseNorm } from "./local-response-norm.js";
export { crossEntropy, nllLoss } from "./loss/cross-entropy.js";
export { mseLoss } from "./loss/mse.js";
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
