/** Weights of mobilenetv3: written by scripts/weights.py. */
import { weightsSet } from "../weights.js";

export const MobileNet_V3_Large_Weights = weightsSet("MobileNet_V3_Large_Weights", "IMAGENET1K_V2", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/mobilenet_v3_large-8738ca79.pth",
    params: 5483032,
    acc: [74.042, 91.34],
    ops: 0.217,
    size: 21.114,
    preset: { cropSize: 224 },
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#mobilenetv3-large--small",
  },
  IMAGENET1K_V2: {
    url: "https://download.pytorch.org/models/mobilenet_v3_large-5c1a4163.pth",
    params: 5483032,
    acc: [75.274, 92.566],
    ops: 0.217,
    size: 21.107,
    preset: { cropSize: 224, resizeSize: 232 },
    recipe: "https://github.com/pytorch/vision/issues/3995#new-recipe-with-reg-tuning",
  },
});
export const MobileNet_V3_Small_Weights = weightsSet("MobileNet_V3_Small_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/mobilenet_v3_small-047dcff4.pth",
    params: 2542856,
    acc: [67.668, 87.402],
    ops: 0.057,
    size: 9.829,
    preset: { cropSize: 224 },
    recipe: "https://github.com/pytorch/vision/tree/main/references/classification#mobilenetv3-large--small",
  },
});
