/** Dividing a dimension; flattening is among the layers of layers.test.ts. */
import { expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const { nn } = torch;

test("Unflatten reverses Flatten", () => {
  const layer = new nn.Unflatten(1, [2, -1]);
  expect(String(layer)).toBe("Unflatten(dim=1, unflattened_size=(2, -1))");
  const x = torch.arange(12).view(2, 6);
  expect(layer.forward(x).shape).toEqual([2, 2, 3]);
  expect(new nn.Flatten().forward(layer.forward(x)).equal(x)).toBe(true);
  expect(() => layer.forward(torch.ones(2, 5))).toThrow();
});
