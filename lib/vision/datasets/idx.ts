/** The IDX format of MNIST: a magic number, the sizes, the bytes; often gzipped. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { IOError } from "../../errors.js";

/** The contents of an IDX file of unsigned bytes. */
export interface Idx {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/**
 * Reads an IDX file of unsigned bytes with `dims` dimensions, gzipped or not.
 * Errors: a file that is missing, damaged, of another type, or of another length than its header says.
 */
export function readIdx(path: string, dims: number): Idx {
  return parseIdx(inflate(path, read(path)), dims, path);
}

function read(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new IOError(`${path}: cannot be read (${cause instanceof Error ? cause.message : String(cause)})`, { cause });
  }
}

function inflate(path: string, bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    throw new IOError(`${path}: the gzip data is damaged or truncated`, { cause });
  }
}

/** Parses the bytes of an IDX file; `name` appears in errors. */
export function parseIdx(bytes: Uint8Array, dims: number, name: string): Idx {
  const header = 4 + 4 * dims;
  if (bytes.length < header) {
    throw new IOError(`${name}: expected an IDX header of ${header} bytes, received a file of ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  if (magic !== 0x800 + dims) {
    const [want, got] = [0x800 + dims, magic].map((n) => `0x${n.toString(16).padStart(8, "0")}`);
    throw new IOError(
      `${name}: expected the IDX magic number ${want} (unsigned bytes, ${dims} dimensions), received ${got}`,
    );
  }
  const shape = Array.from({ length: dims }, (_, i) => view.getUint32(4 + 4 * i));
  const count = shape.reduce((n, size) => n * size, 1);
  if (bytes.length - header !== count) {
    const kind = bytes.length - header < count ? "truncated" : "too long";
    throw new IOError(
      `${name}: ${kind}: its header says ${shape.join(" x ")} bytes of data, it has ${bytes.length - header}`,
    );
  }
  return { shape, data: bytes.subarray(header) };
}
