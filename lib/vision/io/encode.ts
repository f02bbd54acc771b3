/** Images as files and as bytes. */
import { type Args, readArgs } from "../../args.js";
import { fromTypedArray } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { type ImageTarget, native, unlessFailed } from "../../native.js";
import { pathOf } from "../../serialization/files.js";
import { describe, handleOf, isTensor } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";

/** Options of {@link encodeJpeg} and {@link writeJpeg}. */
export interface JpegOptions {
  /** 1 to 100: the larger, the closer to the image and the larger the file. Default 75. */
  quality?: number;
}

/** Options of {@link encodePng} and {@link writePng}. */
export interface PngOptions {
  /** 0 (none) to 9. Default 6. */
  compressionLevel?: number;
}

interface Encoding {
  readonly format: "jpeg" | "png";
  readonly channels: readonly number[];
  readonly option: string;
  readonly standard: number;
  readonly from: number;
  readonly to: number;
  readonly refusal: string;
}

const JPEG: Encoding = {
  ...{ format: "jpeg", channels: [1, 3], option: "quality", standard: 75, from: 1, to: 100 },
  refusal: "Image quality should be a positive number between 1 and 100",
};
const PNG: Encoding = {
  ...{ format: "png", channels: [1, 2, 3, 4], option: "compressionLevel", standard: 6, from: 0, to: 9 },
  refusal: "Compression level should be between 0 and 9",
};

/** Checks an image, and where and how it is to be written. */
function prepared(op: string, image: Tensor, e: Encoding, args: readonly unknown[], path?: string) {
  if (!isTensor(image)) {
    throw new ArgumentError(`${op}: expected an image, a uint8 tensor [C, H, W], received ${describe(image)}`, { op });
  }
  if (image.dtype !== "uint8") throw new ArgumentError(`Input tensor dtype should be uint8, got torch.${image.dtype}`);
  if (image.ndim !== 3) throw new ArgumentError(`Input data should be a 3-dimensional tensor, got ${image.ndim}D`);
  const channels = image.size(0);
  if (!e.channels.includes(channels)) {
    const [last, ...rest] = e.channels.toReversed();
    throw new ArgumentError(
      `The number of channels should be ${rest.toReversed().join(", ")} or ${last}, got: ${channels}`,
    );
  }
  const o = readArgs<Record<string, number>>(op, [e.option], args);
  const level = o[e.option] ?? e.standard;
  if (!Number.isInteger(level) || level < e.from || level > e.to) {
    throw new ArgumentError(`${e.refusal}, received ${describe(level)}`, { op });
  }
  const target: ImageTarget = { format: e.format, level, ...(path === undefined ? {} : { path }) };
  return [handleOf(image), target] as const;
}

const bytesOf = (bytes: Uint8Array | null) => fromTypedArray(bytes ?? new Uint8Array(0), [bytes?.length ?? 0]);

async function encoded(op: string, image: Tensor, e: Encoding, args: readonly unknown[]): Promise<Tensor> {
  return bytesOf(unlessFailed(op, await native.encodeImage(...prepared(op, image, e, args))));
}
function encodedSync(op: string, image: Tensor, e: Encoding, args: readonly unknown[]): Tensor {
  return bytesOf(native.encodeImageSync(...prepared(op, image, e, args)));
}
async function written(op: string, image: Tensor, path: unknown, e: Encoding, args: readonly unknown[]): Promise<void> {
  unlessFailed(op, await native.encodeImage(...prepared(op, image, e, args, pathOf(op, path))));
}
function writtenSync(op: string, image: Tensor, path: unknown, e: Encoding, args: readonly unknown[]): void {
  native.encodeImageSync(...prepared(op, image, e, args, pathOf(op, path)));
}

type Quality = Args<JpegOptions, ["quality"]>;
type Level = Args<PngOptions, ["compressionLevel"]>;

/**
 * Encodes an image, uint8 [1 or 3, H, W], as JPEG: the bytes of libjpeg-turbo, colours at half resolution. Returns uint8 [N].
 * Errors: another dtype or shape; a quality outside 1 to 100.
 */
export function encodeJpeg(input: Tensor, ...args: Quality): Promise<Tensor> {
  return encoded("encodeJpeg", input, JPEG, args);
}
/** {@link encodeJpeg} without a promise. */
export function encodeJpegSync(input: Tensor, ...args: Quality): Tensor {
  return encodedSync("encodeJpegSync", input, JPEG, args);
}
/** Encodes an image, uint8 [1 to 4, H, W], as PNG. Returns uint8 [N]. Errors: another dtype or shape; a level outside 0 to 9. */
export function encodePng(input: Tensor, ...args: Level): Promise<Tensor> {
  return encoded("encodePng", input, PNG, args);
}
/** {@link encodePng} without a promise. */
export function encodePngSync(input: Tensor, ...args: Level): Tensor {
  return encodedSync("encodePngSync", input, PNG, args);
}
/** Writes an image as {@link encodeJpeg} gives it; the file appears whole or not at all. Errors: those, and the system's. */
export function writeJpeg(input: Tensor, filename: string | URL, ...args: Quality): Promise<void> {
  return written("writeJpeg", input, filename, JPEG, args);
}
/** {@link writeJpeg} without a promise. */
export function writeJpegSync(input: Tensor, filename: string | URL, ...args: Quality): void {
  writtenSync("writeJpegSync", input, filename, JPEG, args);
}
/** Writes an image as {@link encodePng} gives it; the file appears whole or not at all. Errors: those, and the system's. */
export function writePng(input: Tensor, filename: string | URL, ...args: Level): Promise<void> {
  return written("writePng", input, filename, PNG, args);
}
/** {@link writePng} without a promise. */
export function writePngSync(input: Tensor, filename: string | URL, ...args: Level): void {
  writtenSync("writePngSync", input, filename, PNG, args);
}
