/** Weights of shufflenetv2: written by scripts/weights.py. */
import { weightsSet } from "../weights.js";

export const ShuffleNet_V2_X0_5_Weights = weightsSet("ShuffleNet_V2_X0_5_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/shufflenetv2_x0.5-f707e7126e.pth",
    params: 1366792,
    acc: [60.552, 81.746],
    ops: 0.04,
    size: 5.282,
    preset: { cropSize: 224 },
    recipe: "https://github.com/ericsun99/Shufflenet-v2-Pytorch",
  },
});
export const ShuffleNet_V2_X1_0_Weights = weightsSet("ShuffleNet_V2_X1_0_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/shufflenetv2_x1-5666bf0f80.pth",
    params: 2278604,
    acc: [69.362, 88.316],
    ops: 0.145,
    size: 8.791,
    preset: { cropSize: 224 },
    recipe: "https://github.com/ericsun99/Shufflenet-v2-Pytorch",
  },
});
export const ShuffleNet_V2_X1_5_Weights = weightsSet("ShuffleNet_V2_X1_5_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/shufflenetv2_x1_5-3c479a10.pth",
    params: 3503624,
    acc: [72.996, 91.086],
    ops: 0.296,
    size: 13.557,
    preset: { cropSize: 224, resizeSize: 232 },
    recipe: "https://github.com/pytorch/vision/pull/5906",
  },
});
export const ShuffleNet_V2_X2_0_Weights = weightsSet("ShuffleNet_V2_X2_0_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/shufflenetv2_x2_0-8be3c8ee.pth",
    params: 7393996,
    acc: [76.23, 93.006],
    ops: 0.583,
    size: 28.433,
    preset: { cropSize: 224, resizeSize: 232 },
    recipe: "https://github.com/pytorch/vision/pull/5906",
  },
});
