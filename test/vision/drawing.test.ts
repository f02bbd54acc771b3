/** vision.utils draws boxes and keypoints to torchvision's pixels. */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";
import { fixture } from "../helpers/fixtures.js";

const { drawBoundingBoxes, drawKeypoints } = torch.vision.utils;
const cases = fixture<{ kind: string; options: Record<string, unknown> }[]>("drawing.json");
const arrays = torch.numpy.loadSync(fileURLToPath(new URL("../fixtures/drawing.npz", import.meta.url))) as Record<string, torch.Tensor>; // biome-ignore format: one line
const at = (name: string) => arrays[name] as torch.Tensor;

describe("torchvision's pixels", () => {
  test.each(cases.map(({ kind, options }, i) => [i, kind, options] as const))("%i: %s %j", (i, kind, options) => {
    const { visibility, ...rest } = options;
    const seen = visibility === undefined ? {} : { visibility: torch.tensor(visibility as boolean[][]) };
    const draw = kind === "boxes" ? drawBoundingBoxes : drawKeypoints;
    const out = draw(at(`in${i}`), at(`points${i}`), { ...rest, ...seen } as object);
    const expected = at(`out${i}`);
    expect([out.dtype, out.shape]).toEqual([expected.dtype, expected.shape]);
    const different = out
      .sub(expected)
      .abs()
      .gt(out.isFloatingPoint() ? 1e-6 : 0);
    expect(different.sum().item(), `first at ${JSON.stringify(different.nonzero().tolist())}`).toBe(0);
  });
});

test("the image stays, and wrong input is told in torchvision's words", () => {
  const image = torch.zeros(3, 20, 20, { dtype: "uint8" });
  const boxes = torch.tensor([[1, 2, 9, 12]]);
  drawBoundingBoxes(image, boxes);
  expect(image.sum().item()).toBe(0);
  expect(() => drawBoundingBoxes(image, torch.tensor([[9, 2, 1, 12]]))).toThrow(
    "Boxes need to be in (xmin, ymin, xmax, ymax) format",
  );
  expect(() => drawBoundingBoxes(image, boxes, { labels: ["a", "b"] })).toThrow(
    "Number of boxes (1) and labels (2) mismatch",
  );
  expect(() => drawBoundingBoxes(image.unsqueeze(0), boxes)).toThrow("Pass individual images, not batches");
  expect(() => drawBoundingBoxes(torch.zeros(2, 5, 5), boxes)).toThrow("Only grayscale and RGB images are supported");
  expect(() => drawBoundingBoxes(image, torch.tensor([1, 2, 3, 4]))).toThrow(
    "expected boxes [N, 4] or [N, 8], received [4]",
  );
  expect(() => drawBoundingBoxes(image, boxes, { font: "Arial.ttf" } as never)).toThrow(
    "unexpected keyword argument 'font'",
  );
  expect(() => drawBoundingBoxes(image, boxes, { colors: "reddish" })).toThrow(
    "expected colours as [red, green, blue], a name",
  );
  expect(() => drawKeypoints(image, torch.zeros(3, 2))).toThrow("keypoints must be of shape (num_instances, K, 2)");
  expect(() => drawKeypoints(image, torch.zeros(1, 3, 2), { visibility: torch.ones(1, 2) })).toThrow(
    "must have the same dimensionality",
  );
  expect(() => drawKeypoints(image, torch.zeros(1, 3, 2), { connectivity: [[0, 3]] })).toThrow(
    "expected connectivity to be pairs of keypoints 0 to 2",
  );
  expect(drawBoundingBoxes(image, torch.zeros(0, 4))).toBe(image);
});
