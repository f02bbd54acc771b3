/** Weights of densenet: written by scripts/weights.py. */
import { weightsSet } from "../weights.js";

export const DenseNet121_Weights = weightsSet("DenseNet121_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/densenet121-a639ec97.pth",
    params: 7978856,
    acc: [74.434, 91.972],
    ops: 2.834,
    size: 30.845,
    preset: { cropSize: 224 },
    minSize: [29, 29],
    recipe: "https://github.com/pytorch/vision/pull/116",
  },
});
export const DenseNet161_Weights = weightsSet("DenseNet161_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/densenet161-8d451a50.pth",
    params: 28681000,
    acc: [77.138, 93.56],
    ops: 7.728,
    size: 110.369,
    preset: { cropSize: 224 },
    minSize: [29, 29],
    recipe: "https://github.com/pytorch/vision/pull/116",
  },
});
export const DenseNet169_Weights = weightsSet("DenseNet169_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/densenet169-b2777c0a.pth",
    params: 14149480,
    acc: [75.6, 92.806],
    ops: 3.36,
    size: 54.708,
    preset: { cropSize: 224 },
    minSize: [29, 29],
    recipe: "https://github.com/pytorch/vision/pull/116",
  },
});
export const DenseNet201_Weights = weightsSet("DenseNet201_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/densenet201-c1103571.pth",
    params: 20013928,
    acc: [76.896, 93.37],
    ops: 4.291,
    size: 77.373,
    preset: { cropSize: 224 },
    minSize: [29, 29],
    recipe: "https://github.com/pytorch/vision/pull/116",
  },
});
