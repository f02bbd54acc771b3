/** Brightness, contrast, colours, sharpness and blur of images. */
import { byName } from "../../../by-name.js";
import { ArgumentError } from "../../../errors.js";
import { describe } from "../../../tensor/base.js";
import type { Tensor } from "../../../tensor.js";
import * as changes from "../changes/tone.js";
import { on } from "../picture.js";
import { checkNumber, filterSizes } from "./arguments.js";

/** Brighter or darker: 0 gives black, 1 the image, 2 twice as bright. */
export const adjustBrightness = byName(
  "vision.transforms.functional.adjustBrightness",
  (img: Tensor, brightnessFactor: number): Tensor => {
    checkNumber("adjustBrightness", "brightnessFactor", brightnessFactor);
    return on(img, (picture) => changes.adjustBrightness(picture, brightnessFactor));
  },
);
/** More or less contrast: 0 gives gray, 1 the image. */
export const adjustContrast = byName(
  "vision.transforms.functional.adjustContrast",
  (img: Tensor, contrastFactor: number): Tensor => {
    checkNumber("adjustContrast", "contrastFactor", contrastFactor);
    return on(img, (picture) => changes.adjustContrast(picture, contrastFactor));
  },
);
/** More or less colour: 0 gives the gray image, 1 the image. */
export const adjustSaturation = byName(
  "vision.transforms.functional.adjustSaturation",
  (img: Tensor, saturationFactor: number): Tensor => {
    checkNumber("adjustSaturation", "saturationFactor", saturationFactor);
    return on(img, (picture) => changes.adjustSaturation(picture, saturationFactor));
  },
);
/** Other colours: the hue turned by -0.5 to 0.5 of the circle. */
export const adjustHue = byName("vision.transforms.functional.adjustHue", (img: Tensor, hueFactor: number): Tensor => {
  checkNumber("adjustHue", "hueFactor", hueFactor);
  return on(img, (picture) => changes.adjustHue(picture, hueFactor));
});
/** gain v^gamma, of values from 0 to 1. */
export const adjustGamma = byName(
  "vision.transforms.functional.adjustGamma",
  (img: Tensor, gamma: number, gain = 1): Tensor => {
    checkNumber("adjustGamma", "gamma", gamma);
    checkNumber("adjustGamma", "gain", gain);
    return on(img, (picture) => changes.adjustGamma(picture, gamma, gain));
  },
);
/** Sharper or softer: 0 gives a smoothed image, 1 the image. */
export const adjustSharpness = byName(
  "vision.transforms.functional.adjustSharpness",
  (img: Tensor, sharpnessFactor: number): Tensor => {
    checkNumber("adjustSharpness", "sharpnessFactor", sharpnessFactor);
    return on(img, (picture) => changes.adjustSharpness(picture, sharpnessFactor));
  },
);
/** Gray: one channel, or three that are the same. */
export const toGrayscale = byName(
  "vision.transforms.functional.toGrayscale",
  (img: Tensor, numOutputChannels = 1): Tensor => {
    return on(img, (picture) => changes.grayscale(picture, numOutputChannels));
  },
);
/** The same as {@link toGrayscale}. */
export const rgbToGrayscale = byName(
  "vision.transforms.functional.rgbToGrayscale",
  (img: Tensor, numOutputChannels = 1): Tensor => {
    return on(img, (picture) => changes.grayscale(picture, numOutputChannels));
  },
);
/** The negative. */
export const invert = byName("vision.transforms.functional.invert", (img: Tensor): Tensor => {
  return on(img, changes.invert);
});
/** Of each value its highest bits, 0 to 8. Images of bytes only. */
export const posterize = byName("vision.transforms.functional.posterize", (img: Tensor, bits: number): Tensor => {
  return on(img, (picture) => changes.posterize(picture, bits));
});
/** The negative of all values from a threshold on. */
export const solarize = byName("vision.transforms.functional.solarize", (img: Tensor, threshold: number): Tensor => {
  checkNumber("solarize", "threshold", threshold);
  return on(img, (picture) => changes.solarize(picture, threshold));
});
/** Each channel stretched to all values. */
export const autocontrast = byName("vision.transforms.functional.autocontrast", (img: Tensor): Tensor => {
  return on(img, changes.autocontrast);
});
/** Each channel with an even histogram. Images of bytes only. */
export const equalize = byName("vision.transforms.functional.equalize", (img: Tensor): Tensor => {
  return on(img, changes.equalize);
});

/**
 * Blurred by a Gaussian, cut to `kernelSize` pixels, across and down. `sigma`, its standard deviation in pixels, is one number or two.
 * Default: 0.15 kernelSize + 0.35.
 */
export const gaussianBlur = byName(
  "vision.transforms.functional.gaussianBlur",
  (img: Tensor, kernelSize: number | readonly number[], sigma?: number | readonly number[] | null): Tensor => {
    const sizes = filterSizes("gaussianBlur", kernelSize);
    const [x = 0, y = x] = sigma === undefined || sigma === null ? sizes.map((n) => n * 0.15 + 0.35) : [sigma].flat();
    for (const value of [x, y]) {
      if (typeof value !== "number" || !(value > 0)) {
        throw new ArgumentError(`sigma should have positive values. Got ${describe(sigma)}`, { op: "gaussianBlur" });
      }
    }
    return on(img, (picture) => changes.gaussianBlur(picture, sizes, [x, y]));
  },
);
