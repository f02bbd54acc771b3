/** PyTorch's semantics in corners: in-place arithmetic across dtypes, `.data`, zero-dimensional indices, overlaps, dtypes. */
import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const { slice } = torch;

describe("in-place arithmetic", () => {
  test("takes a wider operand of the same kind", () => {
    const f64 = torch.ones(3, { dtype: "float64" });
    expect(torch.ones(3).add_(f64).tolist()).toEqual([2, 2, 2]);
    expect(
      torch
        .ones(3)
        .half()
        .mul_(torch.full([3], 2.5))
        .tolist(),
    ).toEqual([2.5, 2.5, 2.5]);
    expect(torch.ones(3, { dtype: "int32" }).add_(torch.arange(3)).tolist()).toEqual([1, 2, 3]);
    expect(torch.zeros(3, { dtype: "uint8" }).sub_(torch.arange(3)).tolist()).toEqual([0, 255, 254]);
    expect(() => torch.ones(3, { dtype: "int32" }).add_(0.5)).toThrow(
      "result type Float can't be cast to the desired output type Int",
    );
  });

  test("refuses operands that overlap the written tensor in part", () => {
    const x = torch.arange(5);
    expect(() => x.index(slice(1)).add_(x.index(slice(null, -1)))).toThrow("refer to a single memory location");
    expect(() => x.index(slice(1)).copy_(x.index(slice(null, -1)))).toThrow("refer to a single memory location");
    expect(x.add_(x).tolist()).toEqual([0, 2, 4, 6, 8]);
  });

  test("on .data goes unnoticed by autograd", () => {
    const x = torch.ones(3, { requiresGrad: true });
    const y = x.mul(x).sum();
    x.data.mul_(2);
    y.backward();
    expect(x.grad?.tolist()).toEqual([4, 4, 4]);
  });
});

describe("indexing", () => {
  test("a zero-dimensional integer tensor selects: a view", () => {
    const x = torch.zeros(2, 3);
    x.index(torch.tensor(1n)).fill_(5);
    expect(x.tolist()).toEqual([
      [0, 0, 0],
      [5, 5, 5],
    ]);
    const y = torch.arange(24).view(2, 3, 4).index(torch.tensor(1n), slice(), [0, 1]);
    expect(y.tolist()).toEqual([
      [12, 13],
      [16, 17],
      [20, 21],
    ]);
  });

  test("an ellipsis alone gives an alias, not the tensor itself", () => {
    const x = torch.ones(2);
    const y = x.index("...").requiresGrad_();
    expect([y.requiresGrad, x.requiresGrad]).toEqual([true, false]);
  });

  test("errors name the dimension of the indexed tensor", () => {
    expect(() => torch.ones(2, 3).index(0, -4)).toThrow("index -4 is out of bounds for dimension 1 with size 3");
  });
});

test("requests for billions of views are errors", () => {
  const wide = torch.zeros(1).expand(2 ** 31);
  expect(() => wide.unbind()).toThrow("at most 16777216 views");
  expect(() => wide.split(1)).toThrow("at most 16777216 views");
  expect(() => torch.zeros(0).chunk(2 ** 31 - 1)).toThrow("at most 16777216 chunks");
});

test("a mean over no class is NaN", () => {
  const { functional: F } = torch.nn;
  expect(F.crossEntropy(torch.randn(2, 3), torch.tensor([-100n, -100n])).item()).toBeNaN();
});

test("half normals draw block by block", () => {
  torch.manualSeed(0);
  const x = torch.randn(17, { dtype: "float16" });
  const want = torch.tensor([-1.126, -1.3525, -1.6963]).half();
  expect(x.index(slice(0, 3)).tolist()).toEqual(want.tolist());
});

test("dtypes and ranges", () => {
  expect(torch.ones(2, { dtype: "uint8" }).all().dtype).toBe("uint8");
  expect(() => torch.randint(0, 300, [2], { dtype: "uint8" })).toThrow("to - 1 is out of bounds for unsigned char");
  expect(torch.tensor([1, 2]).var(0, false).item()).toBe(0.25);
  const x = torch.tensor([2, 3, 1, 1.5], { requiresGrad: true });
  x.clamp(1, 2).sum().backward();
  expect(x.grad?.tolist()).toEqual([0, 0, 0, 1]);
});

test("options by name", () => {
  const p = new torch.nn.Parameter(torch.ones(1), { requiresGrad: false });
  expect(p.requiresGrad).toBe(false);
  expect(() => torch.full([2], 1, { dtyp: "float64" } as object)).toThrow("unexpected keyword argument 'dtyp'");
  expect(() => new torch.nn.Sequential((() => 1) as never)).toThrow("is not a Module subclass");
});

test("a small tensor expanded to many rows is reduced without memory for them", () => {
  const before = process.memoryUsage().rss;
  expect(torch.ones(2).expand(3e6, 2).sum().item()).toBe(6e6);
  expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 24);
});

test("numbers that an integer type cannot hold are refused", () => {
  expect(() => torch.tensor([2n ** 63n])).toThrow("Overflow when unpacking long long");
  expect(() => torch.tensor([300], { dtype: "uint8" })).toThrow(
    "value cannot be converted to type uint8 without overflow",
  );
});
