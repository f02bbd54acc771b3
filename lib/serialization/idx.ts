/** IDX, the format of MNIST's files. */
import type { Tensor } from "../tensor.js";
import { decode } from "./decode.js";
import { openFileSync } from "./files.js";

/** Reads an IDX file, gzipped or not, as a tensor. Errors: a file that is missing, damaged or of another kind (IOError). */
export function readIdxSync(path: string): Tensor {
  return decode(openFileSync("readIdx", path, "idx", {}), "now") as Tensor;
}
