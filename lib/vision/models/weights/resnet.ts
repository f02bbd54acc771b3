/** Weights of resnet: written by scripts/weights.py. */
import { weightsSet } from "../weights.js";

export const ResNet101_Weights = weightsSet("ResNet101_Weights", "IMAGENET1K_V2", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/resnet101-63fe2227.pth",
    params: 44549160,
    acc: [77.374, 93.546],
    ops: 7.801,
    size: 170.511,
    preset: { cropSize: 224 },
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#resnet",
  },
  IMAGENET1K_V2: {
    url: "https://download.pytorch.org/models/resnet101-cd907fc2.pth",
    params: 44549160,
    acc: [81.886, 95.78],
    ops: 7.801,
    size: 170.53,
    preset: { cropSize: 224, resizeSize: 232 },
    recipe: "https://github.com/pytorch/vision/issues/3995#new-recipe",
  },
});
export const ResNet152_Weights = weightsSet("ResNet152_Weights", "IMAGENET1K_V2", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/resnet152-394f9c45.pth",
    params: 60192808,
    acc: [78.312, 94.046],
    ops: 11.514,
    size: 230.434,
    preset: { cropSize: 224 },
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#resnet",
  },
  IMAGENET1K_V2: {
    url: "https://download.pytorch.org/models/resnet152-f82ba261.pth",
    params: 60192808,
    acc: [82.284, 96.002],
    ops: 11.514,
    size: 230.474,
    preset: { cropSize: 224, resizeSize: 232 },
    recipe: "https://github.com/pytorch/vision/issues/3995#new-recipe",
  },
});
export const ResNet18_Weights = weightsSet("ResNet18_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/resnet18-f37072fd.pth",
    params: 11689512,
    acc: [69.758, 89.078],
    ops: 1.814,
    size: 44.661,
    preset: { cropSize: 224 },
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#resnet",
  },
});
export const ResNet34_Weights = weightsSet("ResNet34_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/resnet34-b627a593.pth",
    params: 21797672,
    acc: [73.314, 91.42],
    ops: 3.664,
    size: 83.275,
    preset: { cropSize: 224 },
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#resnet",
  },
});
export const ResNet50_Weights = weightsSet("ResNet50_Weights", "IMAGENET1K_V2", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/resnet50-0676ba61.pth",
    params: 25557032,
    acc: [76.13, 92.862],
    ops: 4.089,
    size: 97.781,
    preset: { cropSize: 224 },
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#resnet",
  },
  IMAGENET1K_V2: {
    url: "https://download.pytorch.org/models/resnet50-11ad3fa6.pth",
    params: 25557032,
    acc: [80.858, 95.434],
    ops: 4.089,
    size: 97.79,
    preset: { cropSize: 224, resizeSize: 232 },
    recipe: "https://github.com/pytorch/vision/issues/3995#issuecomment-1013906621",
  },
});
export const ResNeXt101_32X8D_Weights = weightsSet("ResNeXt101_32X8D_Weights", "IMAGENET1K_V2", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/resnext101_32x8d-8ba56ff5.pth",
    params: 88791336,
    acc: [79.312, 94.526],
    ops: 16.414,
    size: 339.586,
    preset: { cropSize: 224 },
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#resnext",
  },
  IMAGENET1K_V2: {
    url: "https://download.pytorch.org/models/resnext101_32x8d-110c445d.pth",
    params: 88791336,
    acc: [82.834, 96.228],
    ops: 16.414,
    size: 339.673,
    preset: { cropSize: 224, resizeSize: 232 },
    recipe: "https://github.com/pytorch/vision/issues/3995#new-recipe-with-fixres",
  },
});
export const ResNeXt101_64X4D_Weights = weightsSet("ResNeXt101_64X4D_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/resnext101_64x4d-173b62eb.pth",
    params: 83455272,
    acc: [83.246, 96.454],
    ops: 15.46,
    size: 319.318,
    preset: { cropSize: 224, resizeSize: 232 },
    recipe: "https://github.com/pytorch/vision/pull/5935",
  },
});
export const ResNeXt50_32X4D_Weights = weightsSet("ResNeXt50_32X4D_Weights", "IMAGENET1K_V2", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/resnext50_32x4d-7cdf4587.pth",
    params: 25028904,
    acc: [77.618, 93.698],
    ops: 4.23,
    size: 95.789,
    preset: { cropSize: 224 },
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#resnext",
  },
  IMAGENET1K_V2: {
    url: "https://download.pytorch.org/models/resnext50_32x4d-1a0047aa.pth",
    params: 25028904,
    acc: [81.198, 95.34],
    ops: 4.23,
    size: 95.833,
    preset: { cropSize: 224, resizeSize: 232 },
    recipe: "https://github.com/pytorch/vision/issues/3995#new-recipe",
  },
});
export const Wide_ResNet101_2_Weights = weightsSet("Wide_ResNet101_2_Weights", "IMAGENET1K_V2", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/wide_resnet101_2-32ee1156.pth",
    params: 126886696,
    acc: [78.848, 94.284],
    ops: 22.753,
    size: 242.896,
    preset: { cropSize: 224 },
    recipe: "https://github.com/pytorch/vision/pull/912#issue-445437439",
  },
  IMAGENET1K_V2: {
    url: "https://download.pytorch.org/models/wide_resnet101_2-d733dc28.pth",
    params: 126886696,
    acc: [82.51, 96.02],
    ops: 22.753,
    size: 484.747,
    preset: { cropSize: 224, resizeSize: 232 },
    recipe: "https://github.com/pytorch/vision/issues/3995#new-recipe",
  },
});
export const Wide_ResNet50_2_Weights = weightsSet("Wide_ResNet50_2_Weights", "IMAGENET1K_V2", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/wide_resnet50_2-95faca4d.pth",
    params: 68883240,
    acc: [78.468, 94.086],
    ops: 11.398,
    size: 131.82,
    preset: { cropSize: 224 },
    recipe: "https://github.com/pytorch/vision/pull/912#issue-445437439",
  },
  IMAGENET1K_V2: {
    url: "https://download.pytorch.org/models/wide_resnet50_2-9ba9bcbe.pth",
    params: 68883240,
    acc: [81.602, 95.758],
    ops: 11.398,
    size: 263.124,
    preset: { cropSize: 224, resizeSize: 232 },
    recipe: "https://github.com/pytorch/vision/issues/3995#new-recipe-with-fixres",
  },
});
