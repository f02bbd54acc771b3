/** Rectangles erased at random. */
import { type Args, readArgs } from "../../args.js";
import { randn } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { PyFloat, pyRepr } from "../../repr.js";
import { describe } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { erase } from "./changes/convert.js";
import { halfToEven } from "./changes/geometry.js";
import { happens, integer, logUniform, uniform } from "./draws.js";
import { probabilityOf, rangeOf } from "./functional/arguments.js";
import type { Picture } from "./picture.js";
import { ImageTransform } from "./transform.js";

/** Options of {@link RandomErasing}. */
export interface RandomErasingOptions {
  /** How probable it is that a rectangle is erased. Default 0.5. */
  p?: number;
  /** The part of the image's area that the rectangle has, from and to. Default 0.02 to 0.33. */
  scale?: readonly [number, number];
  /** Its height divided by its width, from and to. Default 0.3 to 3.3. */
  ratio?: readonly [number, number];
  /** What is put there: one number, one a channel, or `"random"` for normally distributed numbers. Default 0. */
  value?: number | readonly number[] | "random";
  /** Whether the image itself is changed. Default false. */
  inplace?: boolean;
}
const NAMES = ["p", "scale", "ratio", "value", "inplace"] as const;

/** A random rectangle of an image of floats set to a value, or the image. [Zhong et al. 2017, https://arxiv.org/abs/1708.04896] */
export class RandomErasing extends ImageTransform {
  readonly p: number;
  readonly scale: readonly [number, number];
  readonly ratio: readonly [number, number];
  readonly value: number | readonly number[] | "random";
  readonly inplace: boolean;

  constructor(...args: Args<RandomErasingOptions, typeof NAMES>) {
    super();
    const op = "RandomErasing";
    const o = readArgs<RandomErasingOptions>(op, NAMES, args);
    this.p = probabilityOf(op, o.p ?? 0.5);
    this.scale = rangeOf(op, "Scale", o.scale ?? [0.02, 0.33]);
    this.ratio = rangeOf(op, "Ratio", o.ratio ?? [0.3, 3.3]);
    this.value = o.value ?? 0;
    this.inplace = o.inplace ?? false;
    const isValue = typeof this.value === "number" || Array.isArray(this.value) || this.value === "random";
    if (!isValue) {
      throw new ArgumentError(`RandomErasing: expected value to be a number, numbers or "random", received ${describe(this.value)}`); // biome-ignore format: one line
    }
    if (this.scale[0] < 0 || this.scale[1] > 1) throw new ArgumentError("Scale should be between 0 and 1");
  }

  override get isRandom(): boolean {
    return true;
  }

  override apply(picture: Picture): Picture {
    if (!happens(this.p)) return picture;
    const { channels, height, width } = picture;
    if (picture.kind === "bytes") {
      throw new ArgumentError("RandomErasing: expected an image of floats; put it behind ToTensor");
    }
    const { value } = this;
    if (Array.isArray(value) && value.length !== 1 && value.length !== channels) {
      throw new ArgumentError(
        `If value is a sequence, it should have either a single value or ${channels} (number of input channels)`,
      );
    }
    for (let attempt = 0; attempt < 10; attempt++) {
      const area = height * width * uniform(...this.scale);
      const aspect = logUniform(this.ratio);
      const [h, w] = [halfToEven(Math.sqrt(area * aspect)), halfToEven(Math.sqrt(area / aspect))];
      if (!(h < height && w < width)) continue;
      const filling: readonly number[] | Tensor =
        value === "random" ? randn([channels, h, w]) : typeof value === "number" ? [value] : value;
      const top = integer(0, height - h + 1);
      return erase(picture, [top, integer(0, width - w + 1), h, w], filling, this.inplace);
    }
    return picture;
  }

  override toString(): string {
    const { p, scale, ratio, value, inplace } = this;
    const floats = (range: readonly number[]) => pyRepr(range.map((v) => new PyFloat(v)));
    const shown = value === "random" ? "random" : pyRepr(value);
    return `RandomErasing(p=${pyRepr(p)}, scale=${floats(scale)}, ratio=${floats(ratio)}, value=${shown}, inplace=${pyRepr(inplace)})`;
  }
}
