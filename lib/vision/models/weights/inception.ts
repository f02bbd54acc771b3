/** Weights of inception: written by scripts/weights.py. */
import { weightsSet } from "../weights.js";

export const Inception_V3_Weights = weightsSet("Inception_V3_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/inception_v3_google-0cc3c7bd.pth",
    params: 27161264,
    acc: [77.294, 93.45],
    ops: 5.713,
    size: 103.903,
    preset: { cropSize: 299, resizeSize: 342 },
    minSize: [75, 75],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#inception-v3",
  },
});
