/** `vision.utils`: images put together and drawn on. */
export { type GridOptions, makeGrid, type SaveImageOptions, saveImage, saveImageSync } from "./grid.js";
export { type Color, drawSegmentationMasks, type MaskOptions } from "./masks.js";
