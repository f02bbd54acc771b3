/** Masks over images. */
import { noGrad } from "../../autograd/modes.js";
import { tensor } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { where } from "../../ops/join.js";
import { describe, isTensor } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";

/** A colour: red, green and blue from 0 to 255, or `"#rrggbb"`. */
export type Color = readonly [red: number, green: number, blue: number] | string;

/** torchvision's colours of objects. */
function paletteOf(count: number): [number, number, number][] {
  const step = [2 ** 25 - 1, 2 ** 15 - 1, 2 ** 21 - 1];
  return Array.from({ length: count }, (_, i) => step.map((s) => (i * s) % 255) as [number, number, number]);
}

/** One colour as numbers. Errors: no colour. */
function rgbOf(op: string, color: unknown): readonly number[] {
  if (Array.isArray(color) && color.length === 3 && color.every((v) => typeof v === "number")) return color;
  const found = typeof color === "string" ? /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(color)?.[1] : undefined;
  if (found === undefined) {
    throw new ArgumentError(`${op}: expected colours as [red, green, blue] or "#rrggbb", received ${describe(color)}`, { op }); // biome-ignore format: one line
  }
  const wide = found.length === 3 ? [...found].map((digit) => digit + digit).join("") : found;
  return [0, 2, 4].map((at) => Number.parseInt(wide.slice(at, at + 2), 16));
}

/** A colour for each object. Errors: fewer. */
function colorsOf(op: string, colors: unknown, count: number): readonly (readonly number[])[] {
  if (colors === undefined || colors === null) return paletteOf(count);
  const isOne = typeof colors === "string" || (Array.isArray(colors) && typeof colors[0] === "number");
  if (isOne) return Array.from({ length: count }, () => rgbOf(op, colors));
  if (!Array.isArray(colors) || colors.length < count) {
    const found = Array.isArray(colors) ? colors.length : describe(colors);
    throw new ArgumentError(`Number of colors must be equal or larger than the number of objects, but got ${found} < ${count}.`, { op }); // biome-ignore format: one line
  }
  return colors.map((color) => rgbOf(op, color));
}

/** Options of {@link drawSegmentationMasks}. */
export interface MaskOptions {
  /** How opaque the masks are, from 0 to 1. Default 0.8. */
  alpha?: number;
  /** One colour, or one for each mask. Default: torchvision's palette. */
  colors?: Color | readonly Color[] | null;
}

/**
 * An image [3, H, W], uint8 or floats from 0 to 1, with masks, bool [H, W] or [N, H, W], in colours; where masks overlap it is black.
 * [torchvision](https://docs.pytorch.org/vision/stable/generated/torchvision.utils.draw_segmentation_masks.html)
 */
export function drawSegmentationMasks(image: Tensor, masks: Tensor, options: MaskOptions = {}): Tensor {
  const op = "drawSegmentationMasks";
  const fail = (text: string): never => {
    throw new ArgumentError(text, { op });
  };
  if (!isTensor(image) || !isTensor(masks)) fail(`${op}: expected an image and masks, received ${describe(image)} and ${describe(masks)}`); // biome-ignore format: one line
  if (image.dtype !== "uint8" && !image.isFloatingPoint()) fail(`The image dtype must be uint8 or float, got torch.${image.dtype}`); // biome-ignore format: one line
  if (image.ndim !== 3) fail("Pass individual images, not batches");
  if (image.size(0) !== 3) fail("Pass an RGB image. Other Image formats are not supported");
  const all = masks.ndim === 2 ? masks.unsqueeze(0) : masks;
  if (all.ndim !== 3) fail("masks must be of shape (H, W) or (batch_size, H, W)");
  if (all.dtype !== "bool") fail(`The masks must be of dtype bool. Got torch.${all.dtype}`);
  if (all.size(1) !== image.size(1) || all.size(2) !== image.size(2)) fail("The image and the masks must have the same height and width"); // biome-ignore format: one line
  const { alpha = 0.8, colors } = options;
  const chosen = colorsOf(op, colors, all.size(0));
  if (all.size(0) === 0) {
    warnOnce("CANDLEWICK_NO_MASK", "masks doesn't contain any mask. No mask was drawn");
    return image;
  }
  return noGrad(() => {
    const scale = image.isFloatingPoint() ? 255 : 1;
    const color = (i: number) =>
      tensor((chosen[i] ?? []).map((v) => v / scale))
        .to(image.dtype)
        .view(3, 1, 1);
    const drawn = all.unbind(0).reduce((x, mask, i) => where(mask, color(i), x), image.detach());
    const clear = drawn.maskedFill(all.sum(0).gt(1), 0);
    return image
      .mul(1 - alpha)
      .add(clear.mul(alpha))
      .to(image.dtype);
  });
}
