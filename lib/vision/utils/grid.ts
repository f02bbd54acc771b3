/** Images side by side as one, and images as files. */
import { type Args, type From, leading, readArgs } from "../../args.js";
import { noGrad } from "../../autograd/modes.js";
import { ArgumentError } from "../../errors.js";
import { cat, stack } from "../../ops/join.js";
import { describe, isTensor } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { writeJpeg, writeJpegSync, writePng, writePngSync } from "../io/index.js";

/** Options of {@link makeGrid}. */
export interface GridOptions {
  /** How many images a row has. Default 8. */
  nrow?: number;
  /** Pixels between the images and around them. Default 2. */
  padding?: number;
  /** Whether values are brought to the range from 0 to 1. Default false. */
  normalize?: boolean;
  /** The values that become 0 and 1. Default: the smallest and the largest. */
  valueRange?: readonly [low: number, high: number] | null;
  /** Whether each image is brought to the range by itself. Default false. */
  scaleEach?: boolean;
  /** The value of the pixels between. Default 0. */
  padValue?: number;
}
const NAMES = ["nrow", "padding", "normalize", "valueRange", "scaleEach", "padValue"] as const;
type GridArgs = Args<GridOptions, typeof NAMES>;
type Images = Tensor | readonly Tensor[];

/** Images as [N, C, H, W] of at least three channels. */
function batchOf(op: string, images: unknown): Tensor {
  const list = isTensor(images) ? undefined : images;
  if (list !== undefined && !(Array.isArray(list) && list.length > 0 && list.every((x) => isTensor(x)))) {
    throw new ArgumentError(`${op}: tensor or list of tensors expected, got ${describe(images)}`, { op });
  }
  let x = list === undefined ? (images as Tensor) : stack(list as Tensor[]);
  if (x.ndim === 2) x = x.unsqueeze(0);
  if (x.ndim === 3) x = x.unsqueeze(0);
  if (x.ndim !== 4) {
    throw new ArgumentError(`${op}: expected images of 2 to 4 dimensions, received [${x.shape.join(", ")}]`, { op });
  }
  return x.size(1) === 1 ? cat([x, x, x], 1) : x;
}

/** Brings values to the range from 0 to 1. */
function normalized(x: Tensor, range: readonly [number, number] | null): Tensor {
  const [low, high] = range ?? [x.min().item() as number, x.max().item() as number];
  return x
    .clamp({ min: low, max: high })
    .sub(low)
    .div(Math.max(high - low, 1e-5));
}

/**
 * A grid of images [N, C, H, W], or of a list of [C, H, W] -> [C, rows (H + padding) + padding, columns (W + padding) + padding]; gray
 * images become three channels, and one image alone is itself.
 * [torchvision](https://docs.pytorch.org/vision/stable/generated/torchvision.utils.make_grid.html)
 */
export function makeGrid(...args: From<"tensor", Images, GridArgs, GridOptions>): Tensor {
  const op = "makeGrid";
  const [images, rest] = leading("tensor", args);
  const o = readArgs<GridOptions>(op, NAMES, rest);
  const { nrow = 8, padding = 2, normalize = false, valueRange = null, scaleEach = false, padValue = 0 } = o;
  for (const [name, value] of Object.entries({ nrow, padding })) {
    if (Number.isInteger(value) && value >= (name === "nrow" ? 1 : 0)) continue;
    throw new ArgumentError(`${op}: expected ${name} to be a number of ${name === "nrow" ? "images" : "pixels"}, received ${describe(value)}`, { op }); // biome-ignore format: one line
  }
  if (valueRange !== null && !(Array.isArray(valueRange) && valueRange.length === 2)) {
    throw new ArgumentError("value_range has to be a tuple (min, max) if specified. min and max are numbers", { op });
  }
  return noGrad(() => {
    const all = batchOf(op, images);
    const x = !normalize
      ? all
      : scaleEach
        ? stack(all.unbind(0).map((image) => normalized(image, valueRange)))
        : normalized(all, valueRange);
    const [count = 0, channels = 0, height = 0, width = 0] = x.shape;
    if (count === 1) return x.squeeze(0);
    const columns = Math.min(nrow, count);
    const [stepY, stepX] = [height + padding, width + padding];
    const size = [channels, stepY * Math.ceil(count / columns) + padding, stepX * columns + padding];
    const grid = x.newFull(size, padValue);
    x.unbind(0).forEach((image, i) => {
      const [top, left] = [Math.floor(i / columns) * stepY + padding, (i % columns) * stepX + padding];
      grid.narrow(1, top, height).narrow(2, left, width).copy_(image);
    });
    return grid;
  });
}

/** Options of {@link saveImage}. */
export interface SaveImageOptions extends GridOptions {
  /** `"png"` or `"jpeg"`. Default: by the ending of the path. */
  format?: "png" | "jpeg" | "jpg" | null;
}

/** The pixels of images, and how they are written. */
function pixelsOf(op: string, images: Images, path: string | URL, options: SaveImageOptions) {
  const { format = null, ...grid } = options;
  const ending = format ?? /\.(\w+)$/.exec(String(path))?.[1]?.toLowerCase() ?? "";
  if (!["png", "jpg", "jpeg"].includes(ending)) {
    throw new ArgumentError(`${op}: expected a path that ends with .png, .jpg or .jpeg, or a format; received ${describe(format ?? String(path))}`, { op }); // biome-ignore format: one line
  }
  const pixels = noGrad(() => makeGrid(images, grid).mul(255).add(0.5).clamp({ min: 0, max: 255 }).to("uint8"));
  return { pixels, isPng: ending === "png" };
}

/**
 * Writes images, floats from 0 to 1, to a file: one, or several as {@link makeGrid} puts them together. The file appears whole or not at
 * all. Errors: another ending than .png and .jpg; the system's (IOError).
 */
export async function saveImage(tensor: Images, path: string | URL, options: SaveImageOptions = {}): Promise<void> {
  const { pixels, isPng } = pixelsOf("saveImage", tensor, path, options);
  await (isPng ? writePng(pixels, path) : writeJpeg(pixels, path));
}

/** {@link saveImage} without a promise. */
export function saveImageSync(tensor: Images, path: string | URL, options: SaveImageOptions = {}): void {
  const { pixels, isPng } = pixelsOf("saveImageSync", tensor, path, options);
  if (isPng) writePngSync(pixels, path);
  else writeJpegSync(pixels, path);
}
