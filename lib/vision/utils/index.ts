/** `vision.utils`: images put together and drawn on. */
export type { Color } from "./colors.js";
export { type BoundingBoxOptions, drawBoundingBoxes, drawKeypoints, type KeypointOptions } from "./draw.js";
export { type GridOptions, makeGrid, type SaveImageOptions, saveImage, saveImageSync } from "./grid.js";
export { drawSegmentationMasks, type MaskOptions } from "./masks.js";
