/** Weights of googlenet: written by scripts/weights.py. */
import { weightsSet } from "../weights.js";

export const GoogLeNet_Weights = weightsSet("GoogLeNet_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/googlenet-1378be20.pth",
    params: 6624904,
    acc: [69.778, 89.53],
    ops: 1.498,
    size: 49.731,
    preset: { cropSize: 224 },
    minSize: [15, 15],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#googlenet",
  },
});
