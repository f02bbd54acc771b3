/** `torch.load`: files that Python or this library saved. */
import type { DeviceLike } from "../device.js";
import { ArgumentError, IOError, translate } from "../errors.js";
import { type FileHandle, native } from "../native.js";
import { describe, isTensor } from "../tensor/base.js";
import { decode } from "./decode.js";

/** Where a file is: a path, or its bytes. */
export type FileSource = string | URL | Uint8Array;

/** Options of {@link load} and {@link loadSync}. */
export interface LoadOptions {
  /** The device that all tensors go to. Default: the CPU. */
  mapLocation?: DeviceLike | null;
  /** Accepted for PyTorch's sake, and always true: nothing but data is read. */
  weightsOnly?: boolean;
  /** Whether a tensor in a dict is read from the file when it is first looked at. Default false. */
  mmap?: boolean;
  /** What becomes of classes that are not known: an error, or an inert {@link PickleRecord}. Default `"error"`. */
  unknown?: "error" | "record";
}

/**
 * Reads what `torch.save` wrote, in Python or here: PyTorch's zip format and the one of before 1.6. Dicts with string keys become
 * objects, others Maps; tuples arrays that stay tuples when they are saved again; sets Sets; integers beyond 2^53 bigints; bytes
 * Uint8Arrays; NumPy's arrays tensors. Nothing of a file is ever run.
 * Errors: a file that is missing, damaged or of another kind (IOError); classes that are no data (UnpicklingError).
 * [torch.load](https://docs.pytorch.org/docs/stable/generated/torch.load.html)
 */
export async function load(source: FileSource, options: LoadOptions = {}): Promise<unknown> {
  const [where, record] = checked("load", source, options);
  const file = await native.openFile(where, record, options.mmap !== true).catch((error) => {
    throw translate(error, "load");
  });
  if (isFailure(file)) throw translate(Object.assign(new Error(file.message), { code: file.code }), "load");
  return placed(decode(file, options.mmap === true), options);
}

/** {@link load} without a promise: the event loop waits. */
export function loadSync(source: FileSource, options: LoadOptions = {}): unknown {
  const [where, record] = checked("loadSync", source, options);
  const file = native.openFileSync(where, record, options.mmap !== true);
  return placed(decode(file, options.mmap === true), options);
}

const KNOWN = ["mapLocation", "weightsOnly", "mmap", "unknown"];

function checked(op: string, source: FileSource, options: LoadOptions): [string | Uint8Array, record: boolean] {
  if (typeof options !== "object" || options === null) {
    throw new ArgumentError(`${op}: expected options, received ${describe(options)}`, { op });
  }
  for (const name of Object.keys(options)) {
    if (!KNOWN.includes(name)) throw new ArgumentError(`${op}() got an unexpected keyword argument '${name}'`, { op });
  }
  if (options.weightsOnly === false) {
    throw new ArgumentError(`${op}: weightsOnly is always true here: nothing but data is read, and nothing runs`, {
      op,
    });
  }
  const unknown = options.unknown ?? "error";
  if (unknown !== "error" && unknown !== "record") {
    throw new ArgumentError(`${op}: expected unknown to be "error" or "record", received ${describe(unknown)}`, { op });
  }
  return [sourceOf(op, source), unknown === "record"];
}

/** A path or bytes. Errors: anything else; paths that the operating system cannot have. */
export function sourceOf(op: string, source: unknown): string | Uint8Array {
  if (source instanceof Uint8Array) return source;
  if (isTensor(source)) return source.toTypedArray("uint8");
  return pathOf(op, source);
}

/** A path, also of a `file:` URL. */
export function pathOf(op: string, path: unknown): string {
  const text = path instanceof URL && path.protocol === "file:" ? decodeURIComponent(path.pathname) : path;
  if (typeof text !== "string" || text === "") {
    throw new ArgumentError(`${op}: expected a path, received ${describe(path)}`, { op });
  }
  if (text.includes("\0")) throw new IOError(`${op}: a path cannot contain a null byte`, { op });
  return text;
}

/** Whether work off the thread failed. */
export function isFailure(value: unknown): value is { code: string; message: string } {
  return typeof value === "object" && value !== null && "code" in value && "message" in value;
}

/** Moves all tensors where `mapLocation` says. */
function placed(value: unknown, { mapLocation }: LoadOptions): unknown {
  if (mapLocation === undefined || mapLocation === null || String(mapLocation) === "cpu") return value;
  const done = new Map<unknown, unknown>();
  const move = (item: unknown): unknown => {
    if (isTensor(item)) return item.to({ device: mapLocation });
    if (typeof item !== "object" || item === null || done.has(item)) return item;
    done.set(item, item);
    if (item instanceof Map) for (const [key, x] of item) item.set(key, move(x));
    else for (const key of Object.keys(item)) Reflect.set(item, key, move(Reflect.get(item, key)));
    return item;
  };
  return move(value);
}

export type { FileHandle };
