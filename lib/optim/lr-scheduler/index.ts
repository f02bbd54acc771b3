/** `optim.lrScheduler`: learning rates that change by epoch. */
export { CosineAnnealingLR, type CosineAnnealingOptions } from "./cosine-annealing-lr.js";
export { LRScheduler } from "./lr-scheduler.js";
export { StepLR, type StepLROptions } from "./step-lr.js";
