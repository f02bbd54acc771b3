/** Inception V3: convolutions of several shapes side by side.   [Szegedy et al. 2015](https://arxiv.org/abs/1512.00567) */
import { type Args, readArgs } from "../../args.js";
import { adaptiveAvgPool2d, avgPool2d, maxPool2d } from "../../nn/functional.js";
import { AdaptiveAvgPool2d, Dropout, type Layer, Linear, MaxPool2d, Module } from "../../nn/index.js";
import { cat } from "../../ops/join.js";
import type { Tensor } from "../../tensor.js";
import { BasicConv2d, type ConvBlock, initialiseTruncated, transformInput, warnInit } from "./basic-conv2d.js";
import { builder, fixed } from "./builder.js";
import { ModuleWithFc } from "./head.js";
import { NamedOutput } from "./named-output.js";
import { Inception_V3_Weights } from "./weights/inception.js";

/** Options of {@link Inception3}. */
export interface Inception3Options {
  /** Default 1000. */
  numClasses?: number;
  /** Whether there is a classifier along the way, whose output training gives too. Default true. */
  auxLogits?: boolean;
  /** Whether images come normalised by ImageNet's mean and deviation. Default false, with weights true. */
  transformInput?: boolean;
  /** The classes of the parts. Default: the paper's. */
  inceptionBlocks?: Inception3Blocks | null;
  /** Whether layers are initialised as in the paper. Default true, with a warning. */
  initWeights?: boolean | null;
  /** The probability of the dropout. Default 0.5. */
  dropout?: number;
}

const NAMES = ["numClasses", "auxLogits", "transformInput", "inceptionBlocks", "initWeights", "dropout"] as const;

/** The classes of the parts: a convolution, five kinds of branches side by side, a classifier along the way. */
export type Inception3Blocks = readonly [
  conv: ConvBlock,
  a: new (from: number, poolFeatures: number) => Layer,
  b: new (from: number) => Layer,
  c: new (from: number, channels7x7: number) => Layer,
  d: new (from: number) => Layer,
  e: new (from: number) => Layer,
  aux: new (from: number, numClasses: number) => Layer,
];

/** What training gives. */
export class InceptionOutputs extends NamedOutput {
  readonly logits: Tensor;
  readonly aux_logits: Tensor | null;

  constructor(logits: Tensor, auxLogits: Tensor | null) {
    super();
    this.logits = logits;
    this.aux_logits = auxLogits;
  }
}

const joined = (...branches: Tensor[]) => cat(branches, 1);
const pooled = (x: Tensor) => avgPool2d(x, 3, { stride: 1, padding: 1 });
const chain = (x: Tensor, ...layers: BasicConv2d[]) => layers.reduce((y, layer) => layer.forward(y), x);
/** A convolution that keeps the size. */
const wide = (from: number, to: number) => new BasicConv2d(from, to, { kernelSize: [1, 7], padding: [0, 3] });
const high = (from: number, to: number) => new BasicConv2d(from, to, { kernelSize: [7, 1], padding: [3, 0] });

class InceptionA extends Module {
  branch1x1: BasicConv2d;
  branch5x5_1: BasicConv2d;
  branch5x5_2: BasicConv2d;
  branch3x3dbl_1: BasicConv2d;
  branch3x3dbl_2: BasicConv2d;
  branch3x3dbl_3: BasicConv2d;
  branch_pool: BasicConv2d;

  constructor(from: number, poolFeatures: number) {
    super();
    this.branch1x1 = new BasicConv2d(from, 64, { kernelSize: 1 });
    this.branch5x5_1 = new BasicConv2d(from, 48, { kernelSize: 1 });
    this.branch5x5_2 = new BasicConv2d(48, 64, { kernelSize: 5, padding: 2 });
    this.branch3x3dbl_1 = new BasicConv2d(from, 64, { kernelSize: 1 });
    this.branch3x3dbl_2 = new BasicConv2d(64, 96, { kernelSize: 3, padding: 1 });
    this.branch3x3dbl_3 = new BasicConv2d(96, 96, { kernelSize: 3, padding: 1 });
    this.branch_pool = new BasicConv2d(from, poolFeatures, { kernelSize: 1 });
  }

