/** What element types are: their names as values, promotion, casts, and the limits of their numbers. */
import { inspect } from "node:util";
import { type DType, dtypeCode, dtypeName, getDefaultDtype, isFloatingDtype, itemSize } from "./dtype.js";
import { ArgumentError } from "./errors.js";
import { native, type TensorHandle } from "./native.js";
import { isTensor, type Operand, operand } from "./tensor/base.js";

export const float32 = "float32";
export const float64 = "float64";
export const float16 = "float16";
export const bfloat16 = "bfloat16";
export const int64 = "int64";
export const int32 = "int32";
export const int16 = "int16";
export const int8 = "int8";
export const uint8 = "uint8";
export const bool = "bool";
/** PyTorch's second names. */
export { float16 as half, float32 as float, float64 as double, int16 as short, int32 as int, int64 as long };

const emptyOf = (dtype: DType, shape: number[] = [0]): TensorHandle => native.empty(shape, dtypeCode(dtype));

/** The type that an operation of two types computes in. `promoteTypes("int8", "uint8")` is int16. */
export function promoteTypes(type1: DType, type2: DType): DType {
  return dtypeName(native.dtype(native.add(emptyOf(type1), emptyOf(type2))));
}

/** The type of the result of an operation of two operands: tensors with dimensions count before those without and numbers. */
export function resultType(tensor1: Operand, tensor2: Operand): DType {
  // Only the type and whether there are dimensions matter, not the values.
  const light = (x: Operand) => (isTensor(x) ? emptyOf(x.dtype, x.ndim === 0 ? [] : [0]) : operand(x));
  return dtypeName(native.dtype(native.add(light(tensor1), light(tensor2))));
}

/** Whether an in-place operation may write a result of one type into a tensor of another: floats do not fit integers, only bool fits bool. */
export function canCast(from: DType, to: DType): boolean {
  dtypeCode(from);
  dtypeCode(to);
  if (isFloatingDtype(from) && !isFloatingDtype(to)) return false;
  return from === "bool" || to !== "bool";
}

/** The limits of a floating-point type. */
export interface FloatInfo {
  /** Bits of one number. */
  readonly bits: number;
  /** The distance from 1 to the next larger number. */
  readonly eps: number;
  readonly max: number;
  readonly min: number;
  /** The smallest positive number that is not denormal. */
  readonly smallestNormal: number;
  /** {@link smallestNormal}, under its older name. */
  readonly tiny: number;
  /** The decimal resolution. */
  readonly resolution: number;
  readonly dtype: DType;
}

/** The limits of an integer type; those of int64 are bigints. */
export interface IntInfo {
  /** Bits of one number. */
  readonly bits: number;
  readonly max: number | bigint;
  readonly min: number | bigint;
  readonly dtype: DType;
}

/** Bits behind the point, the largest exponent, decimal digits of resolution. */
const FLOATS: Readonly<Partial<Record<DType, readonly [mantissa: number, exponent: number, digits: number]>>> = {
  float32: [23, 127, 6],
  float64: [52, 1023, 15],
  float16: [10, 15, 3],
  bfloat16: [7, 127, 2],
};

/** Python's `%g`: six significant digits. */
function general(value: number): string {
  // C rounds a tie to the even digit, JavaScript upwards; a number this little smaller is no tie.
  const [mantissa = "", exponent = "0"] = (value * (1 - Number.EPSILON)).toExponential(5).split("e");
  const digits = (text: string) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  const power = Number(exponent);
  if (power >= -4 && power < 6) return digits((Number(mantissa) * 10 ** power).toFixed(Math.max(5 - power, 0)));
  return `${digits(mantissa)}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** Gives an object PyTorch's printed form, hidden from iteration and comparison. */
function printed<T extends object>(info: T, name: string, fields: Record<string, number | bigint>, dtype: DType): T {
  const list = Object.entries(fields).map(([key, value]) => `${key}=${general(Number(value))}`);
  const text = `${name}(${list.join(", ")}, dtype=${dtype})`;
  const show = { value: () => text, enumerable: false };
  return Object.freeze(Object.defineProperties(info, { toString: show, [inspect.custom]: show }));
}

/** The limits of a floating-point type, by default the default type. Errors: another type. */
export function finfo(dtype: DType = getDefaultDtype()): FloatInfo {
  const found = FLOATS[dtypeName(dtypeCode(dtype))];
  if (found === undefined) {
    throw new ArgumentError(
      "torch.finfo() requires a floating point input type. Use torch.iinfo to handle 'torch.finfo'",
    );
  }
  const [mantissa, exponent, digits] = found;
  const eps = 2 ** -mantissa;
  const max = (2 - eps) * 2 ** exponent;
  const tiny = 2 ** (1 - exponent);
  const resolution = Number(`1e-${digits}`);
  const name = dtypeName(dtypeCode(dtype));
  const info = { bits: 8 * itemSize(name), eps, max, min: -max, smallestNormal: tiny, tiny, resolution, dtype: name };
  return printed(info, "finfo", { resolution, min: -max, max, eps, smallest_normal: tiny, tiny }, name);
}

/** The limits of an integer type. Errors: another type. */
export function iinfo(dtype: DType): IntInfo {
  const name = dtypeName(dtypeCode(dtype));
  if (isFloatingDtype(name) || name === "bool") {
    throw new ArgumentError("torch.iinfo() requires an integer input type. Use torch.finfo to handle 'torch.iinfo'");
  }
  const bits = 8 * itemSize(name);
  const signed = name !== "uint8";
  const [low, high] = signed ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n] : [0n, 2n ** BigInt(bits) - 1n];
  const [min, max] = bits === 64 ? [low, high] : [Number(low), Number(high)];
  return printed({ bits, max, min, dtype: name }, "iinfo", { min, max }, name);
}
