/** Tensors of one value, or of none in particular. */

import { dimList, intList, readShape, type ShapeArgs } from "../args.js";
import { listOf } from "../argument-types.js";
import { byName } from "../by-name.js";
import { type DType, dtypeCode, optionalDtypeCode } from "../dtype.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { handleOf, type Scalar, type TensorBase } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { CREATION, type CreationOptions, finish, floating } from "./options.js";

/** Zeros. */
export const zeros = byName("zeros", (...args: ShapeArgs<CreationOptions>): Tensor => {
  const [shape, o] = readShape<CreationOptions>("zeros", CREATION, args);
  return finish(native.full(shape, 0, floating(o.dtype)), o);
});
/** Ones. */
export const ones = byName("ones", (...args: ShapeArgs<CreationOptions>): Tensor => {
  const [shape, o] = readShape<CreationOptions>("ones", CREATION, args);
  return finish(native.full(shape, 1, floating(o.dtype)), o);
});
/** Values that are whatever the memory held. */
export const empty = byName("empty", (...args: ShapeArgs<CreationOptions>): Tensor => {
  const [shape, o] = readShape<CreationOptions>("empty", CREATION, args);
  return finish(native.empty(shape, floating(o.dtype)), o);
});
/** One value everywhere: a number gives the default type, a bigint int64, a boolean bool. */
export const full = byName(
  "full",
  (size: number | readonly number[], value: Scalar, options: CreationOptions = {}): Tensor => {
    if (value === null || value === undefined) throw new ArgumentError("full() missing required argument: 'value'");
    return finish(native.full(dimList(size) ?? [], value, fillType(value, options.dtype)), options);
  },
);

function fillType(value: Scalar, dtype: DType | null | undefined): number {
  if (dtype !== undefined && dtype !== null) return dtypeCode(dtype);
  if (typeof value === "bigint") return dtypeCode("int64");
  if (typeof value === "boolean") return dtypeCode("bool");
  return typeof value === "number" ? floating(undefined) : value.dtype;
}

/** Zeros with the shape and type of another tensor. */
export const zerosLike = byName(
  "zerosLike",
  (x: TensorBase, options: CreationOptions = {}): Tensor =>
    finish(native.fullLike(handleOf(x), 0, optionalDtypeCode(options.dtype)), options),
);
/** Ones with the shape and type of another tensor. */
export const onesLike = byName(
  "onesLike",
  (x: TensorBase, options: CreationOptions = {}): Tensor =>
    finish(native.fullLike(handleOf(x), 1, optionalDtypeCode(options.dtype)), options),
);
/** One value everywhere, with the shape and type of another tensor. */
export const fullLike = byName(
  "fullLike",
  (x: TensorBase, value: Scalar, options: CreationOptions = {}): Tensor =>
    finish(native.fullLike(handleOf(x), value, optionalDtypeCode(options.dtype)), options),
);
/** Unset values with the shape and type of another tensor. */
export const emptyLike = byName(
  "emptyLike",
  (x: TensorBase, options: CreationOptions = {}): Tensor =>
    finish(native.emptyLike(handleOf(x), optionalDtypeCode(options?.dtype)), options ?? {}),
);

/** Unset values with these strides, in elements. */
export const emptyStrided = byName(
  "emptyStrided",
  (size: readonly number[], stride: readonly number[], options: CreationOptions = {}): Tensor => {
    for (const [name, list] of Object.entries({ size, stride }))
      intList("emptyStrided", name, listOf("emptyStrided", name, list));
    const span = size.some((n) => n === 0) ? 0 : size.reduce((end, n, d) => end + (n - 1) * (stride[d] ?? 0), 1);
    const flat = native.empty([span], floating(options.dtype));
    return finish(native.asStrided(flat, [...size], [...stride]), options);
  },
);
/** Unset values whose dimensions lie in memory in the given order, outermost first. */
export const emptyPermuted = byName(
  "emptyPermuted",
  (size: readonly number[], physicalLayout: readonly number[], options: CreationOptions = {}): Tensor => {
    const wrong =
      physicalLayout.length !== size.length
        ? `Number of dimensions in size does not match the length of the physical_layout; i.e. len(size) = ${size.length} is not equal to len(physical_layout) = ${physicalLayout.length}`
        : physicalLayout.some((d) => !(d in size))
          ? `Dimension out of range (expected to be between 0 and ${size.length - 1}, but got [${physicalLayout.join(", ")}])`
          : new Set(physicalLayout).size !== size.length
            ? "Duplicate dim not allowed"
            : undefined;
    if (wrong !== undefined) throw new ArgumentError(wrong, { op: "emptyPermuted" });
    const base = native.empty(
      physicalLayout.map((d) => size[d] ?? 0),
      floating(options.dtype),
    );
    return finish(
      native.permute(
        base,
        size.map((_, d) => physicalLayout.indexOf(d)),
      ),
      options,
    );
  },
);
/** A zero-dimensional tensor of one number. */
export const scalarTensor = byName(
  "scalarTensor",
  (number: Scalar, options: CreationOptions = {}): Tensor =>
    finish(native.full([], number, floating(options.dtype)), options),
);