  forward(x: Tensor): Tensor {
    return joined(
      this.branch1x1.forward(x),
      chain(x, this.branch5x5_1, this.branch5x5_2),
      chain(x, this.branch3x3dbl_1, this.branch3x3dbl_2, this.branch3x3dbl_3),
      this.branch_pool.forward(pooled(x)),
    );
  }
}

class InceptionB extends Module {
  branch3x3: BasicConv2d;
  branch3x3dbl_1: BasicConv2d;
  branch3x3dbl_2: BasicConv2d;
  branch3x3dbl_3: BasicConv2d;

  constructor(from: number) {
    super();
    this.branch3x3 = new BasicConv2d(from, 384, { kernelSize: 3, stride: 2 });
    this.branch3x3dbl_1 = new BasicConv2d(from, 64, { kernelSize: 1 });
    this.branch3x3dbl_2 = new BasicConv2d(64, 96, { kernelSize: 3, padding: 1 });
    this.branch3x3dbl_3 = new BasicConv2d(96, 96, { kernelSize: 3, stride: 2 });
  }

  forward(x: Tensor): Tensor {
    return joined(
      this.branch3x3.forward(x),
      chain(x, this.branch3x3dbl_1, this.branch3x3dbl_2, this.branch3x3dbl_3),
      maxPool2d(x, 3, { stride: 2 }),
    );
  }
}

class InceptionC extends Module {
  branch1x1: BasicConv2d;
  branch7x7_1: BasicConv2d;
  branch7x7_2: BasicConv2d;
  branch7x7_3: BasicConv2d;
  branch7x7dbl_1: BasicConv2d;
  branch7x7dbl_2: BasicConv2d;
  branch7x7dbl_3: BasicConv2d;
  branch7x7dbl_4: BasicConv2d;
  branch7x7dbl_5: BasicConv2d;
  branch_pool: BasicConv2d;

  constructor(from: number, c7: number) {
    super();
    this.branch1x1 = new BasicConv2d(from, 192, { kernelSize: 1 });
    this.branch7x7_1 = new BasicConv2d(from, c7, { kernelSize: 1 });
    this.branch7x7_2 = wide(c7, c7);
    this.branch7x7_3 = high(c7, 192);
    this.branch7x7dbl_1 = new BasicConv2d(from, c7, { kernelSize: 1 });
    this.branch7x7dbl_2 = high(c7, c7);
    this.branch7x7dbl_3 = wide(c7, c7);
    this.branch7x7dbl_4 = high(c7, c7);
    this.branch7x7dbl_5 = wide(c7, 192);
    this.branch_pool = new BasicConv2d(from, 192, { kernelSize: 1 });
  }

  forward(x: Tensor): Tensor {
    return joined(
      this.branch1x1.forward(x),
      chain(x, this.branch7x7_1, this.branch7x7_2, this.branch7x7_3),
      chain(x, ...[this.branch7x7dbl_1, this.branch7x7dbl_2, this.branch7x7dbl_3, this.branch7x7dbl_4, this.branch7x7dbl_5]), // biome-ignore format: one line
      this.branch_pool.forward(pooled(x)),
    );
  }
}

class InceptionD extends Module {
  branch3x3_1: BasicConv2d;
  branch3x3_2: BasicConv2d;
  branch7x7x3_1: BasicConv2d;
  branch7x7x3_2: BasicConv2d;
  branch7x7x3_3: BasicConv2d;
  branch7x7x3_4: BasicConv2d;

  constructor(from: number) {
    super();
    this.branch3x3_1 = new BasicConv2d(from, 192, { kernelSize: 1 });
    this.branch3x3_2 = new BasicConv2d(192, 320, { kernelSize: 3, stride: 2 });
    this.branch7x7x3_1 = new BasicConv2d(from, 192, { kernelSize: 1 });
    this.branch7x7x3_2 = wide(192, 192);
    this.branch7x7x3_3 = high(192, 192);
    this.branch7x7x3_4 = new BasicConv2d(192, 192, { kernelSize: 3, stride: 2 });
  }

  forward(x: Tensor): Tensor {
    return joined(
      chain(x, this.branch3x3_1, this.branch3x3_2),
      chain(x, this.branch7x7x3_1, this.branch7x7x3_2, this.branch7x7x3_3, this.branch7x7x3_4),
      maxPool2d(x, 3, { stride: 2 }),
    );
  }
}

