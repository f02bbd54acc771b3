/** Types are part of the API: what an argument may be, and what comes back. `npm run check` compiles this file. */
import { describe, expect, expectTypeOf, test } from "vitest";
import * as torch from "../../lib/index.js";

const { nn, optim, data } = torch;
type Tensor = torch.Tensor;

describe("functions", () => {
  test("take arguments by position, by name, or both", () => {
    const x = torch.ones(2, 3);
    expectTypeOf(x.sum()).toEqualTypeOf<Tensor>();
    expect([x.sum(1, true), x.sum({ dim: 1, keepdim: true }), x.sum(1, { keepdim: true })].map((y) => y.shape)).toEqual(
      [
        [2, 1],
        [2, 1],
        [2, 1],
      ],
    );
    expect(torch.zeros([2, 3]).shape).toEqual(torch.zeros(2, 3).shape);
    // @ts-expect-error: no such name
    expect(() => x.sum({ dimension: 1 })).toThrow("unexpected keyword argument 'dimension'");
    // @ts-expect-error: a dtype is one of ten names
    expect(() => torch.zeros(2, { dtype: "float128" })).toThrow("expected one of float32");
  });

  test("of a dimension give values and indices, without one a tensor", () => {
    const x = torch.rand(2, 3);
    expectTypeOf(x.max()).toEqualTypeOf<Tensor>();
    expectTypeOf(torch.max(x)).toEqualTypeOf<Tensor>();
    const { values, indices } = x.max(1);
    expectTypeOf(values).toEqualTypeOf<Tensor>();
    expectTypeOf(indices).toEqualTypeOf<Tensor>();
    expect(indices.dtype).toBe("int64");
    expectTypeOf(x.shape).toEqualTypeOf<readonly number[]>();
    expectTypeOf(x.dtype).toEqualTypeOf<torch.DType>();
    expectTypeOf(x.grad).toEqualTypeOf<Tensor | null>();
  });

  test("read numbers in the array of the type", () => {
    const x = torch.arange(3);
    expectTypeOf(x.item).returns.toEqualTypeOf<number>();
    expectTypeOf(x.toTypedArray()).toEqualTypeOf<torch.TypedArray>();
    expectTypeOf(x.toTypedArray("int64")).toEqualTypeOf<BigInt64Array>();
    expectTypeOf(torch.rand(2).toTypedArray("float32")).toEqualTypeOf<Float32Array>();
    expectTypeOf(x.bool().toTypedArray("bool")).toEqualTypeOf<Uint8Array>();
    expectTypeOf(x.half().toTypedArray("float16")).toEqualTypeOf<Float32Array>();
    expect(x.toTypedArray("int64")).toEqual(new BigInt64Array([0n, 1n, 2n]));
    expect(() => x.toTypedArray("float32")).toThrow(
      'toTypedArray: expected a tensor of float32, received int64: convert it with x.to("float32")',
    );
  });
});

describe("modules", () => {
  test("take what PyTorch takes", () => {
    const conv = new nn.Conv2d(3, 8, 3, { padding: 1, bias: false });
    expectTypeOf(conv.forward).parameter(0).toEqualTypeOf<Tensor>();
    expectTypeOf(conv.forward).returns.toEqualTypeOf<Tensor>();
    expectTypeOf(conv.bias).toEqualTypeOf<null>();
    expect(new nn.Conv2d(3, 8, [3, 1], 1, 0).weight.shape).toEqual([8, 3, 3, 1]);
    // @ts-expect-error: a kernel size is needed
    expect(() => new nn.Conv2d(3, 8)).toThrow("missing required argument: 'kernelSize'");
    // @ts-expect-error: Sequential takes modules
    expect(() => new nn.Sequential(3)).toThrow();
  });

  test("of one's own have their own signature", () => {
    class Pair extends nn.Module {
      fc = new nn.Linear(2, 2);
      forward(x: Tensor, scale: number): [Tensor, number] {
        return [this.fc.forward(x).mul(scale), scale];
      }
    }
    const pair = new Pair();
    expectTypeOf(pair.forward).parameters.toEqualTypeOf<[x: Tensor, scale: number]>();
    expectTypeOf(pair.forward(torch.ones(1, 2), 3)).toEqualTypeOf<[Tensor, number]>();
    const averaged = new optim.swaUtils.AveragedModel(pair);
    expectTypeOf(averaged.forward).parameters.toEqualTypeOf<[x: Tensor, scale: number]>();
    expectTypeOf(averaged.module).toEqualTypeOf<Pair>();
  });
});

