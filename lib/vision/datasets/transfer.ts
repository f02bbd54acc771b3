/** Batches on their way between threads: tensors as their bytes, which move without a copy; the rest as structured clones. */
import { fromTypedArray } from "../../creation.js";
import type { DType } from "../../dtype.js";
import { ArgumentError } from "../../errors.js";
import { describe, isTensor } from "../../tensor/base.js";

/** A value as it is posted. */
export type Packed =
  | {
      readonly kind: "tensor";
      readonly dtype: DType;
      readonly shape: readonly number[];
      readonly data: ArrayBufferView;
    }
  | { readonly kind: "list"; readonly items: readonly Packed[] }
  | { readonly kind: "record"; readonly entries: readonly (readonly [string, Packed])[] }
  | { readonly kind: "value"; readonly value: unknown };

/** A value that may be posted; the buffers of its tensors are added to `moved`. Errors: functions, and objects of classes. */
export function pack(value: unknown, moved: ArrayBuffer[]): Packed {
  if (isTensor(value)) {
    const { dtype, shape } = value;
    const data = value.toTypedArray();
    moved.push(data.buffer as ArrayBuffer);
    return { kind: "tensor", dtype, shape, data };
  }
  if (Array.isArray(value)) return { kind: "list", items: value.map((item) => pack(item, moved)) };
  if (typeof value === "object" && value !== null) {
    if (Object.getPrototypeOf(value) !== Object.prototype) {
      throw new ArgumentError(`a batch of a transform on a thread holds ${describe(value)}: expected tensors, numbers, strings, lists and plain objects`); // biome-ignore format: one line
    }
    return { kind: "record", entries: Object.entries(value).map(([name, item]) => [name, pack(item, moved)]) };
  }
  if (typeof value === "function" || typeof value === "symbol") {
    throw new ArgumentError(`a batch of a transform on a thread holds ${describe(value)}`);
  }
  return { kind: "value", value };
}

/** The value again. */
export function unpack(packed: Packed): unknown {
  switch (packed.kind) {
    case "tensor":
      return fromTypedArray(packed.data as Float32Array, packed.shape, { dtype: packed.dtype });
    case "list":
      return packed.items.map(unpack);
    case "record":
      return Object.fromEntries(packed.entries.map(([name, item]) => [name, unpack(item)]));
    case "value":
      return packed.value;
  }
}
