import { inspect } from "node:util";
import { describe, expect, expectTypeOf, test } from "vitest";
import * as torch from "../../lib/index.js";

const { nn } = torch;

class Block extends nn.Module {
  conv = new nn.Conv2d(1, 2, 3);
  scale = new nn.Parameter(torch.ones(2));
  running!: torch.Tensor;

  constructor() {
    super();
    this.registerBuffer("running", torch.zeros(2));
    this.registerBuffer("cache", torch.zeros(1), false);
  }
  forward(x: torch.Tensor): torch.Tensor {
    return this.conv.forward(x).mul(this.scale.view(1, 2, 1, 1));
  }
}

class Net extends nn.Module {
  features = new nn.Sequential(new nn.Linear(4, 3), new nn.ReLU());
  block = new Block();
  head = new nn.Linear(3, 2);
  plain = torch.zeros(3);
  nothing = null;
  forward(x: torch.Tensor): torch.Tensor {
    return this.head.forward(this.features.forward(x));
  }
}

describe("what a module is made of", () => {
  test("state dict keys come in PyTorch's order: parameters, buffers, children", () => {
    expect(Object.keys(new Net().stateDict())).toEqual([
      ...[
        "features.0.weight",
        "features.0.bias",
        "block.scale",
        "block.running",
        "block.conv.weight",
        "block.conv.bias",
      ],
      ...["head.weight", "head.bias"],
    ]);
  });

  test("parameters, buffers, children and modules", () => {
    const net = new Net();
    expect(net.namedParameters().map(([name]) => name)).toEqual([
      ...["features.0.weight", "features.0.bias", "block.scale", "block.conv.weight", "block.conv.bias"],
      ...["head.weight", "head.bias"],
    ]);
    expect(net.namedParameters("net", false)).toEqual([]);
    expect(net.namedBuffers().map(([name]) => name)).toEqual(["block.running", "block.cache"]);
    expect(net.namedChildren().map(([name]) => name)).toEqual(["features", "block", "head"]);
    expect(net.namedModules().map(([name]) => name)).toEqual([
      ...["", "features", "features.0", "features.1", "block", "block.conv", "head"],
    ]);
    expect(net.modules().length).toBe(7);
    expect(net.parameters().length).toBe(7);
  });

  test("shared parameters are given once and saved twice", () => {
    const tied = new nn.ModuleList([new nn.Linear(2, 2), new nn.Linear(2, 2)]);
    const [a, b] = [...tied];
    if (!(a instanceof nn.Linear) || !(b instanceof nn.Linear)) throw new Error("not linear");
    b.weight = a.weight;
    expect(tied.parameters().length).toBe(3);
    expect(tied.namedParameters({ removeDuplicate: false }).length).toBe(4);
    expect(Object.keys(tied.stateDict()).length).toBe(4);
  });

  test("getSubmodule, getParameter, getBuffer", () => {
    const net = new Net();
    expect(net.getSubmodule("block.conv")).toBe(net.block.conv);
    expect(net.getSubmodule("")).toBe(net);
    expect(net.getParameter("features.0.weight").shape).toEqual([3, 4]);
    expect(net.getBuffer("block.running").shape).toEqual([2]);
    expect(() => net.getSubmodule("block.nope")).toThrow("Block has no attribute `nope`");
    expect(() => net.getParameter("head.nope")).toThrow("Linear has no attribute `nope`");
  });

  test("state inside plain collections is refused, with the name of the remedy", () => {
    class Wrong extends nn.Module {
      layers = [new nn.Linear(2, 2)];
      forward(x: torch.Tensor): torch.Tensor {
        return x;
      }
    }
    expect(() => new Wrong().parameters()).toThrow("Wrong.layers holds a module inside a plain collection");
    expect(() => new Wrong().parameters()).toThrow("nn.ModuleList");
  });

  test("registration checks its names and values", () => {
    const net = new Net();
    expect(() => net.registerBuffer("a.b", null)).toThrow(`buffer name can't contain "."`);
    expect(() => net.registerParameter("w", torch.zeros(1) as torch.nn.Parameter)).toThrow(
      "(torch.nn.Parameter or None required)",
    );
    net.registerParameter("extra", new nn.Parameter(torch.zeros(1)));
    expect(Object.keys(net.stateDict())[0]).toBe("extra");
  });
});

