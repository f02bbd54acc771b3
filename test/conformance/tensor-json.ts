/** The tensors and numbers of a sample, as they stand in JSON. */
import { Float, isObject, type Json, type JsonObject } from "./json.js";

/** A tensor of a sample: flat values row-major. */
export interface TensorJson {
  t: Json[];
  shape: number[];
  dtype: string;
  grad: boolean;
}

/** Whether a value is a tensor of a sample. */
export function isTensorJson(value: Json | undefined): value is Json & TensorJson {
  return isObject(value) && Array.isArray(value.t) && Array.isArray(value.shape);
}

/** A number of a sample: JSON has no NaN, so `{f: "nan"}` stands for it. */
export function toNumber(value: Json): number {
  if (value instanceof Float) return value.value;
  if (!isObject(value)) return Number(value);
  return value.f === "nan" ? Number.NaN : value.f === "inf" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

/** The dtypes that occur in a sample. */
export function dtypesOf(value: Json | JsonObject): string[] {
  if (Array.isArray(value)) return value.flatMap(dtypesOf);
  if (!isObject(value)) return [];
  if (isTensorJson(value)) return [value.dtype];
  return Object.values(value).flatMap(dtypesOf);
}
