import { expect, test } from "vitest";
import * as torch from "../../lib/index.js";
import { casesOf } from "../helpers/cases.js";

const F = torch.nn.functional;

casesOf("distance");
casesOf("bilinear");

test("errors", () => {
  const x = torch.randn(3, 4);
  expect(() => F.pdist(x.select(0, 0))).toThrow("pdist only supports 2D tensors, got: 1D");
  expect(() => F.cosineSimilarity(torch.arange(3), torch.arange(3), 0)).toThrow(
    "expected common dtype to be floating point, yet common dtype is Long",
  );
  expect(() => F.bilinear(x, x, torch.randn(2, 3, 4))).toThrow(
    "bilinear(): input1 size does not match weight size: got 4 but expected 3",
  );
  expect(() => F.oneHot(torch.tensor([3n]), 2)).toThrow("Class values must be smaller than num_classes.");
});

test("one-hot rows", () => {
  expect(F.oneHot(torch.tensor([2n, 0n])).tolist()).toEqual([
    [0, 0, 1],
    [1, 0, 0],
  ]);
  expect(F.oneHot(torch.zeros(2, 0).long(), 4).shape).toEqual([2, 0, 4]);
});

test("normalised vectors have length 1, and zeros stay", () => {
  const x = torch.tensor([
    [3, 4],
    [0, 0],
  ]);
  const [one, zero] = F.normalize(x).square().sum({ dim: 1 }).tolist() as number[];
  expect(one).toBeCloseTo(1);
  expect(zero).toBe(0);
});
