/** Boxes [N, 4] of images: their corners (x1, y1, x2, y2), or in the other forms that {@link boxConvert} knows. */
import { byName } from "../../by-name.js";
import { fromTypedArray, zeros } from "../../creation.js";
import { ArgumentError, DTypeError } from "../../errors.js";
import { cat, stack } from "../../ops/join.js";
import { maximum, minimum } from "../../ops/pointwise.js";
import { describe, isTensor } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";

/** Corners; a corner, width and height; the centre, width and height. */
export type BoxFormat = "xyxy" | "xywh" | "cxcywh";
const FORMATS: readonly string[] = ["xyxy", "xywh", "cxcywh"] satisfies BoxFormat[];

/** Errors: what is no tensor. */
function checked(op: string, given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (!isTensor(value)) {
      throw new ArgumentError(`${op}: expected ${name} to be a tensor, received ${describe(value)}`, { op });
    }
  }
}

function numeric(op: string, given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== "number") {
      throw new ArgumentError(`${op}: expected ${name} to be a number, received ${describe(value)}`, { op });
    }
  }
}

function columns(boxes: Tensor): [Tensor, Tensor, Tensor, Tensor] {
  if (boxes.size(-1) !== 4) throw new ArgumentError(`expected boxes [N, 4], received [${boxes.shape.join(", ")}]`);
  return boxes.unbind(-1) as unknown as [Tensor, Tensor, Tensor, Tensor];
}

/** Boxes in another form. Errors: a form that is not known. */
export const boxConvert = byName(
  "vision.ops.boxConvert",
  (boxes: Tensor, inFmt: BoxFormat, outFmt: BoxFormat): Tensor => {
    checked("boxConvert", { boxes });
    for (const format of [inFmt, outFmt]) {
      if (!FORMATS.includes(format)) {
        throw new ArgumentError(`Unsupported Bounding Box Conversions for given in_fmt ${inFmt} and out_fmt ${outFmt}`);
      }
    }
    if (inFmt === outFmt) return boxes.clone();
    const [a, b, c, d] = columns(boxes);
    let corners = [a, b, c, d];
    if (inFmt === "xywh") corners = [a, b, a.add(c), b.add(d)];
    if (inFmt === "cxcywh") corners = [a.sub(c.div(2)), b.sub(d.div(2)), a.add(c.div(2)), b.add(d.div(2))];
    const [x1, y1, x2, y2] = corners as [Tensor, Tensor, Tensor, Tensor];
    const [w, h] = [x2.sub(x1), y2.sub(y1)];
    if (outFmt === "xyxy") return stack(corners, -1);
    if (outFmt === "xywh") return stack([x1, y1, w, h], -1);
    return stack([x1.add(x2).div(2), y1.add(y2).div(2), w, h], -1);
  },
);

/** Products of small types would not fit: half precision becomes float32, small integers int32. */
function widened(x: Tensor): Tensor {
  if (x.isFloatingPoint()) return x.dtype === "float64" ? x : x.to("float32");
  return x.dtype === "int64" ? x : x.to("int32");
}

/** Errors: a form that is none. */
function checkFormat(fmt: unknown, message: string): void {
  if (FORMATS.some((format) => format === fmt)) return;
  throw new ArgumentError(`${message} ${String(fmt)}; expected ${FORMATS.join(", ")}`);
}

/** The areas of boxes: [..., 4] -> [...]. */
export const boxArea = byName("vision.ops.boxArea", (boxes: Tensor, fmt: BoxFormat = "xyxy"): Tensor => {
  checked("boxArea", { boxes });
  checkFormat(fmt, "Unsupported Bounding Box area for given format");
  const [x1, y1, x2, y2] = columns(widened(boxes));
  return fmt === "xyxy" ? x2.sub(x1).mul(y2.sub(y1)) : x2.mul(y2);
});

/** Every pair of two lists of corners: [..., N, 4], [..., M, 4] -> [..., N, 1, 4], [..., 1, M, 4]. */
const paired = (a: Tensor, b: Tensor): [Tensor, Tensor] => [a.unsqueeze(-2), b.unsqueeze(-3)];

