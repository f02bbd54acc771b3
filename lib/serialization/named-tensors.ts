/** Tensors by name, as the formats without other values take them. */
import { ArgumentError } from "../errors.js";
import { noteName, orderedEntries } from "../field-order.js";
import { describe, isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

/** Tensors by name, in their order. Errors: anything else. */
export function namedTensors(op: string, value: unknown): Record<string, Tensor> {
  if (typeof value !== "object" || value === null || Array.isArray(value) || isTensor(value)) {
    throw new ArgumentError(`${op}: expected tensors by name, { weight: x }, received ${describe(value)}`, { op });
  }
  const out: Record<string, Tensor> = Object.create(null);
  const entries = value instanceof Map ? [...value] : orderedEntries(value);
  for (const [name, x] of entries) {
    if (typeof name !== "string" || !isTensor(x)) {
      throw new ArgumentError(
        `${op}: expected a tensor as ${typeof name === "string" ? name : describe(name)}, received ${describe(x)}`,
        { op },
      );
    }
    noteName(out, name);
    Object.defineProperty(out, name, { value: x, enumerable: true });
  }
  return out;
}
