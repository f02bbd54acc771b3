/** torchvision's model classes and layers with arguments of their own (test/fixtures/models.py). */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as torch from "candlewick";
import { describe, expect, test } from "vitest";

const { nn } = torch;
const { models, ops } = torch.vision;
const groups = (channels: number) => new nn.GroupNorm(2, channels);
const batchNorm = (options: { eps?: number; momentum?: number }) => (c: number) => new nn.BatchNorm2d(c, options);
const layerNorm = (eps: number) => (width: number) => new nn.LayerNorm(width, { eps });

const MAKE: Record<string, () => torch.nn.Layer> = {
  resnet: () => new models.ResNet(models.BasicBlock, [1, 1, 1, 1], 5, true),
  "resnet groups": () =>
    new models.ResNet(models.Bottleneck, [1, 2, 1, 1], {
      ...{ numClasses: 4, groups: 2, widthPerGroup: 8, normLayer: groups },
      replaceStrideWithDilation: [false, true, true],
    }),
  "resnet18 norm": () => models.resnet18({ numClasses: 3, normLayer: groups }),
  "basic block": () => new models.BasicBlock(3, 3, { normLayer: batchNorm({ momentum: 0.3 }) }),
  alexnet: () => new models.AlexNet(3, 0.1),
  squeezenet: () => new models.SqueezeNet("1_1", 6),
  densenet: () => new models.DenseNet(8, [2, 1], 16, { bnSize: 2, dropRate: 0.2, numClasses: 7 }),
  mobilenet_v2: () =>
    new models.MobileNetV2(5, 0.5, [[1, 16, 1, 1], [6, 24, 2, 2]], 4, { normLayer: batchNorm({ eps: 0.01 }) }), // biome-ignore format: one line
  mobilenet_v3: () => {
    const row = { inputChannels: 16, kernel: 3, expandedChannels: 16, outChannels: 16, useSe: true, activation: "RE", stride: 2, dilation: 1 } as const; // biome-ignore format: one line
    const other = { kernel: 5, expandedChannels: 64, outChannels: 24, useSe: false, activation: "HS", dilation: 2 } as const; // biome-ignore format: one line
    return new models.MobileNetV3([row, { ...row, ...other }], 32, 5);
  },
  mobilenet_v3_small: () =>
    models.mobilenet_v3_small({ numClasses: 4, widthMult: 0.5, reducedTail: true, dilated: true }),
  efficientnet: () => {
    const fused = { fused: true, expandRatio: 2, kernel: 3, stride: 1, inputChannels: 8, outChannels: 16, numLayers: 2 }; // biome-ignore format: one line
    const mb = { fused: false, expandRatio: 4, kernel: 5, stride: 2, inputChannels: 16, outChannels: 24, numLayers: 2 };
    return new models.EfficientNet([fused, mb], 0.1, 0.3, 6, batchNorm({ eps: 0.01 }), 40);
  },
  mnasnet: () => new models.MNASNet(0.35, 4, 0.1),
  shufflenet: () => new models.ShuffleNetV2([1, 2, 1], [8, 16, 32, 64, 128], { numClasses: 3 }),
  regnet: () =>
    new models.RegNet(
      { depth: 4, w0: 16, wa: 8, wm: 2, groupWidth: 8, seRatio: 0.25 },
      { numClasses: 5, stemWidth: 8, normLayer: groups, activation: nn.SiLU },
    ),
  convnext: () => {
    const stages = [
      { inputChannels: 8, outChannels: 16, numLayers: 1 },
      { inputChannels: 16, numLayers: 2 },
    ];
    return new models.ConvNeXt(stages, 0.2, 0.5, 5, { normLayer: (c) => new models.LayerNorm2d(c, { eps: 0.1 }) });
  },
  vit: () =>
    new models.VisionTransformer(32, 8, 2, 2, 8, 16, 0.1, 0.2, 5, 12, {
      convStemConfigs: [
        { outChannels: 4, kernelSize: 3, stride: 2 },
        { outChannels: 8, kernelSize: 3, stride: 4, normLayer: nn.BatchNorm2d, activationLayer: nn.SiLU },
      ],
    }),
  "vit norm": () =>
    new models.VisionTransformer({
      ...{ imageSize: 32, patchSize: 16, numLayers: 1, numHeads: 4, hiddenDim: 16, mlpDim: 8, numClasses: 3 },
      normLayer: layerNorm(0.5),
    }),
  swin: () =>
    new models.SwinTransformer([2, 2], 8, [2, 1], [2, 4], [4, 4], 2, {
      ...{ stochasticDepthProb: 0.3, numClasses: 5, normLayer: layerNorm(0.1) },
    }),
  "swin v2": () =>
    new models.SwinTransformer({
      ...{ patchSize: [4, 4], embedDim: 8, depths: [2, 1], numHeads: [2, 4], windowSize: [4, 4], dropout: 0.1 },
      ...{ numClasses: 4, block: models.SwinTransformerBlockV2, downsampleLayer: models.PatchMergingV2 },
    }),
  maxvit: () =>
    new models.MaxVit([32, 32], 8, 4, [8, 16], [1, 2], 4, 0.2, {
      ...{ normLayer: batchNorm({ eps: 0.01 }), activationLayer: nn.ReLU, squeezeRatio: 0.5, expansionRatio: 2 },
      ...{ mlpRatio: 2, mlpDropout: 0.1, numClasses: 5 },
    }),
  vgg: () => new models.VGG(new nn.Sequential(new nn.Conv2d(3, 512, 3)), 3),
  "conv norm": () =>
    new ops.Conv2dNormActivation(3, 4, [3, 5], 2, {
      ...{ dilation: [1, 2], normLayer: groups, activationLayer: nn.GELU, inplace: null },
    }),
  "conv alone": () => new ops.Conv2dNormActivation(3, 4, 1, { normLayer: null, activationLayer: null }),
  squeeze: () => new ops.SqueezeExcitation(3, 2, nn.SiLU, nn.Hardsigmoid),
  mlp: () => new ops.MLP(5, [4, 3], nn.LayerNorm, nn.GELU, { bias: false, dropout: 0.5 }),
  frozen: () => new ops.FrozenBatchNorm2d(3, 0.1),
};

