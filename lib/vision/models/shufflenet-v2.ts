/** ShuffleNet V2.   [Ma et al. 2018](https://arxiv.org/abs/1807.11164) */
import { type RequiredArgs, readArgs, required } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import { BatchNorm2d, ChannelShuffle, Conv2d, type Layer, Linear, MaxPool2d, Module, ReLU, Sequential } from "../../nn/index.js"; // biome-ignore format: one line
import { cat } from "../../ops/join.js";
import type { Tensor } from "../../tensor.js";
import { builder } from "./builder.js";
import { ModuleWithFc } from "./head.js";
import * as weights from "./weights/shufflenet-v2.js";

/** Options of {@link ShuffleNetV2}. */
export interface ShuffleNetV2Options {
  /** Default 1000. */
  numClasses?: number;
  /** The class of the blocks: channels before and after, stride. Default: the paper's. */
  invertedResidual?: new (
    from: number,
    to: number,
    stride: number,
  ) => Layer;
}

/** All arguments of {@link ShuffleNetV2}. */
export interface ShuffleNetV2All extends ShuffleNetV2Options {
  /** The number of blocks in each of the three stages. */
  stagesRepeats: readonly number[];
  /** The channels of the first convolution, of the three stages and of the last convolution. */
  stagesOutChannels: readonly number[];
}
const NAMES = ["stagesRepeats", "stagesOutChannels", "numClasses", "invertedResidual"] as const;
type Rest = ["numClasses", "invertedResidual"];

const pointwise = (from: number, to: number) => [
  ...[new Conv2d(from, to, 1, { stride: 1, padding: 0, bias: false }), new BatchNorm2d(to)],
  new ReLU({ inplace: true }),
];
const depthwise = (channels: number, stride: number) => [
  new Conv2d(channels, channels, 3, { stride, padding: 1, bias: false, groups: channels }),
  new BatchNorm2d(channels),
];

/** Half of the channels passes, half goes through three convolutions; then the two are shuffled. With a stride both halve. */
class InvertedResidual extends Module {
  branch1: Sequential;
  branch2: Sequential;
  readonly stride: number;

  constructor(from: number, to: number, stride: number) {
    super();
    if (stride < 1 || stride > 3) throw new ArgumentError("illegal stride value");
    const half = to >> 1;
    if (stride === 1 && from !== half << 1) {
      throw new ArgumentError(`Invalid combination of stride ${stride}, inp ${from} and oup ${to} values. If stride == 1 then inp should be equal to oup // 2 << 1.`); // biome-ignore format: one line
    }
    this.stride = stride;
    this.branch1 = stride > 1 ? new Sequential(...depthwise(from, stride), ...pointwise(from, half)) : new Sequential();
    this.branch2 = new Sequential(
      ...pointwise(stride > 1 ? from : half, half),
      ...depthwise(half, stride),
      ...pointwise(half, half),
    );
  }

  forward(x: Tensor): Tensor {
    if (this.stride > 1) return shuffle.forward(cat([this.branch1.forward(x), this.branch2.forward(x)], 1));
    const [kept, changed] = x.chunk(2, 1) as [Tensor, Tensor];
    return shuffle.forward(cat([kept, this.branch2.forward(changed)], 1));
  }
}

const shuffle = new ChannelShuffle(2);

/** x [N, 3, H, W] -> logits [N, classes]. */
export class ShuffleNetV2 extends ModuleWithFc {
  conv1: Sequential;
  maxpool: MaxPool2d;
  stage2: Sequential;
  stage3: Sequential;
  stage4: Sequential;
  conv5: Sequential;

  constructor(...args: RequiredArgs<ShuffleNetV2All, ["stagesRepeats", "stagesOutChannels"], Rest>) {
    super();
    const op = "ShuffleNetV2";
    const o = readArgs<ShuffleNetV2All>(op, NAMES, args);
    const [repeats, channels] = [required(op, o, "stagesRepeats"), required(op, o, "stagesOutChannels")];
    const { numClasses = 1000, invertedResidual = InvertedResidual } = o;
    if (repeats.length !== 3) throw new ArgumentError("expected stages_repeats as list of 3 positive ints");
    if (channels.length !== 5) throw new ArgumentError("expected stages_out_channels as list of 5 positive ints");
    const [c1, c2, c3, c4, c5] = channels as [number, number, number, number, number];
    const [r2, r3, r4] = repeats as [number, number, number];
    const stage = (from: number, to: number, count: number) =>
      new Sequential(...Array.from({ length: count }, (_, i) => new invertedResidual(i === 0 ? from : to, to, i === 0 ? 2 : 1))); // biome-ignore format: one line
    this.conv1 = new Sequential(
      ...[
        new Conv2d(3, c1, 3, { stride: 2, padding: 1, bias: false }),
        new BatchNorm2d(c1),
        new ReLU({ inplace: true }),
      ],
    );
    this.maxpool = new MaxPool2d(3, { stride: 2, padding: 1 });
    this.stage2 = stage(c1, c2, r2);
    this.stage3 = stage(c2, c3, r3);
    this.stage4 = stage(c3, c4, r4);
    this.conv5 = new Sequential(...pointwise(c4, c5));
    this.fc = new Linear(c5, numClasses);
  }

  forward(x: Tensor): Tensor {
    const stem = this.maxpool.forward(this.conv1.forward(x));
    const features = this.stage4.forward(this.stage3.forward(this.stage2.forward(stem)));
    return this.fc.forward(this.conv5.forward(features).mean([2, 3]));
  }
}

const shufflenet = (channels: readonly [number, number, number, number, number]) => (options: ShuffleNetV2Options) =>
  new ShuffleNetV2([4, 8, 4], channels, options);

/** ShuffleNet V2 with half the channels. */
export const shufflenet_v2_x0_5 = builder(
  "shufflenet_v2_x0_5",
  weights.ShuffleNet_V2_X0_5_Weights,
  shufflenet([24, 48, 96, 192, 1024]),
);
/** ShuffleNet V2. */
export const shufflenet_v2_x1_0 = builder(
  "shufflenet_v2_x1_0",
  weights.ShuffleNet_V2_X1_0_Weights,
  shufflenet([24, 116, 232, 464, 1024]),
);
/** ShuffleNet V2 with 1.5 times the channels. */
export const shufflenet_v2_x1_5 = builder(
  "shufflenet_v2_x1_5",
  weights.ShuffleNet_V2_X1_5_Weights,
  shufflenet([24, 176, 352, 704, 1024]),
);
/** ShuffleNet V2 with twice the channels. */
export const shufflenet_v2_x2_0 = builder(
  "shufflenet_v2_x2_0",
  weights.ShuffleNet_V2_X2_0_Weights,
  shufflenet([24, 244, 488, 976, 2048]),
);