class InceptionE extends Module {
  branch1x1: BasicConv2d;
  branch3x3_1: BasicConv2d;
  branch3x3_2a: BasicConv2d;
  branch3x3_2b: BasicConv2d;
  branch3x3dbl_1: BasicConv2d;
  branch3x3dbl_2: BasicConv2d;
  branch3x3dbl_3a: BasicConv2d;
  branch3x3dbl_3b: BasicConv2d;
  branch_pool: BasicConv2d;

  constructor(from: number) {
    super();
    const flat = () => new BasicConv2d(384, 384, { kernelSize: [1, 3], padding: [0, 1] });
    const tall = () => new BasicConv2d(384, 384, { kernelSize: [3, 1], padding: [1, 0] });
    this.branch1x1 = new BasicConv2d(from, 320, { kernelSize: 1 });
    this.branch3x3_1 = new BasicConv2d(from, 384, { kernelSize: 1 });
    this.branch3x3_2a = flat();
    this.branch3x3_2b = tall();
    this.branch3x3dbl_1 = new BasicConv2d(from, 448, { kernelSize: 1 });
    this.branch3x3dbl_2 = new BasicConv2d(448, 384, { kernelSize: 3, padding: 1 });
    this.branch3x3dbl_3a = flat();
    this.branch3x3dbl_3b = tall();
    this.branch_pool = new BasicConv2d(from, 192, { kernelSize: 1 });
  }

  forward(x: Tensor): Tensor {
    const single = this.branch3x3_1.forward(x);
    const double = chain(x, this.branch3x3dbl_1, this.branch3x3dbl_2);
    return joined(
      this.branch1x1.forward(x),
      joined(this.branch3x3_2a.forward(single), this.branch3x3_2b.forward(single)),
      joined(this.branch3x3dbl_3a.forward(double), this.branch3x3dbl_3b.forward(double)),
      this.branch_pool.forward(pooled(x)),
    );
  }
}

/** A classifier along the way. */
class InceptionAux extends Module {
  conv0: BasicConv2d;
  conv1: BasicConv2d;
  fc: Linear;

  constructor(from: number, numClasses: number) {
    super();
    this.conv0 = new BasicConv2d(from, 128, { kernelSize: 1 });
    this.conv1 = new BasicConv2d(128, 768, { kernelSize: 5 });
    this.fc = new Linear(768, numClasses);
  }

  forward(x: Tensor): Tensor {
    const features = chain(avgPool2d(x, 5, { stride: 3 }), this.conv0, this.conv1);
    return this.fc.forward(adaptiveAvgPool2d(features, [1, 1]).flatten(1));
  }
}

/** The classifiers, which any layers may replace. */
interface WithClassifiers extends InstanceType<typeof ModuleWithFc> {
  get AuxLogits(): InceptionAux | null;
  set AuxLogits(layer: Layer | null);
}
const Parts = ModuleWithFc as abstract new () => WithClassifiers;

/** x [N, 3, H, W] of at least 75 x 75 (299 x 299 in the paper) -> logits [N, classes]; in training, {@link InceptionOutputs}. */
export class Inception3 extends Parts {
  // Declared alone: their order, in which the keys come, is that of the assignments.
  /** Whether training gives the output of the classifier along the way. */
  declare auxLogits: boolean;
  /** Whether images come normalised by ImageNet's mean and deviation. */
  declare transformInput: boolean;
  declare Conv2d_1a_3x3: Layer;
  declare Conv2d_2a_3x3: Layer;
  declare Conv2d_2b_3x3: Layer;
  declare maxpool1: MaxPool2d;
  declare Conv2d_3b_1x1: Layer;
  declare Conv2d_4a_3x3: Layer;
  declare maxpool2: MaxPool2d;
  declare Mixed_5b: Layer;
  declare Mixed_5c: Layer;
  declare Mixed_5d: Layer;
  declare Mixed_6a: Layer;
  declare Mixed_6b: Layer;
  declare Mixed_6c: Layer;
  declare Mixed_6d: Layer;
  declare Mixed_6e: Layer;
  declare Mixed_7a: Layer;
  declare Mixed_7b: Layer;
  declare Mixed_7c: Layer;
  declare avgpool: AdaptiveAvgPool2d;
  declare dropout: Dropout;

