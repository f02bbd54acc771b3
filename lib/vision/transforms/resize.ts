/** Sizes, crops and surroundings without chance. */
import { type Args, type From, leading, readArgs, required } from "../../args.js";
import { pyList, pyRepr } from "../../repr.js";
import type { Tensor } from "../../tensor.js";
import { centerCrop, type Fill, type PaddingMode, pad } from "./changes/geometry.js";
import { grayscale } from "./changes/tone.js";
import { paddingOf, pairOf, resized, resizeSize, type Size } from "./functional/arguments.js";
import { fiveCrop, tenCrop } from "./functional/geometry.js";
import { checkInterpolation, type InterpolationMode } from "./interpolation.js";
import type { Picture } from "./picture.js";
import { ImageTransform, Transform } from "./transform.js";

/** Options of {@link Resize}. */
export interface ResizeOptions {
  /** The length of the shorter side, or height and width. */
  size?: Size;
  /** How the pixels between are found. Default `"bilinear"`. */
  interpolation?: InterpolationMode;
  /** The most that the longer side may become, where `size` is the shorter one's. Default: any. */
  maxSize?: number | null;
  /** Whether a smaller tensor of floats is made of all pixels. Images of bytes always are. Default true. */
  antialias?: boolean | null;
}
const RESIZE = ["size", "interpolation", "maxSize", "antialias"] as const;
const show = (value: unknown) => (Array.isArray(value) ? pyList(value) : pyRepr(value));

/** An image of another size: `new Resize(256)` (the shorter side), `new Resize([224, 224], { interpolation: "bicubic" })`. */
export class Resize extends ImageTransform {
  readonly size: Size;
  readonly interpolation: InterpolationMode;
  readonly maxSize: number | null;
  readonly antialias: boolean | null;

  constructor(...args: Args<ResizeOptions, typeof RESIZE>) {
    super();
    const o = readArgs<ResizeOptions>("Resize", RESIZE, args);
    this.size = required("Resize", o, "size");
    resizeSize("Resize", this.size);
    this.interpolation = o.interpolation ?? "bilinear";
    checkInterpolation("Resize", this.interpolation);
    this.maxSize = o.maxSize ?? null;
    this.antialias = o.antialias === undefined ? true : o.antialias;
  }

  override apply(picture: Picture): Picture {
    return resized(picture, this);
  }
  override toString(): string {
    return `Resize(size=${show(this.size)}, interpolation=${this.interpolation}, max_size=${pyRepr(this.maxSize)}, antialias=${pyRepr(this.antialias)})`;
  }
}

/** The middle of an image, with 0 around where it is too small. */
export class CenterCrop extends ImageTransform {
  readonly size: readonly [number, number];

  constructor(...args: From<"size", Size, [], { size: Size }>) {
    super();
    this.size = pairOf("CenterCrop", leading("size", args)[0]);
  }

  override apply(picture: Picture): Picture {
    return centerCrop(picture, this.size);
  }
  override toString(): string {
    return `CenterCrop(size=${pyRepr(this.size)})`;
  }
}

/** Options of {@link Pad}. */
export interface PadOptions {
  /** One number for all sides, two (left and right, top and bottom), or four: left, top, right, bottom. */
  padding?: number | readonly number[];
  /** The colour, one number or one a channel. Default 0. */
  fill?: Fill;
  /** Default `"constant"`. */
  paddingMode?: PaddingMode;
}

/** Pixels around an image: `new Pad(2)`, `new Pad([1, 2], { paddingMode: "reflect" })`. */
export class Pad extends ImageTransform {
  readonly padding: number | readonly number[];
  readonly fill: Fill;
  readonly paddingMode: PaddingMode;

  constructor(...args: Args<PadOptions, ["padding", "fill", "paddingMode"]>) {
    super();
    const o = readArgs<PadOptions>("Pad", ["padding", "fill", "paddingMode"], args);
    this.padding = required("Pad", o, "padding");
    paddingOf("Pad", this.padding);
    this.fill = o.fill ?? 0;
    this.paddingMode = o.paddingMode ?? "constant";
  }

  override apply(picture: Picture): Picture {
    return pad(picture, paddingOf("Pad", this.padding), this.fill, this.paddingMode);
  }
  override toString(): string {
    return `Pad(padding=${pyRepr(this.padding)}, fill=${pyRepr(this.fill)}, padding_mode=${this.paddingMode})`;
  }
}

/** The four corners and the middle of an image: five images. */
export class FiveCrop extends Transform<Tensor, Tensor[]> {
  readonly size: readonly [number, number];

  constructor(...args: From<"size", Size, [], { size: Size }>) {
    super();
    this.size = pairOf("FiveCrop", leading("size", args)[0]);
  }

  override forward(img: Tensor): Tensor[] {
    return fiveCrop(img, this.size);
  }
  override toString(): string {
    return `FiveCrop(size=${pyRepr(this.size)})`;
  }
}

/** Options of {@link TenCrop}. */
export interface TenCropOptions {
  /** The size of the crops. */
  size?: Size;
  /** Whether the mirror image has top and bottom exchanged, and not left and right. Default false. */
  verticalFlip?: boolean;
}

/** {@link FiveCrop} of an image and of its mirror image: ten images. */
export class TenCrop extends Transform<Tensor, Tensor[]> {
  readonly size: readonly [number, number];
  readonly verticalFlip: boolean;

  constructor(...args: Args<TenCropOptions, ["size", "verticalFlip"]>) {
    super();
    const o = readArgs<TenCropOptions>("TenCrop", ["size", "verticalFlip"], args);
    this.size = pairOf("TenCrop", required("TenCrop", o, "size"));
    this.verticalFlip = o.verticalFlip ?? false;
  }

  override forward(img: Tensor): Tensor[] {
    return tenCrop(img, this.size, this.verticalFlip);
  }
  override toString(): string {
    return `TenCrop(size=${pyRepr(this.size)}, vertical_flip=${pyRepr(this.verticalFlip)})`;
  }
}

/** Gray images, of one channel or of three that are the same. */
export class Grayscale extends ImageTransform {
  readonly numOutputChannels: number;

  constructor(...args: Args<{ numOutputChannels?: number }, ["numOutputChannels"]>) {
    super();
    const o = readArgs<{ numOutputChannels?: number }>("Grayscale", ["numOutputChannels"], args);
    this.numOutputChannels = o.numOutputChannels ?? 1;
  }

  override apply(picture: Picture): Picture {
    return grayscale(picture, this.numOutputChannels);
  }
  override toString(): string {
    return `Grayscale(num_output_channels=${this.numOutputChannels})`;
  }
}
