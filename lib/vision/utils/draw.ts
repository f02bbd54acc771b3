/** Boxes and keypoints on images. */
import { noGrad } from "../../autograd/modes.js";
import { fromTypedArray } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { checkOptions } from "../../serialization/files.js";
import { describe, isTensor } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";
import { Canvas, type Point, textBox } from "./canvas.js";
import { type Color, colorsOf, type Rgb, rgbOf } from "./colors.js";

const fail = (op: string, text: string): never => {
  throw new ArgumentError(text, { op });
};

/** Checks an image; draws on a copy of it in bytes; gives it back in its own type. */
function drawn(
  op: string,
  image: Tensor,
  channels: readonly number[],
  refusal: string,
  work: (canvas: Canvas) => void,
): Tensor {
  // biome-ignore format: one line
  if (!isTensor(image)) fail(op, `Tensor expected, got ${describe(image)}`);
  if (image.dtype !== "uint8" && !image.isFloatingPoint()) fail(op, `The image dtype must be uint8 or float, got torch.${image.dtype}`); // biome-ignore format: one line
  if (image.ndim !== 3) fail(op, "Pass individual images, not batches");
  if (!channels.includes(image.size(0))) fail(op, refusal);
  return noGrad(() => {
    const [, height = 0, width = 0] = image.shape;
    const colored = image.detach().expand(3, height, width);
    // torchvision's: 255.999 brings each 1/256 of the range to a byte.
    const bytes = image.dtype === "uint8" ? colored : colored.mul(255.999).to("uint8");
    const canvas = new Canvas(bytes.contiguous().toTypedArray("uint8").slice(), height, width);
    work(canvas);
    const out = fromTypedArray(canvas.planes, [3, height, width]);
    return image.dtype === "uint8" ? out : out.to(image.dtype).div(255);
  });
}

/** Options of {@link drawBoundingBoxes}. */
export interface BoundingBoxOptions {
  /** A text for each box, in Pillow's default font of 10 pixels; null for none. */
  labels?: readonly (string | null)[] | null;
  /** One colour, or one for each box. Default: torchvision's palette. */
  colors?: Color | readonly Color[] | null;
  /** Whether boxes are filled with their colour, of which 100 of 255 is seen. Default false. */
  fill?: boolean;
  /** Pixels of the edges. Default 1. */
  width?: number;
  /** The colours of the labels. Default: the boxes', or black where `fillLabels`. */
  labelColors?: Color | readonly Color[] | null;
  /** The colours behind the labels. Default: the boxes'. */
  labelBackgroundColors?: Color | readonly Color[] | null;
  /** Whether labels have a background. Default false. */
  fillLabels?: boolean;
}
const BOX = ["labels", "colors", "fill", "width", "labelColors", "labelBackgroundColors", "fillLabels"] as const;

/**
 * An image [1 or 3, H, W], uint8 or floats from 0 to 1, with boxes [N, 4] (xmin, ymin, xmax, ymax) or [N, 8] (four corners) and their
 * labels: a new image [3, H, W]. Errors: boxes that are no such; another number of labels.
 * [torchvision](https://docs.pytorch.org/vision/stable/generated/torchvision.utils.draw_bounding_boxes.html)
 */
export function drawBoundingBoxes(image: Tensor, boxes: Tensor, options: BoundingBoxOptions = {}): Tensor {
  const op = "drawBoundingBoxes";
  checkOptions(op, options, BOX);
  if (!isTensor(boxes) || boxes.ndim !== 2 || ![4, 8].includes(boxes.size(1))) fail(op, `${op}: expected boxes [N, 4] or [N, 8], received ${isTensor(boxes) ? `[${boxes.shape.join(", ")}]` : describe(boxes)}`); // biome-ignore format: one line
  const { labels = null, fill = false, width = 1, fillLabels = false } = options;
  if (!Number.isInteger(width) || width < 0) fail(op, `${op}: expected width to be a number of pixels, received ${describe(width)}`); // biome-ignore format: one line
  const rows = boxes.detach().to("int64").tolist() as number[][];
  const swapped = rows.some((b) => b.length === 4 && ((b[0] ?? 0) > (b[2] ?? 0) || (b[1] ?? 0) > (b[3] ?? 0)));
  if (swapped) fail(op, "Boxes need to be in (xmin, ymin, xmax, ymax) format. Use torchvision.ops.box_convert to convert them"); // biome-ignore format: one line
  if (labels !== null && labels.length !== rows.length) fail(op, `Number of boxes (${rows.length}) and labels (${labels.length}) mismatch. Please specify labels for each box.`); // biome-ignore format: one line
  const colors = colorsOf(op, options.colors, rows.length);
  const texts = colorsOf(op, options.labelColors ?? (fillLabels ? "black" : colors), rows.length);
  const behind = colorsOf(op, (fillLabels ? options.labelBackgroundColors : null) ?? colors, rows.length);
  if (rows.length === 0) {
    warnOnce("CANDLEWICK_NO_BOX", "boxes doesn't contain any box. No box was drawn");
    return image;
  }
  return drawn(op, image, [1, 3], "Only grayscale and RGB images are supported", (canvas) => {
    for (const [i, box] of rows.entries()) {
      const color = colors[i] as Rgb;
      if (box.length === 8) orientedBox(canvas, box, color, width, fill);
      else {
        const edges = box as unknown as [number, number, number, number];
        if (fill) canvas.fill(edges, color, 100);
        canvas.outline(edges, color, width);
      }
      const label = labels?.[i] ?? null;
      if (label === null) continue;
      const [x, y] = [(box[0] ?? 0) + width + 1, (box[1] ?? 0) + width + 1];
      const [left, top, right, bottom] = textBox(label);
      if (fillLabels) canvas.fill([x + left - 1, y + top - 1, x + right + 1, y + bottom + 1], behind[i] as Rgb);
      canvas.text(label, [x, y], texts[i] as Rgb);
    }
  });
}

