/** `torch.load`: files that Python or this library saved. */
import type { DeviceLike } from "../device.js";
import { ArgumentError } from "../errors.js";
import { isTensor } from "../tensor/base.js";
import { decode } from "./decode.js";
import { checkOptions, type FileSource, type OpenOptions, openFile, openFileSync } from "./files.js";

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
  const file = await openFile("load", source, "torch", checked("load", options));
  return placed(decode(file, options.mmap === true), options);
}

/** {@link load} without a promise: the event loop waits. */
export function loadSync(source: FileSource, options: LoadOptions = {}): unknown {
  const file = openFileSync("loadSync", source, "torch", checked("loadSync", options));
  return placed(decode(file, options.mmap === true), options);
}

const NAMES = ["mapLocation", "weightsOnly", "mmap", "unknown"];

function checked(op: string, options: LoadOptions): OpenOptions {
  checkOptions(op, options, NAMES);
  if (options.weightsOnly === false) {
    throw new ArgumentError(`${op}: weightsOnly is always true here: nothing but data is read, and nothing runs`, {
      op,
    });
  }
  return { unknown: options.unknown, lazy: options.mmap === true };
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
