/** Brightness, contrast, colours and sharpness that chance decides. */
import { type Args, readArgs, required } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import { PyFloat, pyRepr } from "../../repr.js";
import { describe } from "../../tensor/base.js";
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation, gaussianBlur } from "./changes/tone.js";
import { permutation, uniform } from "./draws.js";
import { filterSizes } from "./functional/arguments.js";
import type { Picture } from "./picture.js";
import { ImageTransform } from "./transform.js";

type Range = readonly [from: number, to: number];

/** Options of {@link ColorJitter}: how far from 1, or from and to. */
export interface ColorJitterOptions {
  /** Default 0: the brightness stays. */
  brightness?: number | Range;
  /** Default 0: the contrast stays. */
  contrast?: number | Range;
  /** Default 0: the saturation stays. */
  saturation?: number | Range;
  /** How far from 0, at most 0.5. Default 0: the hue stays. */
  hue?: number | Range;
}
const JITTER = ["brightness", "contrast", "saturation", "hue"] as const;

/** The range of a factor; null if the factor changes nothing. Errors: another form. */
function factors(name: string, value: unknown, center: number, [least, most]: Range, clip: boolean): Range | null {
  let range: Range;
  if (typeof value === "number") {
    if (!(value >= 0)) throw new ArgumentError(`If ${name} is a single number, it must be non negative.`);
    range = [clip ? Math.max(center - value, 0) : center - value, center + value];
  } else if (Array.isArray(value) && value.length === 2 && value.every((v) => typeof v === "number")) {
    range = [value[0] ?? 0, value[1] ?? 0];
  } else {
    throw new ArgumentError(
      `${name} should be a single number or a list/tuple with length 2., received ${describe(value)}`,
    );
  }
  const [from, to] = range;
  if (!(least <= from && from <= to && to <= most)) {
    const bound = pyRepr([Number.isInteger(least) ? least : new PyFloat(least), most]);
    throw new ArgumentError(`${name} values should be between ${bound}, but got [${range.map((v) => pyRepr(new PyFloat(v))).join(", ")}].`); // biome-ignore format: one line
  }
  return from === center && to === center ? null : range;
}

/** Brightness, contrast, saturation and hue changed by random factors, in a random order. */
export class ColorJitter extends ImageTransform {
  readonly brightness: Range | null;
  readonly contrast: Range | null;
  readonly saturation: Range | null;
  readonly hue: Range | null;

  constructor(...args: Args<ColorJitterOptions, typeof JITTER>) {
    super();
    const o = readArgs<ColorJitterOptions>("ColorJitter", JITTER, args);
    const positive: Range = [0, Number.POSITIVE_INFINITY];
    this.brightness = factors("brightness", o.brightness ?? 0, 1, positive, true);
    this.contrast = factors("contrast", o.contrast ?? 0, 1, positive, true);
    this.saturation = factors("saturation", o.saturation ?? 0, 1, positive, true);
    this.hue = factors("hue", o.hue ?? 0, 0, [-0.5, 0.5], false);
  }

  override get isRandom(): boolean {
    return true;
  }

  override apply(picture: Picture): Picture {
    const order = permutation(4);
    const changes = [
      [this.brightness, adjustBrightness],
      [this.contrast, adjustContrast],
      [this.saturation, adjustSaturation],
      [this.hue, adjustHue],
    ] as const;
    const drawn = changes.map(([range, change]) => {
      if (range === null) return undefined;
      const factor = uniform(...range);
      return (from: Picture) => change(from, factor);
    });
    return order.reduce((from, i) => drawn[i]?.(from) ?? from, picture);
  }

  override toString(): string {
    const show = (range: Range | null) => (range === null ? "None" : pyRepr(range.map((v) => new PyFloat(v))));
    const parts = JITTER.map((name) => `${name}=${show(this[name])}`);
    return `ColorJitter(${parts.join(", ")})`;
  }
}

/** Options of {@link GaussianBlur}. */
export interface GaussianBlurOptions {
  /** The filter's size in pixels, odd: one number, or across and down. */
  kernelSize?: number | Range;
  /** The standard deviation in pixels: one number, or from and to. Default 0.1 to 2. */
  sigma?: number | Range;
}

/** The image blurred by a Gaussian of random width. */
export class GaussianBlur extends ImageTransform {
  readonly kernelSize: readonly [number, number];
  readonly sigma: Range;

  constructor(...args: Args<GaussianBlurOptions, ["kernelSize", "sigma"]>) {
    super();
    const o = readArgs<GaussianBlurOptions>("GaussianBlur", ["kernelSize", "sigma"], args);
    this.kernelSize = filterSizes("GaussianBlur", required("GaussianBlur", o, "kernelSize"));
    const sigma = o.sigma ?? [0.1, 2];
    if (typeof sigma === "number") {
      if (!(sigma > 0)) throw new ArgumentError("If sigma is a single number, it must be positive.");
      this.sigma = [sigma, sigma];
    } else {
      if (!Array.isArray(sigma) || sigma.length !== 2) {
        throw new ArgumentError("sigma should be a single number or a list/tuple with length 2.");
      }
      if (!(sigma[0] > 0 && sigma[0] <= sigma[1])) {
        throw new ArgumentError("sigma values should be positive and of the form (min, max).");
      }
      this.sigma = sigma;
    }
  }

  override get isRandom(): boolean {
    return true;
  }

  override apply(picture: Picture): Picture {
    const sigma = uniform(...this.sigma);
    return gaussianBlur(picture, this.kernelSize, [sigma, sigma]);
  }
  override toString(): string {
    return `GaussianBlur(kernel_size=${pyRepr(this.kernelSize)}, sigma=${pyRepr(this.sigma.map((v) => new PyFloat(v)))})`;
  }
}
