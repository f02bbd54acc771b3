/** PyTorch's older constructors: `new torch.FloatTensor([0, 1])`, `new torch.LongTensor(2, 3)`, `torch.autograd.Variable(x)`. */

import { type TensorData, tensor } from "./creation/data.js";
import { empty } from "./creation/filled.js";
import { type DType, getDefaultDtype } from "./dtype.js";
import { ArgumentError, DTypeError } from "./errors.js";
import { describe, isTensor, type TensorBase } from "./tensor/base.js";
import type { Tensor } from "./tensor.js";

/** What such a constructor takes: sizes, or data, or a tensor of its type. */
export type LegacyArgs = readonly number[] | readonly [data: TensorData | readonly number[]];

/** Sizes give unset elements, data a copy of the type, a tensor of the type itself shares its storage. */
export function legacyTensor(args: readonly unknown[], dtype: DType = getDefaultDtype()): Tensor {
  const [first] = args;
  if (args.every((value) => typeof value === "number")) return empty(args.length === 0 ? [0] : args, { dtype });
  if (args.length > 1) {
    throw new ArgumentError(`new(): expected sizes, or data alone, received ${args.map(describe).join(", ")}`);
  }
  if (isTensor(first)) {
    if (first.dtype === dtype) return first.detach();
    throw new DTypeError(`expected ${dtype} (got ${first.dtype})`, { op: "new" });
  }
  return tensor(first as TensorData, { dtype });
}

/** A constructor of tensors of one type; `x instanceof torch.LongTensor` asks for the type. */
export interface TypedTensor {
  new (...sizes: number[]): Tensor;
  new (data: TensorData): Tensor;
  (...sizes: number[]): Tensor;
  (data: TensorData): Tensor;
  /** The type of its tensors. */
  readonly dtype: DType;
}

function typed(name: string, dtype: DType): TypedTensor {
  function make(...args: unknown[]): Tensor {
    return legacyTensor(args, dtype);
  }
  Object.defineProperty(make, "name", { value: name });
  Object.defineProperty(make, "dtype", { value: dtype });
  Object.defineProperty(make, Symbol.hasInstance, { value: (x: unknown) => isTensor(x) && x.dtype === dtype });
  return make as unknown as TypedTensor;
}

export const FloatTensor = typed("FloatTensor", "float32");
export const DoubleTensor = typed("DoubleTensor", "float64");
export const HalfTensor = typed("HalfTensor", "float16");
export const BFloat16Tensor = typed("BFloat16Tensor", "bfloat16");
export const LongTensor = typed("LongTensor", "int64");
export const IntTensor = typed("IntTensor", "int32");
export const ShortTensor = typed("ShortTensor", "int16");
export const CharTensor = typed("CharTensor", "int8");
export const ByteTensor = typed("ByteTensor", "uint8");
export const BoolTensor = typed("BoolTensor", "bool");

/** `autograd.Variable`, which has been the tensor itself since PyTorch 0.4; with and without `new`. */
export interface VariableConstructor {
  new (data: TensorBase, requiresGrad?: boolean | { requiresGrad?: boolean }): Tensor;
  (data: TensorBase, requiresGrad?: boolean | { requiresGrad?: boolean }): Tensor;
}

function variable(data: Tensor, requiresGrad?: boolean | { requiresGrad?: boolean }): Tensor {
  if (!isTensor(data)) throw new ArgumentError(`Variable data has to be a tensor, but got ${describe(data)}`);
  const wanted = typeof requiresGrad === "object" ? requiresGrad.requiresGrad : requiresGrad;
  return wanted === undefined ? data : data.detach().requiresGrad_(wanted);
}

/** The tensor itself; with `requiresGrad` a tensor of its storage that is, or is not, recorded. */
export const Variable = variable as unknown as VariableConstructor;
