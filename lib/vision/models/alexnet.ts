/** AlexNet of the "one weird trick" paper.   [Krizhevsky 2014](https://arxiv.org/abs/1404.5997) */
import { type Args, readArgs } from "../../args.js";
import { AdaptiveAvgPool2d, Conv2d, Dropout, Linear, MaxPool2d, ReLU, Sequential } from "../../nn/index.js";
import type { Tensor } from "../../tensor.js";
import { builder } from "./builder.js";
import { ModuleWithLayers } from "./head.js";
import { AlexNet_Weights } from "./weights/alexnet.js";

/** Options of {@link AlexNet}. */
export interface AlexNetOptions {
  /** Default 1000. */
  numClasses?: number;
  /** The probability of the dropout. Default 0.5. */
  dropout?: number;
}

const NAMES = ["numClasses", "dropout"] as const;

/** Five convolutions, three linear layers: x [N, 3, H, W] of at least 63 x 63 -> logits [N, classes]. */
export class AlexNet extends ModuleWithLayers {
  features: Sequential;
  avgpool: AdaptiveAvgPool2d;

  constructor(...args: Args<AlexNetOptions, typeof NAMES>) {
    super();
    const { numClasses = 1000, dropout = 0.5 } = readArgs<AlexNetOptions>("AlexNet", NAMES, args);
    const relu = () => new ReLU({ inplace: true });
    const pool = () => new MaxPool2d(3, { stride: 2 });
    this.features = new Sequential(
      ...[new Conv2d(3, 64, 11, { stride: 4, padding: 2 }), relu(), pool()],
      ...[new Conv2d(64, 192, 5, { padding: 2 }), relu(), pool()],
      ...[new Conv2d(192, 384, 3, { padding: 1 }), relu()],
      ...[new Conv2d(384, 256, 3, { padding: 1 }), relu()],
      ...[new Conv2d(256, 256, 3, { padding: 1 }), relu(), pool()],
    );
    this.avgpool = new AdaptiveAvgPool2d([6, 6]);
    this.classifier = new Sequential(
      ...[new Dropout(dropout), new Linear(256 * 6 * 6, 4096), relu()],
      ...[new Dropout(dropout), new Linear(4096, 4096), relu()],
      new Linear(4096, numClasses),
    );
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(this.avgpool.forward(this.features.forward(x)).flatten(1));
  }
}

/** AlexNet. */
export const alexnet = builder("alexnet", AlexNet_Weights, (options: AlexNetOptions) => new AlexNet(options));
