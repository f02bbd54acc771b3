/** `Picture`: pixels of a figure; a PNG only where one is wanted. */
import { fromTypedArray } from "../creation.js";
import type { Tensor } from "../tensor.js";
import { encodePngSync } from "../vision/io/encode.js";

/** Pixels, bytes [3 or 4, H, W]. In JSON it is a PNG in base64. */
export class Picture {
  readonly planes: Uint8Array;
  readonly shape: readonly [channels: number, height: number, width: number];

  constructor(planes: Uint8Array, shape: readonly [number, number, number]) {
    this.planes = planes;
    this.shape = shape;
  }

  /** The pictures of pixels, uint8 [N, C, H, W]. */
  static all(pixels: Tensor): Picture[] {
    const [count = 0, channels = 0, height = 0, width = 0] = pixels.shape;
    const size = channels * height * width;
    const bytes = pixels.contiguous().toTypedArray("uint8");
    return Array.from({ length: count }, (_, i) => new Picture(bytes.subarray(i * size, (i + 1) * size), [channels, height, width])); // biome-ignore format: one line
  }

  /** The bytes of a PNG in base64. */
  get png(): string {
    const image = fromTypedArray(this.planes, [...this.shape]);
    return Buffer.from(encodePngSync(image, { compressionLevel: 4 }).toTypedArray("uint8")).toString("base64");
  }
  toJSON(): { png: string } {
    return { png: this.png };
  }
}
