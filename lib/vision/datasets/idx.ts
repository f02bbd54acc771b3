/** The IDX files of MNIST and its kin: unsigned bytes, often gzipped. */
import { IOError } from "../../errors.js";
import { readIdxSync } from "../../serialization/idx.js";

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
  const x = readIdxSync(path);
  if (x.dtype !== "uint8" || x.dim() !== dims) {
    throw new IOError(
      `${path}: expected an IDX file of uint8 with ${dims} dimensions, received ${x.dtype} of shape [${x.shape.join(", ")}]`,
    );
  }
  return { shape: x.shape, data: x.toTypedArray("uint8") };
}
