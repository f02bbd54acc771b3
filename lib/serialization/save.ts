/** `torch.save`: files that Python's `torch.load` reads. */

import { existsSync } from "node:fs";
import { basename, dirname, extname } from "node:path";
import { ArgumentError, IOError, translate } from "../errors.js";
import { native } from "../native.js";
import { describe } from "../tensor/base.js";
import { encode } from "./encode.js";
import { isFailure, pathOf } from "./load.js";

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
  const { file, name, encoded, clone } = prepared("save", value, path, options);
  const result = await native.saveFile(file, name, encoded.values, encoded.buffers, encoded.tensors, clone);
  if (isFailure(result)) throw translate(Object.assign(new Error(result.message), { code: result.code }), "save");
  return result ?? undefined;
}

/** {@link save} without a promise: the event loop waits. */
export function saveSync(value: unknown, path: string | URL, options?: SaveOptions): void;
export function saveSync(value: unknown, path?: null, options?: SaveOptions): Uint8Array;
export function saveSync(value: unknown, path?: string | URL | null, options?: SaveOptions): Uint8Array | undefined {
  const { file, name, encoded, clone } = prepared("saveSync", value, path, options);
  return native.saveFileSync(file, name, encoded.values, encoded.buffers, encoded.tensors, clone) ?? undefined;
}

function prepared(op: string, value: unknown, path: string | URL | null | undefined, options: SaveOptions = {}) {
  const wrong = Object.keys(options ?? {}).find((name) => name !== "clone");
  if (wrong !== undefined) throw new ArgumentError(`${op}() got an unexpected keyword argument '${wrong}'`, { op });
  const clone = options?.clone ?? false;
  if (typeof clone !== "boolean") {
    throw new ArgumentError(`${op}: expected clone to be a boolean, received ${describe(clone)}`, { op });
  }
  const file = path === undefined || path === null ? null : pathOf(op, path);
  if (file !== null && !existsSync(dirname(file))) {
    throw new IOError(`${op}: the folder ${dirname(file)} does not exist: make it first, with mkdir`, { op });
  }
  const name = file === null ? "archive" : basename(file, extname(file)) || "archive";
  return { file, name, encoded: encode(value, op), clone };
}
