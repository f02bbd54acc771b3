/** GoogLeNet: convolutions of several sizes side by side.   [Szegedy et al. 2014](https://arxiv.org/abs/1409.4842) */
import { type Args, readArgs } from "../../args.js";
import { adaptiveAvgPool2d } from "../../nn/functional.js";
import { AdaptiveAvgPool2d, Dropout, type Layer, Linear, MaxPool2d, Module, Sequential } from "../../nn/index.js";
import { cat } from "../../ops/join.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";
import { BasicConv2d, type ConvBlock, initialiseTruncated, transformInput, warnInit } from "./basic-conv2d.js";
import { builder, fixed } from "./builder.js";
import { ModuleWithFc } from "./head.js";
import { NamedOutput } from "./named-output.js";
import { GoogLeNet_Weights } from "./weights/googlenet.js";

/** Options of {@link GoogLeNet}. */
export interface GoogLeNetOptions {
  /** Default 1000. */
  numClasses?: number;
  /** Whether there are classifiers along the way, whose outputs training gives too. Default true. */
  auxLogits?: boolean;
  /** Whether images come normalised by ImageNet's mean and deviation. Default false, with weights true. */
  transformInput?: boolean;
  /** Whether layers are initialised as in the paper. Default true, with a warning. */
  initWeights?: boolean | null;
  /** The classes of the parts. Default: the paper's. */
  blocks?: GoogLeNetBlocks | null;
  /** The probability of the dropout. Default 0.2. */
  dropout?: number;
  /** That of the classifiers along the way. Default 0.7. */
  dropoutAux?: number;
}

const NAMES = ["numClasses", "auxLogits", "transformInput", "initWeights", "blocks", "dropout", "dropoutAux"] as const;

/** What training gives. */
export class GoogLeNetOutputs extends NamedOutput {
  readonly logits: Tensor;
  readonly aux_logits2: Tensor | null;
  readonly aux_logits1: Tensor | null;

  constructor(logits: Tensor, auxLogits2: Tensor | null, auxLogits1: Tensor | null) {
    super();
    this.logits = logits;
    this.aux_logits2 = auxLogits2;
    this.aux_logits1 = auxLogits1;
  }
}

/** Channels: of the 1 x 1 branch, of the 3 x 3 branch before and after, of the 5 x 5 branch (3 x 3 here, as published), of the pooled. */
type Widths = [c1: number, r3: number, c3: number, r5: number, c5: number, pool: number];

/** The classes of the parts: a convolution, branches side by side, a classifier along the way. */
export type GoogLeNetBlocks = readonly [
  conv: ConvBlock,
  inception: new (from: number, ...widths: Widths) => Layer,
  aux: new (from: number, numClasses: number, options: { dropout: number }) => Layer,
];

class Inception extends Module {
  branch1: BasicConv2d;
  branch2: Sequential;
  branch3: Sequential;
  branch4: Sequential;

  constructor(from: number, ...[c1, r3, c3, r5, c5, pool]: Widths) {
    super();
    this.branch1 = new BasicConv2d(from, c1, { kernelSize: 1 });
    this.branch2 = new Sequential(
      new BasicConv2d(from, r3, { kernelSize: 1 }),
      new BasicConv2d(r3, c3, { kernelSize: 3, padding: 1 }),
    );
    this.branch3 = new Sequential(
      new BasicConv2d(from, r5, { kernelSize: 1 }),
      new BasicConv2d(r5, c5, { kernelSize: 3, padding: 1 }),
    );
    this.branch4 = new Sequential(
      new MaxPool2d(3, { stride: 1, padding: 1, ceilMode: true }),
      new BasicConv2d(from, pool, { kernelSize: 1 }),
    );
  }

  forward(x: Tensor): Tensor {
    return cat(
      [this.branch1, this.branch2, this.branch3, this.branch4].map((branch) => branch.forward(x)),
      1,
    );
  }
}

/** A classifier along the way. */
class InceptionAux extends Module {
  conv: BasicConv2d;
  fc1: Linear;
  fc2: Linear;
  dropout: Dropout;

  constructor(from: number, numClasses: number, { dropout }: { dropout: number }) {
    super();
    this.conv = new BasicConv2d(from, 128, { kernelSize: 1 });
    this.fc1 = new Linear(2048, 1024);
    this.fc2 = new Linear(1024, numClasses);
    this.dropout = new Dropout(dropout);
  }

  forward(x: Tensor): Tensor {
    const features = this.conv.forward(adaptiveAvgPool2d(x, [4, 4])).flatten(1);
    return this.fc2.forward(this.dropout.forward(this.fc1.forward(features).relu_()));
  }
}

/** The classifiers, which any layers may replace. */
interface WithClassifiers extends InstanceType<typeof ModuleWithFc> {
  get aux1(): InceptionAux | null;
  set aux1(layer: Layer | null);
  get aux2(): InceptionAux | null;
  set aux2(layer: Layer | null);
}
const Parts = ModuleWithFc as abstract new () => WithClassifiers;

