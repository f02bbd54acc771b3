/** Outputs with names, as PyTorch's named tuples. */
import { inspect } from "node:util";

/** Tensors by name, in their order: `const [logits, aux] = output`, `const { logits } = output`, `output[0]`. */
export abstract class NamedOutput {
  readonly [index: number]: unknown;

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

// On the prototype: the names are the only keys of an output.
for (let index = 0; index < 3; index++) {
  Object.defineProperty(NamedOutput.prototype, index, {
    get(this: NamedOutput) {
      return Object.values(this)[index];
    },
  });
}
