/** Weights of squeezenet: written by scripts/weights.py. */
import { weightsSet } from "../weights.js";

export const SqueezeNet1_0_Weights = weightsSet("SqueezeNet1_0_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/squeezenet1_0-b66bff10.pth",
    params: 1248424,
    acc: [58.092, 80.42],
    ops: 0.819,
    size: 4.778,
    preset: { cropSize: 224 },
    minSize: [21, 21],
    recipe: "https://github.com/pytorch/vision/pull/49#issuecomment-277560717",
  },
});
export const SqueezeNet1_1_Weights = weightsSet("SqueezeNet1_1_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/squeezenet1_1-b8a52dc0.pth",
    params: 1235496,
    acc: [58.178, 80.624],
    ops: 0.349,
    size: 4.729,
    preset: { cropSize: 224 },
    minSize: [17, 17],
    recipe: "https://github.com/pytorch/vision/pull/49#issuecomment-277560717",
  },
});
