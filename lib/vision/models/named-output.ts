/** Outputs with names, as PyTorch's named tuples. */
import { inspect } from "node:util";

/** Tensors by name, in their order: `const [logits, aux] = output`, `const { logits } = output`. */
export abstract class NamedOutput {
  *[Symbol.iterator](): Generator<unknown, void, undefined> {
    yield* Object.values(this);
  }
  /** `InceptionOutputs(logits=..., aux_logits=...)` */
  toString(): string {
    const fields = Object.entries(this).map(([name, value]) => `${name}=${inspect(value)}`);
    return `${this.constructor.name}(${fields.join(", ")})`;
  }
  [inspect.custom](): string {
    return this.toString();
  }
}
