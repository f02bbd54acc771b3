/** What all transforms are: a forward, and torchvision's printed form. */
import { inspect } from "node:util";

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
