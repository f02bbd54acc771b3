/** JavaScript's values as the table that the native side writes. */
import { inspect } from "node:util";
import { ArgumentError } from "../errors.js";
import { orderedEntries } from "../field-order.js";
import { isModule } from "../marks.js";
import type { TensorHandle } from "../native.js";
import { Parameter } from "../nn/parameter.js";
import { asTuple, hasIntegerKeys, isTuple } from "../python-forms.js";
import { describe, handleOf, isTensor } from "../tensor/base.js";

/** What the native side takes. */
export interface Encoded {
  readonly values: string;
  readonly buffers: Uint8Array[];
  readonly tensors: TensorHandle[];
}

type Row = readonly unknown[];

/** A value that waits, where its place will be written, and its path for errors. */
interface Task {
  readonly value: unknown;
  readonly put: (place: number) => void;
  readonly path: string;
}

/** Encodes a value and all that it holds, each object once. Errors: what Python has no form for, by its path. */
export function encode(root: unknown, op: string): Encoded {
  const rows: Row[] = [];
  const places = new Map<unknown, number>();
  const buffers: Uint8Array[] = [];
  const tensors: TensorHandle[] = [];
  const add = (row: Row): number => rows.push(row) - 1;
  let top = 0;
  const todo: Task[] = [
    {
      value: root,
      put: (place) => {
        top = place;
      },
      path: "",
    },
  ];
  for (let task = todo.pop(); task !== undefined; task = todo.pop()) {
    const { value, put, path } = task;
    const known = typeof value === "object" || typeof value === "string" ? places.get(value) : undefined;
    if (known !== undefined) {
      put(known);
      continue;
    }
    const place = add(rowOf(value, path));
    if (typeof value === "object" || typeof value === "string") places.set(value, place);
    put(place);
  }
  return { values: JSON.stringify([...rows, top]), buffers, tensors };

  /** Items that are encoded later, in their order: the table is filled as they are. */
  function later(items: readonly unknown[], pathOf: (i: number) => string): number[] {
    const out: number[] = Array(items.length).fill(0);
    for (let i = items.length - 1; i >= 0; i--) {
      const put = (place: number): void => {
        out[i] = place;
      };
      todo.push({ value: items[i], put, path: pathOf(i) });
    }
    return out;
  }

  function dict(
    tag: "d" | "o",
    entries: readonly (readonly [unknown, unknown])[],
    path: string,
    attributes: object | undefined,
  ): Row {
    const flat = later(entries.flat(), (i) => `${path}[${inspect(entries[i >> 1]?.[0], { depth: 0 })}]`);
    const row: unknown[] = [tag, flat, null];
    if (attributes !== undefined) {
      const put = (place: number): void => {
        row[2] = place;
      };
      todo.push({ value: attributes, put, path });
    }
    return row;
  }

  function rowOf(value: unknown, path: string): Row {
    const refuse = (what: string): never => {
      throw new ArgumentError(`${op}: ${path === "" ? "" : `at ${path}: `}${what}`, { op });
    };
    switch (typeof value) {
      case "boolean":
        return ["b", value];
      case "number":
        return number(value);
      case "bigint":
        if (value.toString(16).replace("-", "").length > 2 * LONGEST_INTEGER) {
          return refuse(`an integer of more than ${8 * LONGEST_INTEGER} bits is more than weights_only reads`);
        }
        return ["I", value < 0n, `0x${(value < 0n ? -value : value).toString(16)}`];
      case "string":
        if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(value)) {
          return refuse("a string with half of a surrogate pair cannot be written");
        }
        return ["x", value];
      case "object":
        break;
      default:
        return refuse(`expected data, received ${describe(value)}`);
    }
    if (value === null) return ["n"];
    if (isTensor(value)) {
      tensors.push(handleOf(value));
      return ["T", tensors.length - 1, value.requiresGrad, value instanceof Parameter];
    }
    if (value instanceof Uint8Array) {
      buffers.push(value);
      return ["y", buffers.length - 1];
    }
    if (Array.isArray(value)) return [isTuple(value) ? "t" : "l", later(value, (i) => `${path}[${i}]`)];
    if (value instanceof Set) return ["s", later(hashable([...value], refuse), () => path)];
    if (value instanceof Map) {
      const keys = hashable([...value.keys()], refuse);
      return dict("d", [...value.values()].map((item, i) => [keys[i], item] as const), path, undefined); // biome-ignore format: one line
    }
    if (isModule(value)) return refuse("a whole module is code: save its state, model.stateDict()");
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype) {
      const state = "stateDict" in value && typeof value.stateDict === "function";
      return refuse(
        `expected data, received ${describe(value)}${state ? "; save its state, .stateDict()" : ArrayBuffer.isView(value) ? "; torch.fromTypedArray makes a tensor of it" : ""}`,
      );
    }
    const entries = orderedEntries(value);
    const keyed = hasIntegerKeys(value) ? entries.map(([key, item]) => [Number(key), item] as const) : entries;
    return dict(prototype === null ? "o" : "d", keyed, path, attributesOf(value));
  }
}

/** Python's weights_only reads integers of at most so many bytes; one of them is the sign. */
const LONGEST_INTEGER = 254;

/** Keys of a dict and items of a set as Python has them: arrays become tuples. Errors: what has no hash, and what is equal there. */
function hashable(keys: readonly unknown[], refuse: (what: string) => never): unknown[] {
  const numbers = new Map<number, unknown>();
  return keys.map((key) => {
    if (typeof key === "number" || typeof key === "bigint" || typeof key === "boolean") {
      const other = numbers.get(Number(key));
      if (numbers.has(Number(key))) refuse(`${inspect(other)} and ${inspect(key)} are one key in Python`);
      numbers.set(Number(key), key);
    }
    if (Array.isArray(key)) return isTuple(key) ? key : asTuple(hashable(key, refuse));
    if (typeof key === "object" && key !== null && !isTensor(key) && !(key instanceof Uint8Array)) {
      return refuse(`expected a key or an item of a set that Python can hash, received ${describe(key)}`);
    }
    return key;
  });
}

/** What a dict has as attributes: PyTorch's `_metadata` of a state dict, the `__metadata__` of safetensors; they are not listed. */
function attributesOf(value: object): object | undefined {
  const found = ["_metadata", "__metadata__"].flatMap((name) => {
    const property = Object.getOwnPropertyDescriptor(value, name);
    return property === undefined || property.enumerable === true ? [] : [[name, property.value] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** Whole numbers are integers as far as they are exact; all others floats. */
function number(value: number): Row {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return ["i", value];
  if (Number.isNaN(value)) return ["f", "nan"];
  if (!Number.isFinite(value)) return ["f", value > 0 ? "inf" : "-inf"];
  return ["f", Object.is(value, -0) ? "-0" : value];
}
