import { inspect } from "node:util";
import { expect, test } from "vitest";
import { ShapeError, setModulePath, TorchError, translate } from "../lib/errors.js";

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
