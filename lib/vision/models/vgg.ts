/** VGG: blocks of 3 x 3 convolutions.   [Simonyan, Zisserman 2014](https://arxiv.org/abs/1409.1556) */
import { type RequiredArgs, readArgs, required } from "../../args.js";
import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  Dropout,
  init,
  type Layer,
  Linear,
  MaxPool2d,
  ReLU,
  Sequential,
} from "../../nn/index.js";
import type { Tensor } from "../../tensor.js";
import { builder, type Pretraining } from "./builder.js";
import { ModuleWithLayers } from "./head.js";
import { initialise, zeroBias } from "./initialise.js";
import * as weights from "./weights/vgg.js";
import type { WeightsSet } from "./weights.js";

/** Options of {@link VGG}. */
export interface VGGOptions {
  /** Default 1000. */
  numClasses?: number;
  /** Whether layers are initialised as in the paper. Default true. */
  initWeights?: boolean;
  /** The probability of the dropout. Default 0.5. */
  dropout?: number;
}

/** All arguments of {@link VGG}. */
export interface VGGAll extends VGGOptions {
  /** The convolutions: images -> [N, 512, H, W]. */
  features: Layer;
}
const NAMES = ["features", "numClasses", "initWeights", "dropout"] as const;
type Rest = ["numClasses", "initWeights", "dropout"];

/** Convolutions by their channels, `M` a pooling; by the paper's letters. */
const LAYOUTS = {
  A: [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"],
  B: [64, 64, "M", 128, 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"],
  D: [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"],
  E: [64, 64, "M", 128, 128, "M", 256, 256, 256, 256, "M", 512, 512, 512, 512, "M", 512, 512, 512, 512, "M"],
} as const;

function features(layout: readonly (number | "M")[], batchNorm: boolean): Sequential {
  const layers: Layer[] = [];
  let channels = 3;
  for (const step of layout) {
    if (step === "M") {
      layers.push(new MaxPool2d(2, { stride: 2 }));
      continue;
    }
    layers.push(new Conv2d(channels, step, 3, { padding: 1 }));
    if (batchNorm) layers.push(new BatchNorm2d(step));
    layers.push(new ReLU({ inplace: true }));
    channels = step;
  }
  return new Sequential(...layers);
}

/** Convolutions, then three linear layers: x [N, 3, H, W] of at least 32 x 32 -> logits [N, classes]. */
export class VGG extends ModuleWithLayers {
  features: Sequential;
  avgpool: AdaptiveAvgPool2d;

  constructor(...args: RequiredArgs<VGGAll, ["features"], Rest>) {
    super();
    const o = readArgs<VGGAll>("VGG", NAMES, args);
    const { numClasses = 1000, initWeights = true, dropout = 0.5 } = o;
    this.features = required("VGG", o, "features") as Sequential; // that of the builders
    this.avgpool = new AdaptiveAvgPool2d([7, 7]);
    this.classifier = new Sequential(
      ...[new Linear(512 * 7 * 7, 4096), new ReLU(true), new Dropout(dropout)],
      ...[new Linear(4096, 4096), new ReLU(true), new Dropout(dropout)],
      new Linear(4096, numClasses),
    );
    if (!initWeights) return;
    initialise(this, {
      conv(m) {
        init.kaimingNormal_(m.weight, { mode: "fan_out", nonlinearity: "relu" });
        zeroBias(m);
      },
      linear(m) {
        init.normal_(m.weight, 0, 0.01);
        zeroBias(m);
      },
    });
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(this.avgpool.forward(this.features.forward(x)).flatten(1));
  }
}

/** Weights that are loaded need no others first. */
const loaded: Pretraining<VGG, VGGOptions> = { options: (o) => ({ ...o, initWeights: false }) };
const vgg = (name: string, set: WeightsSet, layout: keyof typeof LAYOUTS, batchNorm: boolean) =>
  builder(name, set, (options: VGGOptions) => new VGG(features(LAYOUTS[layout], batchNorm), options), loaded);

/** VGG-11. */
export const vgg11 = vgg("vgg11", weights.VGG11_Weights, "A", false);
/** VGG-11 with batch norm. */
export const vgg11_bn = vgg("vgg11_bn", weights.VGG11_BN_Weights, "A", true);
/** VGG-13. */
export const vgg13 = vgg("vgg13", weights.VGG13_Weights, "B", false);
/** VGG-13 with batch norm. */
export const vgg13_bn = vgg("vgg13_bn", weights.VGG13_BN_Weights, "B", true);
/** VGG-16. */
export const vgg16 = vgg("vgg16", weights.VGG16_Weights, "D", false);
/** VGG-16 with batch norm. */
export const vgg16_bn = vgg("vgg16_bn", weights.VGG16_BN_Weights, "D", true);
/** VGG-19. */
export const vgg19 = vgg("vgg19", weights.VGG19_Weights, "E", false);
/** VGG-19 with batch norm. */
export const vgg19_bn = vgg("vgg19_bn", weights.VGG19_BN_Weights, "E", true);
