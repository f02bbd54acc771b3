import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";
import { casesOf } from "../helpers/cases.js";

const { nn } = torch;
const F = nn.functional;

casesOf("embedding");
casesOf("embedding-bag");

test("a given table is frozen unless it is to be learned", () => {
  const table = torch.tensor([
    [1, 2],
    [3, 4],
  ]);
  const frozen = nn.Embedding.fromPretrained(table);
  expect(frozen.weight.requiresGrad).toBe(false);
  expect(frozen.forward(torch.tensor([1n])).tolist()).toEqual([[3, 4]]);
  expect(nn.Embedding.fromPretrained(table, { freeze: false, paddingIdx: 0 }).weight.requiresGrad).toBe(true);
  const bag = nn.EmbeddingBag.fromPretrained(table, { mode: "sum" });
  expect(bag.weight.requiresGrad).toBe(false);
  expect(bag.forward(torch.tensor([[0n, 1n]])).tolist()).toEqual([[4, 6]]);
});

test("indices may be int32, and of any shape", () => {
  const layer = new nn.Embedding(4, 3);
  expect(layer.forward(torch.tensor(2n)).shape).toEqual([3]);
  expect(layer.forward(torch.zeros(2, 0, { dtype: "int32" })).shape).toEqual([2, 0, 3]);
});

test("printed forms", () => {
  expect(String(new nn.Embedding(4, 3, 1, 2, 1))).toBe("Embedding(4, 3, padding_idx=1, max_norm=2.0, norm_type=1.0)");
  expect(String(new nn.EmbeddingBag(4, 3, { mode: "max", paddingIdx: -1 }))).toBe(
    "EmbeddingBag(4, 3, mode='max', padding_idx=3)",
  );
});

describe("errors", () => {
  const w = torch.randn(5, 3);
  const i = torch.tensor([0n, 1n, 2n]);
  const offsets = (...v: number[]) => torch.tensor(v, { dtype: "int64" });
  test.each([
    [() => F.embedding(torch.tensor([5n]), w), "index out of range in self"],
    [
      () => F.embedding(torch.tensor([1.5]), w),
      "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.FloatTensor instead (while checking arguments for embedding)",
    ],
    [() => F.embedding(i, w.select(0, 0)), "'weight' must be 2-D"],
    [() => new nn.Embedding(4, 3, 9), "Padding_idx must be within num_embeddings"],
    [() => new nn.Embedding(4, 3, { sparse: true }), "expected sparse to be false"],
    [() => F.embeddingBag(i, w), "offsets has to be a 1D Tensor but got None"],
    [() => F.embeddingBag(i, w, offsets(1)), "offsets[0] has to be 0"],
    [
      () => F.embeddingBag(i, w, offsets(0, 5)),
      "offsets[-1] can not be greater than input's length 3 but got offsets[-1] of 5",
    ],
    [
      () => F.embeddingBag(torch.tensor([9n]), w, offsets(0)),
      "Index 0 of input takes value 9 which is not in the valid range [0, 5)",
    ],
    [
      () => F.embeddingBag(i, w, offsets(0), { perSampleWeights: torch.ones(3) }),
      "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' (got mode='mean').",
    ],
    [
      () => F.embeddingBag(i, w, offsets(0), { mode: "max", scaleGradByFreq: true }),
      "max mode does not support scaling the gradient by the frequency",
    ],
  ])("%s", (call, message) => expect(call).toThrow(message));
});
