import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const { nn } = torch;

describe("Sequential", () => {
  test("runs its modules in order, by number or by name", () => {
    const byName = new nn.Sequential({ fc: new nn.Linear(2, 2), act: new nn.ReLU() });
    expect(Object.keys(byName.stateDict())).toEqual(["fc.weight", "fc.bias"]);
    const seq = new nn.Sequential(new nn.Linear(2, 2)).append(new nn.ReLU());
    expect(seq.length).toBe(2);
    expect([...seq].map((m) => m.getName())).toEqual(["Linear", "ReLU"]);
    expect(seq.get(-1)).toBeInstanceOf(nn.ReLU);
    seq.set(1, new nn.Tanh());
    expect(seq.get(1)).toBeInstanceOf(nn.Tanh);
    expect(() => seq.get(5)).toThrow("index 5 is out of range");
    expect(String(new nn.Sequential())).toBe("Sequential()");
  });

  test("gives back the input and views unharmed", () => {
    const x = torch.ones(2, 3);
    expect(new nn.Sequential().forward(x)).toBe(x);
    const flat = new nn.Sequential(new nn.Flatten(0, 1), new nn.Identity(), new nn.Dropout().eval()).forward(x);
    expect(flat.shape).toEqual([6]);
    expect(x.sum().item()).toBe(6);
    expect(flat.sum().item()).toBe(6);
  });

  test("releases intermediates that no one has seen, also while recording", () => {
    const seq = new nn.Sequential(
      new nn.Linear(64, 512),
      new nn.Tanh(),
      new nn.Linear(512, 512),
      new nn.Tanh(),
      new nn.Linear(512, 1),
    );
    const seen: torch.Tensor[] = [];
    seq.get(1).registerForwardHook((_, [input]) => {
      seen.push(input);
    });
    const y = seq.forward(torch.rand(8, 64));
    y.sum().backward();
    expect(seq.parameters().every((p) => p.grad !== null)).toBe(true);
    expect(seen[0]?.shape).toEqual([8, 512]);
    expect(seen[0]?.sum().item()).toBeTypeOf("number");
  });
});

describe("ModuleList, ModuleDict, ParameterList, ParameterDict", () => {
  test("take part in the model and print as PyTorch's", () => {
    const list = new nn.ModuleList([new nn.Linear(1, 1), new nn.Linear(1, 1), new nn.ReLU()]);
    expect(String(list)).toBe(
      "ModuleList(\n  (0-1): 2 x Linear(in_features=1, out_features=1, bias=True)\n  (2): ReLU()\n)",
    );
    expect(Object.keys(list.stateDict())).toEqual(["0.weight", "0.bias", "1.weight", "1.bias"]);
    expect(() => list.forward()).toThrow('Module [ModuleList] is missing the required "forward" function');
    const dict = new nn.ModuleDict({ a: new nn.ReLU(), b: new nn.Linear(1, 1) });
    expect(dict.keys()).toEqual(["a", "b"]);
    expect(Object.keys(dict.stateDict())).toEqual(["b.weight", "b.bias"]);
    expect(dict.has("a") && !dict.has("c")).toBe(true);
    const params = new nn.ParameterList([torch.zeros(2, 2)]).append(torch.zeros(3));
    expect(params.parameters().length).toBe(2);
    expect(String(params)).toBe(
      "ParameterList(\n    (0): Parameter containing: [torch.float32 of size 2x2]\n    (1): Parameter containing: [torch.float32 of size 3]\n)",
    );
    expect(Object.keys(new nn.ParameterDict({ w: torch.zeros(1) }).stateDict())).toEqual(["w"]);
  });
});

