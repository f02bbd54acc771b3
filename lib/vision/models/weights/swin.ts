/** Weights of swin_transformer: written by scripts/weights.py. */
import { weightsSet } from "../weights.js";

export const Swin_B_Weights = weightsSet("Swin_B_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/swin_b-68c6b09e.pth",
    params: 87768224,
    acc: [83.582, 96.64],
    ops: 15.431,
    size: 335.364,
    preset: { cropSize: 224, resizeSize: 238, interpolation: "bicubic" },
    minSize: [224, 224],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#swintransformer",
  },
});
export const Swin_S_Weights = weightsSet("Swin_S_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/swin_s-5e29d889.pth",
    params: 49606258,
    acc: [83.196, 96.36],
    ops: 8.741,
    size: 189.786,
    preset: { cropSize: 224, resizeSize: 246, interpolation: "bicubic" },
    minSize: [224, 224],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#swintransformer",
  },
});
export const Swin_T_Weights = weightsSet("Swin_T_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/swin_t-704ceda3.pth",
    params: 28288354,
    acc: [81.474, 95.776],
    ops: 4.491,
    size: 108.19,
    preset: { cropSize: 224, resizeSize: 232, interpolation: "bicubic" },
    minSize: [224, 224],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#swintransformer",
  },
});
export const Swin_V2_B_Weights = weightsSet("Swin_V2_B_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/swin_v2_b-781e5279.pth",
    params: 87930848,
    acc: [84.112, 96.864],
    ops: 20.325,
    size: 336.372,
    preset: { cropSize: 256, resizeSize: 272, interpolation: "bicubic" },
    minSize: [256, 256],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#swintransformer-v2",
  },
});
export const Swin_V2_S_Weights = weightsSet("Swin_V2_S_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/swin_v2_s-637d8ceb.pth",
    params: 49737442,
    acc: [83.712, 96.816],
    ops: 11.546,
    size: 190.675,
    preset: { cropSize: 256, resizeSize: 260, interpolation: "bicubic" },
    minSize: [256, 256],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#swintransformer-v2",
  },
});
export const Swin_V2_T_Weights = weightsSet("Swin_V2_T_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/swin_v2_t-b137f0e2.pth",
    params: 28351570,
    acc: [82.072, 96.132],
    ops: 5.94,
    size: 108.626,
    preset: { cropSize: 256, resizeSize: 260, interpolation: "bicubic" },
    minSize: [256, 256],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#swintransformer-v2",
  },
});
