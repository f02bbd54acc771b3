/** `vision`: data sets of images, models with their weights, operations. */
export * as datasets from "./datasets/index.js";
export * as io from "./io/index.js";
export * as models from "./models/index.js";
export * as ops from "./ops/index.js";
export * as transforms from "./transforms/index.js";
export * as utils from "./utils/index.js";