/** Four corners: the first edge in dashes, the others whole, the inside filled above them. */
function orientedBox(canvas: Canvas, box: readonly number[], color: Rgb, width: number, fill: boolean): void {
  const corners = [0, 2, 4, 6].map((i): Point => [box[i] ?? 0, box[i + 1] ?? 0]);
  const edges = corners.map((a, i) => [a, corners[(i + 1) % 4] as Point] as const);
  for (const [i, [from, to]] of edges.entries()) {
    if (width === 0) continue;
    if (i === 0) dashes(canvas, from, to, color, width);
    else canvas.line(from, to, color, width);
  }
  if (fill) canvas.polygon(corners, color, 100);
}

/** Five pixels of line, five without. */
function dashes(canvas: Canvas, from: Point, to: Point, color: Rgb, width: number): void {
  let [[x, y], rest, isDash] = [from, Math.sqrt((to[0] - from[0]) ** 2 + (to[1] - from[1]) ** 2), true];
  while (rest > 0) {
    const length = Math.min(rest, 5);
    const angle = Math.atan2(to[1] - y, to[0] - x);
    const end: Point = [x + Math.cos(angle) * length, y + Math.sin(angle) * length];
    if (isDash) canvas.line([x, y], end, color, width);
    [[x, y], rest, isDash] = [end, rest - length, !isDash];
  }
}

/** Options of {@link drawKeypoints}. */
export interface KeypointOptions {
  /** Pairs of keypoints that a line joins. */
  connectivity?: readonly (readonly [from: number, to: number])[] | null;
  /** The colour of the points. Default: as in torchvision, points are not drawn. */
  colors?: Color | null;
  /** Pixels from the middle of a point to its edge. Default 2. */
  radius?: number;
  /** Pixels of the lines, which are white. Default 3. */
  width?: number;
  /** Which points are seen, [instances, K]. Default: all. */
  visibility?: Tensor | null;
}
const KEYPOINT = ["connectivity", "colors", "radius", "width", "visibility"] as const;

/**
 * An image [3, H, W], uint8 or floats from 0 to 1, with keypoints [instances, K, 2] (x, y) as discs, and lines between them: a new image.
 * [torchvision](https://docs.pytorch.org/vision/stable/generated/torchvision.utils.draw_keypoints.html)
 */
export function drawKeypoints(image: Tensor, keypoints: Tensor, options: KeypointOptions = {}): Tensor {
  const op = "drawKeypoints";
  checkOptions(op, options, KEYPOINT);
  const { connectivity, radius = 2, width = 3 } = options;
  if (!isTensor(keypoints) || keypoints.ndim !== 3 || keypoints.size(2) !== 2) fail(op, "keypoints must be of shape (num_instances, K, 2)"); // biome-ignore format: one line
  for (const [name, value] of Object.entries({ radius, width })) {
    if (!Number.isInteger(value) || value < 0) fail(op, `${op}: expected ${name} to be a number of pixels, received ${describe(value)}`); // biome-ignore format: one line
  }
  const [instances = 0, count = 0] = keypoints.shape;
  const given = options.visibility ?? null;
  const seen = given?.ndim === 3 ? given.squeeze(-1) : given;
  if (seen !== null && seen.ndim !== 2)
    fail(op, `visibility must be of shape (num_instances, K). Got ndim=${seen.ndim}`);
  if (seen !== null && (seen.size(0) !== instances || seen.size(1) !== count)) fail(op, `keypoints and visibility must have the same dimensionality for num_instances and K. Got visibility.shape=[${seen.shape.join(", ")}] and keypoints.shape=[${keypoints.shape.join(", ")}]`); // biome-ignore format: one line
  const wrong = connectivity?.find((pair) => pair.length !== 2 || pair.some((i) => !Number.isInteger(i) || i < 0 || i >= count)); // biome-ignore format: one line
  if (wrong !== undefined) fail(op, `${op}: expected connectivity to be pairs of keypoints 0 to ${count - 1}, received ${describe(wrong)}`); // biome-ignore format: one line
  const color = options.colors === undefined || options.colors === null ? null : rgbOf(op, options.colors);
  const points = keypoints.detach().to("int64").tolist() as [number, number][][];
  const visible = seen?.to("bool").tolist() as boolean[][] | undefined;
  return drawn(op, image, [3], "Pass an RGB image. Other Image formats are not supported", (canvas) => {
    for (const [i, instance] of points.entries()) {
      const isSeen = (k: number) => visible?.[i]?.[k] ?? true;
      for (const [k, point] of instance.entries()) if (color !== null && isSeen(k)) canvas.disc(point, radius, color);
      for (const [a, b] of connectivity ?? []) {
        if (width > 0 && isSeen(a) && isSeen(b)) canvas.line(instance[a] as Point, instance[b] as Point, [255, 255, 255], width); // biome-ignore format: one line
      }
    }
  });
}
