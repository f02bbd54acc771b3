/** The values of a sample as this library's: tensors, slices, dtypes, numbers; and results back as flat numbers. */
import * as torch from "candlewick";
import { isObject, type Json } from "./json.js";
import { isTensorJson, type TensorJson, toNumber } from "./tensor-json.js";

/** A tensor of a sample as a tensor, contiguous. */
export function toTensor(json: TensorJson): torch.Tensor {
  const dtype = json.dtype as torch.DType;
  const data =
    dtype === "int64"
      ? BigInt64Array.from(json.t, (value) => (typeof value === "bigint" ? value : BigInt(toNumber(value))))
      : dtype === "bool"
        ? Uint8Array.from(json.t, toNumber)
        : Float64Array.from(json.t, toNumber);
  const x = torch.fromTypedArray(data, json.shape, { dtype });
  return json.grad ? x.requiresGrad_() : x;
}

/**
 * An argument of a sample: `{list}` an array, `{dict}` an object, `{slice}` a slice, `{ellipsis}` "...", `{dtype}` its name.
 * Tensors that want a gradient are collected in `leaves`, in order. Floats stay `Float`s, as json.ts reads them.
 */
export function decode(value: Json, leaves: torch.Tensor[]): unknown {
  if (Array.isArray(value)) return value.map((item) => decode(item, leaves));
  if (!isObject(value)) return value;
  if (isTensorJson(value)) {
    const x = toTensor(value);
    if (x.requiresGrad) leaves.push(x);
    return x;
  }
  const [[key, inner] = ["", null]] = Object.entries(value);
  if (key === "list" && Array.isArray(inner)) return decode(inner, leaves);
  if (key === "dict" && isObject(inner)) return decodeEntries(inner, leaves);
  if (key === "slice" && Array.isArray(inner))
    return torch.slice(...inner.map((n) => (n === null ? null : toNumber(n))));
  if (key === "ellipsis") return "...";
  if (key === "dtype") return String(inner);
  if (key === "f") return toNumber(value);
  return decodeEntries(value, leaves);
}

/** An object of values by name; `{dict: ...}` or the object itself. */
export function decodeEntries(value: Json | undefined, leaves: torch.Tensor[]): Record<string, unknown> {
  if (!isObject(value)) return {};
  const entries = isObject(value.dict) && Object.keys(value).length === 1 ? value.dict : value;
  return Object.fromEntries(Object.entries(entries).map(([key, item]) => [key, decode(item, leaves)]));
}

/** A list of values; `{list: ...}` or the array itself. */
export function decodeList(value: Json | undefined, leaves: torch.Tensor[]): unknown[] {
  const list = isObject(value) ? value.list : value;
  return Array.isArray(list) ? list.map((item) => decode(item, leaves)) : [];
}

/** All tensors of a result, in order: of arrays, pairs, iterables and plain objects. */
export function tensorsOf(value: unknown): torch.Tensor[] {
  if (torch.isTensor(value)) return [value];
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return [];
  if (Symbol.iterator in value) return [...(value as Iterable<unknown>)].flatMap(tensorsOf);
  return Object.values(value).flatMap(tensorsOf);
}
