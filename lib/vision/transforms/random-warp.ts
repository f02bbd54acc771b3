/** Rotations, affine maps and perspectives whose numbers chance decides. */
import { type Args, readArgs, required } from "../../args.js";
import { ArgumentError } from "../../errors.js";
import { PyFloat, pyList, pyRepr } from "../../repr.js";
import { describe } from "../../tensor/base.js";
import { type Fill, halfToEven } from "./changes/geometry.js";
import { affine, type Pair, perspective, rotate } from "./changes/warp.js";
import { happens, integer, uniform } from "./draws.js";
import { probabilityOf, rangeOf } from "./functional/arguments.js";
import { checkInterpolation, type InterpolationMode } from "./interpolation.js";
import type { Picture } from "./picture.js";
import { ImageTransform } from "./transform.js";

const floats = (values: readonly number[]) => values.map((v) => new PyFloat(v));

/** A range of angles: from -x to x, or as given. Errors: another form. */
function angles(op: string, name: string, value: unknown, lengths: readonly number[]): readonly number[] {
  if (typeof value === "number") {
    if (value < 0) throw new ArgumentError(`If ${name} is a single number, it must be positive.`);
    return [-value, value];
  }
  if (Array.isArray(value) && lengths.includes(value.length) && value.every((v) => typeof v === "number")) return value;
  throw new ArgumentError(`${op}: ${name} should be a sequence of length ${lengths.join(" or ")}, received ${describe(value)}`); // biome-ignore format: one line
}

/** Options that all of these have. */
interface WarpOptions {
  /** `"nearest"`, `"bilinear"`, and of bytes `"bicubic"`. */
  interpolation?: InterpolationMode;
  /** The colour outside, one number or one a channel. Default 0. */
  fill?: Fill | null;
}

/** Options of {@link RandomRotation}. Interpolation is `"nearest"` by default. */
export interface RandomRotationOptions extends WarpOptions {
  /** Degrees, counter-clockwise: from -x to x, or from and to. */
  degrees?: number | Pair;
  /** Whether the result holds all of the image. Default false: it has the image's size. */
  expand?: boolean;
  /** The point that stays, (x, y). Default: the middle. */
  center?: Pair | null;
}
const ROTATION = ["degrees", "interpolation", "expand", "center", "fill"] as const;

/** The image turned by a random angle. */
export class RandomRotation extends ImageTransform {
  readonly degrees: readonly number[];
  readonly interpolation: InterpolationMode;
  readonly expand: boolean;
  readonly center: Pair | null;
  readonly fill: Fill;

  constructor(...args: Args<RandomRotationOptions, typeof ROTATION>) {
    super();
    const op = "RandomRotation";
    const o = readArgs<RandomRotationOptions>(op, ROTATION, args);
    this.degrees = angles(op, "degrees", required(op, o, "degrees"), [2]);
    this.interpolation = o.interpolation ?? "nearest";
    checkInterpolation(op, this.interpolation);
    this.expand = o.expand ?? false;
    this.center = o.center ?? null;
    this.fill = o.fill ?? 0;
  }

  override get isRandom(): boolean {
    return true;
  }

  override apply(picture: Picture): Picture {
    const [from = 0, to = 0] = this.degrees;
    return rotate(picture, uniform(from, to), this);
  }
  override toString(): string {
    const { degrees, interpolation, expand, center, fill } = this;
    const middle = center === null ? "" : `, center=${pyRepr(center)}`;
    return `RandomRotation(degrees=${pyList(floats(degrees))}, interpolation=${interpolation}, expand=${pyRepr(expand)}${middle}, fill=${pyRepr(fill)})`;
  }
}

/** Options of {@link RandomAffine}. Interpolation is `"nearest"` by default. */
export interface RandomAffineOptions extends WarpOptions {
  /** Degrees: from -x to x, or from and to. */
  degrees?: number | Pair;
  /** The largest shifts to the right and downwards, in parts of width and height. Default: none. */
  translate?: Pair | null;
  /** How much larger, from and to. Default: as large. */
  scale?: Pair | null;
  /** Degrees by which lines lean along x: from -x to x, or from and to, and perhaps from and to along y. Default: none. */
  shear?: number | readonly number[] | null;
  /** The point that stays, (x, y). Default: the middle. */
  center?: Pair | null;
}
const AFFINE = ["degrees", "translate", "scale", "shear", "interpolation", "fill", "center"] as const;

/** The image turned, shifted, scaled and sheared at random. */
export class RandomAffine extends ImageTransform {
  readonly degrees: readonly number[];
  readonly translate: Pair | null;
  readonly scale: Pair | null;
  readonly shear: readonly number[] | null;
  readonly interpolation: InterpolationMode;
  readonly fill: Fill;
  readonly center: Pair | null;

