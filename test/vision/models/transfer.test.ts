/** What transfer learning needs of a model: heads, frozen parts, features, loading. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test, vi } from "vitest";
import * as torch from "../../../lib/index.js";

const { nn, optim } = torch;
const { models } = torch.vision;

test("a frozen model with a new head trains the head alone, and batch norm in evaluation keeps its statistics", () => {
  torch.manualSeed(0);
  const model = models.mobilenet_v3_small();
  model.requiresGrad_(false);
  model.classifier.set(3, new nn.Linear(1024, 2));
  model.train();
  for (const module of model.modules()) if (module instanceof nn.BatchNorm2d) module.eval();
  const before = torch.deepcopy(model.stateDict());
  const trained = model.parameters().filter((p) => p.requiresGrad);
  expect(trained.map((p) => p.shape)).toEqual([[2, 1024], [2]]);
  const optimizer = new optim.SGD(trained, { lr: 0.1 });
  const x = torch.rand(4, 3, 64, 64);
  const loss = nn.functional.crossEntropy(model.forward(x), torch.tensor([0, 1, 0, 1], { dtype: "int64" }));
  loss.backward();
  optimizer.step();
  const changed = Object.entries(model.stateDict()).filter(([key, value]) => !value.equal(before[key] as torch.Tensor));
  expect(changed.map(([key]) => key)).toEqual(["classifier.3.weight", "classifier.3.bias"]);
  expect(model.features.forward(x).requiresGrad).toBe(false); // frozen parts keep no graph
});

test("freezing by a flag, heads by field", () => {
  const model = models.resnet18();
  for (const p of model.parameters()) p.requiresGrad = false;
  model.fc = new nn.Linear(512, 5);
  expect(model.namedParameters().filter(([, p]) => p.requiresGrad).map(([name]) => name)).toEqual(["fc.weight", "fc.bias"]); // biome-ignore format: one line
  expect(torch.noGrad(() => model.eval().forward(torch.rand(1, 3, 64, 64))).shape).toEqual([1, 5]);
  expect(model.getSubmodule("layer1.0.conv1")).toBeInstanceOf(nn.Conv2d);
});

test("features by the paths of modules, the second call by its number; the model stays as it was", () => {
  const model = models.resnet18();
  const extractor = models.createFeatureExtractor(model, { "layer1.0.relu": "first", "layer1.0.relu_1": "second", layer2: "map" }); // biome-ignore format: one line
  const { first, second, map } = torch.noGrad(() => extractor.eval().forward(torch.rand(1, 3, 64, 64)));
  expect([first?.shape, second?.shape, map?.shape]).toEqual([[1, 64, 16, 16], [1, 64, 16, 16], [1, 128, 8, 8]]); // biome-ignore format: one line
  expect(first?.equal(second as torch.Tensor)).toBe(false);
  expect(Object.keys(extractor.stateDict())).toEqual(Object.keys(model.stateDict()));
  expect([model.training, model.layer1.training]).toEqual([false, false]);
  expect(() => models.createFeatureExtractor(model, ["flatten"])).toThrow('"flatten" is no module of the model');
  expect(() => models.createFeatureExtractor(model, ["layer5"])).toThrow('The nearest is "layer1"');
  const [train, evaluation] = models.getGraphNodeNames(models.squeezenet1_1(), torch.rand(2, 3, 64, 64));
  expect([train.slice(0, 4), train.length, evaluation.length]).toEqual([["features.0", "features.1", "features.2", "features.3.squeeze"], 57, 57]); // biome-ignore format: one line
  const modes = models.createFeatureExtractor(model, {
    trainReturnNodes: ["layer1"],
    evalReturnNodes: { layer2: "late" },
  });
  const names = () => Object.keys(torch.noGrad(() => modes.forward(torch.rand(1, 3, 64, 64))));
  expect([modes.train(), names(), modes.eval(), names()].filter(Array.isArray)).toEqual([["layer1"], ["late"]]);
  for (const same of [
    models.createFeatureExtractor(model, null, ["layer1"], { layer2: "late" }),
    models.createFeatureExtractor({ model, trainReturnNodes: ["layer1"], evalReturnNodes: { layer2: "late" } }),
  ]) {
    expect([same.training, Object.keys(torch.noGrad(() => same.forward(torch.rand(1, 3, 64, 64))))]).toEqual([false, ["late"]]); // biome-ignore format: one line
  }
  const inside = models.createFeatureExtractor(models.createFeatureExtractor(model, ["layer1", "layer2"]), ["layer1"]);
  expect(Object.keys(torch.noGrad(() => inside.forward(torch.rand(1, 3, 64, 64))))).toEqual(["layer1"]);
  expect(() => models.createFeatureExtractor(model, { trainReturnNodes: ["layer1"] } as never)).toThrow("Either `return_nodes` or"); // biome-ignore format: one line
});

test("weights know their checksum, give their state, and stay as they are", async () => {
  const weights = models.ResNet18_Weights.IMAGENET1K_V1;
  expect(weights.checksum).toBe("f37072fd");
  torch.hub.setOffline(true);
  await expect(weights.getStateDict({ progress: false })).rejects.toThrow("resnet18-f37072fd.pth");
  torch.hub.setOffline(false);
  expect(Object.isFrozen(models.ResNet18_Weights)).toBe(true);
});

test("the names of nodes leave the model, its hooks and the random numbers alone", () => {
  const model = models.alexnet();
  let calls = 0;
  model.registerForwardHook(() => void calls++);
  torch.manualSeed(3);
  const next = torch.rand(2);
  torch.manualSeed(3);
  const [train, evaluation] = models.getGraphNodeNames(model, torch.ones(2, 3, 64, 64));
  expect([calls, train.length, evaluation.length, torch.rand(2).equal(next), model.training]).toEqual([0, 21, 21, true, true]); // biome-ignore format: one line
});

test("outputs with names: PyTorch's fields alone, in their order; a loss says .logits", () => {
  const model = models.googlenet({ initWeights: false }).train();
  const y = torch.noGrad(() => model.forward(torch.rand(2, 3, 64, 64))) as torch.vision.models.GoogLeNetOutputs;
  expect(Object.keys(y)).toEqual(["logits", "aux_logits2", "aux_logits1"]);
  const [logits, aux2] = y;
  expect([logits, aux2]).toEqual([y.logits, y.aux_logits2]);
  expect([y[0], y[1], Object.keys(y).length]).toEqual([y.logits, y.aux_logits2, 3]);
  expect(() => nn.functional.crossEntropy(y as never, torch.tensor([0, 1]))).toThrow("not GoogLeNetOutputs, whose tensor is .logits"); // biome-ignore format: one line
  expect(torch.isTensor(model.eval().forward(torch.rand(1, 3, 64, 64)))).toBe(true);
});

test("a checkpoint of another head, or with a prefix on every key, says what to do", () => {
  const state = models.squeezenet1_1({ numClasses: 3 }).stateDict();
  const model = models.squeezenet1_1();
  expect(() => model.loadStateDict(state)).toThrow(
    /size mismatch for classifier.1.weight: .*load it with \{ strict: false \}/s,
  );
  delete state["classifier.1.weight"];
  delete state["classifier.1.bias"];
  expect(model.loadStateDict(state, { strict: false }).missingKeys).toEqual([
    "classifier.1.weight",
    "classifier.1.bias",
  ]);
  const wrapped: torch.nn.StateDict = {};
  for (const [key, value] of Object.entries(model.stateDict())) wrapped[`module.${key}`] = value;
  expect(() => model.loadStateDict(wrapped)).toThrow('consumePrefixInStateDictIfPresent(state, "module.")');
  nn.utils.consumePrefixInStateDictIfPresent(wrapped, "module.");
  expect(String(model.loadStateDict(wrapped))).toBe("<All keys matched successfully>");
});

test("weights are data; builders say what is wrong", async () => {
  const { ResNet50_Weights } = models;
  expect([`${ResNet50_Weights.DEFAULT}`, Object.keys(ResNet50_Weights)]).toEqual(["ResNet50_Weights.IMAGENET1K_V2", ["IMAGENET1K_V1", "IMAGENET1K_V2"]]); // biome-ignore format: one line
  const { meta } = models.getWeight("ResNet50_Weights.IMAGENET1K_V2");
  expect([meta.categories?.[0], meta.categories?.length, meta._metrics["ImageNet-1K"]]).toEqual(["tench", 1000, { "acc@1": 80.858, "acc@5": 95.434 }]); // biome-ignore format: one line
  expect(String(ResNet50_Weights.DEFAULT.transforms())).toBe(
    "ImageClassification(\n    crop_size=[224]\n    resize_size=[232]\n    mean=[0.485, 0.456, 0.406]\n    std=[0.229, 0.224, 0.225]\n    interpolation=InterpolationMode.BILINEAR\n)",
  );
  expect(models.getModelWeights("resnet50")).toBe(ResNet50_Weights);
  expect(models.listModels({ include: "resnet1*", exclude: "*152" })).toEqual(["resnet101", "resnet18"]);
  expect(models.listModels({ include: ["resnet[15]*", ""] })).toEqual([
    "resnet101",
    "resnet152",
    "resnet18",
    "resnet50",
  ]);
  expect(models.listModels({ include: "vgg1[!1]" })).toEqual(["vgg13", "vgg16", "vgg19"]);
  expect(models.listModels({ include: [] }).length).toBe(80);
  expect(() => models.listModels({ include: 5 as never })).toThrow(
    "expected include to be a pattern or a list of them",
  );
  expect(() => models.listModels("resnet*" as never)).toThrow("listModels: expected options, received");
  expect(() => models.resnet18({ num_classes: 3 } as never)).toThrow(
    "ResNet() got an unexpected keyword argument 'num_classes'",
  );
  const [missing, unexpected] = models.resnet18().loadStateDict({ x: torch.ones(1) }, { strict: false });
  expect([missing?.length, unexpected]).toEqual([102, ["x"]]); // a state without versions has no num_batches_tracked
  const wrong = models.resnet18 as (options: unknown) => unknown;
  expect(() => wrong({ weights: "IMAGENET1K_V9" })).toThrow("Invalid weights: there is no IMAGENET1K_V9; ResNet18_Weights has IMAGENET1K_V1"); // biome-ignore format: one line
  expect(() => wrong({ weights: ResNet50_Weights.DEFAULT })).toThrow("expected ResNet18_Weights but received ResNet50_Weights"); // biome-ignore format: one line
  expect(() => wrong({ weights: "DEFAULT", numClasses: 10 })).toThrow(
    "The parameter 'num_classes' expected value 1000 but got 10",
  );
  expect(() => wrong(3)).toThrow("resnet18: expected options, received number 3");
  expect(() => models.getModel("resnet19" as string)).toThrow('Unknown model "resnet19"');
});

test("pretrained weights come from the cache, by each of their names", async () => {
  const folder = mkdtempSync(join(tmpdir(), "candlewick-cache-"));
  vi.stubEnv("TORCH_HOME", folder);
  torch.hub.setOffline(true);
  const put = (weights: torch.vision.models.Weights, model: torch.nn.AnyModule) => {
    mkdirSync(join(torch.hub.getDir(), "checkpoints"), { recursive: true });
    torch.saveSync(model.stateDict(), join(torch.hub.getDir(), "checkpoints", basename(weights.url)));
  };
  const trained = models.squeezenet1_1();
  put(models.SqueezeNet1_1_Weights.DEFAULT, trained);
  const ways = [
    models.squeezenet1_1({ weights: "DEFAULT" }),
    models.squeezenet1_1({ weights: models.SqueezeNet1_1_Weights.IMAGENET1K_V1 }),
    models.squeezenet1_1({ weights: "SqueezeNet1_1_Weights.IMAGENET1K_V1" }),
    models.squeezenet1_1({ pretrained: true }),
  ];
  const state = trained.stateDict();
  for (const model of await Promise.all(ways)) {
    const same = Object.entries(model.stateDict()).every(([key, x]) => x.equal(state[key] as torch.Tensor));
    expect(same).toBe(true);
  }
  await expect(models.squeezenet1_0({ weights: "DEFAULT" })).rejects.toThrow(
    /squeezenet1_0-\w+.pth could not be downloaded/,
  );

  put(models.GoogLeNet_Weights.DEFAULT, models.googlenet({ initWeights: false }));
  const plain = await models.googlenet({ weights: "DEFAULT" });
  expect([plain.aux1, plain.auxLogits, plain.transformInput]).toEqual([null, false, true]);
  expect((await models.googlenet({ weights: "DEFAULT", auxLogits: true })).auxLogits).toBe(true);
  torch.hub.setOffline(false);
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("without weights a builder gives the model, with them a promise", () => {
  // Compiled, not run.
  const types = () => {
    const model: torch.vision.models.ResNet = models.resnet18();
    const small: torch.vision.models.ResNet = models.resnet18({ numClasses: 10, weights: null });
    const best: Promise<torch.vision.models.ResNet> = models.resnet18({ weights: "DEFAULT" });
    const old: Promise<torch.vision.models.ResNet> = models.resnet18({ pretrained: true });
    return [model, small, best, old];
  };
  expect(types).toBeTypeOf("function");
});

test("a prefix before every key is named for a model with batch norm too", () => {
  const model = models.resnet18();
  for (const prefix of ["module.", "_orig_mod."]) {
    const state = Object.fromEntries(Object.entries(model.stateDict()).map(([key, value]) => [prefix + key, value]));
    expect(() => model.loadStateDict(state)).toThrow(
      `Every key begins with "${prefix}": nn.utils.consumePrefixInStateDictIfPresent(state, "${prefix}") takes it away.`,
    );
  }
});

test("builders take every option that they document", () => {
  expect(() => models.googlenet({ initWeights: false, dropoutAux: 0.1 })).not.toThrow();
});
