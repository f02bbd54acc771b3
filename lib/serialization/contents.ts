/** What a file of tensors holds, of any format, without reading the tensors. */
import { itemSize } from "../dtype.js";
import { orderedEntries } from "../field-order.js";
import { native } from "../native.js";
import { describe } from "../tensor/base.js";
import { decode, PickleRecord, type StoredTensor } from "./decode.js";
import { type FileFormat, type FileSource, openFile } from "./files.js";
import { partsOf } from "./safetensors-index.js";

/** A tensor by its path in the file. */
export interface TensorEntry extends StoredTensor {
  readonly path: string;
  /** The bytes of its own elements. */
  readonly bytes: number;
  /** Where it was when it was saved. */
  readonly location: string;
}

/** A file's tensors, and its other values by their paths. */
export interface FileContents {
  readonly format: FileFormat;
  readonly tensors: readonly TensorEntry[];
  readonly values: readonly (readonly [path: string, value: unknown])[];
  /** What a safetensors file says of itself. */
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

/** Stands for a tensor that is not read. */
class Unread {
  readonly stored: StoredTensor;
  constructor(stored: StoredTensor) {
    this.stored = stored;
  }
}

/** Reads what a file holds; of a safetensors index, what its parts hold. Errors: those of the file. */
export async function contentsOf(op: string, source: FileSource): Promise<FileContents> {
  const parts = await partsOf(op, source);
  if (parts === undefined) return contentsOfFile(op, source);
  const files = await Promise.all([...new Set(parts.values())].map((path) => contentsOfFile(op, path)));
  // A storage's place is among those of its own file: in safetensors each tensor has one.
  const tensors = files.flatMap((file) => file.tensors).map((tensor, storage) => ({ ...tensor, storage }));
  return { format: "safetensors", tensors, values: [], metadata: files[0]?.metadata };
}

async function contentsOfFile(op: string, source: FileSource): Promise<FileContents> {
  const file = await openFile(op, source, "any", { unknown: "record", lazy: true });
  const root = decode(file, (stored) => new Unread(stored));
  const places = native.fileStorages(file).map(({ location }) => location);
  const holders = holdersOfTensors(root);
  const tensors: TensorEntry[] = [];
  const values: [string, unknown][] = [];
  const done = new Set<unknown>();
  const todo: [path: string, value: unknown][] = [["", root]];
  if (!holders.has(root)) for (const part of partsOfValue(root)) values.push(part); // without a tensor each part is a value
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [path, value] = next;
    if (value instanceof Unread) {
      const { stored } = value;
      const bytes = stored.shape.reduce((n, d) => n * d, itemSize(stored.dtype as "float32"));
      tensors.push({ ...stored, path, bytes, location: places[stored.storage] ?? "cpu" });
    } else if (!holders.has(value)) {
      if (path !== "") values.push([path, value]);
    } else if (!done.has(value)) {
      done.add(value);
      for (const [key, item] of partsOfValue(value).reverse()) todo.push([path === "" ? key : `${path}.${key}`, item]);
    }
  }
  const own = root instanceof Object ? Object.getOwnPropertyDescriptor(root, "__metadata__") : undefined;
  const format = native.fileFormat(file) as FileFormat;
  return { format, tensors, values, metadata: own?.enumerable === false ? own.value : undefined };
}

/** The containers that hold tensors, directly or not. */
function holdersOfTensors(root: unknown): Set<unknown> {
  const parents = new Map<unknown, Set<unknown>>();
  const holders: unknown[] = [];
  const todo: unknown[] = [root];
  const seen = new Set<unknown>();
  for (let value = todo.pop(); value !== undefined; value = todo.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    for (const [, item] of partsOfValue(value)) {
      if (typeof item !== "object" || item === null) continue;
      const known = parents.get(item);
      if (known === undefined) parents.set(item, new Set([value]));
      else known.add(value);
      if (item instanceof Unread) holders.push(item);
      else todo.push(item);
    }
  }
  const marked = new Set<unknown>();
  for (let value = holders.pop(); value !== undefined; value = holders.pop()) {
    if (marked.has(value)) continue;
    marked.add(value);
    for (const parent of parents.get(value) ?? []) holders.push(parent);
  }
  return marked;
}

/** A key as a part of a path. */
function nameOf(key: unknown): string {
  return typeof key === "object" || typeof key === "function" ? `[${describe(key)}]` : String(key);
}

/** The parts of a container by name. */
function partsOfValue(value: unknown): [string, unknown][] {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array || value instanceof Unread) return [];
  if (value instanceof PickleRecord)
    return Object.entries({ args: value.args, state: value.state, items: value.items });
  if (Array.isArray(value)) return value.map((item, i) => [String(i), item]);
  if (value instanceof Set) return [...value].map((item, i) => [String(i), item]);
  if (value instanceof Map) return [...value].map(([key, item]) => [nameOf(key), item]);
  return orderedEntries(value);
}
