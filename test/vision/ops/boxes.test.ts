/** Boxes, and batch norm that is frozen: torchvision's numbers, test/fixtures/boxes.py. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as torch from "../../../lib/index.js";

const { ops } = torch.vision;
const want = JSON.parse(readFileSync(new URL("../../fixtures/pytorch/boxes.json", import.meta.url), "utf8"));
const close = (x: torch.Tensor, expected: torch.NestedList) =>
  expect(torch.allclose(x.double(), torch.tensor(expected as never, { dtype: "float64" }), 1e-5, 1e-6)).toBe(true);
const boxes = torch.tensor(want.boxes);
const scores = torch.tensor(want.scores);
const some = boxes.narrow(0, 0, 3);

test("areas, overlaps, forms, clipping", () => {
  close(ops.boxArea(boxes), want.boxArea);
  close(ops.boxIou(boxes, some), want.boxIou);
  close(ops.generalizedBoxIou(boxes, some), want.generalizedBoxIou);
  for (const [fmt, expected] of Object.entries(want.formats)) {
    const as = (x: torch.Tensor) => ops.boxConvert(x, "xyxy", fmt as "xywh");
    close(ops.boxIou(as(boxes), as(some), fmt as "xywh"), expected as number[][]);
  }
  close(ops.boxIou(boxes.view(2, 4, 4), boxes.view(2, 4, 4).narrow(1, 0, 3)), want.batches);
  close(ops.generalizedBoxIou(boxes.view(2, 4, 4), some), want.generalizedBatches);
  expect(ops.boxArea({ boxes: ops.boxConvert(boxes, "xyxy", "xywh"), fmt: "xywh" }).shape).toEqual([8]);
  expect(() => ops.boxIou(boxes, some, "xyxyr" as never)).toThrow("unsupported format xyxyr");
  close(ops.clipBoxesToImage(boxes, [8, 9]), want.clipBoxesToImage);
  for (const [formats, expected] of Object.entries(want.boxConvert)) {
    const [from, to] = formats.split(" ") as ["xyxy", "xywh"];
    close(ops.boxConvert(boxes, from, to), expected as number[][]);
  }
  expect(() => ops.boxConvert(boxes, "xyxy", "yxyx" as never)).toThrow("Unsupported Bounding Box Conversions");
  expect(() => ops.boxArea(scores)).toThrow("expected boxes [N, 4], received [8]");
});

test("suppression keeps the best, in groups too", () => {
  expect(ops.nms(boxes, scores, 0.1).tolist()).toEqual(want.nms);
  const edge = torch.tensor([[0, 0, 3, 1], [0, 0, 1, 1], [10, 0, 20, 1], [10, 0, 13, 1], [0.1, 5, 0.7, 6], [0.1, 5, 0.4, 6]]); // biome-ignore format: one line
  const found = (["float32", "float64"] as const).flatMap((dtype) =>
    [1 / 3, 0.3, 0.5].map((at) => ops.nms(edge.to(dtype), torch.arange(6, 0, -1).to(dtype), at).tolist()),
  );
  expect(found).toEqual(want.edges);
  expect(() => ops.nms(boxes, scores.double(), 0.5)).toThrow("dets should have the same type as scores");
  expect(() => ops.nms(boxes.half(), scores.half(), 0.5)).toThrow("expected boxes of float32 or float64");
  const groups = torch.tensor([0, 1, 0, 1, 0, 1, 0, 1], { dtype: "int64" });
  expect(ops.batchedNms(boxes, scores, groups, 0.1).tolist()).toEqual(want.batchedNms);
  expect(ops.removeSmallBoxes(boxes, 2).tolist()).toEqual(want.removeSmallBoxes);
  expect(ops.nms(torch.zeros(0, 4), torch.zeros(0), 0.5).shape).toEqual([0]);
  expect(() => ops.nms(boxes, scores.narrow(0, 0, 3), 0.5)).toThrow(
    "boxes and scores should have same number of elements",
  );
});

test("many boxes are suppressed group by group, where float32 would round them", () => {
  const n = 1001;
  const many = Array.from({ length: n }, (_, i) => (i === 999 ? [97, 97, 107, 107] : i === 1000 ? [99, 99, 103, 103] : [0, 0, 1, 1])); // biome-ignore format: one line
  const groups = torch.tensor(
    Array.from({ length: n }, (_, i) => (i === 1000 ? 999 : i) * 1000),
    { dtype: "int64" },
  );
  expect(ops.batchedNms(torch.tensor(many), torch.linspace(1, 0.1, n), groups, 0.5).numel()).toBe(n);
});

test("boxes of masks; a frozen batch norm", () => {
  const masks = torch.zeros(2, 5, 6);
  masks.index(0).narrow(0, 1, 2).narrow(1, 2, 3).fill_(1);
  masks.index(1, 4, 0).fill_(1);
  expect(ops.masksToBoxes(masks).tolist()).toEqual(want.masksToBoxes);
  const norm = new ops.FrozenBatchNorm2d(3);
  norm.weight.copy_(torch.tensor([1, 2, 3]));
  norm.running_mean.copy_(torch.tensor([0.1, 0.2, 0.3]));
  norm.running_var.copy_(torch.tensor([1, 0.5, 2]));
  close(norm.forward(torch.tensor(want.x)), want.frozen);
  expect([String(norm), norm.parameters().length]).toEqual([want.repr, 0]);
  expect(String(norm.loadStateDict(new torch.nn.BatchNorm2d(3).stateDict()))).toBe("<All keys matched successfully>");
});

test("areas of small types do not overflow", () => {
  const { boxArea, boxIou, masksToBoxes } = torch.vision.ops;
  const bytes = boxArea(torch.tensor([[0, 0, 200, 200]], { dtype: "uint8" }));
  expect([bytes.dtype, bytes.tolist()]).toEqual(["int32", [40000]]);
  const halves = torch.tensor([[0, 0, 300, 300]]).half();
  expect([boxArea(halves).dtype, boxArea(halves).tolist()]).toEqual(["float32", [90000]]);
  expect(boxIou(halves, halves).tolist()).toEqual([[1]]);
  expect(masksToBoxes(torch.zeros(1, 5, 6)).tolist()).toEqual([[0, 0, 0, 0]]);
});
