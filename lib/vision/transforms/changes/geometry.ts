/** Crops, flips, sizes and surroundings of pictures. */

import { arange } from "../../../creation.js";
import { ArgumentError } from "../../../errors.js";
import { pad as padTensor } from "../../../nn/padding.js";
import { interpolate } from "../../../nn/upsample.js";
import { describe } from "../../../tensor/base.js";
import type { Tensor } from "../../../tensor.js";
import { filterNumber, type InterpolationMode } from "../interpolation.js";
import type { Picture } from "../picture.js";

/** How the surroundings of an image are made: of one colour, of its edge, of mirrors about or behind its edge. */
export type PaddingMode = "constant" | "edge" | "reflect" | "symmetric";
const PADDING_MODES: readonly PaddingMode[] = ["constant", "edge", "reflect", "symmetric"];

/** One value, or one a channel. */
export type Fill = number | readonly number[];

/** The colour of a picture. Errors: another number of values than one or the channels. */
export function colorOf(fill: Fill | null | undefined, channels: number): readonly number[] {
  const color = typeof fill === "number" || fill === null || fill === undefined ? [fill ?? 0] : fill;
  if (!Array.isArray(color) || !color.every((v) => typeof v === "number" && Number.isFinite(v))) {
    throw new ArgumentError(`expected fill to be a number, or one a channel, received ${describe(fill)}`);
  }
  if (color.length !== 1 && color.length !== channels) {
    throw new ArgumentError(
      `The number of elements in 'fill' does not match the number of channels of the image (${color.length} != ${channels})`,
    );
  }
  return color;
}

/** Left and right exchanged. */
export function hflip(picture: Picture): Picture {
  return picture.with({ bytes: ["hflip"], floats: ["hflip"], tensor: (x) => x.flip(-1) });
}

/** Top and bottom exchanged. */
export function vflip(picture: Picture): Picture {
  return picture.with({ bytes: ["vflip"], floats: ["vflip"], tensor: (x) => x.flip(-2) });
}

/** A rectangle; what lies outside is 0. */
export function crop(picture: Picture, top: number, left: number, height: number, width: number): Picture {
  const tensor = (x: Tensor): Tensor => {
    const [bottom, right] = [top + height, left + width];
    const [h, w] = [x.size(-2), x.size(-1)];
    const range = (dim: number, x: Tensor, from: number, to: number) =>
      x.narrow(dim, Math.min(from, x.size(dim)), Math.max(0, Math.min(to, x.size(dim)) - from));
    const inside = range(-1, range(-2, x, Math.max(top, 0), bottom), Math.max(left, 0), right);
    if (top >= 0 && left >= 0 && bottom <= h && right <= w) return inside;
    const outside = [
      ...[Math.max(-left + Math.min(0, right), 0), Math.max(right - Math.max(w, left), 0)],
      ...[Math.max(-top + Math.min(0, bottom), 0), Math.max(bottom - Math.max(h, top), 0)],
    ];
    return padTensor(inside, outside);
  };
  const step = ["crop", top, left, height, width] as const;
  return picture.with({ bytes: step, floats: step, tensor, height, width });
}

/** The middle of it, with 0 around where it is too small. */
export function centerCrop(picture: Picture, [height, width]: readonly [number, number]): Picture {
  let from = picture;
  if (width > from.width || height > from.height) {
    const [x, y] = [Math.max(0, width - from.width), Math.max(0, height - from.height)];
    from = pad(from, [Math.floor(x / 2), Math.floor(y / 2), Math.ceil(x / 2), Math.ceil(y / 2)]);
    if (from.width === width && from.height === height) return from;
  }
  const [top, left] = [halfToEven((from.height - height) / 2), halfToEven((from.width - width) / 2)];
  return crop(from, top, left, height, width);
}

