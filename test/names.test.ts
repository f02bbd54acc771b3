/** Names that notebooks write: dtypes as values, older constructors, limits of types, what a machine has. */
import { describe, expect, test } from "vitest";
import * as torch from "../lib/index.js";

const { nn } = torch;
const loose = (value: unknown): never => value as never;

describe("types", () => {
  test("are values under all of PyTorch's names", () => {
    expect(torch.zeros(1, { dtype: torch.long }).dtype).toBe("int64");
    expect([torch.float32, torch.float, torch.double, torch.half, torch.short, torch.int, torch.bool]).toEqual([
      ...["float32", "float32", "float64", "float16", "int16", "int32", "bool"],
    ]);
  });
  test("promote and cast as PyTorch's", () => {
    expect(torch.promoteTypes("int8", "uint8")).toBe("int16");
    expect(torch.promoteTypes("float16", "bfloat16")).toBe("float32");
    expect(torch.resultType(torch.tensor([1n]), 2.5)).toBe("float32");
    expect(torch.resultType(torch.tensor([1], { dtype: "int8" }), torch.tensor(1n))).toBe("int8");
    const names = [
      "float32",
      "float64",
      "float16",
      "bfloat16",
      "int64",
      "int32",
      "int16",
      "int8",
      "uint8",
      "bool",
    ] as const;
    const rows = names.map((from) => names.map((to) => Number(torch.canCast(from, to))).join(""));
    expect(rows).toEqual([...Array(4).fill("1111000000"), ...Array(5).fill("1111111110"), "1111111111"]);
  });
  test("have PyTorch's limits", () => {
    expect(["float32", "float64", "float16", "bfloat16"].map((d) => String(torch.finfo(loose(d))))).toEqual([
      "finfo(resolution=1e-06, min=-3.40282e+38, max=3.40282e+38, eps=1.19209e-07, smallest_normal=1.17549e-38, tiny=1.17549e-38, dtype=float32)",
      "finfo(resolution=1e-15, min=-1.79769e+308, max=1.79769e+308, eps=2.22045e-16, smallest_normal=2.22507e-308, tiny=2.22507e-308, dtype=float64)",
      "finfo(resolution=0.001, min=-65504, max=65504, eps=0.000976562, smallest_normal=6.10352e-05, tiny=6.10352e-05, dtype=float16)",
      "finfo(resolution=0.01, min=-3.38953e+38, max=3.38953e+38, eps=0.0078125, smallest_normal=1.17549e-38, tiny=1.17549e-38, dtype=bfloat16)",
    ]);
    expect(torch.finfo().max).toBe(3.4028234663852886e38);
    expect(["int64", "int32", "int16", "int8", "uint8"].map((d) => String(torch.iinfo(loose(d))))).toEqual([
      "iinfo(min=-9.22337e+18, max=9.22337e+18, dtype=int64)",
      "iinfo(min=-2.14748e+09, max=2.14748e+09, dtype=int32)",
      "iinfo(min=-32768, max=32767, dtype=int16)",
      "iinfo(min=-128, max=127, dtype=int8)",
      "iinfo(min=0, max=255, dtype=uint8)",
    ]);
    expect([torch.iinfo("int64").max, torch.iinfo("uint8").max]).toEqual([9223372036854775807n, 255]);
    expect(() => torch.finfo("int32")).toThrow("torch.finfo() requires a floating point input type.");
    expect(() => torch.iinfo("float32")).toThrow("torch.iinfo() requires an integer input type.");
  });
});

