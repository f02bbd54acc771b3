/** An image on its way through transforms. What is to be done to it is gathered first, and then done in one native call. */
import { ArgumentError } from "../../errors.js";
import { native } from "../../native.js";
import { stack } from "../../ops/join.js";
import { describe, handleOf, isTensor, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";

/** One thing that native code does to an image: its name and its numbers. */
export type Step = readonly [name: string, ...numbers: number[]];

/** What an operation does to images of each kind, and what size they have afterwards. */
export interface Change {
  /** To an image of bytes, [..., 1 to 4, H, W], with Pillow's arithmetic. */
  readonly bytes?: Step;
  /** To float32 [C, H, W]. */
  readonly floats?: Step;
  /** To any other tensor, with torchvision's arithmetic of tensors. */
  tensor(x: Tensor): Tensor;
  readonly channels?: number;
  readonly height?: number;
  readonly width?: number;
  /** Whether bytes become floats. */
  readonly toFloats?: boolean;
}

/** An image of a known size, and what is to be done to it. */
export class Picture {
  readonly kind: "bytes" | "floats" | "tensor";
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** What native code does, first. */
  readonly steps: readonly Step[];
  /** What operations of tensors do, afterwards. */
  readonly rest: readonly ((x: Tensor) => Tensor)[];

  constructor(o: Pick<Picture, "kind" | "channels" | "height" | "width"> & Partial<Pick<Picture, "steps" | "rest">>) {
    this.kind = o.kind;
    this.channels = o.channels;
    this.height = o.height;
    this.width = o.width;
    this.steps = o.steps ?? [];
    this.rest = o.rest ?? [];
  }

  /** The picture of a tensor [..., H, W] to which nothing has been done. Errors: what is no image. */
  static of(image: Tensor): Picture {
    if (!isTensor(image)) throw new ArgumentError(`img should be PIL Image or Tensor. Got ${describe(image)}`);
    if (image.ndim < 2) throw new ArgumentError("Tensor is not a torch image.");
    const channels = image.ndim === 2 ? 1 : image.size(-3);
    const isBytes = image.dtype === "uint8" && image.ndim >= 3 && channels >= 1 && channels <= 4;
    const isFloats = image.dtype === "float32" && image.ndim === 3 && !image.requiresGrad;
    const kind = isBytes ? "bytes" : isFloats ? "floats" : "tensor";
    return new Picture({ kind, channels, height: image.size(-2), width: image.size(-1) });
  }

  /** The picture with one more thing to be done. */
  with(change: Change): Picture {
    const { channels = this.channels, height = this.height, width = this.width, toFloats = false } = change;
    const native = this.rest.length > 0 || this.kind === "tensor" ? undefined : change[this.kind];
    const kind = toFloats && this.kind === "bytes" ? "floats" : this.kind;
    const [steps, rest] =
      native === undefined
        ? [this.steps, [...this.rest, (x: Tensor) => change.tensor(x)]]
        : [[...this.steps, native], this.rest];
    return new Picture({ kind, channels, height, width, steps, rest });
  }

  /** Does what is to be done. */
  finish(image: Tensor): Tensor {
    const start = this.steps.length > 0 ? run(image, this.steps) : image;
    return this.rest.reduce((x, change) => change(x), start);
  }
}

/** The names of steps, and for each how many numbers it takes and these. */
export function encodeSteps(steps: readonly Step[]): [names: string, numbers: Float64Array] {
  const numbers = steps.flatMap(([, ...numbers]) => [numbers.length, ...numbers]);
  return [steps.map(([name]) => name).join(","), Float64Array.from(numbers)];
}

/** Does steps to an image, or to each of a batch. */
function run(image: Tensor, steps: readonly Step[]): Tensor {
  const [names, numbers] = encodeSteps(steps);
  const one = (x: Tensor) => wrap(native.imageSteps(handleOf(x), names, numbers));
  if (image.ndim === 3) return one(image);
  const before = image.shape.slice(0, -3);
  const all = image.flatten(0, image.ndim - 4).unbind(0);
  if (all.length === 0) throw new ArgumentError(`expected at least one image, received [${image.shape.join(", ")}]`);
  const results = stack(all.map(one));
  return results.view([...before, ...results.shape.slice(1)]);
}

/** What an operation makes of an image. */
export function on(image: Tensor, change: (picture: Picture) => Picture): Tensor {
  const picture = Picture.of(image);
  const changed = change(picture);
  return changed === picture ? image : changed.finish(image);
}
