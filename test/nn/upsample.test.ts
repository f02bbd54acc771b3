import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const { nn } = torch;
const F = nn.functional;

describe("interpolation", () => {
  const x = torch.rand(1, 3, 8, 8);

  test("errors are PyTorch's", () => {
    expect(() => F.interpolate(x)).toThrow("either size or scale_factor should be defined");
    expect(() => F.interpolate(x, 5, 2)).toThrow("only one of size or scale_factor should be defined");
    expect(() => F.interpolate(x, 5, { mode: "linear" })).toThrow("Got 4D input, but linear mode needs 3D input");
    expect(() => F.interpolate(x, 5, { alignCorners: true })).toThrow(
      "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear",
    );
    expect(() => F.interpolate(x, { scaleFactor: [1, 2, 3] })).toThrow("scale_factor of shape (1.0, 2.0, 3.0)");
    expect(() => F.interpolate(x, 0)).toThrow("but got input (H: 8, W: 8) output (H: 0, W: 0)");
    expect(() => F.interpolate(x, 1e14)).toThrow();
  });

  test("bytes are rounded", () => {
    const bytes = torch.tensor([[[[0, 255]]]], { dtype: "uint8" });
    const options = { mode: "bilinear", alignCorners: true } as const;
    expect(F.interpolate(bytes, [1, 3], options).tolist()).toEqual([[[[0, 128, 255]]]]);
    expect(F.interpolate(bytes, [1, 4]).tolist()).toEqual([[[[0, 0, 255, 255]]]]);
  });

  test("a layer keeps its arguments", () => {
    expect(String(new nn.Upsample({ scaleFactor: [2, 1.5], mode: "bicubic" }))).toBe(
      "Upsample(scale_factor=(2.0, 1.5), mode='bicubic')",
    );
    expect(new nn.Upsample(4).forward(x).shape).toEqual([1, 3, 4, 4]);
  });

  test("grids", () => {
    const theta = torch.tensor(
      [
        [
          [1, 0, 0],
          [0, 1, 0],
        ],
      ],
      { dtype: "float32" },
    );
    const same = F.gridSample(x, F.affineGrid(theta, x.shape), { paddingMode: "border" });
    expect(torch.amax(same.sub(x).abs()).item()).toBeLessThan(1e-5);
    // @ts-expect-error: the type says so too
    expect(() => F.gridSample(x, theta, "cubic")).toThrow("expected mode to be 'bilinear', 'nearest' or 'bicubic'");
    expect(() => F.affineGrid(theta, [1, 1, 0, 2])).toThrow(
      "Expected non-zero, positive output size. Got (1, 1, 0, 2)",
    );
  });
});
