/** Reading and writing by index. */
import { required } from "../args.js";
import { byName, byNameBeside } from "../by-name.js";
import { type Index, nativeItems } from "../index-items.js";
import { native } from "../native.js";
import { handleOf, type Operand, operand, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

/** Python's `x[items]`: a view for numbers, slices and new axes, a copy for tensors, masks and arrays. */
export function index(x: TensorBase, ...items: Index[]): Tensor {
  return wrap(native.index(handleOf(x), nativeItems("index", items)));
}

/** Python's `x[items] = value`, or `+=` with `accumulate`; the array is the tuple of items. */
export const indexPut_ = byName(
  "indexPut_",
  (
    x: TensorBase,
    items: readonly Index[],
    value: Operand,
    accumulate: boolean | { accumulate?: boolean } = false,
  ): Tensor => {
    const add = typeof accumulate === "boolean" ? accumulate : (accumulate.accumulate ?? false);
    native.indexPut_(handleOf(x), nativeItems("indexPut_", items), operand(value), add);
    return x as Tensor;
  },
);

/** out[i][j] = x[index[i][j]][j] for dim 0, and so on for the others. */
export const gather = byName(
  "gather",
  (x: TensorBase, dim: number, indices: TensorBase, _?: { sparseGrad?: boolean }): Tensor =>
    wrap(native.gather(handleOf(x), dim, handleOf(indices))),
);

/** The slices of x along a dimension at the given int64 indices: a copy. */
export const indexSelect = byName(
  "indexSelect",
  (x: TensorBase, dim: number, indices: TensorBase): Tensor =>
    wrap(native.indexSelect(handleOf(x), dim, handleOf(indices))),
);

function nonzeroOf(x: TensorBase, options?: { asTuple?: false }): Tensor;
function nonzeroOf(x: TensorBase, options: { asTuple: true }): Tensor[];
function nonzeroOf(x: TensorBase, options?: { asTuple?: boolean } | null): Tensor | Tensor[] {
  if (options?.asTuple !== true) return wrap(native.nonzero(handleOf(x)));
  const matrix = native.nonzero(x.ndim === 0 ? native.unsqueeze(handleOf(x), 0) : handleOf(x));
  return native.unbind(matrix, 1).map(wrap);
}
/** The int64 indices of the non-zero elements, [count, dimensions of x]; with `asTuple` one tensor per dimension. */
export const nonzero = byNameBeside("nonzero", nonzeroOf);

/** The int64 indices of the non-zero elements, [count, dimensions of x]. */
export const argwhere = byName("argwhere", (x: TensorBase): Tensor => nonzero(x));
/** The first `size` rows of {@link nonzero}, filled up with `fillValue` (default -1). */
export const nonzeroStatic = byName(
  "nonzeroStatic",
  (x: TensorBase, options: { size: number; fillValue?: number }): Tensor =>
    wrap(native.nonzeroStatic(handleOf(x), required("nonzeroStatic", options ?? {}, "size"), options.fillValue ?? -1)),
);
