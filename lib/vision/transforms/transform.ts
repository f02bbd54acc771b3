/** What all transforms are: a forward, and torchvision's printed form. */
import { inspect } from "node:util";
import { ArgumentError } from "../../errors.js";
import { describe, isTensor } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { on, Picture } from "./picture.js";

/** A transform, or a function in its place. */
export type TransformLike<I, O> = ((input: I) => O) | { forward(input: I): O };

/** The base class of transforms. */
export abstract class Transform<I, O> {
  /** Applies the transform. */
  abstract forward(input: I): O;

  /** torchvision's printed form. */
  abstract toString(): string;

  /** torchvision's printed form, for console.log. @internal */
  [inspect.custom](): string {
    return this.toString();
  }
}

/** A transform of images: it draws its random numbers, and says what is to be done, before the pixels are looked at. */
export abstract class ImageTransform extends Transform<Tensor, Tensor> {
  /** Whether it draws random numbers. @internal */
  get isRandom(): boolean {
    return false;
  }

  /** Draws, and adds what is to be done to a picture. @internal */
  abstract apply(picture: Picture): Picture;

  forward(img: Tensor): Tensor {
    return on(img, (picture) => this.apply(picture));
  }
}

type Apply = (picture: Picture) => Picture;

/** What a transform adds to a picture; undefined where it must see the pixels. */
export function applyOf(transform: unknown): Apply | undefined {
  if (transform instanceof ImageTransform) {
    const { forward } = ImageTransform.prototype;
    return transform.forward === forward ? (picture) => transform.apply(picture) : undefined;
  }
  if (!(transform instanceof TransformList) || !transform.isPlain) return undefined;
  return transform.transforms.every((t) => applyOf(t) !== undefined)
    ? (picture) => chain(transform.choose(), picture)
    : undefined;
}

/** Whether a transform draws random numbers. */
export function isRandom(transform: unknown): boolean {
  if (transform instanceof ImageTransform) return transform.isRandom;
  return transform instanceof TransformList && (transform.isChance || transform.transforms.some(isRandom));
}

function chain(transforms: readonly unknown[], start: Picture): Picture {
  return transforms.reduce<Picture>((picture, transform) => applyOf(transform)?.(picture) ?? picture, start);
}

/** Runs transforms one after another; what neighbours do to an image is done at once. */
export function through(transforms: readonly unknown[], input: unknown): unknown {
  let value = input;
  let picture: Picture | undefined;
  const settle = () => {
    if (picture !== undefined && isTensor(value)) value = picture.finish(value);
    picture = undefined;
  };
  for (const transform of transforms) {
    const apply = applyOf(transform);
    if (apply !== undefined && isTensor(value)) {
      picture = apply(picture ?? Picture.of(value));
      continue;
    }
    settle();
    value = applied(transform as TransformLike<unknown, unknown>, value);
  }
  settle();
  return value;
}

/** What a transform, or a function in its place, gives. */
export function applied<I, O>(transform: TransformLike<I, O>, input: I): O {
  return typeof transform === "function" ? transform(input) : transform.forward(input);
}

/** Whether a value is a function or an object with `forward`. */
export function isTransform(given: unknown): boolean {
  if (typeof given === "function") return true;
  return typeof given === "object" && given !== null && "forward" in given && typeof given.forward === "function";
}

/** Errors: what is no transform. */
export function checkTransform(op: string, given: unknown): void {
  if (isTransform(given)) return;
  throw new ArgumentError(`${op}: expected transforms or functions, received ${describe(given)}`);
}

/** A transform as it prints itself; a function by its name. */
export function nameOf(transform: unknown): string {
  return typeof transform === "function" ? `<function ${transform.name || "anonymous"}>` : String(transform);
}

/** A list of transforms, of which some are applied in some order. */
export abstract class TransformList<I, O> extends Transform<I, O> {
  readonly transforms: readonly TransformLike<never, unknown>[];

  constructor(transforms: readonly TransformLike<never, unknown>[]) {
    super();
    this.transforms = transforms;
    for (const transform of transforms) checkTransform(this.constructor.name, transform);
  }

  /** Draws which are applied, in which order. @internal */
  abstract choose(): readonly TransformLike<never, unknown>[];

  /** Whether chance decides which are applied. @internal */
  get isChance(): boolean {
    return true;
  }

  /** Whether `forward` is this class's own. @internal */
  get isPlain(): boolean {
    return this.forward === TransformList.prototype.forward;
  }

  forward(input: I): O {
    return through(this.choose(), input) as O;
  }

  /** The lines of the printed form, with others in front. @internal */
  protected lines(...front: readonly string[]): string {
    const lines = [...front, ...this.transforms.map(nameOf)].map((line) => `    ${line}`);
    return `${this.constructor.name}(\n${lines.join("\n")}\n)`;
  }

  override toString(): string {
    return this.lines();
  }
}