describe("optimizers", () => {
  const p = () => torch.ones(1, { requiresGrad: true });

  test("know their hyper-parameters, in groups too", () => {
    const adam = new optim.Adam([{ params: [p()], betas: [0.5, 0.9] }, { params: p() }], { lr: 1e-2 });
    expectTypeOf(adam.paramGroups[0]?.betas).toEqualTypeOf<readonly [number, number] | undefined>();
    expectTypeOf(new optim.SGD([p()], 0.1, 0.9).paramGroups[0]?.momentum).toEqualTypeOf<number | undefined>();
    expectTypeOf(new optim.RMSprop([p()]).paramGroups[0]?.centered).toEqualTypeOf<boolean | undefined>();
    // @ts-expect-error: Adam has no momentum
    expect(() => new optim.Adam([p()], { momentum: 0.9 })).toThrow("unexpected keyword argument 'momentum'");
    // @ts-expect-error: two decays
    expect(() => new optim.NAdam([p()], { betas: 0.9 })).toThrow("Invalid betas");
    // @ts-expect-error: one line search
    expect(() => new optim.LBFGS([p()], { lineSearchFn: "armijo" })).toThrow("only 'strong_wolfe' is supported");
  });

  test("give the closure's value back", () => {
    const x = p();
    const sgd = new optim.SGD([x]);
    expectTypeOf(sgd.step()).toEqualTypeOf<void>();
    expectTypeOf(sgd.step(() => x.sum())).toEqualTypeOf<Tensor>();
    expectTypeOf(sgd.step(() => 3)).toEqualTypeOf<number>();
    expect(sgd.step(() => "loss")).toBe("loss");
    expect(() => new optim.LBFGS([x]).step()).toThrow("missing 1 required positional argument: 'closure'");
  });

  test("are what schedulers take", () => {
    const sgd = new optim.SGD([p()]);
    expect(new optim.lrScheduler.StepLR(sgd, 3, { gamma: 0.5 }).gamma).toBe(0.5);
    expect(new optim.lrScheduler.StepLR(sgd, { stepSize: 3 }).stepSize).toBe(3);
    expectTypeOf(new optim.lrScheduler.LambdaLR(sgd, (epoch) => 0.9 ** epoch).getLastLr()).toEqualTypeOf<number[]>();
    // @ts-expect-error: a step size is needed
    expect(() => new optim.lrScheduler.StepLR(sgd)).toThrow("missing required argument: 'stepSize'");
    // @ts-expect-error: a model is no optimizer
    expect(() => new optim.lrScheduler.StepLR(new nn.Linear(1, 1), 3)).toThrow("Linear is not an Optimizer");
  });
});

describe("loaders", () => {
  test("give the batch of what the data set gives", async () => {
    const pairs = new data.TensorDataset(torch.ones(4, 2), torch.arange(4));
    expectTypeOf(pairs.get(0)).toEqualTypeOf<[Tensor, Tensor]>();
    expectTypeOf(await new data.DataLoader(pairs, { batchSize: 2 }).first()).toEqualTypeOf<[Tensor, Tensor]>();
    const named = [{ x: torch.ones(2), label: 1, name: "a", pair: [1, true] as [number, boolean] }];
    const batch = await new data.DataLoader(named).first();
    expectTypeOf(batch).toEqualTypeOf<{ x: Tensor; label: Tensor; name: string[]; pair: [Tensor, Tensor] }>();
    const joined = new data.DataLoader(["a", "b"], { batchSize: 2, collateFn: (samples) => samples.join("+") });
    expectTypeOf(await joined.first()).toEqualTypeOf<string>();
    expect(await joined.first()).toBe("a+b");
    expectTypeOf(data.randomSplit(pairs, [3, 1])).toEqualTypeOf<torch.data.Subset<[Tensor, Tensor]>[]>();
    expectTypeOf(new data.ConcatDataset([pairs, pairs]).get(0)).toEqualTypeOf<
      [Tensor, Tensor] | Promise<[Tensor, Tensor]>
    >();
  });

  test("of streams give the batch of their samples", async () => {
    class Words extends data.IterableDataset<string> {
      override *[Symbol.iterator]() {
        yield "a";
      }
    }
    expectTypeOf(await new data.DataLoader(new Words()).first()).toEqualTypeOf<string[]>();
    // @ts-expect-error: a number is no data set
    expect(() => new data.DataLoader(3)).toThrow("expected a data set");
  });
});

describe("models", () => {
  const { models } = torch.vision;
  test("a builder gives its model, or with weights a promise of it; a classifier is linear and any layer replaces it", () => {
    const model = models.resnet18({ numClasses: 3 });
    expectTypeOf(model.fc.inFeatures).toEqualTypeOf<number>();
    model.fc = new nn.Sequential(new nn.Linear(model.fc.inFeatures, 2));
    expect(model.fc).toBeInstanceOf(nn.Sequential);
    expectTypeOf(() => models.getModel("googlenet")).returns.toEqualTypeOf<torch.vision.models.GoogLeNet>();
    expectTypeOf(() => models.getModel("resnet18", { weights: "DEFAULT" })).returns.toEqualTypeOf<Promise<torch.vision.models.ResNet>>(); // biome-ignore format: one line
    expectTypeOf(() => models.getModel("some" as string)).returns.toExtend<torch.nn.Layer>();
    const name = Math.random() > 2 ? "DEFAULT" : null;
    expectTypeOf(() => models.getModel("alexnet", { weights: name })).returns.toEqualTypeOf<torch.vision.models.AlexNet | Promise<torch.vision.models.AlexNet>>(); // biome-ignore format: one line
    // @ts-expect-error: no such option of a builder that is known
    expect(() => models.getModel("resnet18", { numClases: 3 })).toThrow("unexpected keyword argument 'numClases'");
    model.conv1 = new nn.Conv2d(1, 64, 7, 2, 3);
    expectTypeOf(models.mobilenet_v2).toBeCallableWith({ numClasses: 2 });
    const replaced = () => {
      models.mobilenet_v2().classifier = new nn.Linear(1280, 2);
      models.vit_b_16().heads = new nn.Linear(768, 3);
      const inception = models.inception_v3();
      if (inception.AuxLogits !== null) inception.AuxLogits.fc = new nn.Linear(768, 2);
    };
    expect(replaced).toBeTypeOf("function");
    expectTypeOf(() => models.alexnet({ weights: name })).returns.toEqualTypeOf<torch.vision.models.AlexNet | Promise<torch.vision.models.AlexNet>>(); // biome-ignore format: one line
    expectTypeOf(models.getModelWeights("resnet50").IMAGENET1K_V2).toEqualTypeOf<torch.vision.models.Weights>();
    expect(models.getModelWeights(models.resnet50)).toBe(models.ResNet50_Weights);
    // @ts-expect-error: a convolution's number of channels is a number
    expect(() => models.resnet18({ groups: "two" })).toThrow("expected groups to be an integer");
  });
});
