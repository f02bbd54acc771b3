/** Masks over images. */
import { noGrad } from "../../autograd/modes.js";
import { tensor } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { where } from "../../ops/join.js";
import { describe, isTensor } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";
import { type Color, colorsOf } from "./colors.js";

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
      tensor((chosen[i] ?? [0, 0, 0]).map((v) => v / scale))
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
