/** `vision`: data sets of images. */
export * as datasets from "./datasets/index.js";
export * as transforms from "./transforms/index.js";
