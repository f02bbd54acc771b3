/** Weights of alexnet: written by scripts/weights.py. */
import { weightsSet } from "../weights.js";

export const AlexNet_Weights = weightsSet("AlexNet_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/alexnet-owt-7be5be79.pth",
    params: 61100840,
    acc: [56.522, 79.066],
    ops: 0.714,
    size: 233.087,
    preset: { cropSize: 224 },
    minSize: [63, 63],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#alexnet-and-vgg",
  },
});
