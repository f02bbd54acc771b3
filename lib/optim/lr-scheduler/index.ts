/** `optim.lrScheduler`: learning rates that change by epoch. */
export { ChainedScheduler } from "./chained-scheduler.js";
export { ConstantLR, type ConstantLROptions } from "./constant-lr.js";
export { CosineAnnealingLR, type CosineAnnealingOptions } from "./cosine-annealing-lr.js";
export { CosineAnnealingWarmRestarts, type WarmRestartsOptions } from "./cosine-annealing-warm-restarts.js";
export { CyclicLR, type CyclicLROptions } from "./cyclic-lr.js";
export { ExponentialLR, type ExponentialLROptions } from "./exponential-lr.js";
export { LambdaLR } from "./lambda-lr.js";
export type { LambdaOptions, LrLambda } from "./lambdas.js";
export { LinearLR, type LinearLROptions } from "./linear-lr.js";
export { LRScheduler, type SchedulerOptions } from "./lr-scheduler.js";
export { MultiStepLR, type MultiStepLROptions } from "./multi-step-lr.js";
export { MultiplicativeLR } from "./multiplicative-lr.js";
export { OneCycleLR, type OneCycleLROptions } from "./one-cycle-lr.js";
export { PolynomialLR, type PolynomialLROptions } from "./polynomial-lr.js";
export { type PlateauOptions, ReduceLROnPlateau } from "./reduce-lr-on-plateau.js";
export { SequentialLR, type SequentialLROptions } from "./sequential-lr.js";
export { StepLR, type StepLROptions } from "./step-lr.js";
