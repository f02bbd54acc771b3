/** Every public function and method takes all of PyTorch's arguments by name (API.md, rule 4). */

import { fileURLToPath } from "node:url";
import * as torch from "candlewick";
import { describe, expect, test } from "vitest";
import { checkByName, checkModuleByName } from "./conformance/by-name.js";
import { camelCase, camelPath, lookUp } from "./conformance/names.js";
import { fixtureFile, lines } from "./conformance/samples.js";
import { argumentsOf, signatures } from "./conformance/signatures.js";

/** Arguments that must be given, of classes where the defaults are not enough; null where a class takes any number. */
const SHIPPED = fileURLToPath(new URL("../data/mnist", import.meta.url));
const FIXTURES = fileURLToPath(new URL("fixtures", import.meta.url));
const shared = new torch.optim.SGD([torch.ones(1, { requiresGrad: true })], { lr: 0.1 });
const constant = () => new torch.optim.lrScheduler.ConstantLR(shared);
const CHANNELS = { inChannels: 2, outChannels: 2 };
const REQUIRED: Record<string, Record<string, unknown> | null> = {
  "optim.Optimizer": null,
  "optim.Muon": { params: [torch.ones(2, 2, { requiresGrad: true })] },
  "optim.lr_scheduler.LRScheduler": null,
  "optim.lr_scheduler.LambdaLR": { lrLambda: () => 1 },
  "optim.lr_scheduler.MultiplicativeLR": { lrLambda: () => 1 },
  "optim.lr_scheduler.StepLR": { stepSize: 1 },
  "optim.lr_scheduler.MultiStepLR": { milestones: [1] },
  "optim.lr_scheduler.ExponentialLR": { gamma: 0.5 },
  "optim.lr_scheduler.CosineAnnealingLR": { TMax: 3 },
  "optim.lr_scheduler.CosineAnnealingWarmRestarts": { T0: 3 },
  "optim.lr_scheduler.CyclicLR": { baseLr: 0.1, maxLr: 0.2, cycleMomentum: false },
  "optim.lr_scheduler.OneCycleLR": { maxLr: 0.2, totalSteps: 5, cycleMomentum: false },
  "optim.lr_scheduler.SequentialLR": { schedulers: [constant(), constant()], milestones: [1], optimizer: shared },
  "optim.lr_scheduler.ChainedScheduler": { schedulers: [constant()], optimizer: shared },
  "optim.swa_utils.AveragedModel": { model: new torch.nn.Linear(1, 1) },
  "optim.swa_utils.SWALR": { optimizer: shared, swaLr: 0.1 },
  "utils.data.BatchSampler": { sampler: [0, 1], batchSize: 2, dropLast: false },
  "utils.data.ChainDataset": { datasets: [] },
  "utils.data.ConcatDataset": { datasets: [[1]] },
  "utils.data.RandomSampler": { dataSource: [1, 2] },
  "utils.data.SequentialSampler": { dataSource: [1, 2] },
  "utils.data.Subset": { dataset: [1, 2], indices: [0] },
  "utils.data.SubsetRandomSampler": { indices: [0, 1] },
  "utils.data.WeightedRandomSampler": { weights: [1, 2], numSamples: 2 },
  "utils.data.Sampler": null,
  "utils.data.DataLoader": { dataset: [1, 2, 3] },
  "utils.data.StackDataset": null,
  "utils.data.TensorDataset": null,
  "vision.models.ConvNeXt": { blockSetting: [{ inputChannels: 4, outChannels: null, numLayers: 2 }] },
  "vision.models.EfficientNet": {
    ...{ dropout: 0.1, normLayer: torch.nn.BatchNorm2d, lastChannel: 8 },
    invertedResidualSetting: [
      { fused: false, expandRatio: 1, kernel: 3, stride: 1, inputChannels: 8, outChannels: 8, numLayers: 1 },
    ],
  },
  "vision.models.GoogLeNet": { auxLogits: false, initWeights: false },
  "vision.models.Inception3": { auxLogits: false, initWeights: false },
  "vision.models.MNASNet": { alpha: 0.5 },
  "vision.models.MaxVit": {
    ...{ inputSize: [32, 32], stemChannels: 8, partitionSize: 4, blockChannels: [8], blockLayers: [2], headDim: 4 },
    ...{ stochasticDepthProb: 0.1, activationLayer: torch.nn.ReLU },
  },
  "vision.models.MobileNetV3": {
    lastChannel: 8,
    invertedResidualSetting: [
      {
        ...{ inputChannels: 8, kernel: 3, expandedChannels: 8, outChannels: 8 },
        ...{ useSe: true, activation: "HS", stride: 1, dilation: 1 },
      },
    ],
  },
  "vision.models.RegNet": { blockParams: { depth: 2, w0: 8, wa: 8, wm: 2, groupWidth: 8 } },
  "vision.models.ResNet": { block: torch.vision.models.BasicBlock, layers: [1, 1, 1, 1] },
  "vision.models.ShuffleNetV2": {
    ...{ stagesRepeats: [1, 1, 1], stagesOutChannels: [4, 8, 16, 32, 64] },
    invertedResidual: undefined,
  },
  "vision.models.SwinTransformer": {
    ...{ patchSize: [4, 4], embedDim: 8, depths: [2], numHeads: [2], windowSize: [4, 4], downsampleLayer: undefined },
  },
  "vision.models.VGG": { features: new torch.nn.Sequential(), initWeights: false, numClasses: 2 },
  "vision.models.VisionTransformer": {
    ...{ imageSize: 8, patchSize: 4, numLayers: 1, numHeads: 1, hiddenDim: 4, mlpDim: 4, normLayer: undefined },
  },
  "vision.ops.Conv2dNormActivation": {
    ...CHANNELS,
    normLayer: torch.nn.BatchNorm2d,
    activationLayer: torch.nn.GELU,
    inplace: null,
  },
  "vision.ops.FrozenBatchNorm2d": { numFeatures: 2 },
  "vision.ops.MLP": { inChannels: 2, hiddenChannels: [3, 4], activationLayer: torch.nn.ReLU },
  "vision.ops.Permute": { dims: [1, 0] },
  "vision.ops.SqueezeExcitation": {
    ...{ inputChannels: 2, squeezeChannels: 1, activation: torch.nn.ReLU, scaleActivation: torch.nn.Sigmoid },
  },
  "vision.ops.StochasticDepth": { p: 0.5, mode: "row" },
  "vision.datasets.MNIST": { root: SHIPPED, train: false },
  // Their files are not shipped; they take what MNIST takes.
  "vision.datasets.FashionMNIST": null,
  "vision.datasets.KMNIST": null,
  "vision.datasets.EMNIST": null,
  "vision.datasets.CIFAR10": null,
  "vision.datasets.CIFAR100": null,
  "vision.datasets.ImageFolder": { root: FIXTURES, allowEmpty: true },
  "vision.datasets.DatasetFolder": { root: FIXTURES, loader: () => 1, extensions: [".jpg"], allowEmpty: true },
};

