/** Opening and writing files on the native side: what all formats have in common. */
import { existsSync } from "node:fs";
import { basename, dirname, extname } from "node:path";
import { fileURLToPath } from "node:url";
import { ArgumentError, IOError, translate } from "../errors.js";
import { type FileHandle, native, unlessFailed } from "../native.js";
import { describe, isTensor } from "../tensor/base.js";
import { encode } from "./encode.js";

/** Where a file is: a path, or its bytes. */
export type FileSource = string | URL | Uint8Array;

/** A format of files; `any` is found by the file's first bytes. */
export type FileFormat = "torch" | "pickle" | "safetensors" | "numpy" | "idx";

/** How a file is opened. */
export interface OpenOptions {
  /** What becomes of classes that are not known. */
  readonly unknown?: "error" | "record" | undefined;
  /** Whether tensors are read later, one by one. */
  readonly lazy?: boolean;
}

/** Opens a file on another thread. Errors: a file that is missing, damaged or of another kind. */
export async function openFile(
  op: string,
  source: FileSource,
  format: FileFormat | "any",
  o: OpenOptions,
): Promise<FileHandle> {
  const where = sourceOf(op, source);
  const file = await native.openFile(where, format, asRecords(op, o), o.lazy !== true).catch((error) => {
    throw translate(error, op);
  });
  return unlessFailed(op, file);
}

/** {@link openFile} without a promise. */
export function openFileSync(op: string, source: FileSource, format: FileFormat | "any", o: OpenOptions): FileHandle {
  return native.openFileSync(sourceOf(op, source), format, asRecords(op, o), o.lazy !== true);
}

function asRecords(op: string, { unknown = "error" }: OpenOptions): boolean {
  if (unknown !== "error" && unknown !== "record") {
    throw new ArgumentError(`${op}: expected unknown to be "error" or "record", received ${describe(unknown)}`, { op });
  }
  return unknown === "record";
}

/** How a value is written. */
export interface WriteOptions {
  readonly format: Exclude<FileFormat, "idx">;
  /** Whether each tensor is written with its own elements alone. */
  readonly clone?: boolean;
  /** Whether the members of an archive are compressed. */
  readonly compress?: boolean;
}

/** Writes a value on another thread: to a path, or as bytes. */
export async function writeFile(
  op: string,
  value: unknown,
  path: string | URL | null | undefined,
  o: WriteOptions,
): Promise<Uint8Array | undefined> {
  const { target, values, buffers, tensors } = prepared(op, value, path, o);
  return unlessFailed(op, await native.saveFile(target, values, buffers, tensors)) ?? undefined;
}

/** {@link writeFile} without a promise. */
export function writeFileSync(
  op: string,
  value: unknown,
  path: string | URL | null | undefined,
  o: WriteOptions,
): Uint8Array | undefined {
  const { target, values, buffers, tensors } = prepared(op, value, path, o);
  return native.saveFileSync(target, values, buffers, tensors) ?? undefined;
}

function prepared(op: string, value: unknown, path: string | URL | null | undefined, o: WriteOptions) {
  const { format, clone = false, compress = false } = o;
  for (const [name, given] of Object.entries({ clone, compress })) {
    if (typeof given !== "boolean") {
      throw new ArgumentError(`${op}: expected ${name} to be a boolean, received ${describe(given)}`, { op });
    }
  }
  const file = path === undefined || path === null ? undefined : pathOf(op, path);
  if (file !== undefined && !existsSync(dirname(file))) {
    throw new IOError(`${op}: the folder ${dirname(file)} does not exist: make it first, with mkdir`, { op });
  }
  const name = file === undefined ? "archive" : basename(file, extname(file)) || "archive";
  return {
    target: { ...(file === undefined ? {} : { path: file }), format, name, clone, compress },
    ...encode(value, op),
  };
}

/** A path or bytes. Errors: anything else; paths that the operating system cannot have. */
function sourceOf(op: string, source: unknown): string | Uint8Array {
  if (source instanceof Uint8Array) return source;
  if (isTensor(source)) return source.toTypedArray("uint8");
  return pathOf(op, source);
}

/** A path, also of a `file:` URL. */
export function pathOf(op: string, path: unknown): string {
  const text = path instanceof URL && path.protocol === "file:" ? fileURLToPath(path) : path;
  if (typeof text !== "string" || text === "") {
    throw new ArgumentError(`${op}: expected a path, received ${describe(path)}`, { op });
  }
  if (text.includes("\0")) throw new IOError(`${op}: a path cannot contain a null byte`, { op });
  return text;
}

/** Errors: options that are no object, or one of another name. */
export function checkOptions(op: string, options: unknown, names: readonly string[]): void {
  if (options === undefined) return;
  if (typeof options !== "object" || options === null) {
    throw new ArgumentError(`${op}: expected options, received ${describe(options)}`, { op });
  }
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw new ArgumentError(`${op}() got an unexpected keyword argument '${name}'`, { op });
  }
}
