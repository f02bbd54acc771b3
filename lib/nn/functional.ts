/** `nn.functional`: the layers as functions. */

export { sigmoid, tanh } from "../ops/pointwise.js";
export { flatten } from "../ops/shape.js";
export { logSoftmax, relu, softmax } from "./activation.js";
export { multiHeadAttentionForward, scaledDotProductAttention } from "./attention.js";
export { batchNorm } from "./batch-norm.js";
export { conv1d, conv2d, conv3d } from "./conv.js";
export { dropout, dropout2d } from "./dropout.js";
export { linear } from "./linear.js";
export { crossEntropy, nllLoss } from "./loss/cross-entropy.js";
export { mseLoss } from "./loss/mse.js";
export { adaptiveAvgPool2d, avgPool2d, maxPool2d, maxPool2dWithIndices } from "./pooling.js";