/** The product of two sides that are not negative. */
function product(sides: Tensor): Tensor {
  const positive = widened(sides).clamp({ min: 0 });
  return positive.select(-1, 0).mul(positive.select(-1, 1));
}

/** Intersections and unions of all pairs: [..., N, 4], [..., M, 4] -> [..., N, M] each. */
function overlaps(a: Tensor, b: Tensor, fmt: BoxFormat): [intersection: Tensor, union: Tensor] {
  const areas = boxArea(a, fmt).unsqueeze(-1).add(boxArea(b, fmt).unsqueeze(-2));
  const [one, other] = paired(boxConvert(a, fmt, "xyxy"), boxConvert(b, fmt, "xyxy"));
  const low = maximum(one.narrow(-1, 0, 2), other.narrow(-1, 0, 2));
  const high = minimum(one.narrow(-1, 2, 2), other.narrow(-1, 2, 2));
  const intersection = product(high.sub(low));
  return [intersection, areas.sub(intersection)];
}

/** Intersection over union of all pairs: [..., N, 4], [..., M, 4] -> [..., N, M]. Rotated boxes are not supported. */
export const boxIou = byName("vision.ops.boxIou", (boxes1: Tensor, boxes2: Tensor, fmt: BoxFormat = "xyxy"): Tensor => {
  checked("boxIou", { boxes1, boxes2 });
  checkFormat(fmt, "boxIou: unsupported format");
  const [intersection, union] = overlaps(boxes1, boxes2, fmt);
  return intersection.div(union);
});

/** {@link boxIou} less the empty part of the smallest box around both.   [Rezatofighi et al. 2019](https://arxiv.org/abs/1902.09630) */
export const generalizedBoxIou = byName("vision.ops.generalizedBoxIou", (boxes1: Tensor, boxes2: Tensor): Tensor => {
  checked("generalizedBoxIou", { boxes1, boxes2 });
  const [intersection, union] = overlaps(boxes1, boxes2, "xyxy");
  const [one, other] = paired(boxes1, boxes2);
  const low = minimum(one.narrow(-1, 0, 2), other.narrow(-1, 0, 2));
  const high = maximum(one.narrow(-1, 2, 2), other.narrow(-1, 2, 2));
  const around = product(high.sub(low));
  return intersection.div(union).sub(around.sub(union).div(around));
});

/** Boxes within an image of a height and a width. */
export const clipBoxesToImage = byName(
  "vision.ops.clipBoxesToImage",
  (boxes: Tensor, size: readonly [height: number, width: number]): Tensor => {
    checked("clipBoxesToImage", { boxes });
    const [height, width] = Array.isArray(size) ? size : [];
    numeric("clipBoxesToImage", { height, width });
    const [x1, y1, x2, y2] = columns(boxes);
    const [x, y] = [
      { min: 0, max: width },
      { min: 0, max: height },
    ];
    return stack([x1.clamp(x), y1.clamp(y), x2.clamp(x), y2.clamp(y)], -1);
  },
);

/** The places of boxes with both sides of at least `minSize`: int64 [K]. */
export const removeSmallBoxes = byName("vision.ops.removeSmallBoxes", (boxes: Tensor, minSize: number): Tensor => {
  checked("removeSmallBoxes", { boxes });
  numeric("removeSmallBoxes", { minSize });
  const [x1, y1, x2, y2] = columns(boxes);
  return x2.sub(x1).ge(minSize).logicalAnd(y2.sub(y1).ge(minSize)).nonzero().flatten();
});

/** Errors: boxes or scores of another shape or type than `nms` takes. */
function checkBoxes(boxes: Tensor, scores: Tensor): void {
  if (boxes.ndim !== 2) throw new ArgumentError(`boxes should be a 2d tensor, got ${boxes.ndim}D`);
  if (boxes.size(1) !== 4) throw new ArgumentError(`boxes should have 4 elements in dimension 1, got ${boxes.size(1)}`);
  if (scores.ndim !== 1) throw new ArgumentError(`scores should be a 1d tensor, got ${scores.ndim}D`);
  if (scores.size(0) !== boxes.size(0)) {
    throw new ArgumentError(`boxes and scores should have same number of elements in dimension 0, got ${boxes.size(0)} and ${scores.size(0)}`); // biome-ignore format: one line
  }
  if (boxes.dtype !== scores.dtype) {
    throw new DTypeError(`dets should have the same type as scores, received ${boxes.dtype} and ${scores.dtype}`);
  }
  if (boxes.dtype !== "float32" && boxes.dtype !== "float64") {
    throw new DTypeError(`nms: expected boxes of float32 or float64, received ${boxes.dtype}`);
  }
}