interface Row {
  readonly name: string;
  readonly size: number;
  readonly keys: string;
  readonly repr: string;
  readonly eval: readonly number[];
  readonly train: readonly number[];
}
const text = readFileSync(new URL("../../fixtures/pytorch/models.jsonl", import.meta.url), "utf8");
const sha = (s: string) => createHash("sha256").update(s).digest("hex");

describe("classes with arguments of their own are torchvision's", () => {
  for (const row of text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Row)) {
    test(row.name, () => {
      torch.manualSeed(0);
      const model = MAKE[row.name]?.();
      if (model === undefined) throw new Error(`no model ${row.name}`);
      const keys = Object.entries(model.stateDict()).map(([key, x]) => `${key}:[${x.shape.join(", ")}]`);
      expect([sha(keys.join("\n")), sha(String(model))]).toEqual([row.keys, row.repr]);
      for (const mode of ["eval", "train"] as const) {
        model.train(mode === "train");
        torch.manualSeed(1);
        const y = torch.noGrad(() => model.forward(torch.rand(2, 3, row.size, row.size))).flatten();
        const largest = Math.max(...row[mode].map(Math.abs), 1e-6);
        row[mode].forEach((want, i) => {
          expect(Math.abs(y.select(0, i).item() - want) / largest, `${mode} ${i}`).toBeLessThan(1e-4);
        });
      }
    });
  }
});

test("what is no layer is named", () => {
  expect(() => models.resnet18({ normLayer: 3 as never })).toThrow(
    "ResNet: expected normLayer to be a class of modules or a function that makes one, received number 3",
  );
  expect(() => new ops.MLP(2, [3, 4], { activationLayer: () => 3 as never })).toThrow("MLP: expected activationLayer");
  expect(() => new models.ResNet(nn.Linear as never, [1, 1, 1, 1])).toThrow("expected block to be a class of blocks");
  expect(() => models.resnext50_32x4d({ groups: 1 })).toThrow(
    "The parameter 'groups' expected value 32 but got 1 instead",
  );
  expect(() => models.resnet18({ block: models.Bottleneck } as never)).toThrow("multiple values for argument 'block'");
  expect(() => models.alexnet({ groups: 2 } as never)).toThrow("got an unexpected keyword argument 'groups'");
  expect(() => models.resnet18({ zeroInitResidual: "yes" as never })).toThrow(
    "expected zeroInitResidual to be a boolean",
  );
});

test("named layers of a Sequential are replaced by their names", () => {
  const vit = new models.VisionTransformer(8, 4, 1, 1, 4, 4);
  vit.heads.head = new nn.Linear(4, 3);
  expect(vit.forward(torch.ones(1, 3, 8, 8)).shape).toEqual([1, 3]);
  expect(vit.stateDict()["heads.head.weight"]?.shape).toEqual([3, 4]);
  const dense = new models.DenseNet(4, [1], 8, { numClasses: 2 });
  dense.features.conv0 = new nn.Conv2d(1, 8, 7, { stride: 2, padding: 3, bias: false });
  expect(dense.forward(torch.ones(1, 1, 32, 32)).shape).toEqual([1, 2]);
});
