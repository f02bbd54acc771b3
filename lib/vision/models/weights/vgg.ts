/** Weights of vgg: written by scripts/weights.py. */
import { weightsSet } from "../weights.js";

export const VGG11_Weights = weightsSet("VGG11_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/vgg11-8a719046.pth",
    params: 132863336,
    acc: [69.02, 88.628],
    ops: 7.609,
    size: 506.84,
    preset: { cropSize: 224 },
    minSize: [32, 32],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#alexnet-and-vgg",
  },
});
export const VGG11_BN_Weights = weightsSet("VGG11_BN_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/vgg11_bn-6002323d.pth",
    params: 132868840,
    acc: [70.37, 89.81],
    ops: 7.609,
    size: 506.881,
    preset: { cropSize: 224 },
    minSize: [32, 32],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#alexnet-and-vgg",
  },
});
export const VGG13_Weights = weightsSet("VGG13_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/vgg13-19584684.pth",
    params: 133047848,
    acc: [69.928, 89.246],
    ops: 11.308,
    size: 507.545,
    preset: { cropSize: 224 },
    minSize: [32, 32],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#alexnet-and-vgg",
  },
});
export const VGG13_BN_Weights = weightsSet("VGG13_BN_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/vgg13_bn-abd245e5.pth",
    params: 133053736,
    acc: [71.586, 90.374],
    ops: 11.308,
    size: 507.59,
    preset: { cropSize: 224 },
    minSize: [32, 32],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#alexnet-and-vgg",
  },
});
export const VGG16_Weights = weightsSet("VGG16_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/vgg16-397923af.pth",
    params: 138357544,
    acc: [71.592, 90.382],
    ops: 15.47,
    size: 527.796,
    preset: { cropSize: 224 },
    minSize: [32, 32],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#alexnet-and-vgg",
  },
  IMAGENET1K_FEATURES: {
    url: "https://download.pytorch.org/models/vgg16_features-amdegroot-88682ab5.pth",
    params: 138357544,
    acc: [Number.NaN, Number.NaN],
    ops: 15.47,
    size: 527.802,
    preset: {
      cropSize: 224,
      mean: [0.48235, 0.45882, 0.40784],
      std: [0.00392156862745098, 0.00392156862745098, 0.00392156862745098],
    },
    minSize: [32, 32],
    recipe: "https://github.com/amdegroot/ssd.pytorch#training-ssd",
    featuresOnly: true,
  },
});
export const VGG16_BN_Weights = weightsSet("VGG16_BN_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/vgg16_bn-6c64b313.pth",
    params: 138365992,
    acc: [73.36, 91.516],
    ops: 15.47,
    size: 527.866,
    preset: { cropSize: 224 },
    minSize: [32, 32],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#alexnet-and-vgg",
  },
});
export const VGG19_Weights = weightsSet("VGG19_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/vgg19-dcbb9e9d.pth",
    params: 143667240,
    acc: [72.376, 90.876],
    ops: 19.632,
    size: 548.051,
    preset: { cropSize: 224 },
    minSize: [32, 32],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#alexnet-and-vgg",
  },
});
export const VGG19_BN_Weights = weightsSet("VGG19_BN_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/vgg19_bn-c79401a0.pth",
    params: 143678248,
    acc: [74.218, 91.842],
    ops: 19.632,
    size: 548.143,
    preset: { cropSize: 224 },
    minSize: [32, 32],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#alexnet-and-vgg",
  },
});
