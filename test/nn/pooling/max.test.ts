import { describe, expect, test } from "vitest";
import * as torch from "../../../lib/index.js";

const { nn } = torch;
const F = nn.functional;

describe("max pooling", () => {
  const x = torch.arange(16).reshape(1, 1, 4, 4).float();

  test("returnIndices decides what comes back, in its type too", () => {
    const values: torch.Tensor = new nn.MaxPool2d(2).forward(x);
    const [same, indices]: [torch.Tensor, torch.Tensor] = new nn.MaxPool2d(2, { returnIndices: true }).forward(x);
    expect(values.tolist()).toEqual(same.tolist());
    expect(indices.tolist()).toEqual([
      [
        [
          [5, 7],
          [13, 15],
        ],
      ],
    ]);
    expect(F.maxPool2d(x, 2, { returnIndices: true })[1].tolist()).toEqual(indices.tolist());
    expect(F.adaptiveMaxPool2d(x, 2, true)[1].tolist()).toEqual(indices.tolist());
    expect(F.adaptiveMaxPool2d(x, 2).tolist()).toEqual(values.tolist());
  });

  test("indices lead back through MaxUnpool, to any size that the pooling can have had", () => {
    const [y, at] = F.maxPool2dWithIndices(torch.rand(2, 3, 5, 5), 2);
    const up = new nn.MaxUnpool2d(2);
    expect(up.forward(y, at, [2, 3, 5, 5]).shape).toEqual([2, 3, 5, 5]);
    expect(() => up.forward(y, at, [9, 9])).toThrow('invalid output_size "(9, 9)" (dim 0 must be between 2 and 6)');
    expect(() => up.forward(y, at, [9])).toThrow("containing 2 or 4 elements, but it has a length of '1'");
    expect(() => up.forward(y, at.add(1000))).toThrow("Found an invalid max index");
    expect(String(up)).toBe("MaxUnpool2d(kernel_size=(2, 2), stride=(2, 2), padding=(0, 0))");
  });

  test("names of the graph and errors are PyTorch's", () => {
    const z = torch.rand(2, 3, 8).requiresGrad_();
    expect(F.maxPool1d(z, 2).gradFn?.name).toBe("SqueezeBackward1");
    expect(F.maxPool3d(torch.rand(1, 4, 4, 4).requiresGrad_(), 2).gradFn?.name).toBe("MaxPool3DWithIndicesBackward0");
    expect(() => F.maxPool2d(x, 2, 2, 2)).toThrow(
      "pad should be at most half of effective kernel size, but got pad=2, kernel_size=2 and dilation=1",
    );
    expect(() => F.maxPool2d(x, 2, { padding: -1 })).toThrow("pad must be non-negative, but got pad: -1");
    expect(() => F.maxPool2d(x.logicalNot(), 2)).toThrow("not implemented for 'Bool'");
    expect(() => F.adaptiveAvgPool2d(x, [1e15, 1e15])).toThrow();
  });

  test("fractional pooling draws its windows from the generator", () => {
    const pool = new nn.FractionalMaxPool2d(2, { outputRatio: 0.5, returnIndices: true });
    torch.manualSeed(0);
    const [y, at] = pool.forward(x);
    torch.manualSeed(0);
    expect(pool.forward(x)[0].tolist()).toEqual(y.tolist());
    expect(y.flatten().tolist()).toEqual(at.flatten().tolist());
    expect(() => new nn.FractionalMaxPool2d(2)).toThrow(
      "requires specifying either an output size, or a pooling ratio",
    );
    expect(() => new nn.FractionalMaxPool2d(2, null, 2)).toThrow("output_ratio must be between 0 and 1 (got 2)");
    expect(() => F.fractionalMaxPool2d(x, 9, 3)).toThrow("pool height 9 too large relative to input height 4");
  });
});

test("messages are PyTorch's", () => {
  const { functional: F } = torch.nn;
  const pool = (spatial: number, size: number[], ...args: [number, number?, number?, number?]) =>
    [F.maxPool1d, F.maxPool2d, F.maxPool3d][spatial - 1]?.(torch.zeros(size), ...args);
  const half = "pad should be smaller than or equal to half of kernel size, but got";
  expect(() => pool(2, [1, 1, 8, 8], 3, 1, 2, 3)).toThrow(`${half} padW = 2, padH = 2, kW = 3, kH = 3`);
  expect(() => pool(3, [1, 1, 8, 8, 8], 3, 1, 2, 3)).toThrow(`${half} kT: 3 kW: 3 kH: 3 padT: 2 padW: 2 padH: 2`);
  expect(() => pool(1, [1, 1, 8], 3, 1, 2, 3)).toThrow(
    "max_pool1d() padding should be at most half of kernel size, but got padding=2 and kernel_size=3",
  );
  expect(() => pool(2, [1, 1, 8, 8], 3, 1, 2)).toThrow(
    "pad should be at most half of effective kernel size, but got pad=2, kernel_size=3 and dilation=1",
  );
  expect(() => pool(2, [4, 4], 2)).toThrow("non-empty 3D or 4D (batch mode) tensor expected for input");
  expect(() => pool(2, [1, 0, 4, 4], 2)).toThrow(
    "Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:[1, 0, 4, 4]",
  );
});
