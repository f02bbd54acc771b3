/** Images of files and of bytes as tensors. */
import { type Args, type From, leading, readArgs } from "../../args.js";
import { checkBoolean } from "../../argument-types.js";
import { ArgumentError } from "../../errors.js";
import { type ImageOptions, native, unlessFailed } from "../../native.js";
import { pathOf } from "../../serialization/files.js";
import { describe, isTensor, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";

/** The channels of a decoded image: those of the file, or 1, 2, 3 or 4. Alpha is dropped where it is not asked for. */
export type ImageReadMode = "UNCHANGED" | "GRAY" | "GRAY_ALPHA" | "RGB" | "RGB_ALPHA";

/** The modes by their names, as `ImageReadMode.RGB`. */
export const ImageReadMode = {
  UNCHANGED: "UNCHANGED",
  GRAY: "GRAY",
  GRAY_ALPHA: "GRAY_ALPHA",
  RGB: "RGB",
  RGB_ALPHA: "RGB_ALPHA",
} as const satisfies { readonly [M in ImageReadMode]: M };

/** Options of {@link readImage} and {@link decodeImage}. */
export interface DecodeOptions {
  /** The channels of the result. Default `"UNCHANGED"`: those of the file. */
  mode?: ImageReadMode;
  /** Whether the image is turned upright, as its EXIF data say. Default false. */
  applyExifOrientation?: boolean;
  /**
   * Whether an image of 16 bits a channel stays one: then the result is int32, 0 to 65535. Default false: uint8, of the high byte
   * of colours; gray values are limited at 255, as Pillow does.
   */
  keep16Bits?: boolean;
  /** The most pixels an image may have. Default 178,956,970, as in Pillow: a larger one may be a decompression bomb. */
  maxPixels?: number;
  /** Whether the part of a truncated file that is there is decoded, and the rest left gray or black. Default false: an error. */
  allowTruncated?: boolean;
  /** A JPEG is decoded at 1/reduce of its size, which takes less time and gives other pixels than resizing. Default 1. */
  reduce?: 1 | 2 | 4 | 8;
}

const NAMES = ["mode", "applyExifOrientation", "keep16Bits", "maxPixels", "allowTruncated", "reduce"] as const;

/** An image's bytes. */
export type ImageBytes = Uint8Array | TensorBase;
type Positional = Args<DecodeOptions, ["mode", "applyExifOrientation"]>;
type OfBytes = From<"input", ImageBytes, Positional, DecodeOptions>;
type OfPath = From<"path", string | URL, Positional, DecodeOptions>;

function optionsOf(op: string, args: readonly unknown[], format?: string): ImageOptions {
  const o = readArgs<DecodeOptions>(op, NAMES, args);
  const { mode = "UNCHANGED", keep16Bits = false, maxPixels = 178_956_970, reduce = 1 } = o;
  const { applyExifOrientation = false, allowTruncated = false } = o;
  const expect = (name: string, good: boolean, words: string, value: unknown) => {
    if (!good) throw new ArgumentError(`${op}: expected ${name} to be ${words}, received ${describe(value)}`, { op });
  };
  const modes = Object.keys(ImageReadMode);
  expect("mode", modes.includes(mode), `one of ${modes.map((m) => `"${m}"`).join(", ")}`, mode);
  expect("maxPixels", typeof maxPixels === "number" && maxPixels >= 1, "a positive number", maxPixels);
  expect("reduce", [1, 2, 4, 8].includes(reduce), "1, 2, 4 or 8", reduce);
  for (const [name, value] of Object.entries({ applyExifOrientation, keep16Bits, allowTruncated })) {
    checkBoolean(op, name, value);
  }
  const most = Math.min(maxPixels, Number.MAX_SAFE_INTEGER);
  return {
    ...{ mode, applyExifOrientation, keep16Bits, maxPixels: most, allowTruncated, reduce },
    ...(format === undefined ? {} : { format }),
  };
}

/** The bytes of an image. Errors: what has none; no bytes. */
function bytesOf(op: string, input: unknown): Uint8Array {
  if (input instanceof Uint8Array) return input;
  if (isTensor(input) && input.dtype === "uint8" && input.ndim === 1) return input.toTypedArray("uint8");
  const received = isTensor(input) ? `torch.${input.dtype} [${input.shape.join(", ")}]` : describe(input);
  throw new ArgumentError(
    `${op}: expected the bytes of an image, a Uint8Array or a uint8 tensor of one dimension, received ${received}`,
    { op },
  );
}

/** A function that reads or decodes, and its twin without a promise. */
function makeDecoder<A extends readonly unknown[]>(
  op: string,
  first: "input" | "path",
  sourceOf: (op: string, source: unknown) => string | Uint8Array,
  format?: string,
): { later: (...args: A) => Promise<Tensor>; now: (...args: A) => Tensor } {
  const read = (name: string, args: readonly unknown[]): [string | Uint8Array, ImageOptions] => {
    const [source, rest] = leading(first, args as From<typeof first, unknown, unknown[], object>);
    return [sourceOf(name, source), optionsOf(name, rest, format)];
  };
  return {
    later: async (...args) => wrap(unlessFailed(op, await native.decodeImage(...read(op, args)))),
    now: (...args) => wrap(native.decodeImageSync(...read(`${op}Sync`, args))),
  };
}

const image = makeDecoder<OfBytes>("decodeImage", "input", bytesOf);
const file = makeDecoder<OfPath>("readImage", "path", pathOf);
const jpeg = makeDecoder<OfBytes>("decodeJpeg", "input", bytesOf, "jpeg");
const png = makeDecoder<OfBytes>("decodePng", "input", bytesOf, "png");
const gif = makeDecoder<OfBytes>("decodeGif", "input", bytesOf, "gif");
const webp = makeDecoder<OfBytes>("decodeWebp", "input", bytesOf, "webp");

/**
 * Reads an image file: JPEG, PNG, WebP, BMP, the first frame of a GIF, the first page of a TIFF. `readImage(path, { mode: "RGB" })`.
 * Returns uint8 [C, H, W]. Errors: a file that is missing, damaged, truncated, too large or no image (IOError), with its path.
 * [torchvision.io.decode_image](https://docs.pytorch.org/vision/stable/generated/torchvision.io.decode_image.html)
 */
export const readImage = file.later;
/** {@link readImage} without a promise. */
export const readImageSync = file.now;
/** Decodes the bytes of an image of any format that {@link readImage} knows: a Uint8Array or a uint8 tensor [N]. Returns uint8 [C, H, W]. */
export const decodeImage = image.later;
/** {@link decodeImage} without a promise. */
export const decodeImageSync = image.now;
/** {@link decodeImage} of a JPEG alone: its pixels are Pillow's. */
export const decodeJpeg = jpeg.later;
/** {@link decodeJpeg} without a promise. */
export const decodeJpegSync = jpeg.now;
/** {@link decodeImage} of a PNG alone. */
export const decodePng = png.later;
/** {@link decodePng} without a promise. */
export const decodePngSync = png.now;
/** {@link decodeImage} of a GIF alone, its first frame. */
export const decodeGif = gif.later;
/** {@link decodeGif} without a promise. */
export const decodeGifSync = gif.now;
/** {@link decodeImage} of a WebP alone, its first frame. */
export const decodeWebp = webp.later;
/** {@link decodeWebp} without a promise. */
export const decodeWebpSync = webp.now;
/** Whether JPEGs are decoded with SIMD: more than twice as fast as without; it takes an assembler when the addon is built. */
export function jpegHasSimd(): boolean {
  return native.jpegHasSimd();
}
