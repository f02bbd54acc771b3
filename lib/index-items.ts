/** The items of `x.index(...)` and `x.indexPut_([...])`: libtorch's spelling of Python's square brackets. */

import { listOf } from "./argument-types.js";
import { ArgumentError, IndexError } from "./errors.js";
import { type IndexItem, native } from "./native.js";
import { describe, handleOf, isTensor, type TensorBase } from "./tensor/base.js";
import { warnOnce } from "./warnings.js";

/** A range of indices, made by {@link slice}. */
export class Slice {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number | null;

  constructor(start: number | null, stop: number | null, step: number | null) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
}

/**
 * Python's slices: `slice()` is `:`, `slice(1)` is `1:`, `slice(1, 3)` is `1:3`, `slice(null, 3)` is `:3`,
 * `slice(null, null, 2)` is `::2`. (`slice(1)` follows libtorch's `Slice(1)`, which starts at 1.)
 */
export function slice(start: number | null = null, stop: number | null = null, step: number | null = null): Slice {
  return new Slice(start, stop, step);
}

/** Nested arrays of indices (or booleans): one advanced index. */
export type IndexList = readonly (number | boolean | IndexList)[];

/**
 * One item of an index: a number, a {@link slice}, `"..."`, `null` (a new axis), a boolean, an int64 or bool tensor, or an
 * array of indices.
 */
export type Index = number | Slice | "..." | null | boolean | TensorBase | IndexList;

/** The items as the native side takes them. Errors: a value that is no index. */
export function nativeItems(op: string, items: readonly Index[]): IndexItem[] {
  return listOf(op, "indices", items).map((item) => nativeItem(op, item));
}

function nativeItem(op: string, item: Index): IndexItem {
  if (typeof item === "number") {
    if (Number.isInteger(item)) return { kind: 0, index: item };
    throw new IndexError(`${op}: expected an integer index, received ${item}`, { op });
  }
  if (item === "...") return { kind: 2 };
  if (item === null) return { kind: 3 };
  if (typeof item === "boolean") return { kind: 5, flag: item };
  if (item instanceof Slice) return nativeSlice(item);
  if (isTensor(item)) {
    if (item.dtype === "uint8") {
      warnOnce(
        "CANDLEWICK_UINT8_INDEX",
        "indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool instead.",
      );
    }
    return { kind: 4, tensor: handleOf(item) };
  }
  if (Array.isArray(item)) return { kind: 4, tensor: indexTensor(op, item) };
  throw new IndexError(
    `${op}: expected a number, slice(), "...", null, a boolean, a tensor or an array, received ${describe(item)}`,
    { op },
  );
}

function nativeSlice({ start, stop, step }: Slice): IndexItem {
  const out: IndexItem = { kind: 1 };
  if (start !== null) out.start = start;
  if (stop !== null) out.stop = stop;
  if (step !== null) out.step = step;
  return out;
}

/** An int64 tensor of indices, or a bool mask, from nested arrays. */
function indexTensor(op: string, list: IndexList): NonNullable<IndexItem["tensor"]> {
  const shape: number[] = [];
  for (let level: unknown = list; Array.isArray(level); level = level[0]) shape.push(level.length);
  const flat = flatten(list);
  if (flat.length !== shape.reduce((n, size) => n * size, 1)) {
    throw new ArgumentError(`${op}: expected an index array with rows of one length`, { op });
  }
  if (flat.length > 0 && flat.every((value) => typeof value === "boolean")) {
    return native.fromTypedArray(Uint8Array.from(flat, Number), shape, 9);
  }
  const indices = flat.map((value) => {
    if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
    throw new IndexError(`${op}: expected an array of integers or of booleans, received ${describe(value)}`, { op });
  });
  return native.fromTypedArray(BigInt64Array.from(indices), shape, 4);
}

function flatten(list: readonly unknown[]): unknown[] {
  return list.flatMap((item) => (Array.isArray(item) ? flatten(item) : [item]));
}
