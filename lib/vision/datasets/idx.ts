/** The IDX files of MNIST and its kin: unsigned bytes, often gzipped. */
import { IOError } from "../../errors.js";
import { decode } from "../../serialization/decode.js";
import { openFileSync } from "../../serialization/files.js";
import { isTensor } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";

/**
 * Reads an IDX file of unsigned bytes with `dims` dimensions, gzipped or not.
 * Errors: a file that is missing, damaged, of another type, or of another length than its header says.
 */
export function readIdx(path: string, dims: number): Tensor {
  const x = decode(openFileSync("readIdx", path, "idx", {}), "now");
  if (isTensor(x) && x.dtype === "uint8" && x.dim() === dims) return x as Tensor;
  const received = isTensor(x) ? `${x.dtype} of shape [${x.shape.join(", ")}]` : String(x);
  throw new IOError(`${path}: expected an IDX file of uint8 with ${dims} dimensions, received ${received}`);
}
