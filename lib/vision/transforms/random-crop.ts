/** Crops whose place, or place and size, chance decides. */
import { type Args, readArgs, required } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import { PyFloat, pyRepr } from "../../repr.js";
import { crop, type Fill, halfToEven, type PaddingMode, pad, resize } from "./changes/geometry.js";
import { integer, logUniform, uniform } from "./draws.js";
import { paddingOf, pairOf, rangeOf, type Size } from "./functional/arguments.js";
import { checkInterpolation, type InterpolationMode } from "./interpolation.js";
import type { Picture } from "./picture.js";
import { ImageTransform } from "./transform.js";

/** Options of {@link RandomCrop}. */
export interface RandomCropOptions {
  /** Height and width; one number is both. */
  size?: Size;
  /** Pixels put around the image first: one number, two, or four (left, top, right, bottom). Default: none. */
  padding?: number | readonly number[] | null;
  /** Whether an image that is too small is padded. Default false: an error. */
  padIfNeeded?: boolean;
  /** The colour of the padding. Default 0. */
  fill?: Fill;
  /** Default `"constant"`. */
  paddingMode?: PaddingMode;
}
const CROP = ["size", "padding", "padIfNeeded", "fill", "paddingMode"] as const;

/** A crop of a given size at a random place. */
export class RandomCrop extends ImageTransform {
  readonly size: readonly [number, number];
  readonly padding: number | readonly number[] | null;
  readonly padIfNeeded: boolean;
  readonly fill: Fill;
  readonly paddingMode: PaddingMode;

  constructor(...args: Args<RandomCropOptions, typeof CROP>) {
    super();
    const o = readArgs<RandomCropOptions>("RandomCrop", CROP, args);
    this.size = pairOf("RandomCrop", required("RandomCrop", o, "size"));
    this.padding = o.padding ?? null;
    if (this.padding !== null) paddingOf("RandomCrop", this.padding);
    this.padIfNeeded = o.padIfNeeded ?? false;
    this.fill = o.fill ?? 0;
    this.paddingMode = o.paddingMode ?? "constant";
  }

  override get isRandom(): boolean {
    return true;
  }

  override apply(picture: Picture): Picture {
    const { fill, paddingMode } = this;
    const [height, width] = this.size;
    let from = this.padding === null ? picture : pad(picture, paddingOf("RandomCrop", this.padding), fill, paddingMode);
    if (this.padIfNeeded && from.width < width) {
      const missing = width - from.width;
      from = pad(from, [missing, 0, missing, 0], fill, paddingMode);
    }
    if (this.padIfNeeded && from.height < height) {
      const missing = height - from.height;
      from = pad(from, [0, missing, 0, missing], fill, paddingMode);
    }
    if (from.height < height || from.width < width) {
      throw new ArgumentError(
        `Required crop size (${height}, ${width}) is larger than input image size (${from.height}, ${from.width})`,
      );
    }
    if (from.height === height && from.width === width) return from;
    const top = integer(0, from.height - height + 1);
    return crop(from, top, integer(0, from.width - width + 1), height, width);
  }

  override toString(): string {
    return `RandomCrop(size=${pyRepr(this.size)}, padding=${pyRepr(this.padding)})`;
  }
}

/** Options of {@link RandomResizedCrop}. */
export interface RandomResizedCropOptions {
  /** Height and width of the result; one number is both. */
  size?: Size;
  /** The part of the image's area that the crop has, from and to. Default 0.08 to 1. */
  scale?: readonly [number, number];
  /** Its width divided by its height, from and to. Default 3 / 4 to 4 / 3. */
  ratio?: readonly [number, number];
  /** How the pixels between are found. Default `"bilinear"`. */
  interpolation?: InterpolationMode;
  /** Whether a smaller tensor of floats is made of all pixels. Images of bytes always are. Default true. */
  antialias?: boolean | null;
}
const RESIZED = ["size", "scale", "ratio", "interpolation", "antialias"] as const;

/** A crop of random size, shape and place, resized. [Szegedy et al. 2014, https://arxiv.org/abs/1409.4842] */
export class RandomResizedCrop extends ImageTransform {
  readonly size: readonly [number, number];
  readonly scale: readonly [number, number];
  readonly ratio: readonly [number, number];
  readonly interpolation: InterpolationMode;
  readonly antialias: boolean | null;

  constructor(...args: Args<RandomResizedCropOptions, typeof RESIZED>) {
    super();
    const op = "RandomResizedCrop";
    const o = readArgs<RandomResizedCropOptions>(op, RESIZED, args);
    this.size = pairOf(op, required(op, o, "size"));
    this.scale = rangeOf(op, "Scale", o.scale ?? [0.08, 1]);
    this.ratio = rangeOf(op, "Ratio", o.ratio ?? [3 / 4, 4 / 3]);
    this.interpolation = o.interpolation ?? "bilinear";
    checkInterpolation(op, this.interpolation);
    this.antialias = o.antialias === undefined ? true : o.antialias;
  }

  /** Draws where the crop is: top, left, height, width. */
  static getParams(
    { height, width }: Pick<Picture, "height" | "width">,
    scale: readonly [number, number],
    ratio: readonly [number, number],
  ): [number, number, number, number] {
    for (let attempt = 0; attempt < 10; attempt++) {
      const area = height * width * uniform(...scale);
      const aspect = logUniform(ratio);
      const [w, h] = [halfToEven(Math.sqrt(area * aspect)), halfToEven(Math.sqrt(area / aspect))];
      if (w > 0 && w <= width && h > 0 && h <= height) {
        const top = integer(0, height - h + 1);
        return [top, integer(0, width - w + 1), h, w];
      }
    }
    // The middle, as large as the shape allows.
    let [h, w] = [height, width];
    if (width / height < Math.min(...ratio)) h = halfToEven(width / Math.min(...ratio));
    else if (width / height > Math.max(...ratio)) w = halfToEven(height * Math.max(...ratio));
    return [Math.floor((height - h) / 2), Math.floor((width - w) / 2), h, w];
  }

  override get isRandom(): boolean {
    return true;
  }

  override apply(picture: Picture): Picture {
    const [top, left, h, w] = RandomResizedCrop.getParams(picture, this.scale, this.ratio);
    const part = crop(picture, top, left, h, w);
    return resize(part, this.size, this.interpolation, this.antialias ?? true);
  }

  override toString(): string {
    const rounded = (range: readonly number[]) => pyRepr(range.map((v) => new PyFloat(Number(v.toFixed(4)))));
    return `RandomResizedCrop(size=${pyRepr(this.size)}, scale=${rounded(this.scale)}, ratio=${rounded(this.ratio)}, interpolation=${this.interpolation}, antialias=${pyRepr(this.antialias)})`;
  }
}
