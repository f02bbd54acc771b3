/** Tensors from data: nested arrays, typed arrays, numbers. */

import { isOptions } from "../args.js";
import { alias, byName } from "../by-name.js";
import { type DType, dtypeCode, dtypeOfArray, getDefaultDtype, optionalDtypeCode } from "../dtype.js";
import { ArgumentError, DTypeError, ShapeError } from "../errors.js";
import { native } from "../native.js";
import { describe, handleOf, isTensor, type TensorBase, TypedScalar } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { warnOnce } from "../warnings.js";
import { type CreationOptions, finish } from "./options.js";

/** Nested arrays of numbers, booleans or bigints, all rows of one length; or a typed array. */
export type TensorData =
  | number
  | bigint
  | boolean
  | readonly TensorData[]
  | Float32Array
  | Float64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | BigInt64Array
  | TensorBase;

/**
 * A tensor of the given values. Numbers get the default type (float32), bigints int64, booleans bool, typed arrays their
 * own; `dtype` overrides. Tensors inside an array must have one element.
 * Errors: rows of different lengths; a fraction in an integer tensor.
 */
export const tensor = byName("tensor", (data: TensorData, options: CreationOptions = {}): Tensor => {
  if (isTensor(data)) warnCopy("torch.tensor");
  if (isTensor(data))
    return finish(
      native.to(native.detach(handleOf(data)), optionalDtypeCode(options?.dtype), undefined, true),
      options,
    );
  if (ArrayBuffer.isView(data)) return fromArray(data, [data.length], options);
  const shape: number[] = [];
  const flat: (number | bigint | boolean)[] = [];
  let [hasNumber, hasBigint] = [false, false];
  const walk = (value: TensorData, depth: number): void => {
    if (Array.isArray(value) || (ArrayBuffer.isView(value) && !isTensor(value))) {
      const items: readonly TensorData[] = Array.isArray(value)
        ? value
        : Array.from<number | bigint>(value as Iterable<number>);
      if (shape.length === depth) {
        if (flat.length > 0) throw ragged(depth);
        shape.push(items.length);
      } else if (shape[depth] !== items.length) throw ragged(depth, shape[depth], items.length);
      for (const item of items) walk(item, depth + 1);
      return;
    }
    if (depth !== shape.length) throw ragged(depth);
    const element = isTensor(value) ? native.item(handleOf(value)) : value;
    if (typeof element === "bigint") hasBigint = true;
    else if (typeof element === "number") hasNumber = true;
    else if (typeof element !== "boolean") {
      throw new ArgumentError(
        `tensor: expected numbers, booleans or nested arrays of them, received ${describe(element)}`,
        { op: "tensor" },
      );
    }
    flat.push(element);
  };
  walk(data, 0);
  const own: DType = hasNumber || flat.length === 0 ? getDefaultDtype() : hasBigint ? "int64" : "bool";
  return fromFlat(flat, shape, options.dtype ?? own, options);
});

/** A tensor of a tensor is a copy without history, which `clone` says plainly. */
export function warnCopy(name: string): void {
  warnOnce(
    "CANDLEWICK_COPY_CONSTRUCT",
    `To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or sourceTensor.detach().clone().requires_grad_(True), rather than ${name}(sourceTensor).`,
  );
}

function ragged(depth: number, expected?: number, got?: number): ShapeError {
  const what = expected === undefined ? "" : ` of length ${expected} at dim ${depth} (got ${got})`;
  return new ShapeError(`expected sequence${what || ` of one depth at dim ${depth}`}`, { op: "tensor" });
}

function fromFlat(
  flat: readonly (number | bigint | boolean)[],
  shape: number[],
  dtype: DType,
  o: CreationOptions,
): Tensor {
  if (dtype === "int64")
    return finish(native.fromTypedArray(BigInt64Array.from(flat, toBigInt), shape, dtypeCode(dtype)), o);
  if (dtype === "bool")
    return finish(
      native.fromTypedArray(
        Uint8Array.from(flat, (v) => (v ? 1 : 0)),
        shape,
        9,
      ),
      o,
    );
  const floats = dtype === "float32" ? Float32Array.from(flat, Number) : Float64Array.from(flat, Number);
  if (dtype.startsWith("int") || dtype === "uint8") for (const v of floats) checkInteger(v, dtype);
  return finish(native.fromTypedArray(floats, shape, dtypeCode(dtype)), o);
}

function toBigInt(value: number | bigint | boolean): bigint {
  if (typeof value === "number") checkInteger(value, "int64");
  const whole = BigInt(value);
  if (BigInt.asIntN(64, whole) !== whole) {
    throw new ArgumentError("Overflow when unpacking long long", { op: "tensor" });
  }
  return whole;
}

/** The lowest and the highest number of the narrow integer types. */
const RANGES: Readonly<Partial<Record<DType, readonly [number, number]>>> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  int8: [-128, 127],
  uint8: [0, 255],
};

function checkInteger(value: number, dtype: DType): void {
  const [lowest, highest] = RANGES[dtype] ?? [-Infinity, Infinity];
  if (value < lowest || value > highest) {
    throw new ArgumentError(`value cannot be converted to type ${dtype} without overflow`, { op: "tensor" });
  }
  if (Number.isInteger(value)) return;
  throw new DTypeError(`tensor: expected integers for ${dtype}, received ${value}; use trunc() or another dtype`, {
    op: "tensor",
  });
}

type ArrayData = Exclude<TensorData, number | bigint | boolean | TensorBase | readonly TensorData[]>;

function fromArray(data: ArrayData, shape: number[], o: CreationOptions): Tensor {
  const own = dtypeOfArray(data);
  return finish(native.fromTypedArray(data, shape, optionalDtypeCode(o.dtype ?? own)), o);
}

/** A tensor of a shape, by default one dimension, from a typed array, row-major; the elements are copied. */
export function fromTypedArray(
  data: ArrayData,
  shape?: readonly number[] | CreationOptions,
  options: CreationOptions = {},
): Tensor {
  if (!ArrayBuffer.isView(data)) {
    throw new ArgumentError(`fromTypedArray: expected a typed array, received ${describe(data)}`, {
      op: "fromTypedArray",
    });
  }
  const sizes = Array.isArray(shape) ? [...(shape as readonly number[])] : [data.length];
  return fromArray(data, sizes, isOptions(shape) ? shape : options);
}
/** {@link fromTypedArray}, under PyTorch's name: a typed array is what NumPy's array is here. */
export const fromNumpy = alias("fromNumpy", fromTypedArray);

/** A number with a fixed element type, for operands: `x.mul(scalar(2, "float32"))`. */
export function scalar(value: number, dtype: DType): TypedScalar {
  return new TypedScalar(value, dtypeCode(dtype));
}

/** The data as a tensor: a tensor of the right type and device stays what it is. */
export const asTensor = byName("asTensor", (data: TensorData, options: CreationOptions = {}): Tensor => {
  if (isTensor(data)) return data.to({ dtype: options.dtype ?? data.dtype, device: options.device ?? data.device });
  return tensor(data, options);
});
