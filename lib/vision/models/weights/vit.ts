/** Weights of vision_transformer: written by scripts/weights.py. */
import { weightsSet } from "../weights.js";

export const ViT_B_16_Weights = weightsSet("ViT_B_16_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/vit_b_16-c867db91.pth",
    params: 86567656,
    acc: [81.072, 95.318],
    ops: 17.564,
    size: 330.285,
    preset: { cropSize: 224 },
    minSize: [224, 224],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#vit_b_16",
  },
  IMAGENET1K_SWAG_E2E_V1: {
    url: "https://download.pytorch.org/models/vit_b_16_swag-9ac1b537.pth",
    params: 86859496,
    acc: [85.304, 97.65],
    ops: 55.484,
    size: 331.398,
    preset: { cropSize: 384, resizeSize: 384, interpolation: "bicubic" },
    minSize: [384, 384],
    recipe: "https://github.com/facebookresearch/SWAG",
    license: "https://github.com/facebookresearch/SWAG/blob/main/LICENSE",
  },
  IMAGENET1K_SWAG_LINEAR_V1: {
    url: "https://download.pytorch.org/models/vit_b_16_lc_swag-4e70ced5.pth",
    params: 86567656,
    acc: [81.886, 96.18],
    ops: 17.564,
    size: 330.285,
    preset: { cropSize: 224, resizeSize: 224, interpolation: "bicubic" },
    minSize: [224, 224],
    recipe: "https://github.com/pytorch/vision/pull/5793",
    license: "https://github.com/facebookresearch/SWAG/blob/main/LICENSE",
  },
});
export const ViT_B_32_Weights = weightsSet("ViT_B_32_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/vit_b_32-d86f8d99.pth",
    params: 88224232,
    acc: [75.912, 92.466],
    ops: 4.409,
    size: 336.604,
    preset: { cropSize: 224 },
    minSize: [224, 224],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#vit_b_32",
  },
});
export const ViT_H_14_Weights = weightsSet("ViT_H_14_Weights", "IMAGENET1K_SWAG_E2E_V1", {
  IMAGENET1K_SWAG_E2E_V1: {
    url: "https://download.pytorch.org/models/vit_h_14_swag-80465313.pth",
    params: 633470440,
    acc: [88.552, 98.694],
    ops: 1016.717,
    size: 2416.643,
    preset: { cropSize: 518, resizeSize: 518, interpolation: "bicubic" },
    minSize: [518, 518],
    recipe: "https://github.com/facebookresearch/SWAG",
    license: "https://github.com/facebookresearch/SWAG/blob/main/LICENSE",
  },
  IMAGENET1K_SWAG_LINEAR_V1: {
    url: "https://download.pytorch.org/models/vit_h_14_lc_swag-c1eb923e.pth",
    params: 632045800,
    acc: [85.708, 97.73],
    ops: 167.295,
    size: 2411.209,
    preset: { cropSize: 224, resizeSize: 224, interpolation: "bicubic" },
    minSize: [224, 224],
    recipe: "https://github.com/pytorch/vision/pull/5793",
    license: "https://github.com/facebookresearch/SWAG/blob/main/LICENSE",
  },
});
export const ViT_L_16_Weights = weightsSet("ViT_L_16_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/vit_l_16-852ce7e3.pth",
    params: 304326632,
    acc: [79.662, 94.638],
    ops: 61.555,
    size: 1161.023,
    preset: { cropSize: 224, resizeSize: 242 },
    minSize: [224, 224],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#vit_l_16",
  },
  IMAGENET1K_SWAG_E2E_V1: {
    url: "https://download.pytorch.org/models/vit_l_16_swag-4f3808c9.pth",
    params: 305174504,
    acc: [88.064, 98.512],
    ops: 361.986,
    size: 1164.258,
    preset: { cropSize: 512, resizeSize: 512, interpolation: "bicubic" },
    minSize: [512, 512],
    recipe: "https://github.com/facebookresearch/SWAG",
    license: "https://github.com/facebookresearch/SWAG/blob/main/LICENSE",
  },
  IMAGENET1K_SWAG_LINEAR_V1: {
    url: "https://download.pytorch.org/models/vit_l_16_lc_swag-4d563306.pth",
    params: 304326632,
    acc: [85.146, 97.422],
    ops: 61.555,
    size: 1161.023,
    preset: { cropSize: 224, resizeSize: 224, interpolation: "bicubic" },
    minSize: [224, 224],
    recipe: "https://github.com/pytorch/vision/pull/5793",
    license: "https://github.com/facebookresearch/SWAG/blob/main/LICENSE",
  },
});
export const ViT_L_32_Weights = weightsSet("ViT_L_32_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/vit_l_32-c7638314.pth",
    params: 306535400,
    acc: [76.972, 93.07],
    ops: 15.378,
    size: 1169.449,
    preset: { cropSize: 224 },
    minSize: [224, 224],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#vit_l_32",
  },
});