test("Sequential and ModuleList are changed as lists", () => {
  const net = new nn.Sequential(new nn.Linear(1, 1), new nn.ReLU(), new nn.Tanh());
  expect(String(net.pop(1))).toBe("ReLU()");
  expect(Object.keys(net.stateDict())).toEqual(["0.weight", "0.bias"]);
  net.insert(0, new nn.Sigmoid()).insert(-1, new nn.ReLU());
  expect([...net].map((layer) => layer.getName())).toEqual(["Sigmoid", "Linear", "ReLU", "Tanh"]);
  expect(Object.keys(net.stateDict())).toEqual(["1.weight", "1.bias"]);
  expect([...net.slice(-2)].map((layer) => layer.getName())).toEqual(["ReLU", "Tanh"]);
  expect(net.concat(new nn.Sequential(new nn.ReLU())).length).toBe(5);
  net.delete(0);
  expect(net.length).toBe(3);
  expect(() => net.insert(5, new nn.ReLU())).toThrow("Index out of range: 5");
  expect(() => net.get(7)).toThrow("index 7 is out of range");
  const list = new nn.ModuleList([new nn.ReLU(), new nn.Tanh()]);
  expect(list.slice(1).length).toBe(1);
  net.setSubmodule("0", new nn.Identity());
  expect(net.get(0).getName()).toBe("Identity");
});

test("modules with names of their own are properties: read, replaced, in fields of subclasses, in copies", () => {
  const net = new nn.Sequential({ fc: new nn.Linear(2, 3), act: new nn.ReLU() }) as torch.nn.Sequential & { fc: torch.nn.Linear }; // biome-ignore format: one line
  net.fc = new nn.Linear(net.fc.inFeatures, 5);
  expect(net.forward(torch.ones(1, 2)).shape).toEqual([1, 5]);
  expect(Object.keys(net.stateDict())).toEqual(["fc.weight", "fc.bias"]);
  const copy = torch.deepcopy(net);
  copy.fc = new nn.Linear(2, 7);
  expect([net.fc.outFeatures, copy.forward(torch.ones(1, 2)).shape]).toEqual([5, [1, 7]]);
  expect(() => Object.assign(net, { fc: 3 })).toThrow("number 3 is not a Module subclass");

  class Block extends nn.Sequential {
    conv = new nn.Conv2d(1, 2, 3);
    relu = new nn.ReLU();
  }
  const block = new Block();
  expect([block.length, block.forward(torch.ones(1, 1, 4, 4)).shape]).toEqual([2, [1, 2, 2, 2]]);
  block.conv = new nn.Conv2d(1, 4, 3);
  expect(block.forward(torch.ones(1, 1, 4, 4)).shape).toEqual([1, 4, 2, 2]);
});

test("setSubmodule makes a new module of its parent, or with strict replaces one alone", () => {
  const net = new nn.Sequential({ fc: new nn.Linear(2, 3) });
  net.setSubmodule("act", new nn.ReLU());
  expect([...net].map((layer) => layer.getName())).toEqual(["Linear", "ReLU"]);
  expect(() => net.setSubmodule("norm", new nn.ReLU(), true)).toThrow("Sequential has no attribute `norm`");
  expect(() => net.setSubmodule("norm", new nn.ReLU(), { strict: true })).toThrow("has no attribute");
  expect(() => net.setSubmodule("forward", new nn.ReLU())).toThrow("`forward` is not an nn.Module");
  expect(() => net.setSubmodule("", new nn.ReLU())).toThrow("without a target name");
});

test("ModuleDict, ParameterList and ParameterDict are changed as collections", () => {
  const dict = new nn.ModuleDict<torch.nn.Module>({ a: new nn.ReLU() });
  dict.update({ b: new nn.Tanh() });
  expect([dict.pop("a").getName(), dict.keys()]).toEqual(["ReLU", ["b"]]);
  dict.clear();
  expect(dict.length).toBe(0);
  const list = new nn.ParameterList([torch.zeros(2, 3)]).extend([torch.ones(1)]);
  expect(list.slice(-1).get(0).shape).toEqual([1]);
  list.set(0, torch.zeros(4));
  expect(list.parameters().map((p) => p.shape)).toEqual([[4], [1]]);
  const named = new nn.ParameterDict({ b: torch.zeros(2, 3), a: torch.ones(1, { dtype: "float64" }) });
  expect(String(named)).toBe(
    "ParameterDict(\n    (b): Parameter containing: [torch.FloatTensor of size 2x3]\n    (a): Parameter containing: [torch.DoubleTensor of size 1]\n)",
  );
  expect(named.setdefault("c", torch.zeros(1)).shape).toEqual([1]);
  expect([named.popitem()[0], named.pop("b").shape, named.keys()]).toEqual(["c", [2, 3], ["a"]]);
});
