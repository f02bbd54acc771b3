import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const { nn } = torch;

describe("lazy modules", () => {
  test("take their sizes from the first input and become what they stand for", () => {
    const conv = new nn.LazyConv2d(5, 3, { padding: 1, paddingMode: "reflect" });
    expect(String(conv)).toBe(
      "LazyConv2d(0, 5, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), padding_mode=reflect)",
    );
    expect(nn.hasUninitializedParams(conv)).toBe(true);
    expect(String(conv.weight)).toBe("<UninitializedParameter>");
    expect(() => conv.weight.shape).toThrow("Can't access the shape of an uninitialized parameter or buffer.");
    const { weight } = conv;
    expect(conv.forward(torch.rand(2, 4, 6, 6)).shape).toEqual([2, 5, 6, 6]);
    expect(conv.constructor).toBe(nn.Conv2d);
    expect(conv.weight).toBe(weight);
    expect(weight.shape).toEqual([5, 4, 3, 3]);
    expect(String(conv)).toContain("Conv2d(4, 5,");
    expect(conv.forward(torch.rand(4, 6, 6)).shape).toEqual([5, 6, 6]);
  });

  test("start as the ordinary layer does", () => {
    const pairs = [
      [new nn.LazyLinear(3), () => new nn.Linear(4, 3), [2, 4]],
      [new nn.LazyConv1d(4, 2, { groups: 2 }), () => new nn.Conv1d(6, 4, 2, { groups: 2 }), [1, 6, 3]],
      [new nn.LazyConvTranspose3d(2, 2), () => new nn.ConvTranspose3d(3, 2, 2), [3, 2, 2, 2]],
    ] as const;
    for (const [lazy, make, shape] of pairs) {
      torch.manualSeed(3);
      lazy.forward(torch.zeros(shape));
      torch.manualSeed(3);
      const twin = make();
      expect(String(lazy)).toBe(String(twin));
      expect(lazy.weight.tolist()).toEqual(twin.weight.tolist());
    }
  });

  test("batch normalisation waits with its statistics too", () => {
    const norm = new nn.LazyBatchNorm2d({ momentum: 0.3 });
    expect(String(norm)).toContain("LazyBatchNorm2d(0, eps=1e-05, momentum=0.3");
    expect(String(norm.running_mean)).toBe("<UninitializedBuffer>");
    const model = new nn.Sequential(new nn.LazyConv2d(5, 3), norm);
    const parameters = model.parameters();
    model
      .forward(torch.rand(2, 3, 4, 4))
      .sum()
      .backward();
    expect(norm.running_var?.shape).toEqual([5]);
    expect(model.parameters().every((parameter, i) => parameter === parameters[i])).toBe(true);
    expect(parameters.every((parameter) => parameter.grad !== null)).toBe(true);
  });

  test("instance normalisation learns and keeps statistics, and takes a single sample", () => {
    const norm = new nn.LazyInstanceNorm2d();
    const repr = (n: number) =>
      `InstanceNorm2d(${n}, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)`;
    expect(String(norm)).toBe(`Lazy${repr(0)}`);
    norm.forward(torch.rand(3, 4, 4));
    expect(String(norm)).toBe(repr(3));
    expect(new nn.LazyBatchNorm3d().forward(torch.rand(2, 5, 2, 2, 2)).shape).toEqual([2, 5, 2, 2, 2]);
  });

  test("load states with and without shapes", () => {
    const [full, first, second] = [new nn.Linear(4, 3), new nn.LazyLinear(3), new nn.LazyLinear(3)];
    first.loadStateDict(second.stateDict());
    expect(nn.hasUninitializedParams(first)).toBe(true);
    first.loadStateDict(full.stateDict());
    expect(first.weight.tolist()).toEqual(full.weight.tolist());
    expect(() => full.loadStateDict(second.stateDict())).toThrow("Can't access the shape of an uninitialized");
    expect(first.forward(torch.ones(1, 4)).tolist()).toEqual(full.forward(torch.ones(1, 4)).tolist());
  });

  test("a copy waits on its own, and types move before there are shapes", () => {
    const lazy = new nn.LazyLinear(2).double();
    const copy = torch.deepcopy(lazy);
    expect(copy.forward(torch.ones(1, 3, { dtype: "float64" })).dtype).toBe("float64");
    expect(nn.hasUninitializedParams(lazy)).toBe(true);
    expect(lazy.forward(torch.ones(1, 5, { dtype: "float64" })).shape).toEqual([1, 2]);
  });

  test("wrong inputs are named", () => {
    expect(() => new nn.LazyConv2d(5, 3).forward(torch.rand(8))).toThrow(
      "Expected 3D (unbatched) or 4D (batched) input to LazyConv2d, but got input of size: torch.Size([8])",
    );
  });
});

test("a lazy layer does not warn of the parameters that it has not got", () => {
  const seen: string[] = [];
  const emitWarning = process.emitWarning;
  process.emitWarning = (text: string | Error) => void seen.push(String(text));
  try {
    new torch.nn.LazyLinear(3);
    new torch.nn.LazyConv2d(3, 3);
    new torch.nn.LazyConvTranspose1d(3, 3);
    new torch.nn.LazyBatchNorm2d();
  } finally {
    process.emitWarning = emitWarning;
  }
  expect(seen).toEqual([]);
});
