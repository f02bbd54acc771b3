import { inspect } from "node:util";
import { afterEach, describe, expect, expectTypeOf, test } from "vitest";
import * as torch from "../lib/index.js";
import { fixture, type JsonTensor, toTensor } from "./helpers/fixtures.js";

const { slice } = torch;

describe("making tensors", () => {
  test("types of JavaScript values", () => {
    expect(torch.tensor([1, 2]).dtype).toBe("float32");
    expect(torch.tensor([1n, 2n]).dtype).toBe("int64");
    expect(torch.tensor([true, false]).dtype).toBe("bool");
    expect(torch.tensor([true, 2]).dtype).toBe("float32");
    expect(torch.tensor(new Uint8Array([1])).dtype).toBe("uint8");
    expect(torch.tensor([1, 2], { dtype: "int64" }).tolist()).toEqual([1, 2]);
    expect(torch.tensor([]).shape).toEqual([0]);
    expect(torch.tensor([[], []]).shape).toEqual([2, 0]);
    expect(torch.tensor(3).shape).toEqual([]);
    expect(torch.full([2], 3).dtype).toBe("float32");
    expect(torch.full([2], 3n).dtype).toBe("int64");
    expect(torch.full([2], true).dtype).toBe("bool");
    expect(torch.arange(3).dtype).toBe("int64");
    expect(torch.arange(0, 1, 0.25).tolist()).toEqual([0, 0.25, 0.5, 0.75]);
    expect(torch.arange(3, { dtype: "float64" }).dtype).toBe("float64");
    expect(torch.linspace(0, 1, 3).tolist()).toEqual([0, 0.5, 1]);
    expect(torch.eye(2).tolist()).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  test("sizes as arguments or as array", () => {
    expect(torch.zeros(2, 3).shape).toEqual([2, 3]);
    expect(torch.zeros([2, 3]).shape).toEqual([2, 3]);
    expect(torch.ones(2, { dtype: "int32" }).dtype).toBe("int32");
    expect(torch.zeros([]).shape).toEqual([]);
    expect(torch.zeros({ dtype: "bool" }).shape).toEqual([]);
    expect(torch.onesLike(torch.zeros(2, 3)).sum().item()).toBe(6);
  });

  test("errors", () => {
    expect(() => torch.tensor([[1, 2], [3]])).toThrow("expected sequence of length 2 at dim 1 (got 1)");
    expect(() => torch.tensor([1.5], { dtype: "int64" })).toThrow("expected integers for int64, received 1.5");
    expect(() => torch.tensor(["a"] as never)).toThrow('received "a"');
    expect(() => torch.zeros(1.5)).toThrow("expected size to be integers");
    expect(() => torch.zeros(2, { dtype: "float31" as "float32" })).toThrow("expected one of float32");
  });

  test("default dtype", () => {
    torch.setDefaultDtype("float64");
    expect(torch.tensor([1]).dtype).toBe("float64");
    expect(torch.rand(1).dtype).toBe("float64");
    torch.setDefaultDtype("float32");
    expect(torch.getDefaultDtype()).toBe("float32");
    expect(() => torch.setDefaultDtype("int64")).toThrow();
  });
});

describe("reading", () => {
  test("shape, size, strides, numel", () => {
    const x = torch.zeros(2, 3, 4);
    expect(Object.isFrozen(x.shape)).toBe(true);
    expect([x.dim(), x.ndim, x.numel(), x.size(1), x.size(-1)]).toEqual([3, 3, 24, 3, 4]);
    expect(x.stride()).toEqual([12, 4, 1]);
    expect(x.transpose(0, 2).isContiguous()).toBe(false);
    expect(() => x.size(3)).toThrow("Dimension out of range (expected to be in range of [-3, 2], but got 3)");
    expect(String(x.device)).toBe("cpu");
    expect(inspect(x.device)).toBe("device(type='cpu')");
  });

  test("item, tolist, toTypedArray", () => {
    expect(torch.tensor(2.5).item()).toBe(2.5);
    expect(torch.tensor(true).item()).toBe(1);
    expect(torch.tensor(5n).item()).toBe(5);
    expect(() => torch.tensor(2n ** 60n).item()).toThrow("use itemBigInt()");
    expect(torch.tensor(2n ** 60n).itemBigInt()).toBe(2n ** 60n);
    expect(() => torch.zeros(2).item()).toThrow("a Tensor with 2 elements cannot be converted to Scalar");
    expect(
      torch
        .tensor([
          [1, 2],
          [3, 4],
        ])
        .T.tolist(),
    ).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(torch.tensor([true]).tolist()).toEqual([true]);
    expect(torch.tensor([2n ** 60n, 1n]).tolist()).toEqual([2n ** 60n, 1]);
    expect(torch.tensor([1n]).toTypedArray()).toEqual(new BigInt64Array([1n]));
    expect(torch.tensor([1, 2]).half().toTypedArray()).toEqual(new Float32Array([1, 2]));
    expect(torch.tensor([1, 2]).bfloat16().toTypedArray({ raw: true })).toEqual(new Uint16Array([0x3f80, 0x4000]));
  });

  test("iteration over dimension 0", () => {
    expect(
      [
        ...torch.tensor([
          [1, 2],
          [3, 4],
        ]),
      ].map((row) => row.tolist()),
    ).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(() => [...torch.tensor(1)]).toThrow("not iterable");
  });

  test("PyTorch's text", () => {
    for (const { x, text } of fixture<{ x: JsonTensor; text: string }[]>("display.json")) {
      expect(inspect(toTensor(x))).toBe(text);
    }
  });

  test("printing options", () => {
    torch.setPrintoptions({ precision: 2 });
    expect(String(torch.tensor([1 / 3]))).toBe("tensor([0.33])");
    torch.setPrintoptions({ profile: "default" });
    expect(String(torch.tensor([1 / 3]))).toBe("tensor([0.3333])");
  });
});

describe("arithmetic with scalars keeps PyTorch's types", () => {
  test("integers and floats", () => {
    const i = torch.tensor([1n, 2n]);
    expect(i.mul(2).dtype).toBe("int64");
    expect(i.mul(2.5).dtype).toBe("float32");
    expect(i.mul(torch.scalar(2, "float64")).dtype).toBe("float32");
    expect(i.div(2).tolist()).toEqual([0.5, 1]);
    expect(torch.ones(2, { dtype: "float64" }).add(torch.ones(2)).dtype).toBe("float64");
    expect(torch.ones(2).add(i).dtype).toBe("float32");
    expect(torch.tensor([true]).add(1).dtype).toBe("int64");
    expect(torch.sub(3, torch.tensor([1])).tolist()).toEqual([2]);
    expect(() => torch.tensor([1n]).floorDivide(0)).toThrow("ZeroDivisionError");
  });

  test("in place", () => {
    const x = torch.tensor([1, 2, 3]);
    expect(x.add_(1).mul_(2).sub_(1, { alpha: 2 }).div_(2)).toBe(x);
    expect(x.tolist()).toEqual([1, 2, 3]);
    expect(x.fill_(4).zero_().tolist()).toEqual([0, 0, 0]);
    expect(torch.tensor([-2, 5]).clamp_({ min: -1, max: 1 }).tolist()).toEqual([-1, 1]);
    expect(() => torch.tensor([1n]).add_(0.5)).toThrow(
      "result type Float can't be cast to the desired output type Long",
    );
  });

  test("comparisons", () => {
    expect(torch.allclose(torch.tensor([1]), torch.tensor([1 + 1e-7]))).toBe(true);
    expect(torch.tensor([1]).allclose(torch.tensor([1.1]), 0.2)).toBe(true);
    expect(torch.tensor([1]).allclose(torch.tensor([1.1]))).toBe(false);
    const nan = torch.tensor([Number.NaN, Number.POSITIVE_INFINITY]);
    expect(nan.allclose(nan)).toBe(false);
    expect(nan.allclose(nan, { equalNan: true })).toBe(true);
    expect(torch.tensor([1, 2]).equal(torch.tensor([1, 2]))).toBe(true);
    expect(torch.tensor([1, 2]).equal(torch.tensor([1]))).toBe(false);
  });
});

describe("reductions", () => {
  const x = torch.tensor([
    [1, 5],
    [7, 3],
  ]);
  test("positional and by name", () => {
    expect(x.sum().item()).toBe(16);
    expect(x.sum(1, true).tolist()).toEqual([[6], [10]]);
    expect(x.sum({ dim: [0, 1] }).item()).toBe(16);
    expect(x.mean({ dim: -1 }).tolist()).toEqual([3, 5]);
    expect(x.sum(0, { dtype: "float64" }).dtype).toBe("float64");
    const [values, indices] = x.max(1);
    expectTypeOf(values).toEqualTypeOf<torch.Tensor>();
    expect([values.tolist(), indices.tolist()]).toEqual([
      [5, 7],
      [1, 0],
    ]);
    expect(x.max().item()).toBe(7);
    expect(x.min(0).values.tolist()).toEqual([1, 3]);
    expect(x.argmax().item()).toBe(2);
    // Plain JavaScript may say anything.
    expect(() => x.sum({ dims: 1 } as object)).toThrow("sum() got an unexpected keyword argument 'dims'");
    expect(() => x.sum(5)).toThrow("Dimension out of range (expected to be in range of [-2, 1], but got 5)");
  });
});

describe("index and indexPut_", () => {
  const x = torch.arange(12).view(3, 4);
  test("reads as square brackets do", () => {
    expect(x.index(0).tolist()).toEqual([0, 1, 2, 3]);
    expect(x.index(-1, 1).item()).toBe(9);
    expect(x.index(slice(), slice(1, 3)).tolist()).toEqual([
      [1, 2],
      [5, 6],
      [9, 10],
    ]);
    expect(x.index(slice(null, null, 2)).shape).toEqual([2, 4]);
    expect(x.index("...", null).shape).toEqual([3, 4, 1]);
    expect(x.index(x.gt(9)).tolist()).toEqual([10, 11]);
    expect(x.index([0, 2]).shape).toEqual([2, 4]);
    expect(x.index([0, 2], [1, 3]).tolist()).toEqual([1, 11]);
    expect(x.index([true, false, true]).shape).toEqual([2, 4]);
    expect(x.index(slice(), torch.tensor([3n])).tolist()).toEqual([[3], [7], [11]]);
    expect(() => x.index(3)).toThrow("index 3 is out of bounds for dimension 0 with size 3");
    expect(() => x.index(0, 0, 0)).toThrow("too many indices for tensor of dimension 2");
    expect(() => x.index("a" as "...")).toThrow(torch.IndexError);
    expect(() => x.index(0.5)).toThrow("expected an integer index");
  });

  test("writes", () => {
    const y = torch.tensor([0.2, 0.7, 0.5]);
    y.indexPut_([y.ge(0.5)], 1);
    expect(y.tolist().toString()).toBe([Math.fround(0.2), 1, 1].toString());
    const z = torch.zeros(2, 2);
    z.index(0).copy_(torch.tensor([1, 2]));
    z.indexPut_([1, slice()], torch.tensor([3, 4]));
    expect(z.tolist()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(
      torch
        .zeros(2)
        .indexPut_([[0, 0]], 1, true)
        .tolist(),
    ).toEqual([2, 0]);
  });
});

describe("views share storage, data replaces it", () => {
  test("views", () => {
    const x = torch.zeros(2, 3);
    x.view(-1).index(4).fill_(9);
    expect(x.tolist()).toEqual([
      [0, 0, 0],
      [0, 9, 0],
    ]);
    expect(() => x.T.view(6)).toThrow("view size is not compatible with input tensor's size and stride");
    expect(x.T.reshape(6).tolist()).toEqual([0, 0, 0, 9, 0, 0]);
    expect(x.chunk(2, 1).map((c) => c.shape)).toEqual([
      [2, 2],
      [2, 1],
    ]);
  });

  test("data", () => {
    const x = torch.ones(2, { requiresGrad: true });
    x.data.fill_(5);
    expect(x.tolist()).toEqual([5, 5]);
    const { id } = x;
    x.data = torch.zeros(3);
    expect(x.shape).toEqual([3]);
    expect(x.id).toBe(id);
    expect(x.requiresGrad && x.isLeaf).toBe(true);
  });

  test("conversion", () => {
    const x = torch.tensor([1.7, -1.7]);
    expect(x.long().tolist()).toEqual([1, -1]);
    expect(x.to("float64").dtype).toBe("float64");
    expect(x.to({ dtype: "int32", device: "cpu" }).dtype).toBe("int32");
    expect(x.to("cpu").dtype).toBe("float32");
    expect(x.to(torch.device("cpu")).dtype).toBe("float32");
    expect(x.to(torch.zeros(1, { dtype: "bool" })).tolist()).toEqual([true, true]);
    expect(() => x.cuda()).toThrow(torch.DeviceError);
    expect(() => x.to("gpu" as string)).toThrow("Expected one of cpu, cuda device type");
    expect(torch.cuda.isAvailable()).toBeTypeOf("boolean");
  });
});

describe("wrong types from plain JavaScript", () => {
  const x = torch.ones(2);
  // biome-ignore lint/suspicious/noExplicitAny: plain JavaScript has no types
  const js: any = torch;
  for (const [name, call] of Object.entries({
    "add of a string": () => js.add(x, "1"),
    "matmul of an array": () => js.matmul(x, [1, 2]),
    "abs of null": () => js.abs(null),
    "cat of a tensor": () => js.cat(x),
    "cat of numbers": () => js.cat([1, 2]),
    "view of strings": () => x.view("2" as never),
    "a forged tensor": () => js.abs(Object.create(torch.Tensor.prototype)),
    "a loss of numbers": () => js.nn.functional.mseLoss(1, 2),
    "a layer without sizes": () => new js.nn.Linear(),
    "a layer of strings": () => new js.nn.Linear("3", {}),
    "too many arguments": () => js.sum(x, 1, true, "float32", 4),
    "sizes beyond memory": () => torch.zeros(2 ** 50),
    "sizes that overflow": () => torch.zeros(2 ** 31, 2 ** 31, 2 ** 31),
    "negative sizes": () => torch.zeros(-1),
    "a hook that is no function": () =>
      torch
        .ones(1, { requiresGrad: true })
        .registerHook(3 as never)
        .remove(),
    "a seed that is none": () => js.manualSeed("a"),
    "an unknown reduction": () => js.nn.functional.mseLoss(x, x, "avg"),
  })) {
    test(name, () => {
      expect(call).toThrow();
    });
  }
});

describe("lifetime", () => {
  afterEach(() => torch.emptyCache());

  test("dispose and using", () => {
    const x = torch.ones(2);
    const view = x.view(1, 2);
    x.dispose();
    x.dispose();
    expect(view.sum().item()).toBe(2);
    expect(() => x.add(1)).toThrow("the tensor has been disposed");
    expect(() => x.add(1)).toThrow(torch.DisposedError);
    let inner: torch.Tensor;
    {
      using y = torch.ones(3);
      inner = y;
    }
    expect(() => inner.sum()).toThrow("disposed");
  });
});
