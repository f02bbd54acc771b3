/** Element types: a string union, its native codes, and the typed array of each. */
import { ArgumentError } from "./errors.js";
import { native } from "./native.js";

const NAMES = [
  "float32",
  "float64",
  "float16",
  "bfloat16",
  "int64",
  "int32",
  "int16",
  "int8",
  "uint8",
  "bool",
] as const;

/** The type of a tensor's elements. */
export type DType = (typeof NAMES)[number];

/** The typed arrays that cross the border. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Int16Array | Int8Array | Uint8Array | BigInt64Array;

/** The typed array that the elements of each type are read into; bool is 0 or 1, float16 and bfloat16 widen. */
export interface TypedArrays {
  float32: Float32Array;
  float64: Float64Array;
  float16: Float32Array;
  bfloat16: Float32Array;
  int64: BigInt64Array;
  int32: Int32Array;
  int16: Int16Array;
  int8: Int8Array;
  uint8: Uint8Array;
  bool: Uint8Array;
}

const TITLES: Readonly<Record<DType, string>> = {
  float32: "Float",
  float64: "Double",
  float16: "Half",
  bfloat16: "BFloat16",
  int64: "Long",
  int32: "Int",
  int16: "Short",
  int8: "Char",
  uint8: "Byte",
  bool: "Bool",
};

/** The name of a type in PyTorch's messages: `Float` for float32. */
export function dtypeTitle(dtype: DType): string {
  return TITLES[dtype];
}

const CODES = new Map<string, number>(NAMES.map((name, code) => [name, code]));
// PyTorch's second names.
for (const [alias, name] of [
  ["float", "float32"],
  ["double", "float64"],
  ["half", "float16"],
  ["long", "int64"],
  ["int", "int32"],
  ["short", "int16"],
] as const) {
  CODES.set(alias, NAMES.indexOf(name));
}

/** Whether a value names an element type. */
export function isDType(value: unknown): value is DType {
  return typeof value === "string" && CODES.has(value);
}

/** The native code of an element type. */
export function dtypeCode(dtype: DType): number {
  const code = CODES.get(dtype);
  if (code === undefined) {
    throw new ArgumentError(
      `dtype: expected one of ${NAMES.join(", ")}, received ${typeof dtype === "string" ? dtype : typeof dtype}`,
    );
  }
  return code;
}

/** The native code, or undefined for the operation's own rule. */
export function optionalDtypeCode(dtype: DType | null | undefined): number | undefined {
  return dtype === undefined || dtype === null ? undefined : dtypeCode(dtype);
}

/** The element type of a native code. */
export function dtypeName(code: number): DType {
  const name = NAMES[code];
  if (name === undefined) throw new ArgumentError(`dtype: unknown native code ${code}`);
  return name;
}

/** Whether the elements are floating-point numbers. */
export function isFloatingDtype(dtype: DType): boolean {
  return dtype === "float32" || dtype === "float64" || dtype === "float16" || dtype === "bfloat16";
}

/** Bytes of one element. */
export function itemSize(dtype: DType): number {
  switch (dtype) {
    case "float64":
    case "int64":
      return 8;
    case "float32":
    case "int32":
      return 4;
    case "float16":
    case "bfloat16":
    case "int16":
      return 2;
    case "int8":
    case "uint8":
    case "bool":
      return 1;
    default:
      return dtype satisfies never;
  }
}

/** The element type that a typed array carries. */
export function dtypeOfArray(data: ArrayBufferView): DType | undefined {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Float64Array) return "float64";
  if (data instanceof Int32Array) return "int32";
  if (data instanceof Int16Array) return "int16";
  if (data instanceof Int8Array) return "int8";
  if (data instanceof Uint8Array || data instanceof Uint8ClampedArray) return "uint8";
  if (data instanceof BigInt64Array) return "int64";
  return undefined;
}

/** A fresh typed array that holds `length` elements of a tensor of this type; float16 and bfloat16 widen to float32. */
export function arrayFor(dtype: DType, length: number): TypedArray {
  switch (dtype) {
    case "float32":
    case "float16":
    case "bfloat16":
      return new Float32Array(length);
    case "float64":
      return new Float64Array(length);
    case "int64":
      return new BigInt64Array(length);
    case "int32":
      return new Int32Array(length);
    case "int16":
      return new Int16Array(length);
    case "int8":
      return new Int8Array(length);
    case "uint8":
    case "bool":
      return new Uint8Array(length);
    default:
      return dtype satisfies never;
  }
}

/** Sets the floating-point type of new tensors. Default `"float32"`. Errors: a type that is not floating-point. */
export function setDefaultDtype(dtype: DType): void {
  native.setDefaultDtype(dtypeCode(dtype));
}

/** The floating-point type of new tensors. */
export function getDefaultDtype(): DType {
  return dtypeName(native.getDefaultDtype());
}