describe("older constructors", () => {
  test("Tensor, FloatTensor, LongTensor, Variable", () => {
    expect(new torch.Tensor([0, 1]).tolist()).toEqual([0, 1]);
    expect(new torch.Tensor(2, 3).shape).toEqual([2, 3]);
    expect(new torch.Tensor().shape).toEqual([0]);
    expect(new torch.Tensor([0]).dtype).toBe("float32");
    expect(new torch.LongTensor([1, 2]).dtype).toBe("int64");
    expect(torch.FloatTensor([1]) instanceof torch.FloatTensor).toBe(true);
    expect(torch.ones(1) instanceof torch.LongTensor).toBe(false);
    const x = torch.ones(1);
    expect(torch.autograd.Variable(x)).toBe(x);
    expect(new torch.autograd.Variable(x, { requiresGrad: true }).requiresGrad).toBe(true);
    expect(() => new torch.Tensor(loose({}))).toThrow("received Object");
    expect(() => new torch.LongTensor(torch.ones(1))).toThrow("expected int64 (got float32)");
  });
  test("typed arrays", () => {
    expect(torch.fromTypedArray(new Float32Array([1, 2])).shape).toEqual([2]);
    expect(torch.fromNumpy(new Int32Array([1, 2])).dtype).toBe("int32");
    expect(torch.fromTypedArray(new Uint8Array(4), { dtype: "int64" }).dtype).toBe("int64");
  });
});

describe("modules", () => {
  test("DataParallel calls its module", () => {
    const model = new nn.DataParallel(new nn.Linear(2, 1));
    expect(Object.keys(model.stateDict())).toEqual(["module.weight", "module.bias"]);
    expect(model.forward(torch.ones(3, 2)).shape).toEqual([3, 1]);
  });

  test("Buffer is state as a field", () => {
    class Net extends nn.Module {
      scale = new nn.Buffer(torch.ones(2));
      cache = new nn.Buffer(torch.ones(3), { persistent: false });
      forward(): void {}
    }
    const net = new Net();
    expect(Object.keys(torch.deepcopy(net).stateDict())).toEqual(["scale"]);
    expect(net.namedBuffers().map(([name]) => name)).toEqual(["scale", "cache"]);
    expect(net.parameters()).toEqual([]);
  });

  test("Sequential by number", () => {
    const seq = new nn.Sequential(new nn.ReLU(), new nn.Tanh());
    expect(String(seq.at(-1))).toBe("Tanh()");
    expect(seq.at(2)).toBeUndefined();
    expect(() => Reflect.set(seq, "1", new nn.ReLU())).toThrow("write set(1, module)");
    expect(() => Reflect.get(seq, "0")).toThrow("write get(0)");
    expect(() => new nn.Sequential(loose([new nn.ReLU()]))).toThrow("expected pairs of a name and a value");
  });

  test("names that look like numbers keep their order", () => {
    const names = ["10", "b", "2", "a"];
    const made = () => names.map((name) => [name, torch.ones(1)] as const);
    const order = (module: torch.nn.Module) => module.namedParameters().map(([name]) => name);
    const dict = new nn.ParameterDict(made());
    expect(dict.keys()).toEqual(names);
    expect(order(torch.deepcopy(dict))).toEqual(names);
    expect(String(dict).match(/\((\w+)\): P/g)).toEqual(names.map((name) => `(${name}): P`));
    dict.pop("10");
    dict.set("10", torch.ones(1));
    expect(dict.keys()).toEqual(["b", "2", "a", "10"]);
    const seq = new nn.Sequential(new Map(names.map((name) => [name, new nn.Linear(1, 1, { bias: false })])));
    expect(order(seq)).toEqual(names.map((name) => `${name}.weight`));
    class Net extends nn.Module {
      forward(): void {}
    }
    const net = new Net();
    for (const name of names) net.registerModule(name, new nn.Linear(1, 1, { bias: false }));
    expect(net.namedChildren().map(([name]) => name)).toEqual(names);
  });
});

describe("the machine", () => {
  test("has no accelerator, and says so", () => {
    expect([torch.backends.mps.isAvailable(), torch.backends.cudnn.enabled, torch.version.cuda]).toEqual([
      false,
      false,
      null,
    ]);
    torch.cuda.manualSeedAll(1);
    torch.useDeterministicAlgorithms(true);
    expect(torch.areDeterministicAlgorithmsEnabled()).toBe(true);
    expect(torch.setFlushDenormal(false)).toBe(true);
    expect(() => torch.autocast("cpu", () => 1)).toThrow("autocast: mixed precision is not supported on cpu");
    expect(torch.autocast("cpu", { enabled: false }, () => 1)).toBe(1);
    const scaler = new torch.GradScaler({ enabled: false });
    expect([scaler.scale(torch.ones(1)).item(), scaler.isEnabled(), scaler.getScale()]).toEqual([1, false, 1]);
  });
});

