/** `torch.safetensors`: files of named tensors, read one by one. */
import { ArgumentError, IOError } from "../errors.js";
import { noteName } from "../field-order.js";
import { describe } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { decode, readLater } from "./decode.js";
import { checkOptions, type FileSource, openFile, openFileSync, writeFile, writeFileSync } from "./files.js";
import { namedTensors } from "./named-tensors.js";
import { partsOf } from "./safetensors-index.js";

/** Tensors by their names. The file's metadata, where it has some, is a property that is not listed. */
export type NamedTensors = Record<string, Tensor> & {
  readonly __metadata__?: Readonly<Record<string, string>>;
};

/** Options of {@link save}. */
export interface SafetensorsSaveOptions {
  /** Strings by their names. Default: those of the file that `tensors` came from, or none. */
  metadata?: Readonly<Record<string, string>>;
}

/**
 * Opens a `.safetensors` file, or the `.safetensors.index.json` of one in parts. Only the header is read: each tensor is read when
 * it is first looked at, so that a part of a large file can be taken. `__metadata__` has the file's metadata.
 * Errors: a file that is missing, damaged or of another kind, parts that are missing (IOError); element types that are not known.
 * [safetensors](https://huggingface.co/docs/safetensors)
 */
export async function load(source: FileSource): Promise<NamedTensors> {
  const op = "safetensors.load";
  const parts = await partsOf(op, source);
  if (parts === undefined) return tensorsOf(decode(await openFile(op, source, "safetensors", { lazy: true }), "lazy"));
  const files = [...new Set(parts.values())];
  const part = async (file: string): Promise<[string, NamedTensors]> => {
    return [file, tensorsOf(decode(await openFile(op, file, "safetensors", { lazy: true }), "lazy"))];
  };
  return merged(op, parts, new Map(await Promise.all(files.map(part))));
}

/** {@link load} of one file, without a promise. */
export function loadSync(source: FileSource): NamedTensors {
  return tensorsOf(decode(openFileSync("safetensors.loadSync", source, "safetensors", { lazy: true }), "lazy"));
}

/**
 * Writes named tensors, each with its own elements: what shares memory is written twice. The file appears whole or not at all.
 * Without a path the promise gives the bytes.
 * Errors: what is no tensor (ArgumentError); the operating system's (IOError), and then the old file is as it was.
 */
export async function save(
  tensors: Readonly<Record<string, Tensor>>,
  path: string | URL,
  options?: SafetensorsSaveOptions,
): Promise<undefined>;
export async function save(
  tensors: Readonly<Record<string, Tensor>>,
  path?: null,
  options?: SafetensorsSaveOptions,
): Promise<Uint8Array>;
export async function save(
  tensors: Readonly<Record<string, Tensor>>,
  path?: string | URL | null,
  options?: SafetensorsSaveOptions,
): Promise<Uint8Array | undefined> {
  const op = "safetensors.save";
  return writeFile(op, withMetadata(op, tensors, options), path, { format: "safetensors", clone: true });
}

/** {@link save} without a promise. */
export function saveSync(
  tensors: Readonly<Record<string, Tensor>>,
  path: string | URL,
  options?: SafetensorsSaveOptions,
): void;
export function saveSync(
  tensors: Readonly<Record<string, Tensor>>,
  path?: null,
  options?: SafetensorsSaveOptions,
): Uint8Array;
export function saveSync(
  tensors: Readonly<Record<string, Tensor>>,
  path?: string | URL | null,
  options?: SafetensorsSaveOptions,
): Uint8Array | undefined {
  const op = "safetensors.saveSync";
  return writeFileSync(op, withMetadata(op, tensors, options), path, { format: "safetensors", clone: true });
}

function withMetadata(op: string, tensors: unknown, options: SafetensorsSaveOptions | undefined): object {
  checkOptions(op, options, ["metadata"]);
  const named = namedTensors(op, tensors);
  const own = Object.getOwnPropertyDescriptor(tensors, "__metadata__");
  const metadata: unknown = options?.metadata ?? (own?.enumerable === false ? own.value : undefined);
  if (metadata === undefined) return named;
  const texts = typeof metadata === "object" && metadata !== null ? Object.entries(metadata) : undefined;
  const wrong = texts?.find(([, text]) => typeof text !== "string");
  if (texts === undefined || wrong !== undefined) {
    const got = wrong === undefined ? describe(metadata) : `${describe(wrong[1])} as ${wrong[0]}`;
    throw new ArgumentError(`${op}: expected metadata to be strings by name, received ${got}`, { op });
  }
  return Object.defineProperty(named, "__metadata__", { value: { ...metadata } });
}

/** The native side has checked that a safetensors file is tensors by name. */
function tensorsOf(value: unknown): NamedTensors {
  return value as NamedTensors;
}

function merged(op: string, parts: Map<string, string>, files: Map<string, NamedTensors>): NamedTensors {
  const out: NamedTensors = {};
  for (const [name, file] of parts) {
    const tensors = files.get(file);
    if (tensors === undefined || !Object.hasOwn(tensors, name)) {
      throw new IOError(`${op}: the index says that ${name} is in ${file}, which lacks it`, { op });
    }
    noteName(out, name);
    readLater(out, name, () => tensors[name]);
  }
  const metadata = [...files.values()].find((tensors) => tensors.__metadata__ !== undefined)?.__metadata__;
  return metadata === undefined ? out : Object.defineProperty(out, "__metadata__", { value: metadata });
}
