/** Sizes that PyTorch takes as one number or a tuple. */
import { listOf } from "../argument-types.js";
import { ArgumentError } from "../errors.js";

/** One number, or one per spatial dimension. */
export type IntOrTuple = number | readonly number[];

/** One number per spatial dimension. Errors: a tuple of another length; no integers. */
export function tuple(op: string, name: string, value: IntOrTuple, length: number): number[] {
  const list = typeof value === "number" ? Array<number>(length).fill(value) : listOf(op, name, value);
  if (list.length !== length || !list.every(Number.isInteger)) {
    throw new ArgumentError(
      `${op}: expected ${name} to be an integer or ${length} of them, received [${list.join(", ")}]`,
      { op },
    );
  }
  return list;
}

/** One number or a tuple as the native side takes it: one or `length` numbers. */
export function ints(value: IntOrTuple): number[] {
  return typeof value === "number" ? [value] : listOf("size", "sizes", value);
}