test("progress of a number counts", () => {
  const stream = { write: () => true };
  expect([...torch.progress(3, { stream })]).toEqual([0, 1, 2]);
  expect(() => torch.progress(loose("3"))).toThrow('progress: expected an iterable or a number of steps, received "3"');
});

test("constants, toFixed, brackets, types of what containers hold", () => {
  expect([torch.pi, torch.e, torch.inf, torch.newaxis]).toEqual([Math.PI, Math.E, Number.POSITIVE_INFINITY, null]);
  expect(torch.nan).toBeNaN();
  expect(torch.tensor([0.25]).toFixed(1)).toBe("0.3");
  expect(() => torch.ones(2).toFixed(1)).toThrow("a Tensor with 2 elements cannot be converted to Scalar");
  expect(() => Reflect.get(torch.ones(3), 0)).toThrow("Tensor: [0] is not how its elements are read: write index(0)");
  expect(() => Reflect.set(torch.ones(3), 0, 1)).toThrow("write indexPut_([0], value)");
  const model = new torch.nn.Sequential(new torch.nn.Flatten(), new torch.nn.Linear(4, 2));
  expect(model.get<torch.nn.Linear>(1).weight.shape).toEqual([2, 4]);
});

test("only floats can require gradients, in PyTorch's words", () => {
  const message = "Only Tensors of floating point and complex dtype can require gradients";
  expect(() => torch.arange(3, { requiresGrad: true })).toThrow(message);
  expect(() => torch.tensor([1n], { requiresGrad: true })).toThrow(message);
  expect(() => torch.arange(3).requiresGrad_()).toThrow("only Tensors of floating point dtype can require gradients");
});

test("a type's name, and conversion by it", () => {
  expect([torch.ones(1).type(), torch.tensor([1n]).type()]).toEqual(["torch.FloatTensor", "torch.LongTensor"]);
  expect([torch.ones(1).type("int64").dtype, torch.ones(1).type(torch.LongTensor).dtype]).toEqual(["int64", "int64"]);
});

test("strings and other wrong values raise where they are given", async () => {
  const { data, nn, optim, vision } = torch;
  const x = torch.ones([1], { requiresGrad: true });
  const number = 'received "0.1"; parse it with Number(...)';
  expect(() => new optim.SGD([{ params: [x], lr: "0.1" as never }], { lr: 1 })).toThrow(
    `SGD: expected lr to be a number, ${number}`,
  );
  expect(() => new optim.Adam([x], { betas: ["0.1", "0.2"] as never })).toThrow(
    `expected betas to be numbers, ${number}`,
  );
  expect(() => Reflect.set(x, "requiresGrad", "no")).toThrow("Tensor: expected requiresGrad to be a boolean");
  expect(() => new data.DataLoader([1], { sampler: 3 as never })).toThrow("DataLoader: expected sampler to be");
  expect(() => new data.DataLoader([1], { batchSampler: 3 as never })).toThrow(
    "DataLoader: expected batchSampler to be",
  );
  expect(() => new data.DataLoader([1], { collateFn: "x" as never })).toThrow(
    "DataLoader: expected collateFn to be a function",
  );
  expect(() => new vision.datasets.FashionMNISTSample({ transform: "x" as never })).toThrow(
    "expected transform to be a function",
  );
  expect(() => JSON.stringify(torch.tensor([2n ** 60n]))).toThrow("an int64 beyond 2^53 has no form in JSON");
  expect(torch.randint(10, { size: [5] }).shape).toEqual([5]);
  expect(torch.randint({ high: 10, size: [5] } as never).shape).toEqual([5]);
  expect(torch.randint({ low: 0, high: 10, size: [5] }).shape).toEqual([5]);
  expect(new nn.Linear(1, 1).weight.requiresGrad).toBe(true);
});
