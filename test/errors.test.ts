import { inspect } from "node:util";
import { expect, test } from "vitest";
import { ShapeError, setModulePath, TorchError, translate } from "../lib/errors.js";
import * as torch from "../lib/index.js";

test("codes of the native side become classes", () => {
  const native = Object.assign(new Error("sizes differ"), { code: "ERR_SHAPE" });
  const error = translate(native, "add");
  expect(error).toBeInstanceOf(ShapeError);
  expect(error).toMatchObject({ message: "sizes differ", code: "ERR_SHAPE", op: "add", name: "ShapeError" });
  const strange = Object.assign(new Error("Expect value to be Number"), { code: "NumberExpected" });
  expect(translate(strange, "view")).toMatchObject({ name: "ArgumentError", code: "ERR_ARGUMENT", cause: strange });
  const mine = new RangeError("from a hook");
  expect(translate(mine, "backward")).toBe(mine);
});

test("the path is the last line of the printed error, and grows", () => {
  const error = new TorchError("message");
  setModulePath(error, "0");
  setModulePath(error, "layer1.0");
  expect(error.message).toBe("message");
  const lines = inspect(error).trimEnd().split("\n");
  expect(lines[0]).toBe("TorchError: message");
  expect(lines.at(-1)?.trim()).toBe("in module layer1.0");
  expect(lines.filter((line) => line.includes("in module")).length).toBe(1);
});

test("floats where integers belong: PyTorch's words, and a last line that says what to write", () => {
  const F = torch.nn.functional;
  const floats = torch.tensor([0, 1]);
  const calls: [() => unknown, string][] = [
    [() => F.crossEntropy(torch.rand(2, 3), floats), "expected target dtype to be Long or Byte, but got Float"],
    [() => F.oneHot(floats), "one_hot is only applicable to index tensor of type LongTensor."],
    [() => torch.rand(3).index(floats), "tensors used as indices must be long, int, byte or bool tensors"],
  ];
  for (const [call, message] of calls) {
    let error: unknown;
    try {
      call();
    } catch (thrown) {
      error = thrown;
    }
    if (!(error instanceof torch.TorchError)) throw new Error("no error of ours");
    expect(error.message).toBe(message);
    expect(error.stack?.split("\n").at(-1)).toContain("y.long()");
  }
});
