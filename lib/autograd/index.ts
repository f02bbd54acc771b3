/** `autograd`: gradients, gradient modes, checks. */

export { Variable, type VariableConstructor } from "../legacy.js";
export { detectAnomaly, isAnomalyCheckNanEnabled, isAnomalyEnabled, setDetectAnomaly } from "./anomaly.js";
export { Function, FunctionContext } from "./function.js";
export * as functional from "./functional.js";
export { type BackwardOptions, backward, type GradOptions, grad } from "./functions.js";
export {
  type CheckedFunction,
  type GradcheckOptions,
  type GradgradcheckOptions,
  gradcheck,
  gradgradcheck,
} from "./gradcheck.js";
export type { RemovableHandle } from "./hooks.js";
export { enableGrad, inferenceMode, isGradEnabled, isInferenceModeEnabled, noGrad, setGradEnabled } from "./modes.js";
