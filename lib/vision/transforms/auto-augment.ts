/** Augmentations found by search or drawn at random: AutoAugment, RandAugment, TrivialAugment. */
import { type Args, readArgs } from "../../args.js";
import { linspace, randint, rand as randTensor } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { pyRepr } from "../../repr.js";
import { describe } from "../../tensor/base.js";
import { AUTO_AUGMENT_POLICIES, type AutoAugmentPolicy, type OperationName } from "./auto-augment-policies.js";
import { type Fill, halfToEven } from "./changes/geometry.js";
import * as tone from "./changes/tone.js";
import { affine, type Pair, rotate } from "./changes/warp.js";
import { integer } from "./draws.js";
import { checkInterpolation, type InterpolationMode } from "./interpolation.js";
import type { Picture } from "./picture.js";
import { ImageTransform } from "./transform.js";

/** Options that all augmentations have. */
export interface AugmentOptions {
  /** How the pixels between are found where an image is turned, shifted or sheared. Default `"nearest"`. */
  interpolation?: InterpolationMode;
  /** The colour outside, one number or one a channel. Default 0. */
  fill?: Fill | null;
}

/** How strong an operation may be, and whether it goes both ways. */
type Magnitudes = readonly [values: readonly number[], signed: boolean];
type Space = Partial<Record<OperationName, Magnitudes>>;

const range = (from: number, to: number, bins: number) => linspace(from, to, bins).tolist() as number[];

/** The operations that go both ways, by how strong they may be; the others have the same names in all augmentations. */
function space(bins: number, bounds: { shear: number; shift: Pair; turn: number; tone: number; bits: number }): Space {
  const [x, y] = bounds.shift;
  const both = (most: number): Magnitudes => [range(0, most, bins), true];
  const strength = Array.from({ length: bins }, (_, i) => 8 - halfToEven(Math.fround(i / ((bins - 1) / bounds.bits))));
  return {
    ...{ Identity: [[], false], ShearX: both(bounds.shear), ShearY: both(bounds.shear) },
    ...{ TranslateX: both(x), TranslateY: both(y), Rotate: both(bounds.turn), Brightness: both(bounds.tone) },
    ...{ Color: both(bounds.tone), Contrast: both(bounds.tone), Sharpness: both(bounds.tone) },
    ...{ Posterize: [strength, false], Solarize: [range(255, 0, bins), false] },
    ...{ AutoContrast: [[], false], Equalize: [[], false], Invert: [[], false] },
  };
}

/** AutoAugment's and RandAugment's bounds. */
function searched(bins: number, { height, width }: Picture): Space {
  const shift: Pair = [(150 / 331) * width, (150 / 331) * height];
  return space(bins, { shear: 0.3, shift, turn: 30, tone: 0.9, bits: 4 });
}

/** An operation of a name on a picture. */
function operate(picture: Picture, name: OperationName, strength: number, o: Required<AugmentOptions>): Picture {
  const map = (translate: Pair, shear: Pair, center?: Pair) =>
    affine(picture, { ...o, angle: 0, translate, scale: 1, shear, center: center ?? null });
  const lean = (Math.atan(strength) * 180) / Math.PI;
  switch (name) {
    case "ShearX":
      return map([0, 0], [lean, 0], [0, 0]);
    case "ShearY":
      return map([0, 0], [0, lean], [0, 0]);
    case "TranslateX":
      return map([Math.trunc(strength), 0], [0, 0]);
    case "TranslateY":
      return map([0, Math.trunc(strength)], [0, 0]);
    case "Rotate":
      return rotate(picture, strength, o);
    case "Brightness":
      return tone.adjustBrightness(picture, 1 + strength);
    case "Color":
      return tone.adjustSaturation(picture, 1 + strength);
    case "Contrast":
      return tone.adjustContrast(picture, 1 + strength);
    case "Sharpness":
      return tone.adjustSharpness(picture, 1 + strength);
    case "Posterize":
      return tone.posterize(picture, Math.trunc(strength));
    case "Solarize":
      return tone.solarize(picture, strength);
    case "AutoContrast":
      return tone.autocontrast(picture);
    case "Equalize":
      return tone.equalize(picture);
    case "Invert":
      return tone.invert(picture);
    case "Identity":
      return picture;
    default:
      return name satisfies never;
  }
}

function count(op: string, name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least && value <= 1000) return value;
  throw new ArgumentError(
    `${op}: expected ${name} to be an integer from ${least} to 1000, received ${describe(value)}`,
  );
}

/** What augmentations have in common. */
abstract class Augmentation extends ImageTransform {
  readonly interpolation: InterpolationMode;
  readonly fill: Fill | null;

  constructor(op: string, o: AugmentOptions) {
    super();
    this.interpolation = o.interpolation ?? "nearest";
    checkInterpolation(op, this.interpolation);
    this.fill = o.fill ?? null;
  }

  override get isRandom(): boolean {
    return true;
  }

  protected get options(): Required<AugmentOptions> {
    return { interpolation: this.interpolation, fill: this.fill };
  }
  protected get shown(): string {
    const mode = this.interpolation.toUpperCase().replace("-", "_");
    return `interpolation=InterpolationMode.${mode}, fill=${pyRepr(this.fill)}`;
  }
}

/** Options of {@link AutoAugment}. */
export interface AutoAugmentOptions extends AugmentOptions {
  /** The data set for which the policies were found. Default `"imagenet"`. */
  policy?: AutoAugmentPolicy;
}
const AUTO = ["policy", "interpolation", "fill"] as const;

/** One of 25 pairs of operations that a search found. Images of bytes. [Cubuk et al. 2018, https://arxiv.org/abs/1805.09501] */
export class AutoAugment extends Augmentation {
  readonly policy: AutoAugmentPolicy;

