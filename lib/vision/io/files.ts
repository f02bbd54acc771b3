/** Files as tensors of bytes. */
import { readFileSync as readNow } from "node:fs";
import { readFile as readLater } from "node:fs/promises";
import { fromTypedArray } from "../../creation.js";
import { ArgumentError, IOError } from "../../errors.js";
import { native, unlessFailed } from "../../native.js";
import { pathOf } from "../../serialization/files.js";
import { describe, isTensor } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";

/** The system's error as ours. */
function refused(op: string, path: string, error: unknown): IOError {
  return new IOError(`${path}: ${error instanceof Error ? error.message : error}`, { op, cause: error });
}

/** The bytes of a file, uint8 [N]. Errors: a file that cannot be read (IOError). */
export async function readFile(path: string | URL): Promise<Tensor> {
  const file = pathOf("readFile", path);
  const bytes = await readLater(file).catch((error) => {
    throw refused("readFile", file, error);
  });
  return fromTypedArray(bytes, [bytes.length]);
}

/** {@link readFile} without a promise. */
export function readFileSync(path: string | URL): Tensor {
  const file = pathOf("readFileSync", path);
  try {
    const bytes = readNow(file);
    return fromTypedArray(bytes, [bytes.length]);
  } catch (error) {
    throw refused("readFileSync", file, error);
  }
}

function bytesOf(op: string, data: unknown): Uint8Array {
  if (isTensor(data) && data.dtype === "uint8" && data.ndim === 1) return data.toTypedArray("uint8");
  const received = isTensor(data) ? `torch.${data.dtype} [${data.shape.join(", ")}]` : describe(data);
  throw new ArgumentError(`${op}: expected data to be a uint8 tensor of one dimension, received ${received}`, { op });
}

/** Writes bytes, uint8 [N], to a file, which appears whole or not at all. Errors: another tensor; the system's (IOError). */
export async function writeFile(filename: string | URL, data: Tensor): Promise<void> {
  unlessFailed("writeFile", await native.writeBytes(pathOf("writeFile", filename), bytesOf("writeFile", data)));
}

/** {@link writeFile} without a promise. */
export function writeFileSync(filename: string | URL, data: Tensor): void {
  native.writeBytesSync(pathOf("writeFileSync", filename), bytesOf("writeFileSync", data));
}
