/** Weights of maxvit: written by scripts/weights.py. */
import { weightsSet } from "../weights.js";

export const MaxVit_T_Weights = weightsSet("MaxVit_T_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/maxvit_t-bc5ab103.pth",
    params: 30919624,
    acc: [83.7, 96.722],
    ops: 5.558,
    size: 118.769,
    preset: { cropSize: 224, resizeSize: 224, interpolation: "bicubic" },
    minSize: [224, 224],
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#maxvit",
  },
});