describe("arguments by name", () => {
  test("PyTorch's samples give by name what they give by position", () => {
    const tried = new Set<string>();
    const wrong = new Set<string>();
    for (const line of lines(fixtureFile("ops.jsonl.gz"))) {
      const found = checkByName(line);
      for (const title of found.tried) tried.add(title);
      for (const text of found.wrong) wrong.add(text);
    }
    expect([...wrong].sort()).toEqual([]);
    expect(tried.size).toBeGreaterThan(500);
  });

  test("modules are made by name as by position", () => {
    const wrong = new Set(lines(fixtureFile("modules.jsonl.gz")).flatMap(checkModuleByName));
    expect([...wrong].sort()).toEqual([]);
  });

  test("other classes take every name of PyTorch's", () => {
    const p = () => [torch.ones(2, { requiresGrad: true })];
    const sgd = () => new torch.optim.SGD(p(), { lr: 0.1 });
    /** What has no default, by class. */
    const needed: Record<string, Record<string, unknown>> = {
      "optim.lr_scheduler": { optimizer: sgd() },
      "utils.data": {},
    };
    const wrong: string[] = [];
    for (const [path, init] of Object.entries(signatures.classes)) {
      const [, space = "", name = ""] = path.match(/^(.*)\.(\w+)$/) ?? [];
      const Class = lookUp(torch, camelPath(path));
      if (typeof Class !== "function" || REQUIRED[path] === null) continue;
      const all = argumentsOf(init).filter(({ value, name: key }) => value !== undefined && !key.startsWith("_"));
      const base = space === "optim" ? { params: p() } : needed[space];
      const options = { ...base, ...REQUIRED[path] };
      for (const { name: key, value } of all) {
        if (!(camelCase(key) in options)) Object.assign(options, { [camelCase(key)]: value });
      }
      try {
        Reflect.construct(Class, [options]);
      } catch (error) {
        wrong.push(`${name}: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