describe("forward", () => {
  test("must be a method", () => {
    class Arrow extends nn.Module {
      forward = (x: torch.Tensor): torch.Tensor => x;
    }
    expect(() => new Arrow()).toThrow("declare forward as a method");
  });

  test("super.forward bypasses hooks, and hooks may change inputs and outputs", () => {
    class Twice extends nn.Linear {
      override forward(x: torch.Tensor): torch.Tensor {
        return super.forward(x).mul(2);
      }
    }
    const layer = new Twice(2, 2);
    const seen: string[] = [];
    const pre = layer.registerForwardPreHook((module, [x]) => {
      expectTypeOf(x).toEqualTypeOf<torch.Tensor>();
      expect(module).toBe(layer);
      seen.push("pre");
      return [x.mul(0)];
    });
    const post = layer.registerForwardHook((_, inputs, output) => {
      expectTypeOf(output).toEqualTypeOf<torch.Tensor>();
      expect(inputs[0].abs().sum().item()).toBe(0);
      seen.push("post");
      return output.add(100);
    });
    const bias = torch.noGrad(() => layer.bias?.mul(2).add(100).tolist());
    expect(layer.forward(torch.ones(2)).tolist()).toEqual(bias);
    expect(seen).toEqual(["pre", "post"]);
    pre.remove();
    post.remove();
    post.remove();
    layer.forward(torch.ones(2));
    expect(seen.length).toBe(2);
  });

  test("errors know the path of the module", () => {
    const net = new Net();
    let caught: unknown;
    try {
      net.forward(torch.zeros(2, 5));
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(torch.ShapeError);
    if (!(caught instanceof torch.ShapeError)) return;
    expect(caught.message).toBe("mat1 and mat2 shapes cannot be multiplied (2x5 and 4x3)");
    expect(caught.modulePath).toBe("features.0");
    expect(caught.code).toBe("ERR_SHAPE");
    expect(inspect(caught).trimEnd().split("\n").at(-1)?.trim()).toBe("in module features.0");
  });
});

describe("backward hooks", () => {
  test("see and change the gradients of inputs and outputs", () => {
    const layer = new nn.Linear(2, 1, { bias: false });
    torch.noGrad(() => layer.weight.copy_(torch.tensor([[2, 3]])));
    const log: unknown[] = [];
    const hook = layer.registerFullBackwardHook((module, gradInput, gradOutput) => {
      expect(module).toBe(layer);
      log.push(
        gradInput.map((g) => g?.tolist()),
        gradOutput.map((g) => g?.tolist()),
      );
      return [torch.tensor([[10, 20]])];
    });
    const x = torch.ones(1, 2, { requiresGrad: true });
    layer.forward(x).mul(5).sum().backward();
    expect(log).toEqual([[[[10, 15]]], [[[5]]]]);
    expect(x.grad?.tolist()).toEqual([[10, 20]]);
    hook.remove();
    const pre = layer.registerFullBackwardPreHook((_, gradOutput) => gradOutput.map((g) => g?.mul(2) ?? null));
    const z = torch.ones(1, 2, { requiresGrad: true });
    layer.forward(z).sum().backward();
    expect(z.grad?.tolist()).toEqual([[4, 6]]);
    pre.remove();
  });

  test("run with null input gradients when no input needs one", () => {
    const layer = new nn.Linear(2, 1);
    let inputs: torch.nn.HookGrads | undefined;
    layer.registerFullBackwardHook((_, gradInput) => {
      inputs = gradInput;
    });
    layer.forward(torch.ones(1, 2)).sum().backward();
    expect(inputs).toEqual([null]);
    expect(layer.weight.grad?.tolist()).toEqual([[1, 1]]);
  });
});

describe("state dicts", () => {
  test("round trip, sharing storage with the module", () => {
    const [a, b] = [new Net(), new Net()];
    const state = a.stateDict();
    expect(Object.getPrototypeOf(state)).toBeNull();
    expect(state["head.bias"]?.requiresGrad).toBe(false);
    const result = b.loadStateDict(state);
    expect(inspect(result)).toBe("<All keys matched successfully>");
    for (const [key, value] of Object.entries(b.stateDict()))
      expect(value.equal(state[key] ?? torch.zeros(0))).toBe(true);
    state["head.bias"]?.fill_(7);
    expect(a.head.bias?.tolist()).toEqual([7, 7]);
    expect(b.head.bias?.tolist()).not.toEqual([7, 7]);
  });

  test("errors are PyTorch's, all in one", () => {
    const net = new nn.Sequential(new nn.Linear(2, 3), new nn.Linear(3, 1));
    const state = net.stateDict();
    const { "0.weight": weight, ...rest } = state;
    if (weight === undefined) throw new Error("no weight");
    const wrong = { ...rest, "1.weight": torch.zeros(2, 3), "2.weight": weight };
    expect(() => net.loadStateDict(wrong)).toThrow(
      [
        "Error(s) in loading state_dict for Sequential:",
        'Missing key(s) in state_dict: "0.weight". ',
        'Unexpected key(s) in state_dict: "2.weight". ',
        "size mismatch for 1.weight: copying a param with shape torch.Size([2, 3]) from checkpoint, the shape in current model is torch.Size([1, 3]).",
        "To load the rest, delete the keys of other sizes from the state and load it with { strict: false }.",
      ].join("\n\t"),
    );
    const lenient = net.loadStateDict({ ...rest, extra: weight }, false);
    expect(lenient.missingKeys).toEqual(["0.weight"]);
    expect(lenient.unexpectedKeys).toEqual(["extra"]);
    expect(String(lenient)).toBe("_IncompatibleKeys(missing_keys=['0.weight'], unexpected_keys=['extra'])");
  });

  test("loading keeps the parameters' identity and their gradients' setting", () => {
    const layer = new nn.Linear(2, 2);
    const { weight, id } = { weight: layer.weight, id: layer.weight.id };
    layer.loadStateDict(new nn.Linear(2, 2).stateDict());
    expect(layer.weight).toBe(weight);
    expect(layer.weight.id).toBe(id);
    expect(layer.weight.requiresGrad && layer.weight.isLeaf).toBe(true);
  });
});

describe("modes and conversion", () => {
  test("train, eval, apply, requiresGrad_, zeroGrad", () => {
    const net = new Net();
    expect(
      net
        .eval()
        .modules()
        .every((m) => !m.training),
    ).toBe(true);
    expect(net.train().block.conv.training).toBe(true);
    const order: string[] = [];
    net.apply((m) => {
      order.push(m.getName());
    });
    expect(order).toEqual(["Linear", "ReLU", "Sequential", "Conv2d", "Block", "Linear", "Net"]);
    net.forward(torch.ones(1, 4)).sum().backward();
    expect(net.head.bias?.grad?.tolist()).toEqual([1, 1]);
    net.zeroGrad(false);
    expect(net.head.bias?.grad?.tolist()).toEqual([0, 0]);
    net.zeroGrad();
    expect(net.head.bias?.grad).toBeNull();
    net.requiresGrad_(false);
    expect(net.parameters().some((p) => p.requiresGrad)).toBe(false);
  });

  test("to converts floats only and keeps the parameters' identity", () => {
    const bn = new nn.BatchNorm1d(2);
    const { weight } = bn;
    bn.double();
    expect(bn.weight).toBe(weight);
    expect(bn.weight?.dtype).toBe("float64");
    expect(bn.running_mean?.dtype).toBe("float64");
    expect(bn.num_batches_tracked?.dtype).toBe("int64");
    expect(bn.weight?.requiresGrad).toBe(true);
    expect(() => bn.to("int64")).toThrow("nn.Module.to only accepts floating point or complex dtypes");
  });
});

describe("printed form", () => {
  test("nested", () => {
    expect(inspect(new Net())).toBe(
      [
        "Net(",
        "  (features): Sequential(",
        "    (0): Linear(in_features=4, out_features=3, bias=True)",
        "    (1): ReLU()",
        "  )",
        "  (block): Block(",
        "    (conv): Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1))",
        "  )",
        "  (head): Linear(in_features=3, out_features=2, bias=True)",
        ")",
      ].join("\n"),
    );
  });

  test("a parameter", () => {
    expect(String(new nn.Parameter(torch.ones(2)))).toBe("Parameter containing:\ntensor([1., 1.], requires_grad=True)");
  });
});

describe("deepcopy", () => {
  test("copies everything, and what is shared once", () => {
    const net = new Net();
    net.head.weight.grad = torch.ones(2, 3);
    const copy = torch.deepcopy(net);
    expect(copy).toBeInstanceOf(Net);
    expect(String(copy)).toBe(String(net));
    expect(copy.head.weight).toBeInstanceOf(nn.Parameter);
    expect(copy.head.weight.grad?.tolist()).toEqual(net.head.weight.grad?.tolist());
    torch.noGrad(() => copy.head.weight.zero_());
    expect(net.head.weight.abs().sum().item()).toBeGreaterThan(0);
    expect(copy.forward(torch.ones(1, 4)).shape).toEqual([1, 2]);
    expect(copy.features.get(0) === net.features.get(0)).toBe(false);
    expect(Object.keys(copy.stateDict())).toEqual(Object.keys(net.stateDict()));
  });

  test("of a state dict is a snapshot", () => {
    const layer = new nn.Linear(1, 1);
    const best = torch.deepcopy(layer.stateDict());
    const before = layer.weight.item();
    torch.noGrad(() => layer.weight.fill_(9));
    expect(best.weight?.item()).toBe(before);
  });

  test("refuses what was computed with gradients", () => {
    expect(() => torch.deepcopy(torch.ones(1, { requiresGrad: true }).mul(2))).toThrow(
      "Only Tensors created explicitly",
    );
  });
});

test("hooks can come first, and be called when the forward raises", () => {
  const calls: string[] = [];
  const layer = new nn.Linear(2, 2);
  layer.registerForwardHook(() => void calls.push("second"));
  layer.registerForwardHook(() => void calls.push("first"), { prepend: true, alwaysCall: true });
  layer.forward(torch.ones(1, 2));
  expect(() => layer.forward(torch.ones(1, 3))).toThrow("cannot be multiplied");
  expect(calls).toEqual(["first", "second", "first"]);
});

test("hooks see the state when it is collected and loaded", () => {
  const layer = new nn.Linear(2, 2);
  layer.registerStateDictPostHook((_, state, prefix) => {
    state[`${prefix}extra`] = torch.ones(1);
  });
  layer.registerLoadStateDictPreHook((_, state, prefix) => {
    delete state[`${prefix}extra`];
  });
  const state = layer.stateDict();
  expect(Object.keys(state)).toEqual(["weight", "bias", "extra"]);
  expect(layer.loadStateDict(state).unexpectedKeys).toEqual([]);
  layer.registerLoadStateDictPostHook((_, { missingKeys }) => missingKeys.splice(0));
  expect(layer.loadStateDict({ weight: torch.ones(2, 2) }).missingKeys).toEqual([]);
});

test("what cannot be a parameter or a buffer is refused at the next look at the state", () => {
  const linear = new nn.Linear(1, 1);
  linear.stateDict();
  Reflect.set(linear, "weight", torch.full([1, 1], 5));
  expect(() => linear.parameters()).toThrow(
    "cannot assign 'torch.FloatTensor' as parameter 'weight' (torch.nn.Parameter or None expected)",
  );
  const norm = new nn.BatchNorm1d(1);
  Reflect.set(norm, "running_var", 5);
  expect(() => norm.stateDict()).toThrow("as buffer 'running_var' (torch.Tensor or None expected)");
});
