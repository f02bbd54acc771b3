/** `optim`: optimizers and learning-rate schedulers. */
export { Adam, type AdamOptions } from "./adam.js";
export { AdamW, type AdamWOptions } from "./adamw.js";
export * as lrScheduler from "./lr-scheduler/index.js";
export { Optimizer, type OptimizerStateDict, type ParamGroup, type Params } from "./optimizer.js";
export { SGD, type SGDOptions } from "./sgd.js";
