/** Weights of mnasnet: written by scripts/weights.py. */
import { weightsSet } from "../weights.js";

export const MNASNet0_5_Weights = weightsSet("MNASNet0_5_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/mnasnet0.5_top1_67.823-3ffadce67e.pth",
    params: 2218512,
    acc: [67.734, 87.49],
    ops: 0.104,
    size: 8.591,
    preset: { cropSize: 224 },
    recipe: "https://github.com/1e100/mnasnet_trainer",
  },
});
export const MNASNet0_75_Weights = weightsSet("MNASNet0_75_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/mnasnet0_75-7090bc5f.pth",
    params: 3170208,
    acc: [71.18, 90.496],
    ops: 0.215,
    size: 12.303,
    preset: { cropSize: 224, resizeSize: 232 },
    recipe: "https://github.com/pytorch/vision/pull/6019",
  },
});
export const MNASNet1_0_Weights = weightsSet("MNASNet1_0_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/mnasnet1.0_top1_73.512-f206786ef8.pth",
    params: 4383312,
    acc: [73.456, 91.51],
    ops: 0.314,
    size: 16.915,
    preset: { cropSize: 224 },
    recipe: "https://github.com/1e100/mnasnet_trainer",
  },
});
export const MNASNet1_3_Weights = weightsSet("MNASNet1_3_Weights", "IMAGENET1K_V1", {
  IMAGENET1K_V1: {
    url: "https://download.pytorch.org/models/mnasnet1_3-a4c69d6f.pth",
    params: 6282256,
    acc: [76.506, 93.522],
    ops: 0.526,
    size: 24.246,
    preset: { cropSize: 224, resizeSize: 232 },
    recipe: "https://github.com/pytorch/vision/pull/6019",
  },
});
