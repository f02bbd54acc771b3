/** A function as a transform. */
import { type From, leading } from "../../args.js";
import { checkFunction } from "../../argument-types.js";
import { Transform } from "./transform.js";

/** Applies a function. Errors: no function. */
export class Lambda<I, O> extends Transform<I, O> {
  readonly lambd: (input: I) => O;

  constructor(...args: From<"lambd", (input: I) => O, [], object>) {
    super();
    const [lambd] = leading("lambd", args);
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
