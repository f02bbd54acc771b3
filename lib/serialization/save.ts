/** `torch.save`: files that Python's `torch.load` reads. */

import { checkOptions, writeFile, writeFileSync } from "./files.js";

/** Options of {@link save} and {@link saveSync}. */
export interface SaveOptions {
  /**
   * Whether each tensor is written with its own elements alone. Default false: a view is written with the whole storage that it
   * looks at, once for all its views, which then share it after loading too. As in PyTorch, a small view of a large tensor makes a
   * large file.
   */
  clone?: boolean;
}

/**
 * Writes a value, so that `torch.load(path, weights_only=True)` of Python reads it: tensors, parameters, numbers, strings, booleans,
 * null, bigints, Uint8Arrays, arrays, plain objects, Maps, Sets. The tensors are taken as they are now; the file is written on
 * another thread, into a temporary file that takes the place of `path` when it is whole. Without a path the promise gives the bytes.
 * Errors: what is no data, by its path (ArgumentError); the operating system's (IOError), and then the old file is as it was.
 * [torch.save](https://docs.pytorch.org/docs/stable/generated/torch.save.html)
 */
export async function save(value: unknown, path: string | URL, options?: SaveOptions): Promise<undefined>;
export async function save(value: unknown, path?: null, options?: SaveOptions): Promise<Uint8Array>;
export async function save(
  value: unknown,
  path?: string | URL | null,
  options?: SaveOptions,
): Promise<Uint8Array | undefined> {
  checkOptions("save", options, ["clone"]);
  return writeFile("save", value, path, { format: "torch", ...options });
}

/** {@link save} without a promise: the event loop waits. */
export function saveSync(value: unknown, path: string | URL, options?: SaveOptions): void;
export function saveSync(value: unknown, path?: null, options?: SaveOptions): Uint8Array;
export function saveSync(value: unknown, path?: string | URL | null, options?: SaveOptions): Uint8Array | undefined {
  checkOptions("saveSync", options, ["clone"]);
  return writeFileSync("saveSync", value, path, { format: "torch", ...options });
}
