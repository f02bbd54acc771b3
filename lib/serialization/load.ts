/** `torch.load`: files that Python or this library saved. */
import { Device, type DeviceLike } from "../device.js";
import { ArgumentError } from "../errors.js";
import { type FileHandle, native } from "../native.js";
import { describe } from "../tensor/base.js";
import { decode } from "./decode.js";
import { checkOptions, type FileSource, type OpenOptions, openFile, openFileSync } from "./files.js";

/** A storage of a file, as a function for `mapLocation` sees it. */
export interface SavedStorage {
  /** Where it was when it was saved: `cpu`, `cuda:0`. */
  readonly location: string;
}

/** A function for `mapLocation`. */
export type MapLocation = (storage: SavedStorage, location: string) => DeviceLike | SavedStorage | null | undefined;

/** Options of {@link load} and {@link loadSync}. */
export interface LoadOptions {
  /**
   * Where tensors go: a device; devices by the names of those they were saved from, `{ "cuda:1": "cuda:0" }`; or a function of a
   * storage and that name, which gives a device, or the storage itself for the CPU. Default: the CPU.
   */
  mapLocation?: DeviceLike | Readonly<Record<string, DeviceLike>> | MapLocation | null;
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
  return decode(file, options.mmap === true ? "lazy" : "now", placement("load", file, options));
}

/** {@link load} without a promise: the event loop waits. */
export function loadSync(source: FileSource, options: LoadOptions = {}): unknown {
  const file = openFileSync("loadSync", source, "torch", checked("loadSync", options));
  return decode(file, options.mmap === true ? "lazy" : "now", placement("loadSync", file, options));
}

const NAMES = ["mapLocation", "weightsOnly", "mmap", "unknown"];

function checked(op: string, options: LoadOptions): OpenOptions {
  checkOptions(op, options, NAMES);
  if (options.weightsOnly === false) {
    throw new ArgumentError(`${op}: weightsOnly is always true here: nothing but data is read, and nothing runs`, {
      op,
    });
  }
  const { mmap = false } = options;
  if (typeof mmap !== "boolean") {
    throw new ArgumentError(`${op}: expected mmap to be a boolean, received ${describe(mmap)}`, { op });
  }
  return { unknown: options.unknown, lazy: mmap };
}

/** The device of each storage, by `mapLocation` and where the storage was. */
function placement(op: string, file: FileHandle, { mapLocation: to }: LoadOptions) {
  if (to === undefined || to === null) return undefined;
  const places = native.fileStorages(file).map(({ location }) => location);
  if (typeof to === "function") {
    return (storage: number): DeviceLike | null => {
      const saved: SavedStorage = { location: places[storage] ?? "cpu" };
      const given = to(saved, saved.location);
      return given === saved || given === undefined ? null : (given as DeviceLike | null);
    };
  }
  if (typeof to === "string" || to instanceof Device) return () => to;
  if (typeof to !== "object") {
    const expected = "a device, a function, or devices by the names of devices";
    throw new ArgumentError(`${op}: expected mapLocation to be ${expected}, received ${describe(to)}`, { op });
  }
  return (storage: number): DeviceLike | null => to[places[storage] ?? "cpu"] ?? null;
}
