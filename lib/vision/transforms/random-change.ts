/** Changes that are made or not, with a probability p. */
import { type Args, readArgs, required } from "../../args.js";
import { pyRepr } from "../../repr.js";
import { hflip, vflip } from "./changes/geometry.js";
import * as tone from "./changes/tone.js";
import { happens } from "./draws.js";
import { checkNumber, probabilityOf } from "./functional/arguments.js";
import type { Picture } from "./picture.js";
import { ImageTransform } from "./transform.js";

/** Options of changes that chance makes. */
export interface ProbabilityOptions {
  /** How probable the change is. Default 0.5. */
  p?: number;
}

/** A change that is made or not. */
abstract class RandomChange extends ImageTransform {
  readonly p: number;

  constructor(p: number) {
    super();
    this.p = probabilityOf(this.constructor.name, p);
  }

  /** The change. */
  protected abstract change(picture: Picture): Picture;

  override get isRandom(): boolean {
    return true;
  }

  override apply(picture: Picture): Picture {
    return happens(this.p) ? this.change(picture) : picture;
  }
  override toString(): string {
    return `${this.constructor.name}(p=${pyRepr(this.p)})`;
  }
}

/** A change that has no other option than its probability. */
abstract class PlainChange extends RandomChange {
  constructor(...args: Args<ProbabilityOptions, ["p"]>) {
    super(readArgs<ProbabilityOptions>(new.target.name, ["p"], args).p ?? 0.5);
  }
}

/** Left and right exchanged, or not. */
export class RandomHorizontalFlip extends PlainChange {
  protected override change(picture: Picture): Picture {
    return hflip(picture);
  }
}

/** Top and bottom exchanged, or not. */
export class RandomVerticalFlip extends PlainChange {
  protected override change(picture: Picture): Picture {
    return vflip(picture);
  }
}

/** The negative, or the image. */
export class RandomInvert extends PlainChange {
  protected override change(picture: Picture): Picture {
    return tone.invert(picture);
  }
}

/** Each channel stretched to all values, or not. */
export class RandomAutocontrast extends PlainChange {
  protected override change(picture: Picture): Picture {
    return tone.autocontrast(picture);
  }
}

/** Each channel with an even histogram, or not. Images of bytes only. */
export class RandomEqualize extends PlainChange {
  protected override change(picture: Picture): Picture {
    return tone.equalize(picture);
  }
}

/** Gray with as many channels as before, or not. Default p 0.1. */
export class RandomGrayscale extends RandomChange {
  constructor(...args: Args<ProbabilityOptions, ["p"]>) {
    super(readArgs<ProbabilityOptions>("RandomGrayscale", ["p"], args).p ?? 0.1);
  }
  protected override change(picture: Picture): Picture {
    return tone.grayscale(picture, picture.channels);
  }
}

/** The number of a change that takes one. */
function numberOf(op: string, name: string, value: unknown): number {
  checkNumber(op, name, value);
  return value;
}

/** Of each value its highest bits, or the image. Images of bytes only. */
export class RandomPosterize extends RandomChange {
  readonly bits: number;

  constructor(...args: Args<ProbabilityOptions & { bits?: number }, ["bits", "p"]>) {
    const o = readArgs<ProbabilityOptions & { bits?: number }>("RandomPosterize", ["bits", "p"], args);
    super(o.p ?? 0.5);
    this.bits = numberOf("RandomPosterize", "bits", required("RandomPosterize", o, "bits"));
  }
  protected override change(picture: Picture): Picture {
    return tone.posterize(picture, this.bits);
  }
  override toString(): string {
    return `RandomPosterize(bits=${pyRepr(this.bits)},p=${pyRepr(this.p)})`;
  }
}

/** The negative of all values from a threshold on, or the image. */
export class RandomSolarize extends RandomChange {
  readonly threshold: number;

  constructor(...args: Args<ProbabilityOptions & { threshold?: number }, ["threshold", "p"]>) {
    const o = readArgs<ProbabilityOptions & { threshold?: number }>("RandomSolarize", ["threshold", "p"], args);
    super(o.p ?? 0.5);
    this.threshold = numberOf("RandomSolarize", "threshold", required("RandomSolarize", o, "threshold"));
  }
  protected override change(picture: Picture): Picture {
    return tone.solarize(picture, this.threshold);
  }
  override toString(): string {
    return `RandomSolarize(threshold=${pyRepr(this.threshold)},p=${pyRepr(this.p)})`;
  }
}

type SharpnessOptions = ProbabilityOptions & { sharpnessFactor?: number };

/** Sharper or softer, or the image: 0 is soft, 1 the image, 2 sharp. */
export class RandomAdjustSharpness extends RandomChange {
  readonly sharpnessFactor: number;

  constructor(...args: Args<SharpnessOptions, ["sharpnessFactor", "p"]>) {
    const op = "RandomAdjustSharpness";
    const o = readArgs<SharpnessOptions>(op, ["sharpnessFactor", "p"], args);
    super(o.p ?? 0.5);
    this.sharpnessFactor = numberOf(op, "sharpnessFactor", required(op, o, "sharpnessFactor"));
  }
  protected override change(picture: Picture): Picture {
    return tone.adjustSharpness(picture, this.sharpnessFactor);
  }
  override toString(): string {
    return `RandomAdjustSharpness(sharpness_factor=${pyRepr(this.sharpnessFactor)},p=${pyRepr(this.p)})`;
  }
}
