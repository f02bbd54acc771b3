/** Functions of one tensor and of two operands, from native ones. */
import { byName } from "../by-name.js";
import type { Operand as NativeOperand, TensorHandle } from "../native.js";
import type { FUNCTIONS } from "../signatures.js";
import { handleOf, type Operand, operand, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

type Name = keyof typeof FUNCTIONS;

/** A function of one tensor. */
export function unary<K extends Name>(name: K, f: (x: TensorHandle) => TensorHandle) {
  return byName(name, (x: TensorBase): Tensor => wrap(f(handleOf(x))));
}

/** A function of two operands, tensors or numbers. */
export function binary<K extends Name>(name: K, f: (a: NativeOperand, b: NativeOperand) => TensorHandle) {
  return byName(name, (a: Operand, b: Operand): Tensor => wrap(f(operand(a), operand(b))));
}