/** x [N, 3, H, W] -> logits [N, classes]; in training, {@link GoogLeNetOutputs}. */
export class GoogLeNet extends Parts {
  // Declared alone: their order, in which the keys come, is that of the assignments.
  /** Whether training gives the outputs of the classifiers along the way. */
  declare auxLogits: boolean;
  /** Whether images come normalised by ImageNet's mean and deviation. */
  declare transformInput: boolean;
  declare conv1: Layer;
  declare maxpool1: MaxPool2d;
  declare conv2: Layer;
  declare conv3: Layer;
  declare maxpool2: MaxPool2d;
  declare inception3a: Layer;
  declare inception3b: Layer;
  declare maxpool3: MaxPool2d;
  declare inception4a: Layer;
  declare inception4b: Layer;
  declare inception4c: Layer;
  declare inception4d: Layer;
  declare inception4e: Layer;
  declare maxpool4: MaxPool2d;
  declare inception5a: Layer;
  declare inception5b: Layer;
  declare avgpool: AdaptiveAvgPool2d;
  declare dropout: Dropout;

  constructor(...args: Args<GoogLeNetOptions, typeof NAMES>) {
    super();
    const options = readArgs<GoogLeNetOptions>("GoogLeNet", NAMES, args);
    const { numClasses = 1000, auxLogits = true, dropout = 0.2, dropoutAux = 0.7 } = options;
    const [conv, inception, aux] = options.blocks ?? [BasicConv2d, Inception, InceptionAux];
    const pool = (size: number) => new MaxPool2d(size, { stride: 2, ceilMode: true });
    if ((options.initWeights ?? null) === null) warnInit("GoogleNet");
    this.auxLogits = auxLogits;
    this.transformInput = options.transformInput ?? false;
    this.conv1 = new conv(3, 64, { kernelSize: 7, stride: 2, padding: 3 });
    this.maxpool1 = pool(3);
    this.conv2 = new conv(64, 64, { kernelSize: 1 });
    this.conv3 = new conv(64, 192, { kernelSize: 3, padding: 1 });
    this.maxpool2 = pool(3);
    this.inception3a = new inception(192, 64, 96, 128, 16, 32, 32);
    this.inception3b = new inception(256, 128, 128, 192, 32, 96, 64);
    this.maxpool3 = pool(3);
    this.inception4a = new inception(480, 192, 96, 208, 16, 48, 64);
    this.inception4b = new inception(512, 160, 112, 224, 24, 64, 64);
    this.inception4c = new inception(512, 128, 128, 256, 24, 64, 64);
    this.inception4d = new inception(512, 112, 144, 288, 32, 64, 64);
    this.inception4e = new inception(528, 256, 160, 320, 32, 128, 128);
    this.maxpool4 = pool(2);
    this.inception5a = new inception(832, 256, 160, 320, 32, 128, 128);
    this.inception5b = new inception(832, 384, 192, 384, 48, 128, 128);
    this.aux1 = auxLogits ? new aux(512, numClasses, { dropout: dropoutAux }) : null;
    this.aux2 = auxLogits ? new aux(528, numClasses, { dropout: dropoutAux }) : null;
    this.avgpool = new AdaptiveAvgPool2d([1, 1]);
    this.dropout = new Dropout(dropout);
    this.fc = new Linear(1024, numClasses);
    if (options.initWeights ?? true) initialiseTruncated(this, 0.01, new Map());
  }

  forward(images: Tensor): Tensor | GoogLeNetOutputs {
    const x = this.transformInput ? transformInput(images) : images;
    const run = (input: Tensor, ...layers: Layer[]) => layers.reduce((y, layer) => layer.forward(y), input);
    const along = (aux: Layer | null, y: Tensor) => (aux !== null && this.training ? aux.forward(y) : null);
    const early = run(
      x,
      ...[this.conv1, this.maxpool1, this.conv2, this.conv3, this.maxpool2],
      ...[this.inception3a, this.inception3b, this.maxpool3, this.inception4a],
    );
    const aux1 = along(this.aux1, early);
    const middle = run(early, this.inception4b, this.inception4c, this.inception4d);
    const aux2 = along(this.aux2, middle);
    const late = run(middle, this.inception4e, this.maxpool4, this.inception5a, this.inception5b, this.avgpool);
    const logits = this.fc.forward(this.dropout.forward(late.flatten(1)));
    return this.training && this.auxLogits ? new GoogLeNetOutputs(logits, aux2, aux1) : logits;
  }
}

/** GoogLeNet. With weights `transformInput` is true, and the classifiers along the way, untrained, are there only where asked for. */
export const googlenet = builder(
  "googlenet",
  GoogLeNet_Weights,
  (options: GoogLeNetOptions) => new GoogLeNet(options),
  {
    options: (o) => fixed("googlenet", { transformInput: true, ...o, auxLogits: true }, { initWeights: false }),
    loaded(model, { auxLogits = false }) {
      if (auxLogits) {
        warnOnce(
          "CANDLEWICK_GOOGLENET_AUX",
          "auxiliary heads in the pretrained googlenet model are NOT pretrained, so make sure to train them",
        );
        return;
      }
      model.auxLogits = false;
      model.aux1 = null;
      model.aux2 = null;
    },
  },
);
