/** MNASNet: found by a search for accuracy and speed on phones.   [Tan et al. 2018](https://arxiv.org/abs/1807.11626) */
import { type RequiredArgs, readArgs, required } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import { BatchNorm2d, Conv2d, Dropout, init, type Layer, Linear, Module, ReLU, Sequential } from "../../nn/index.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";
import { builder } from "./builder.js";
import { divisible } from "./divisible.js";
import { ModuleWithLayers } from "./head.js";
import { initialise, zeroBias } from "./initialise.js";
import * as weights from "./weights/mnasnet.js";

/** Options of {@link MNASNet}. */
export interface MNASNetOptions {
  /** Default 1000. */
  numClasses?: number;
  /** The probability of the dropout. Default 0.2. */
  dropout?: number;
}

/** All arguments of {@link MNASNet}. */
export interface MNASNetAll extends MNASNetOptions {
  /** Multiplies the numbers of channels. */
  alpha: number;
}
const NAMES = ["alpha", "numClasses", "dropout"] as const;

/** PyTorch's momentum for what TensorFlow calls 0.9997. */
const MOMENTUM = 1 - 0.9997;

const norm = (channels: number) => new BatchNorm2d(channels, { momentum: MOMENTUM });

/** To more channels, a convolution of each channel, back to few without an activation. */
class _InvertedResidual extends Module {
  layers: Sequential;
  readonly useResConnect: boolean;

  constructor(from: number, to: number, kernel: number, stride: number, expansion: number) {
    super();
    const hidden = from * expansion;
    this.useResConnect = from === to && stride === 1;
    this.layers = new Sequential(
      ...[new Conv2d(from, hidden, 1, { bias: false }), norm(hidden), new ReLU({ inplace: true })],
      new Conv2d(hidden, hidden, kernel, { padding: Math.floor(kernel / 2), stride, groups: hidden, bias: false }),
      ...[norm(hidden), new ReLU({ inplace: true })],
      ...[new Conv2d(hidden, to, 1, { bias: false }), norm(to)],
    );
  }

  forward(x: Tensor): Tensor {
    const y = this.layers.forward(x);
    return this.useResConnect ? y.add(x) : y;
  }
}

function stack(
  from: number,
  to: number,
  kernel: number,
  stride: number,
  expansion: number,
  repeats: number,
): Sequential {
  const first = new _InvertedResidual(from, to, kernel, stride, expansion);
  const rest = Array.from({ length: repeats - 1 }, () => new _InvertedResidual(to, to, kernel, 1, expansion));
  return new Sequential(first, ...rest);
}

/** Rounds to a multiple of 8, up where down would lose more than a tenth. */
const scaled = (depth: number, alpha: number) => (alpha === 1 ? depth : divisible(depth * alpha, 8));

/** x [N, 3, H, W] -> logits [N, classes]. Version 2 scales the first layers too, as the paper does. */
export class MNASNet extends ModuleWithLayers {
  static readonly stateVersion = 2;
  layers: Sequential;
  readonly alpha: number;

  constructor(...args: RequiredArgs<MNASNetAll, ["alpha"], ["numClasses", "dropout"]>) {
    super();
    const o = readArgs<MNASNetAll>("MNASNet", NAMES, args);
    const { numClasses = 1000, dropout = 0.2 } = o;
    const alpha = required("MNASNet", o, "alpha");
    if (!(alpha > 0)) throw new ArgumentError(`alpha should be greater than 0.0 instead of ${alpha}`);
    const [d0, d1, d2, d3, d4, d5, d6, d7] = [32, 16, 24, 40, 80, 96, 192, 320].map((depth) => scaled(depth, alpha)) as [number, number, number, number, number, number, number, number]; // biome-ignore format: one line
    this.alpha = alpha;
    const layers: Layer[] = [
      ...stem(d0, d1, d2),
      ...[stack(d2, d3, 5, 2, 3, 3), stack(d3, d4, 5, 2, 6, 3)],
      ...[stack(d4, d5, 3, 1, 6, 2), stack(d5, d6, 5, 2, 6, 4), stack(d6, d7, 3, 1, 6, 1)],
      ...[new Conv2d(d7, 1280, 1, { padding: 0, stride: 1, bias: false }), norm(1280), new ReLU({ inplace: true })],
    ];
    this.layers = new Sequential(...layers);
    this.classifier = new Sequential(new Dropout(dropout, { inplace: true }), new Linear(1280, numClasses));
    initialise(this, {
      conv(m) {
        init.kaimingNormal_(m.weight, { mode: "fan_out", nonlinearity: "relu" });
        zeroBias(m);
      },
      linear(m) {
        init.kaimingUniform_(m.weight, { mode: "fan_out", nonlinearity: "sigmoid" });
        zeroBias(m);
      },
    });
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(this.layers.forward(x).mean([2, 3]));
  }

  /** Version 1 did not scale the first layers. A state that does not say its version is refused, as by torchvision. */
  override upgradeState(_state: object, _prefix: string, version: number | null): void {
    if (version !== 1 && version !== 2) {
      throw new ArgumentError(
        "MNASNet: version should be set to 1 or 2 instead of None: the state lost its _metadata, which torch.save(model.stateDict(), path) keeps",
      );
    }
    if (version === 2 || this.alpha === 1) return;
    const [d0, d1] = [32, 16];
    stem(d0, d1, scaled(24, this.alpha)).forEach((layer, i) => {
      this.layers.set(i, layer);
    });
    Object.defineProperty(this, "stateVersion", { value: 1, configurable: true });
    warnOnce(
      "CANDLEWICK_MNASNET_V1",
      "A new version of MNASNet model has been implemented. Your checkpoint was saved using the previous version. This checkpoint will load and work as before.",
    );
  }
}

/** The first layers: to d0 channels, to d1, and the first stack to d2. */
function stem(d0: number, d1: number, d2: number): Layer[] {
  return [
    ...[new Conv2d(3, d0, 3, { padding: 1, stride: 2, bias: false }), norm(d0), new ReLU({ inplace: true })],
    new Conv2d(d0, d0, 3, { padding: 1, stride: 1, groups: d0, bias: false }),
    ...[norm(d0), new ReLU({ inplace: true })],
    ...[new Conv2d(d0, d1, 1, { padding: 0, stride: 1, bias: false }), norm(d1)],
    stack(d1, d2, 3, 2, 3, 3),
  ];
}

const mnasnet = (alpha: number) => (options: MNASNetOptions) => new MNASNet(alpha, options);

/** MNASNet with half the channels. */
export const mnasnet0_5 = builder("mnasnet0_5", weights.MNASNet0_5_Weights, mnasnet(0.5));
/** MNASNet with three quarters of the channels. */
export const mnasnet0_75 = builder("mnasnet0_75", weights.MNASNet0_75_Weights, mnasnet(0.75));
/** MNASNet. */
export const mnasnet1_0 = builder("mnasnet1_0", weights.MNASNet1_0_Weights, mnasnet(1));
/** MNASNet with 1.3 times the channels. */
export const mnasnet1_3 = builder("mnasnet1_3", weights.MNASNet1_3_Weights, mnasnet(1.3));
