/** `torch.numpy`: NumPy's files, `.npy` and `.npz`. */
import { isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { decode } from "./decode.js";
import { checkOptions, type FileSource, openFile, openFileSync, writeFile, writeFileSync } from "./files.js";
import { namedTensors } from "./named-tensors.js";

/** Options of {@link save}. */
export interface NumpySaveOptions {
  /** Whether the members of a `.npz` are compressed, as by `np.savez_compressed`. Default false. */
  compress?: boolean;
}

/** What {@link save} writes: a tensor as `.npy`, tensors by name as `.npz`. */
export type Arrays = Tensor | Readonly<Record<string, Tensor>>;

/**
 * Reads a `.npy` file as a tensor, a `.npz` file as tensors by name; of either byte order and either order of dimensions, whose
 * strides it keeps. Errors: a file that is missing, damaged or of another kind (IOError); element types that no tensor has, such
 * as uint16, complex numbers, strings and Python objects: nothing of a file is ever run.
 * [numpy.load](https://numpy.org/doc/stable/reference/generated/numpy.load.html)
 */
export async function load(source: FileSource): Promise<Tensor | Record<string, Tensor>> {
  return decode(await openFile("numpy.load", source, "numpy", {}), "now") as Tensor | Record<string, Tensor>;
}

/** {@link load} without a promise. */
export function loadSync(source: FileSource): Tensor | Record<string, Tensor> {
  return decode(openFileSync("numpy.loadSync", source, "numpy", {}), "now") as Tensor | Record<string, Tensor>;
}

/**
 * Writes a tensor as `.npy`, or tensors by name as `.npz`, each with its own elements. The file appears whole or not at all.
 * Without a path the promise gives the bytes. Errors: what is no tensor (ArgumentError); bfloat16, which NumPy has not.
 * [numpy.save](https://numpy.org/doc/stable/reference/generated/numpy.save.html)
 */
export async function save(arrays: Arrays, path: string | URL, options?: NumpySaveOptions): Promise<undefined>;
export async function save(arrays: Arrays, path?: null, options?: NumpySaveOptions): Promise<Uint8Array>;
export async function save(
  arrays: Arrays,
  path?: string | URL | null,
  options?: NumpySaveOptions,
): Promise<Uint8Array | undefined> {
  const op = "numpy.save";
  checkOptions(op, options, ["compress"]);
  return writeFile(op, checked(op, arrays), path, { format: "numpy", clone: true, ...options });
}

/** {@link save} without a promise. */
export function saveSync(arrays: Arrays, path: string | URL, options?: NumpySaveOptions): void;
export function saveSync(arrays: Arrays, path?: null, options?: NumpySaveOptions): Uint8Array;
export function saveSync(
  arrays: Arrays,
  path?: string | URL | null,
  options?: NumpySaveOptions,
): Uint8Array | undefined {
  const op = "numpy.saveSync";
  checkOptions(op, options, ["compress"]);
  return writeFileSync(op, checked(op, arrays), path, { format: "numpy", clone: true, ...options });
}

function checked(op: string, arrays: unknown): unknown {
  return isTensor(arrays) ? arrays : namedTensors(op, arrays);
}