/** Python's `round`: a half goes to the even neighbour. */
export function halfToEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** With pixels around it: left, top, right, bottom. Negative numbers cut. */
export function pad(
  picture: Picture,
  [left, top, right, bottom]: readonly [number, number, number, number],
  fill: Fill | null = 0,
  mode: PaddingMode = "constant",
): Picture {
  if (!PADDING_MODES.includes(mode)) {
    throw new ArgumentError("Padding mode should be either constant, edge, reflect or symmetric");
  }
  const [height, width] = [picture.height + top + bottom, picture.width + left + right];
  if (height < 0 || width < 0) {
    throw new ArgumentError(`pad: nothing is left of ${picture.height} x ${picture.width} pixels`, { op: "pad" });
  }
  // Images of bytes are mirrored again and again, as by NumPy; tensors of floats are not, as in PyTorch.
  const isFloats = picture.kind !== "bytes";
  if (
    isFloats &&
    mode === "reflect" &&
    (Math.max(left, right) >= picture.width || Math.max(top, bottom) >= picture.height)
  ) {
    throw new ArgumentError(
      `pad: a mirror is smaller than the image, expected padding below ${picture.height} x ${picture.width}`,
      { op: "pad" },
    );
  }
  const color = colorOf(fill, picture.channels);
  const tensor = (x: Tensor): Tensor => {
    if (mode === "constant") return padTensor(x, [left, right, top, bottom], { value: color[0] ?? 0 });
    if (mode === "symmetric") return mirrored(mirrored(x, -2, top, bottom), -1, left, right);
    const batched = x.ndim < 4 ? x.unsqueeze(0) : x;
    const name = mode === "edge" ? "replicate" : "reflect";
    const floats = batched.isFloatingPoint() ? batched : batched.to("float32");
    const padded = padTensor(floats, [left, right, top, bottom], { mode: name }).to(x.dtype);
    return x.ndim < 4 ? padded.squeeze(0) : padded;
  };
  const bytes = ["pad", left, top, right, bottom, PADDING_MODES.indexOf(mode), ...color] as const;
  return picture.with({ bytes, tensor, height, width });
}

/** A tensor with mirrors behind the two ends of a dimension. */
function mirrored(x: Tensor, dim: number, before: number, after: number): Tensor {
  const n = x.size(dim);
  const places = arange(-before, n + after).remainder(2 * n);
  return x.indexSelect(dim, places.minimum(places.neg().add(2 * n - 1)));
}

/** Another size. With `antialias` a smaller one is made of all pixels; images of bytes always are. */
export function resize(
  picture: Picture,
  [height, width]: readonly [number, number],
  mode: InterpolationMode = "bilinear",
  antialias = true,
): Picture {
  if (!(height > 0 && width > 0)) {
    throw new ArgumentError(`resize: expected a size of at least 1 x 1, received ${height} x ${width}`, {
      op: "resize",
    });
  }
  const tensor = (x: Tensor): Tensor => {
    const lead = x.shape.slice(0, -3);
    const batched =
      x.ndim === 4 ? x : x.view([-1, ...(x.ndim === 2 ? [1] : []), ...x.shape.slice(x.ndim === 2 ? 0 : -3)]);
    const floats = batched.isFloatingPoint() ? batched : batched.to("float32");
    const smooth = mode === "bilinear" || mode === "bicubic";
    if (!smooth && mode !== "nearest" && mode !== "nearest-exact") {
      throw new ArgumentError(`resize: "${mode}" is for images of bytes; floats take nearest, bilinear and bicubic`);
    }
    const options = smooth ? { alignCorners: false, antialias } : {};
    const resized = interpolate(floats, { size: [height, width], mode, ...options });
    const typed = x.isFloatingPoint()
      ? resized
      : resized
          .round()
          .clamp(...rangeOf(x))
          .to(x.dtype);
    if (x.ndim === 4) return typed;
    return x.ndim === 2 ? typed.view([height, width]) : typed.view([...lead, x.size(-3), height, width]);
  };
  return picture.with({ bytes: ["resize", height, width, filterNumber(mode)], tensor, height, width });
}

/** The values that an image of integers has. */
function rangeOf(x: Tensor): [number, number] {
  return x.dtype === "uint8" ? [0, 255] : [-(2 ** 31), 2 ** 31 - 1];
}

/** The size of a picture whose shorter side becomes `size`, the longer one at most `maxSize`. */
export function sizeFor(
  { height, width }: Picture,
  size: readonly number[],
  maxSize: number | null = null,
): [number, number] {
  const [first = 0, second] = size;
  if (second !== undefined) return [first, second];
  if (width === 0 || height === 0) {
    throw new ArgumentError(`resize: expected an image with pixels, received ${height} x ${width}`, { op: "resize" });
  }
  const [short, long] = width <= height ? [width, height] : [height, width];
  let [newShort, newLong] = [first, Math.trunc((first * long) / short)];
  if (maxSize !== null) {
    if (maxSize <= first) {
      throw new ArgumentError(
        `max_size = ${maxSize} must be strictly greater than the requested size for the smaller edge size = ${first}`,
      );
    }
    if (newLong > maxSize) [newShort, newLong] = [Math.trunc((maxSize * newShort) / newLong), maxSize];
  }
  return width <= height ? [newLong, newShort] : [newShort, newLong];
}
