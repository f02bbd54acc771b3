/** Weights of efficientnet: written by scripts/weights.py. */
import { weightsSet } from "../weights.js";

export const EfficientNet_B0_Weights = weightsSet("EfficientNet_B0_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/efficientnet_b0_rwightman-7f5810bc.pth",
    params: 5288548,
    acc: [77.692, 93.532],
    ops: 0.386,
    size: 20.451,
    preset: { cropSize: 224, resizeSize: 256, interpolation: "bicubic" },
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v1",
  },
});
export const EfficientNet_B1_Weights = weightsSet("EfficientNet_B1_Weights", "IMAGENET1K_V2", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/efficientnet_b1_rwightman-bac287d4.pth",
    params: 7794184,
    acc: [78.642, 94.186],
    ops: 0.687,
    size: 30.134,
    preset: { cropSize: 240, resizeSize: 256, interpolation: "bicubic" },
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v1",
  },
  IMAGENET1K_V2: {
    url: "https://download.pytorch.org/models/efficientnet_b1-c27df63c.pth",
    params: 7794184,
    acc: [79.838, 94.934],
    ops: 0.687,
    size: 30.136,
    preset: { cropSize: 240, resizeSize: 255, interpolation: "bilinear" },
    recipe: "https://github.com/pytorch/vision/issues/3995#new-recipe-with-lr-wd-crop-tuning",
  },
});
export const EfficientNet_B2_Weights = weightsSet("EfficientNet_B2_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/efficientnet_b2_rwightman-c35c1473.pth",
    params: 9109994,
    acc: [80.608, 95.31],
    ops: 1.088,
    size: 35.174,
    preset: { cropSize: 288, resizeSize: 288, interpolation: "bicubic" },
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v1",
  },
});
export const EfficientNet_B3_Weights = weightsSet("EfficientNet_B3_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/efficientnet_b3_rwightman-b3899882.pth",
    params: 12233232,
    acc: [82.008, 96.054],
    ops: 1.827,
    size: 47.184,
    preset: { cropSize: 300, resizeSize: 320, interpolation: "bicubic" },
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v1",
  },
});
export const EfficientNet_B4_Weights = weightsSet("EfficientNet_B4_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/efficientnet_b4_rwightman-23ab8bcd.pth",
    params: 19341616,
    acc: [83.384, 96.594],
    ops: 4.394,
    size: 74.489,
    preset: { cropSize: 380, resizeSize: 384, interpolation: "bicubic" },
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v1",
  },
});
export const EfficientNet_B5_Weights = weightsSet("EfficientNet_B5_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/efficientnet_b5_lukemelas-1a07897c.pth",
    params: 30389784,
    acc: [83.444, 96.628],
    ops: 10.266,
    size: 116.864,
    preset: { cropSize: 456, resizeSize: 456, interpolation: "bicubic" },
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v1",
  },
});
export const EfficientNet_B6_Weights = weightsSet("EfficientNet_B6_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/efficientnet_b6_lukemelas-24a108a5.pth",
    params: 43040704,
    acc: [84.008, 96.916],
    ops: 19.068,
    size: 165.362,
    preset: { cropSize: 528, resizeSize: 528, interpolation: "bicubic" },
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v1",
  },
});
export const EfficientNet_B7_Weights = weightsSet("EfficientNet_B7_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/efficientnet_b7_lukemelas-c5b4e57e.pth",
    params: 66347960,
    acc: [84.122, 96.908],
    ops: 37.746,
    size: 254.675,
    preset: { cropSize: 600, resizeSize: 600, interpolation: "bicubic" },
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v1",
  },
});
export const EfficientNet_V2_L_Weights = weightsSet("EfficientNet_V2_L_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/efficientnet_v2_l-59c71312.pth",
    params: 118515272,
    acc: [85.808, 97.788],
    ops: 56.08,
    size: 454.573,
    preset: { cropSize: 480, resizeSize: 480, interpolation: "bicubic", mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
    minSize: [33, 33],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v2",
  },
});
export const EfficientNet_V2_M_Weights = weightsSet("EfficientNet_V2_M_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/efficientnet_v2_m-dc08266a.pth",
    params: 54139356,
    acc: [85.112, 97.156],
    ops: 24.582,
    size: 208.01,
    preset: { cropSize: 480, resizeSize: 480, interpolation: "bilinear" },
    minSize: [33, 33],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v2",
  },
});
export const EfficientNet_V2_S_Weights = weightsSet("EfficientNet_V2_S_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/efficientnet_v2_s-dd5fe13b.pth",
    params: 21458488,
    acc: [84.228, 96.878],
    ops: 8.366,
    size: 82.704,
    preset: { cropSize: 384, resizeSize: 384, interpolation: "bilinear" },
    minSize: [33, 33],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#efficientnet-v2",
  },
});
