/** Crops, flips, sizes and surroundings of images. */
import { byName } from "../../../by-name.js";
import { ArgumentError } from "../../../errors.js";
import type { Tensor } from "../../../tensor.js";
import type { Fill, PaddingMode } from "../changes/geometry.js";
import * as changes from "../changes/geometry.js";
import type { InterpolationMode } from "../interpolation.js";
import { on, Picture } from "../picture.js";
import { paddingOf, pairOf, resized, type Size } from "./arguments.js";

/** Channels, height and width. */
export const getDimensions = byName(
  "vision.transforms.functional.getDimensions",
  (img: Tensor): [channels: number, height: number, width: number] => {
    const { channels, height, width } = Picture.of(img);
    return [channels, height, width];
  },
);
/** Width and height. */
export const getImageSize = byName(
  "vision.transforms.functional.getImageSize",
  (img: Tensor): [width: number, height: number] => {
    const { height, width } = Picture.of(img);
    return [width, height];
  },
);
/** The number of channels. */
export const getImageNumChannels = byName("vision.transforms.functional.getImageNumChannels", (img: Tensor): number => {
  return Picture.of(img).channels;
});

/** Left and right exchanged. */
export const hflip = byName("vision.transforms.functional.hflip", (img: Tensor): Tensor => {
  return on(img, changes.hflip);
});
/** Top and bottom exchanged. */
export const vflip = byName("vision.transforms.functional.vflip", (img: Tensor): Tensor => {
  return on(img, changes.vflip);
});

function checkPlace(op: string, numbers: readonly unknown[]): void {
  if (numbers.every((n) => Number.isInteger(n))) return;
  throw new ArgumentError(
    `${op}: expected top, left, height and width to be integers, received ${numbers.join(", ")}`,
    { op },
  );
}

/** The rectangle of `height` x `width` whose corner is at (top, left); what lies outside of the image is 0. */
export const crop = byName(
  "vision.transforms.functional.crop",
  (img: Tensor, top: number, left: number, height: number, width: number): Tensor => {
    checkPlace("crop", [top, left, height, width]);
    return on(img, (picture) => changes.crop(picture, top, left, height, width));
  },
);
/** The middle of an image, with 0 around where it is too small. */
export const centerCrop = byName("vision.transforms.functional.centerCrop", (img: Tensor, outputSize: Size): Tensor => {
  const size = pairOf("centerCrop", outputSize);
  return on(img, (picture) => changes.centerCrop(picture, size));
});

/** The four corners and the middle. Errors: an image smaller than the size. */
export const fiveCrop = byName(
  "vision.transforms.functional.fiveCrop",
  (img: Tensor, size: Size): [Tensor, Tensor, Tensor, Tensor, Tensor] => {
    const [h, w] = pairOf("fiveCrop", size);
    const { height, width } = Picture.of(img);
    if (w > width || h > height) {
      throw new ArgumentError(`Requested crop size (${h}, ${w}) is bigger than input size (${height}, ${width})`);
    }
    return [
      crop(img, 0, 0, h, w),
      crop(img, 0, width - w, h, w),
      crop(img, height - h, 0, h, w),
      crop(img, height - h, width - w, h, w),
      centerCrop(img, [h, w]),
    ];
  },
);
/** {@link fiveCrop} of an image and of its mirror image. */
export const tenCrop = byName(
  "vision.transforms.functional.tenCrop",
  (img: Tensor, size: Size, verticalFlip = false): Tensor[] => {
    return [...fiveCrop(img, size), ...fiveCrop(verticalFlip ? vflip(img) : hflip(img), size)];
  },
);

/**
 * Pixels around an image: `pad(img, 2)`, `pad(img, [1, 2], { paddingMode: "reflect" })`. `padding` is one number for all sides, two (left
 * and right, top and bottom) or four (left, top, right, bottom); `fill` the colour, one number or one a channel.
 */
export const pad = byName(
  "vision.transforms.functional.pad",
  (
    img: Tensor,
    padding: number | readonly number[],
    fill: Fill | null = 0,
    paddingMode: PaddingMode = "constant",
  ): Tensor => {
    const sides = paddingOf("pad", padding);
    return on(img, (picture) => changes.pad(picture, sides, fill, paddingMode));
  },
);

/**
 * An image of another size: `resize(img, 256)` (the shorter side; the longer one at most `maxSize`), `resize(img, [224, 224],
 * "bicubic")`. With `antialias` a smaller tensor of floats is made of all pixels. Bytes have Pillow's values.
 */
export const resize = byName(
  "vision.transforms.functional.resize",
  (
    img: Tensor,
    size: Size,
    interpolation: InterpolationMode = "bilinear",
    maxSize: number | null = null,
    antialias: boolean | null = true,
  ): Tensor => {
    return on(img, (picture) => resized(picture, { size, interpolation, maxSize, antialias }));
  },
);

/** {@link crop}, then {@link resize}. */
export const resizedCrop = byName(
  "vision.transforms.functional.resizedCrop",
  (
    img: Tensor,
    top: number,
    left: number,
    height: number,
    width: number,
    size: Size,
    interpolation: InterpolationMode = "bilinear",
    antialias: boolean | null = true,
  ): Tensor => {
    checkPlace("resizedCrop", [top, left, height, width]);
    const change = (picture: Picture) => changes.crop(picture, top, left, height, width);
    return on(img, (picture) => resized(change(picture), { size, interpolation, antialias }));
  },
);