/**
 * Non-maximum suppression: the places of the boxes that stay, best score first; a box goes where it overlaps a better one by more than
 * `iouThreshold`. boxes [N, 4], scores [N] -> int64 [K].
 */
export const nms = byName("vision.ops.nms", (boxes: Tensor, scores: Tensor, iouThreshold: number): Tensor => {
  checked("nms", { boxes, scores });
  numeric("nms", { iouThreshold });
  checkBoxes(boxes, scores);
  // PyTorch computes in the type of the boxes.
  const exact = boxes.dtype === "float64" ? (v: number) => v : Math.fround;
  const b = boxes.detach().double().contiguous().toTypedArray("float64");
  const order = scores.detach().argsort({ descending: true, stable: true }).tolist() as number[];
  const at = (i: number, k: number) => b[4 * i + k] ?? 0;
  const area = Float64Array.from(order.keys(), (i) => exact(exact(at(i, 2) - at(i, 0)) * exact(at(i, 3) - at(i, 1))));
  const overlap = (i: number, j: number): number => {
    const side = (k: number) => exact(Math.max(0, Math.min(at(i, k + 2), at(j, k + 2)) - Math.max(at(i, k), at(j, k))));
    const both = exact(side(0) * side(1));
    return exact(both / exact(exact((area[i] ?? 0) + (area[j] ?? 0)) - both));
  };
  const kept: number[] = [];
  for (const i of order) if (kept.every((j) => !(overlap(i, j) > iouThreshold))) kept.push(i);
  return fromTypedArray(BigInt64Array.from(kept, BigInt));
});

/** {@link nms} of one group after another: exact, where float32 would round far apart boxes. */
function groupByGroup(boxes: Tensor, scores: Tensor, idxs: Tensor, iouThreshold: number): Tensor {
  const kept = idxs
    .unique()
    .unbind(0)
    .map((group) => {
      const places = idxs.eq(group).nonzero().flatten();
      return places.index(nms(boxes.index(places), scores.index(places), iouThreshold));
    });
  const all = cat(kept, 0);
  return all.index(scores.index(all).argsort({ descending: true, stable: true }));
}

/** {@link nms} of each group by itself: `idxs` int64 [N] has the groups. */
export const batchedNms = byName(
  "vision.ops.batchedNms",
  (boxes: Tensor, scores: Tensor, idxs: Tensor, iouThreshold: number): Tensor => {
    checked("batchedNms", { boxes, scores, idxs });
    numeric("batchedNms", { iouThreshold });
    if (boxes.numel() === 0) return zeros([0], { dtype: "int64" });
    if (boxes.numel() > 4000) return groupByGroup(boxes, scores, idxs, iouThreshold);
    // Groups lie so far apart that no boxes of two overlap.
    const offsets = idxs.to(boxes.dtype).mul(boxes.max().add(1));
    return nms(boxes.add(offsets.unsqueeze(1)), scores, iouThreshold);
  },
);

/** The boxes around masks: [N, H, W] -> [N, 4], inclusive corners. */
export const masksToBoxes = byName("vision.ops.masksToBoxes", (masks: Tensor): Tensor => {
  checked("masksToBoxes", { masks });
  if (masks.numel() === 0) return zeros([0, 4]);
  const rows = masks.unbind(0).map((mask) => {
    const places = mask.nonzero();
    if (places.size(0) === 0) return zeros([4]); // as the others, of a mask without a pixel
    const [y, x] = [places.select(1, 0), places.select(1, 1)];
    return stack([x.min(), y.min(), x.max(), y.max()]).to("float32");
  });
  return stack(rows);
});
