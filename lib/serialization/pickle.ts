/** `torch.pickle`: bare pickles of data. */
import { decode } from "./decode.js";
import { checkOptions, type FileSource, openFile, openFileSync, writeFile, writeFileSync } from "./files.js";

/** Options of {@link load}. */
export interface PickleLoadOptions {
  /** What becomes of classes that are not known: an error, or an inert {@link PickleRecord}. Default `"error"`. */
  unknown?: "error" | "record";
}

/**
 * Reads a pickle of data, `.pkl`: what `torch.load` reads except for tensors; NumPy's arrays become tensors, also those that Python 2
 * pickled, as CIFAR's batches are. Nothing of a file is ever run.
 * Errors: a file that is missing or of another kind (IOError); classes that are no data (UnpicklingError).
 * [pickle.load](https://docs.python.org/3/library/pickle.html#pickle.load)
 */
export async function load(source: FileSource, options: PickleLoadOptions = {}): Promise<unknown> {
  checkOptions("pickle.load", options, ["unknown"]);
  return decode(await openFile("pickle.load", source, "pickle", options), "now");
}

/** {@link load} without a promise. */
export function loadSync(source: FileSource, options: PickleLoadOptions = {}): unknown {
  checkOptions("pickle.loadSync", options, ["unknown"]);
  return decode(openFileSync("pickle.loadSync", source, "pickle", options), "now");
}

/**
 * Writes data as a pickle of protocol 2: what `torch.save` writes except for tensors. The file appears whole or not at all. Without
 * a path the promise gives the bytes. Errors: tensors, which `torch.save` writes; what is no data, by its path.
 * [pickle.dump](https://docs.python.org/3/library/pickle.html#pickle.dump)
 */
export async function dump(value: unknown, path: string | URL): Promise<undefined>;
export async function dump(value: unknown, path?: null): Promise<Uint8Array>;
export async function dump(value: unknown, path?: string | URL | null): Promise<Uint8Array | undefined> {
  return writeFile("pickle.dump", value, path, { format: "pickle" });
}

/** {@link dump} without a promise. */
export function dumpSync(value: unknown, path: string | URL): void;
export function dumpSync(value: unknown, path?: null): Uint8Array;
export function dumpSync(value: unknown, path?: string | URL | null): Uint8Array | undefined {
  return writeFileSync("pickle.dumpSync", value, path, { format: "pickle" });
}
