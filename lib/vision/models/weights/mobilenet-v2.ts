/** Weights of mobilenetv2: written by scripts/weights.py. */
import { weightsSet } from "../weights.js";

export const MobileNet_V2_Weights = weightsSet("MobileNet_V2_Weights", "IMAGENET1K_V2", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/mobilenet_v2-b0353104.pth",
    params: 3504872,
    acc: [71.878, 90.286],
    ops: 0.301,
    size: 13.555,
    preset: { cropSize: 224 },
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#mobilenetv2",
  },
  IMAGENET1K_V2: {
    url: "https://download.pytorch.org/models/mobilenet_v2-7ebf99e0.pth",
    params: 3504872,
    acc: [72.154, 90.822],
    ops: 0.301,
    size: 13.598,
    preset: { cropSize: 224, resizeSize: 232 },
    recipe: "https://github.com/pytorch/vision/issues/3995#new-recipe-with-reg-tuning",
  },
});
