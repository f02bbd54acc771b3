/** Transforms one after another. */
import { listOf } from "../../argument-types.js";
import { ArgumentError } from "../../errors.js";
import { describe } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { Transform, type TransformLike } from "./transform.js";

/**
 * Transforms one after another: each takes what the one before gives.
 *
 * ```ts
 * new transforms.Compose([new transforms.Normalize([0.5], [0.5])]).forward(torch.rand(1, 28, 28));
 * ```
 */
export class Compose<I = Tensor, O = Tensor> extends Transform<I, O> {
  readonly transforms: readonly TransformLike<never, unknown>[];

  constructor(transforms: Iterable<TransformLike<never, unknown>>) {
    super();
    this.transforms = listOf("Compose", "transforms", transforms);
    for (const t of this.transforms) {
      if (typeof t === "function" || (typeof t === "object" && t !== null && typeof t.forward === "function")) continue;
      throw new ArgumentError(`Compose: expected transforms or functions, received ${describe(t)}`);
    }
  }

  forward(input: I): O {
    let value: unknown = input;
    for (const t of this.transforms) value = typeof t === "function" ? t(value as never) : t.forward(value as never);
    return value as O;
  }

  override toString(): string {
    const lines = this.transforms.map(
      (t) => `    ${typeof t === "function" ? `<function ${t.name || "anonymous"}>` : t}`,
    );
    return `Compose(\n${lines.join("\n")}\n)`;
  }
}
