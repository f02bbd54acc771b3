/** A function as a transform. */
import { checkFunction } from "../../argument-types.js";
import { Transform } from "./transform.js";

/** Applies a function. Errors: no function. */
export class Lambda<I, O> extends Transform<I, O> {
  readonly lambd: (input: I) => O;

  constructor(lambd: (input: I) => O) {
    super();
    checkFunction("Lambda", "lambd", lambd);
    this.lambd = lambd;
  }

  forward(input: I): O {
    return this.lambd(input);
  }

  override toString(): string {
    return "Lambda()";
  }
}
