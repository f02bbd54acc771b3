import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const { nn } = torch;
const F = nn.functional;

describe("padding", () => {
  const x = torch.arange(1, 5).reshape(1, 4);

  test("each mode has its border, on integers too", () => {
    const row = (pads: number[], ...rest: [mode?: torch.nn.PadMode, value?: number]) =>
      F.pad(x, pads, ...rest).tolist();
    expect(row([2, 1])).toEqual([[0, 0, 1, 2, 3, 4, 0]]);
    expect(row([2, 1], "constant", 9)).toEqual([[9, 9, 1, 2, 3, 4, 9]]);
    expect(row([2, 1], "reflect")).toEqual([[3, 2, 1, 2, 3, 4, 3]]);
    expect(row([2, 1], "replicate")).toEqual([[1, 1, 1, 2, 3, 4, 4]]);
    expect(row([2, -1], "circular")).toEqual([[2, 3, 1, 2, 3]]);
    expect(torch.constantPadNd(x.gt(2), [1, 0], 1).tolist()).toEqual([[true, false, false, true, true]]);
  });

  test("errors are PyTorch's", () => {
    expect(() => F.pad(x, [1])).toThrow("Padding length must be divisible by 2");
    expect(() => F.pad(x, [4, 0], "reflect")).toThrow("but got: padding (4, 0) at dimension 1 of input [1, 4]");
    expect(() => F.pad(x, [1, 1, 1, 1], "replicate")).toThrow(
      "Padding size 4 is not supported for 2D input tensor.\nSupported combinations",
    );
    expect(() => F.pad(x, [1, 1], "reflect", 2)).toThrow(`Padding mode "reflect" doesn't take in value argument`);
    expect(() => F.pad(x, [-5, 0])).toThrow("narrow(): length must be non-negative.");
    expect(() => F.pad(x, [2 ** 40, 0])).toThrow("allocate");
    // @ts-expect-error: the type says so too
    expect(() => F.pad(x, [1, 1], "mirror")).toThrow("Unrecognised padding mode mirror");
  });

  test("layers print as PyTorch's", () => {
    expect(String(new nn.ConstantPad1d([1, 2], 3))).toBe("ConstantPad1d(padding=(1, 2), value=3)");
    expect(String(new nn.ReflectionPad2d({ padding: 1 }))).toBe("ReflectionPad2d((1, 1, 1, 1))");
    expect(() => new nn.ZeroPad2d([1, 2])).toThrow("expected padding to be an integer or 4 of them");
  });
});
