/** The values of a file as JavaScript's, from the table that the native side reads. */

import type { DeviceLike } from "../device.js";
import { dtypeCode } from "../dtype.js";
import { UnpicklingError } from "../errors.js";
import { noteName } from "../field-order.js";
import { type FileHandle, native } from "../native.js";
import { Parameter } from "../nn/parameter.js";
import { asTuple } from "../python-forms.js";
import { wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

/** An instance of a class that is not known here, read with `{ unknown: "record" }`: inert, nothing of it runs. */
export class PickleRecord {
  /** The class, `module.Class`. */
  readonly class: string;
  /** The arguments that would have made it. */
  args: readonly unknown[] = [];
  /** Its state. */
  state: unknown = null;
  /** What would have been appended to it. */
  items: readonly unknown[] = [];
  /** What would have been set on it by key. */
  entries: ReadonlyMap<unknown, unknown> = new Map();

  constructor(name: string) {
    this.class = name;
  }
}

type Place = number;
type Row =
  | [tag: "n"]
  | [tag: "b", value: boolean]
  | [tag: "i", value: number]
  | [tag: "I", negative: boolean, digits: string]
  | [tag: "f", value: number | "nan" | "inf" | "-inf"]
  | [tag: "x" | "g", text: string]
  | [tag: "y", buffer: number]
  | [tag: "l" | "t" | "s", items: Place[]]
  | [tag: "d" | "o", items: Place[], attributes: Place | null]
  | [
      tag: "T",
      storage: number,
      offset: number,
      shape: number[],
      strides: number[],
      grad: boolean,
      parameter: boolean,
      dtype: string,
      negative: boolean,
    ]
  | [tag: "r", name: string, args: Place, state: Place | null, items: Place[], entries: Place[]];

const FLOATS = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, "-inf": Number.NEGATIVE_INFINITY } as const;

/** A tensor of a file that has not been read. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  /** The place of its storage among those of the file. */
  readonly storage: number;
  readonly offset: number;
  readonly strides: readonly number[];
  readonly parameter: boolean;
  readonly requiresGrad: boolean;
  /** Whether its elements are those of the storage with the other sign. */
  readonly negative: boolean;
}

/** How tensors are made: at once, when a dict's tensor is first looked at, or by a function of what the file says of them. */
export type Tensors = "now" | "lazy" | ((stored: StoredTensor) => unknown);

/** Builds the values; tensors go to the device that `deviceOf` names for their storage, or stay on the CPU. */
export function decode(file: FileHandle, how: Tensors, deviceOf?: (storage: number) => DeviceLike | null): unknown {
  const rows = JSON.parse(native.fileValues(file)) as (Row | number)[];
  const root = rows.pop() as number;
  const buffers = native.fileBuffers(file);
  const table = rows as Row[];
  const tensors = new Map<Place, unknown>();
  const tensorAt = (place: Place, row: Row & { 0: "T" }): unknown => {
    const known = tensors.get(place);
    if (known !== undefined) return known;
    const [, storage, offset, shape, strides, requiresGrad, parameter, dtype, negative] = row;
    const stored = { shape, dtype, storage, offset, strides, parameter, requiresGrad, negative };
    const tensor = typeof how === "function" ? how(stored) : readTensor(file, stored, deviceOf?.(storage) ?? null);
    tensors.set(place, tensor);
    return tensor;
  };

  // Containers are made first and filled then, so that they may hold each other.
  const made: unknown[] = table.map((row) => empty(row, table, buffers));
  const valueAt = (place: Place): unknown => {
    const row = table[place];
    return row?.[0] === "T" ? tensorAt(place, row) : made[place];
  };
  const setIn = (target: object, key: string, place: Place): void => {
    const row = table[place];
    noteName(target, key);
    if (how === "lazy" && row?.[0] === "T") {
      readLater(target, key, () => tensorAt(place, row));
      return;
    }
    Object.defineProperty(target, key, { value: valueAt(place), writable: true, enumerable: true, configurable: true });
  };

  table.forEach((row, place) => {
    const target = made[place];
    if (target instanceof PickleRecord && row[0] === "r") {
      const [, , args, state, items, entries] = row;
      target.args = valueAt(args) as unknown[];
      target.state = state === null ? null : valueAt(state);
      target.items = items.map(valueAt);
      target.entries = new Map(pairs(entries).map(([k, v]) => [valueAt(k), valueAt(v)]));
    } else if (Array.isArray(target) && (row[0] === "l" || row[0] === "t")) {
      for (const item of row[1]) target.push(valueAt(item));
    } else if (target instanceof Set && row[0] === "s") {
      for (const item of row[1]) target.add(valueAt(item));
    } else if (target instanceof Map && (row[0] === "d" || row[0] === "o")) {
      for (const [key, value] of pairs(row[1])) target.set(valueAt(key), valueAt(value));
    } else if (typeof target === "object" && target !== null && (row[0] === "d" || row[0] === "o")) {
      for (const [key, value] of pairs(row[1])) setIn(target, String(made[key]), value);
    }
    if ((row[0] === "d" || row[0] === "o") && row[2] !== null) setAttributes(target as object, row[2]);
  });
  return valueAt(root);

  /** The attributes of an OrderedDict, `_metadata` among them: properties that are not listed. */
  function setAttributes(target: object, place: Place): void {
    const row = table[place];
    if (row?.[0] !== "d" && row?.[0] !== "o") return;
    for (const [key, value] of pairs(row[1])) {
      const name = made[key];
      if (typeof name !== "string") continue;
      Object.defineProperty(target, name, { value: valueAt(value), writable: true, configurable: true });
    }
  }
}

function readTensor(file: FileHandle, t: StoredTensor, device: DeviceLike | null): Tensor {
  const dtype = dtypeCode(t.dtype as "float32"); // the native side gives names of element types alone
  const read = wrap(native.fileTensor(file, t.storage, dtype, t.shape.slice(), t.strides.slice(), t.offset));
  const signed = t.negative ? read.neg() : read;
  const values = device === null ? signed : signed.to({ device });
  if (t.parameter) return new Parameter(values, t.requiresGrad);
  return t.requiresGrad ? values.requiresGrad_() : values;
}

/** A property that is read when it is first looked at. */
export function readLater(target: object, key: string, read: () => unknown): void {
  const settle = (value: unknown) =>
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  const get = () => {
    const value = read();
    settle(value);
    return value;
  };
  Object.defineProperty(target, key, { get, set: settle, enumerable: true, configurable: true });
}

function pairs(list: readonly Place[]): [Place, Place][] {
  return Array.from({ length: list.length / 2 }, (_, i) => [list[2 * i] ?? 0, list[2 * i + 1] ?? 0]);
}

/** A value, or the container that will be filled. */
function empty(row: Row, table: readonly Row[], buffers: readonly Uint8Array[]): unknown {
  switch (row[0]) {
    case "n":
    case "T":
      return null;
    case "b":
    case "i":
    case "x":
    case "g":
      return row[1];
    case "I": {
      const value = BigInt(row[2]);
      return row[1] ? -value : value;
    }
    case "f":
      return typeof row[1] === "number" ? row[1] : FLOATS[row[1]];
    case "y":
      return buffers[row[1]];
    case "l":
      return [];
    case "t":
      return asTuple([]);
    case "s":
      return new Set();
    case "r":
      return new PickleRecord(row[1]);
    case "d":
    case "o":
      if (!pairs(row[1]).every(([key]) => table[key]?.[0] === "x")) return new Map();
      return row[0] === "o" ? Object.create(null) : {};
    default:
      throw new UnpicklingError(`unknown value ${String(row satisfies never)}`);
  }
}