  constructor(...args: Args<RandomAffineOptions, typeof AFFINE>) {
    super();
    const op = "RandomAffine";
    const o = readArgs<RandomAffineOptions>(op, AFFINE, args);
    const { translate = null, scale = null, shear = null } = o;
    this.degrees = angles(op, "degrees", required(op, o, "degrees"), [2]);
    this.translate = translate === null ? null : rangeOf(op, "translate", translate);
    if (this.translate?.some((t) => !(t >= 0 && t <= 1))) {
      throw new ArgumentError("translation values should be between 0 and 1");
    }
    this.scale = scale === null ? null : rangeOf(op, "scale", scale);
    if (this.scale?.some((s) => !(s > 0))) throw new ArgumentError("scale values should be positive");
    this.shear = shear === null ? null : angles(op, "shear", shear, [2, 4]);
    this.interpolation = o.interpolation ?? "nearest";
    checkInterpolation(op, this.interpolation);
    this.fill = o.fill ?? 0;
    this.center = o.center ?? null;
  }

  override get isRandom(): boolean {
    return true;
  }

  override apply(picture: Picture): Picture {
    const [from = 0, to = 0] = this.degrees;
    const angle = uniform(from, to);
    const shift = (part: number, size: number) => halfToEven(uniform(-part * size, part * size)) + 0;
    const translate: Pair =
      this.translate === null
        ? [0, 0]
        : [shift(this.translate[0], picture.width), shift(this.translate[1], picture.height)];
    const scale = this.scale === null ? 1 : uniform(...this.scale);
    const [x0, x1, y0, y1] = this.shear ?? [];
    const shearX = x0 === undefined || x1 === undefined ? 0 : uniform(x0, x1);
    const shearY = y0 === undefined || y1 === undefined ? 0 : uniform(y0, y1);
    return affine(picture, { ...this.#options(), angle, translate, scale, shear: [shearX, shearY] });
  }

  #options() {
    return { interpolation: this.interpolation, fill: this.fill, center: this.center };
  }

  override toString(): string {
    const { degrees, translate, scale, shear, interpolation, fill, center } = this;
    const parts = [
      `degrees=${pyList(floats(degrees))}`,
      ...(translate === null ? [] : [`translate=${pyRepr(translate)}`]),
      ...(scale === null ? [] : [`scale=${pyRepr(scale)}`]),
      ...(shear === null ? [] : [`shear=${pyList(floats(shear))}`]),
      ...(interpolation === "nearest" ? [] : [`interpolation=${interpolation}`]),
      ...(fill === 0 ? [] : [`fill=${pyRepr(fill)}`]),
      ...(center === null ? [] : [`center=${pyRepr(center)}`]),
    ];
    return `RandomAffine(${parts.join(", ")})`;
  }
}

/** Options of {@link RandomPerspective}. Interpolation is `"bilinear"` by default. */
export interface RandomPerspectiveOptions extends WarpOptions {
  /** How far corners may move, 0 to 1. Default 0.5. */
  distortionScale?: number;
  /** How probable the change is. Default 0.5. */
  p?: number;
}
const PERSPECTIVE = ["distortionScale", "p", "interpolation", "fill"] as const;

/** The image seen from a random side, or as it is. */
export class RandomPerspective extends ImageTransform {
  readonly distortionScale: number;
  readonly p: number;
  readonly interpolation: InterpolationMode;
  readonly fill: Fill;

  constructor(...args: Args<RandomPerspectiveOptions, typeof PERSPECTIVE>) {
    super();
    const o = readArgs<RandomPerspectiveOptions>("RandomPerspective", PERSPECTIVE, args);
    this.distortionScale = o.distortionScale ?? 0.5;
    if (!(typeof this.distortionScale === "number" && this.distortionScale >= 0 && this.distortionScale <= 1)) {
      throw new ArgumentError(`RandomPerspective: expected distortionScale to be a number from 0 to 1, received ${describe(this.distortionScale)}`); // biome-ignore format: one line
    }
    this.p = probabilityOf("RandomPerspective", o.p ?? 0.5);
    this.interpolation = o.interpolation ?? "bilinear";
    checkInterpolation("RandomPerspective", this.interpolation);
    this.fill = o.fill ?? 0;
  }

  override get isRandom(): boolean {
    return true;
  }

  override apply(picture: Picture): Picture {
    if (!happens(this.p)) return picture;
    const { width, height } = picture;
    const far = (size: number) => Math.trunc(this.distortionScale * Math.floor(size / 2));
    const near = (size: number) => integer(0, far(size) + 1);
    const opposite = (size: number) => integer(size - far(size) - 1, size);
    const end: Pair[] = [
      [near(width), near(height)],
      [opposite(width), near(height)],
      [opposite(width), opposite(height)],
      [near(width), opposite(height)],
    ];
    const start: Pair[] = [[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]]; // biome-ignore format: one line
    return perspective(picture, start, end, this);
  }
  override toString(): string {
    return `RandomPerspective(p=${pyRepr(this.p)})`;
  }
}
