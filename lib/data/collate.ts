/** Collation: a list of samples becomes a batch. */
import { listOf } from "../argument-types.js";
import { tensor } from "../creation.js";
import { getDefaultDtype } from "../dtype.js";
import { ArgumentError, DTypeError } from "../errors.js";
import { stack } from "../ops/join.js";
import { describe, isTensor, type TensorBase } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

/**
 * The batch of samples of type T: numbers, booleans, bigints and tensors become tensors with a batch dimension in front,
 * strings an array, tuples and objects the same of each member.
 */
export type Collated<T> = T extends TensorBase | number | bigint | boolean | ArrayBufferView
  ? Tensor
  : T extends string
    ? string[]
    : T extends object
      ? { [K in keyof T]: Collated<T[K]> }
      : T;

/** A function from samples to a batch. */
export type CollateFn<T, B> = (samples: T[]) => B;

/** What each column of numbers became in the first batch, by its path in the sample. */
type Columns = Map<string, "integer" | "float">;

/**
 * The default collation. Tensors are stacked; a column of integer-valued numbers is int64 (labels), another the default
 * dtype. Errors: samples of different forms.
 */
export function defaultCollate<T>(samples: readonly T[]): Collated<T> {
  return collate(listOf("defaultCollate", "samples", samples), "", new Map()) as Collated<T>;
}

/** {@link defaultCollate} with a memory: the first batch fixes what a column of numbers is, a later fraction raises. */
export function makeCollate<T>(): CollateFn<T, Collated<T>> {
  const columns: Columns = new Map();
  return (samples) => collate(samples, "", columns) as Collated<T>;
}

function collate(samples: readonly unknown[], path: string, columns: Columns): unknown {
  const [first] = samples;
  if (isTensor(first)) return stack(expect(samples, isTensor, path));
  switch (typeof first) {
    case "number":
      return numbers(
        expect(samples, (x) => typeof x === "number", path),
        path,
        columns,
      );
    case "bigint":
    case "boolean":
      return tensor(expect(samples, (x) => typeof x === "bigint" || typeof x === "boolean", path));
    case "string":
      return expect(samples, (x) => typeof x === "string", path);
  }
  if (ArrayBuffer.isView(first))
    return stack(expect(samples, (x) => ArrayBuffer.isView(x), path).map((x) => tensor(x as Float32Array)));
  if (Array.isArray(first)) {
    const rows = expect(samples, (x): x is unknown[] => Array.isArray(x), path);
    if (rows.some((row) => row.length !== first.length)) {
      throw new ArgumentError("each element in list of batch should be of equal size");
    }
    return first.map((_, i) =>
      collate(
        rows.map((row) => row[i]),
        `${path}[${i}]`,
        columns,
      ),
    );
  }
  if (isRecord(first)) {
    const rows = expect(samples, isRecord, path);
    return Object.fromEntries(
      Object.keys(first).map((key) => [
        key,
        collate(
          rows.map((row) => row[key]),
          `${path}.${key}`,
          columns,
        ),
      ]),
    );
  }
  throw new ArgumentError(
    `collate: expected tensors, numbers, strings, arrays or objects, received ${describe(first)}${at(path)}`,
  );
}

/** A plain object; a Date, a Map or an instance of a class has a meaning that a batch of its fields would lose. */
function isRecord(x: unknown): x is Record<string, unknown> {
  if (typeof x !== "object" || x === null) return false;
  const prototype: unknown = Object.getPrototypeOf(x);
  return prototype === Object.prototype || prototype === null;
}

function expect<S>(samples: readonly unknown[], test: (x: unknown) => x is S, path: string): S[] {
  return samples.map((x) => {
    if (test(x)) return x;
    throw new ArgumentError(
      `collate: samples of different forms${at(path)}: ${describe(samples[0])} and ${describe(x)}`,
    );
  });
}

function at(path: string): string {
  return path === "" ? "" : ` at sample${path}`;
}

function numbers(values: number[], path: string, columns: Columns): Tensor {
  const integer = values.every(Number.isInteger);
  const kind = columns.get(path) ?? (integer ? "integer" : "float");
  columns.set(path, kind);
  if (kind === "float") return tensor(values, { dtype: getDefaultDtype() });
  if (integer) return tensor(values, { dtype: "int64" });
  const fraction = values.find((x) => !Number.isInteger(x));
  throw new DTypeError(
    `collate: the first batch made${at(path) || " the samples"} int64 and now ${fraction} came; ` +
      `give tensors (e.g. torch.tensor(x)) or a collateFn so that the type does not depend on the values`,
  );
}

/** A sample alone, when the loader does not batch: numbers become tensors. */
export function defaultConvert<T>(sample: T): Collated<T> {
  return convert(sample) as Collated<T>;
}

function convert(value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !isTensor(value)) return tensor(value as Float32Array);
  if (Array.isArray(value)) return value.map(convert);
  if (isTensor(value) || !isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, convert(item)]));
}
