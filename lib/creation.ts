/** Functions that make tensors. Sizes go as `zeros(2, 3)` or `zeros([2, 3])`; options come last. */
export * from "./creation/data.js";
export * from "./creation/filled.js";
export type { CreationOptions, RandomOptions } from "./creation/options.js";
export * from "./creation/random.js";
export * from "./creation/ranges.js";
