/**
 * `vision.transforms.functional`: transforms as functions. An image of bytes, uint8 [..., C, H, W] of 1 to 4 channels, is changed with
 * Pillow's arithmetic, as torchvision changes PIL images; any other tensor with torchvision's arithmetic of tensors.
 * [torchvision.transforms.functional](https://docs.pytorch.org/vision/0.21/transforms.html#functional-transforms)
 */
export * from "./color.js";
export * from "./convert.js";
export * from "./geometry.js";
export * from "./warp.js";