  constructor(...args: Args<Inception3Options, typeof NAMES>) {
    super();
    const options = readArgs<Inception3Options>("Inception3", NAMES, args);
    const { numClasses = 1000, auxLogits = true, dropout = 0.5 } = options;
    if ((options.initWeights ?? null) === null) warnInit("inception_v3");
    const kinds = options.inceptionBlocks ?? [BasicConv2d, InceptionA, InceptionB, InceptionC, InceptionD, InceptionE, InceptionAux]; // biome-ignore format: one line
    const [conv, a, b, c, d, e, aux] = kinds;
    this.auxLogits = auxLogits;
    this.transformInput = options.transformInput ?? false;
    this.Conv2d_1a_3x3 = new conv(3, 32, { kernelSize: 3, stride: 2 });
    this.Conv2d_2a_3x3 = new conv(32, 32, { kernelSize: 3 });
    this.Conv2d_2b_3x3 = new conv(32, 64, { kernelSize: 3, padding: 1 });
    this.maxpool1 = new MaxPool2d(3, { stride: 2 });
    this.Conv2d_3b_1x1 = new conv(64, 80, { kernelSize: 1 });
    this.Conv2d_4a_3x3 = new conv(80, 192, { kernelSize: 3 });
    this.maxpool2 = new MaxPool2d(3, { stride: 2 });
    this.Mixed_5b = new a(192, 32);
    this.Mixed_5c = new a(256, 64);
    this.Mixed_5d = new a(288, 64);
    this.Mixed_6a = new b(288);
    this.Mixed_6b = new c(768, 128);
    this.Mixed_6c = new c(768, 160);
    this.Mixed_6d = new c(768, 160);
    this.Mixed_6e = new c(768, 192);
    this.AuxLogits = auxLogits ? new aux(768, numClasses) : null;
    this.Mixed_7a = new d(768);
    this.Mixed_7b = new e(1280);
    this.Mixed_7c = new e(2048);
    this.avgpool = new AdaptiveAvgPool2d([1, 1]);
    this.dropout = new Dropout(dropout);
    this.fc = new Linear(2048, numClasses);
    if (!(options.initWeights ?? true)) return;
    const narrow = this.AuxLogits instanceof InceptionAux ? [[this.AuxLogits.fc, 0.001] as const] : [];
    initialiseTruncated(this, 0.1, new Map(narrow));
  }

  forward(images: Tensor): Tensor | InceptionOutputs {
    const x = this.transformInput ? transformInput(images) : images;
    const run = (input: Tensor, ...layers: Layer[]) => layers.reduce((y, layer) => layer.forward(y), input);
    const early = run(
      x,
      ...[this.Conv2d_1a_3x3, this.Conv2d_2a_3x3, this.Conv2d_2b_3x3, this.maxpool1],
      ...[this.Conv2d_3b_1x1, this.Conv2d_4a_3x3, this.maxpool2],
      ...[this.Mixed_5b, this.Mixed_5c, this.Mixed_5d],
      ...[this.Mixed_6a, this.Mixed_6b, this.Mixed_6c, this.Mixed_6d, this.Mixed_6e],
    );
    const aux = this.AuxLogits !== null && this.training ? this.AuxLogits.forward(early) : null;
    const late = run(early, this.Mixed_7a, this.Mixed_7b, this.Mixed_7c, this.avgpool, this.dropout);
    const logits = this.fc.forward(late.flatten(1));
    return this.training && this.auxLogits ? new InceptionOutputs(logits, aux) : logits;
  }
}

/** Inception V3. With weights `transformInput` is true. */
export const inception_v3 = builder(
  "inception_v3",
  Inception_V3_Weights,
  (options: Inception3Options) => new Inception3(options),
  {
    options: (o) => fixed("inception_v3", { transformInput: true, ...o, auxLogits: true }, { initWeights: false }),
    loaded(model, { auxLogits = true }) {
      if (auxLogits) return;
      model.auxLogits = false;
      model.AuxLogits = null;
    },
  },
);
