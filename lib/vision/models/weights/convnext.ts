/** Weights of convnext: written by scripts/weights.py. */
import { weightsSet } from "../weights.js";

export const ConvNeXt_Base_Weights = weightsSet("ConvNeXt_Base_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/convnext_base-6075fbad.pth",
    params: 88591464,
    acc: [84.062, 96.87],
    ops: 15.355,
    size: 338.064,
    preset: { cropSize: 224, resizeSize: 232 },
    minSize: [32, 32],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#convnext",
  },
});
export const ConvNeXt_Large_Weights = weightsSet("ConvNeXt_Large_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/convnext_large-ea097f82.pth",
    params: 197767336,
    acc: [84.414, 96.976],
    ops: 34.361,
    size: 754.537,
    preset: { cropSize: 224, resizeSize: 232 },
    minSize: [32, 32],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#convnext",
  },
});
export const ConvNeXt_Small_Weights = weightsSet("ConvNeXt_Small_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/convnext_small-0c510722.pth",
    params: 50223688,
    acc: [83.616, 96.65],
    ops: 8.684,
    size: 191.703,
    preset: { cropSize: 224, resizeSize: 230 },
    minSize: [32, 32],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#convnext",
  },
});
export const ConvNeXt_Tiny_Weights = weightsSet("ConvNeXt_Tiny_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/convnext_tiny-983f1562.pth",
    params: 28589128,
    acc: [82.52, 96.146],
    ops: 4.456,
    size: 109.119,
    preset: { cropSize: 224, resizeSize: 236 },
    minSize: [32, 32],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#convnext",
  },
});
