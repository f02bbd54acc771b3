/** Writing to tensors whose elements share places: one value may be written, others not. */
import { expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const ones = () => torch.ones(1).expand(3);
const SHARED =
  "unsupported operation: more than one element of the written-to tensor refers to a single memory location";

test("one value may be written to an expanded tensor", () => {
  expect(ones().fill_(2).tolist()).toEqual([2, 2, 2]);
  expect(ones().zero_().tolist()).toEqual([0, 0, 0]);
  expect(ones().indexPut_([0], 5).tolist()).toEqual([5, 5, 5]);
  expect(
    ones()
      .maskedFill_(torch.tensor([true, false, true]), 2)
      .tolist(),
  ).toEqual([2, 2, 2]);
  const rows = torch
    .ones(3, 1)
    .expand(3, 3)
    .indexPut_([torch.tensor([true, false, true])], 5);
  expect(rows.tolist()).toEqual([
    [5, 5, 5],
    [1, 1, 1],
    [5, 5, 5],
  ]);
  expect(torch.ones(2, 1).expand(2, 3).index(0).fill_(3).tolist()).toEqual([3, 3, 3]);
});

test.each<[string, (x: torch.Tensor) => unknown]>([
  ["mul_", (x) => x.mul_(2)],
  ["add_", (x) => x.add_(1)],
  ["copy_", (x) => x.copy_(torch.ones(3))],
  ["clamp_", (x) => x.clamp_(0, 1)],
  ["relu_", (x) => x.relu_()],
  ["normal_", (x) => x.normal_()],
  ["indexPut_ of several values", (x) => x.indexPut_([torch.tensor([0n, 1n])], torch.tensor([1, 2]))],
  ["indexPut_ that adds", (x) => x.indexPut_([torch.tensor([0n])], 1, { accumulate: true })],
])("%s is refused", (_, f) => expect(() => f(ones())).toThrow(SHARED));
