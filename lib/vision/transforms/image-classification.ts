/** The preset of classification: resize, crop in the centre, to floats, normalise. */
import { pyList } from "../../repr.js";
import { normalize, toTensor } from "./changes/convert.js";
import { centerCrop } from "./changes/geometry.js";
import { resized } from "./functional/arguments.js";
import type { Picture } from "./picture.js";
import { ImageTransform } from "./transform.js";

/** Options of {@link ImageClassification}. */
export interface ImageClassificationOptions {
  /** The side of the square that is cut from the centre. */
  cropSize: number;
  /** The length of the shorter side before it. Default 256. */
  resizeSize?: number;
  /** Default: ImageNet's. */
  mean?: readonly number[];
  /** Default: ImageNet's. */
  std?: readonly number[];
  /** Default `"bilinear"`. */
  interpolation?: "bilinear" | "bicubic";
  /** Whether a smaller size is made with a filter of all pixels. Default true. */
  antialias?: boolean;
}

/**
 * What weights expect of an image: `weights.transforms().forward(image)`. Image uint8 or float [..., C, H, W]; returns
 * float32 [..., C, cropSize, cropSize]: resized, cut from the centre, from 0 to 1, normalised.
 */
export class ImageClassification extends ImageTransform {
  readonly cropSize: readonly number[];
  readonly resizeSize: readonly number[];
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly interpolation: "bilinear" | "bicubic";
  readonly antialias: boolean;

  constructor(options: ImageClassificationOptions) {
    super();
    this.cropSize = [options.cropSize];
    this.resizeSize = [options.resizeSize ?? 256];
    this.mean = options.mean ?? [0.485, 0.456, 0.406];
    this.std = options.std ?? [0.229, 0.224, 0.225];
    this.interpolation = options.interpolation ?? "bilinear";
    this.antialias = options.antialias ?? true;
  }

  override apply(picture: Picture): Picture {
    const { interpolation, antialias } = this;
    const [side = 0] = this.cropSize;
    const cropped = centerCrop(resized(picture, { size: this.resizeSize, interpolation, antialias }), [side, side]);
    return normalize(cropped.kind === "bytes" ? toTensor(cropped) : cropped, this.mean, this.std);
  }

  override toString(): string {
    return [
      "ImageClassification(",
      `    crop_size=${pyList(this.cropSize)}`,
      `    resize_size=${pyList(this.resizeSize)}`,
      `    mean=${pyList(this.mean)}`,
      `    std=${pyList(this.std)}`,
      `    interpolation=InterpolationMode.${this.interpolation.toUpperCase()}`,
      ")",
    ].join("\n");
  }
}
