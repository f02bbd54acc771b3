/** SqueezeNet: AlexNet's accuracy with 50 times fewer parameters.   [Iandola et al. 2016](https://arxiv.org/abs/1602.07360) */
import { type Args, readArgs } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import {
  AdaptiveAvgPool2d,
  Conv2d,
  Dropout,
  init,
  type Layer,
  MaxPool2d,
  Module,
  ReLU,
  Sequential,
} from "../../nn/index.js";
import { cat } from "../../ops/join.js";
import type { Tensor } from "../../tensor.js";
import { builder } from "./builder.js";
import { ModuleWithLayers } from "./head.js";
import { initialise, zeroBias } from "./initialise.js";
import * as weights from "./weights/squeezenet.js";

/** Options of {@link SqueezeNet}. */
export interface SqueezeNetOptions {
  /** Default 1000. */
  numClasses?: number;
  /** The probability of the dropout. Default 0.5. */
  dropout?: number;
}

/** All arguments of {@link SqueezeNet}. */
export interface SqueezeNetAll extends SqueezeNetOptions {
  /** Default `"1_0"`. */
  version?: "1_0" | "1_1";
}
const NAMES = ["version", "numClasses", "dropout"] as const;

/** A 1 x 1 convolution to few channels, then 1 x 1 and 3 x 3 convolutions side by side. */
export class Fire extends Module {
  squeeze: Conv2d;
  readonly squeeze_activation = new ReLU({ inplace: true });
  expand1x1: Conv2d;
  readonly expand1x1_activation = new ReLU({ inplace: true });
  expand3x3: Conv2d;
  readonly expand3x3_activation = new ReLU({ inplace: true });

  constructor(inplanes: number, squeeze: number, expand1x1: number, expand3x3: number) {
    super();
    this.squeeze = new Conv2d(inplanes, squeeze, 1);
    this.expand1x1 = new Conv2d(squeeze, expand1x1, 1);
    this.expand3x3 = new Conv2d(squeeze, expand3x3, 3, { padding: 1 });
  }

  forward(x: Tensor): Tensor {
    const narrow = this.squeeze_activation.forward(this.squeeze.forward(x));
    return cat(
      [
        this.expand1x1_activation.forward(this.expand1x1.forward(narrow)),
        this.expand3x3_activation.forward(this.expand3x3.forward(narrow)),
      ],
      1,
    );
  }
}

/** Fire modules and a 1 x 1 convolution to the classes: x [N, 3, H, W] of at least 17 x 17 -> logits [N, classes]. */
export class SqueezeNet extends ModuleWithLayers {
  features: Sequential;

  constructor(...args: Args<SqueezeNetAll, typeof NAMES>) {
    super();
    const { version = "1_0", numClasses = 1000, dropout = 0.5 } = readArgs<SqueezeNetAll>("SqueezeNet", NAMES, args);
    if (version !== "1_0" && version !== "1_1") {
      throw new ArgumentError(`Unsupported SqueezeNet version ${version}: 1_0 or 1_1 expected`);
    }
    const pool = () => new MaxPool2d(3, { stride: 2, ceilMode: true });
    const relu = () => new ReLU({ inplace: true });
    const fires = (from: number, ...widths: [squeeze: number, expand: number][]): Layer[] => {
      let inputs = from;
      return widths.map(([squeeze, expand]) => {
        const fire = new Fire(inputs, squeeze, expand, expand);
        inputs = 2 * expand;
        return fire;
      });
    };
    this.features =
      version === "1_0"
        ? new Sequential(
            ...[new Conv2d(3, 96, 7, { stride: 2 }), relu(), pool()],
            ...[...fires(96, [16, 64], [16, 64], [32, 128]), pool()],
            ...[...fires(256, [32, 128], [48, 192], [48, 192], [64, 256]), pool()],
            ...fires(512, [64, 256]),
          )
        : new Sequential(
            ...[new Conv2d(3, 64, 3, { stride: 2 }), relu(), pool()],
            ...[...fires(64, [16, 64], [16, 64]), pool()],
            ...[...fires(128, [32, 128], [32, 128]), pool()],
            ...fires(256, [48, 192], [48, 192], [64, 256], [64, 256]),
          );
    const last = new Conv2d(512, numClasses, 1);
    this.classifier = new Sequential(new Dropout(dropout), last, relu(), new AdaptiveAvgPool2d([1, 1]));
    initialise(this, {
      conv(m) {
        if (m === last) init.normal_(m.weight, 0, 0.01);
        else init.kaimingUniform_(m.weight);
        zeroBias(m);
      },
    });
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(this.features.forward(x)).flatten(1);
  }
}

/** SqueezeNet 1.0. */
export const squeezenet1_0 = builder(
  "squeezenet1_0",
  weights.SqueezeNet1_0_Weights,
  (options: SqueezeNetOptions) => new SqueezeNet("1_0", options),
);
/** SqueezeNet 1.1: 2.4 times less computation than 1.0. */
export const squeezenet1_1 = builder(
  "squeezenet1_1",
  weights.SqueezeNet1_1_Weights,
  (options: SqueezeNetOptions) => new SqueezeNet("1_1", options),
);
