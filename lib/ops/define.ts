/** Functions of one tensor and of two operands, from native ones. */
import type { Operand as NativeOperand, TensorHandle } from "../native.js";
import { handleOf, type Operand, operand, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

/** A function of one tensor. */
export function unary(f: (x: TensorHandle) => TensorHandle): (x: TensorBase) => Tensor {
  return (x) => wrap(f(handleOf(x)));
}

/** A function of two operands, tensors or numbers. */
export function binary(f: (a: NativeOperand, b: NativeOperand) => TensorHandle): (a: Operand, b: Operand) => Tensor {
  return (a, b) => wrap(f(operand(a), operand(b)));
}