  constructor(...args: Args<AutoAugmentOptions, typeof AUTO>) {
    const o = readArgs<AutoAugmentOptions>("AutoAugment", AUTO, args);
    super("AutoAugment", o);
    this.policy = o.policy ?? "imagenet";
    if (!Object.hasOwn(AUTO_AUGMENT_POLICIES, this.policy)) {
      throw new ArgumentError(`The provided policy ${describe(this.policy)} is not recognized.`);
    }
  }

  override apply(picture: Picture): Picture {
    const policies = AUTO_AUGMENT_POLICIES[this.policy];
    const chosen = policies[integer(0, policies.length)] ?? [];
    const [draws, signs] = [randTensor([2]).tolist() as number[], randint(2, [2]).tolist() as number[]];
    const magnitudes = searched(10, picture);
    return chosen.reduce((from, [name, p, bin], i) => {
      if (!((draws[i] ?? 1) <= Math.fround(p))) return from;
      const [values, signed] = magnitudes[name] ?? [[], false];
      const strength = bin === null ? 0 : (values[bin] ?? 0);
      return operate(from, name, signed && signs[i] === 0 ? -strength : strength, this.options);
    }, picture);
  }
  override toString(): string {
    return `AutoAugment(policy=AutoAugmentPolicy.${this.policy.toUpperCase()}, fill=${pyRepr(this.fill)})`;
  }
}

/** One of the operations, drawn with its sign. */
function drawn(picture: Picture, all: Space, bin: (n: number) => number, o: Required<AugmentOptions>): Picture {
  const name = RANDOM[integer(0, RANDOM.length)] ?? "Identity";
  const [values, signed] = all[name] ?? [[], false];
  const strength = values.length > 0 ? (values[bin(values.length)] ?? 0) : 0;
  return operate(picture, name, signed && integer(0, 2) === 1 ? -strength : strength, o);
}

/** The operations of RandAugment and TrivialAugment. */
const RANDOM: readonly OperationName[] = [
  ...(["Identity", "ShearX", "ShearY", "TranslateX", "TranslateY", "Rotate", "Brightness"] as const),
  ...(["Color", "Contrast", "Sharpness", "Posterize", "Solarize", "AutoContrast", "Equalize"] as const),
];

/** Options of {@link RandAugment}. */
export interface RandAugmentOptions extends AugmentOptions {
  /** How many operations are applied. Default 2. */
  numOps?: number;
  /** How strong they are, below `numMagnitudeBins`. Default 9. */
  magnitude?: number;
  /** How many strengths there are. Default 31. */
  numMagnitudeBins?: number;
}
const RAND = ["numOps", "magnitude", "numMagnitudeBins", "interpolation", "fill"] as const;

/** Random operations of one strength. Images of bytes. [Cubuk et al. 2019, https://arxiv.org/abs/1909.13719] */
export class RandAugment extends Augmentation {
  readonly numOps: number;
  readonly magnitude: number;
  readonly numMagnitudeBins: number;

  constructor(...args: Args<RandAugmentOptions, typeof RAND>) {
    const op = "RandAugment";
    const o = readArgs<RandAugmentOptions>(op, RAND, args);
    super(op, o);
    this.numOps = count(op, "numOps", o.numOps ?? 2, 0);
    this.numMagnitudeBins = count(op, "numMagnitudeBins", o.numMagnitudeBins ?? 31, 2);
    this.magnitude = count(op, "magnitude", o.magnitude ?? 9, 0);
    if (this.magnitude >= this.numMagnitudeBins) {
      throw new ArgumentError(`${op}: expected magnitude below numMagnitudeBins, ${this.numMagnitudeBins}, received ${this.magnitude}`); // biome-ignore format: one line
    }
  }

  override apply(picture: Picture): Picture {
    const all = searched(this.numMagnitudeBins, picture);
    let from = picture;
    for (let i = 0; i < this.numOps; i++) from = drawn(from, all, () => this.magnitude, this.options);
    return from;
  }
  override toString(): string {
    const { numOps, magnitude, numMagnitudeBins } = this;
    return `RandAugment(num_ops=${numOps}, magnitude=${magnitude}, num_magnitude_bins=${numMagnitudeBins}, ${this.shown})`;
  }
}

/** Options of {@link TrivialAugmentWide}. */
export interface TrivialAugmentWideOptions extends AugmentOptions {
  /** How many strengths there are. Default 31. */
  numMagnitudeBins?: number;
}
const TRIVIAL = ["numMagnitudeBins", "interpolation", "fill"] as const;

/** One random operation of random strength. Images of bytes. [Müller and Hutter 2021, https://arxiv.org/abs/2103.10158] */
export class TrivialAugmentWide extends Augmentation {
  readonly numMagnitudeBins: number;

  constructor(...args: Args<TrivialAugmentWideOptions, typeof TRIVIAL>) {
    const o = readArgs<TrivialAugmentWideOptions>("TrivialAugmentWide", TRIVIAL, args);
    super("TrivialAugmentWide", o);
    this.numMagnitudeBins = count("TrivialAugmentWide", "numMagnitudeBins", o.numMagnitudeBins ?? 31, 2);
  }

  override apply(picture: Picture): Picture {
    const bounds = { shear: 0.99, shift: [32, 32], turn: 135, tone: 0.99, bits: 6 } as const;
    return drawn(picture, space(this.numMagnitudeBins, bounds), (n) => integer(0, n), this.options);
  }
  override toString(): string {
    return `TrivialAugmentWide(num_magnitude_bins=${this.numMagnitudeBins}, ${this.shown})`;
  }
}
