/** `nn.utils`: clipping gradients, parameters as one vector, normalised weights, packed sequences. */

export {
  clipGradNorm_,
  clipGradsWithNorm_,
  clipGradValue_,
  getTotalNorm,
  type Tensors,
  type TotalNormOptions,
} from "./clip-grad.js";
export { consumePrefixInStateDictIfPresent } from "./consume-prefix.js";
export { parametersToVector, vectorToParameters } from "./convert-parameters.js";
export { fuseConvBnEval, fuseConvBnWeights, fuseLinearBnEval, fuseLinearBnWeights } from "./fusion.js";
export * as parametrizations from "./parametrizations.js";
export * as parametrize from "./parametrize.js";
export * as rnn from "./rnn.js";
export { skipInit } from "./skip-init.js";
export { removeSpectralNorm, type SpectralNormOptions, spectralNorm } from "./spectral-norm.js";
export { removeWeightNorm, weightNorm } from "./weight-norm.js";
