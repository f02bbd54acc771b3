/** Comparisons of whole tensors. */

import { readArgs } from "../args.js";
import { byName } from "../by-name.js";
import { dtypeTitle } from "../dtype.js";
import { ArgumentError, DTypeError } from "../errors.js";
import { native } from "../native.js";
import { handleOf, type TensorBase } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { abs, add, eq, isfinite, le, logicalAnd, logicalOr, mul, ne, sub } from "./pointwise.js";

/** Options of {@link allclose} and {@link isclose}. */
export interface CloseOptions {
  /** The relative tolerance. Default 1e-5. */
  rtol?: number;
  /** The absolute tolerance. Default 1e-8. */
  atol?: number;
  /** Whether NaN equals NaN. Default false. */
  equalNan?: boolean;
}

const CLOSE = ["rtol", "atol", "equalNan"] as const;
type CloseArgs = [(number | CloseOptions)?, (number | CloseOptions)?, (boolean | CloseOptions)?];

/** Whether |a - b| <= atol + rtol * |b|, element by element. `isclose(a, b, 1e-5, 1e-8)`, `isclose(a, b, { rtol })`. */
export const isclose = byName("isclose", (a: TensorBase, b: TensorBase, ...args: CloseArgs): Tensor => {
  const { rtol = 1e-5, atol = 1e-8, equalNan = false } = readArgs<CloseOptions>("isclose", CLOSE, args);
  handleOf(a);
  handleOf(b);
  for (const [name, value] of Object.entries({ rtol, atol })) {
    if (value < 0) {
      throw new ArgumentError(`${name} must be greater than or equal to zero, but got ${value}`, { op: "isclose" });
    }
  }
  if (a.dtype !== b.dtype) {
    throw new DTypeError(`${dtypeTitle(a.dtype)} did not match ${dtypeTitle(b.dtype)}`, { op: "isclose" });
  }
  if (a.dtype === "bool") return eq(a, b);
  const near = le(abs(sub(a, b)), add(mul(abs(b), rtol), atol));
  // Infinities have no finite difference, yet equal ones are close.
  const close = logicalOr(eq(a, b), logicalAnd(near, isfinite(b)));
  return equalNan ? logicalOr(close, logicalAnd(ne(a, a), ne(b, b))) : close;
});

/** Whether every element of a {@link isclose} to b's. `allclose(a, b, 1e-5, 1e-8)` or `allclose(a, b, { rtol })`. */
export const allclose = byName(
  "allclose",
  (a: TensorBase, b: TensorBase, ...args: CloseArgs): boolean =>
    native.item(native.all(handleOf(isclose(a, b, ...args)), null, false)) === true,
);

/** Whether two tensors have the same shape and the same elements. */
export const equal = byName("equal", (a: TensorBase, b: TensorBase): boolean => native.equal(handleOf(a), handleOf(b)));
