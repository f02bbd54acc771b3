/** Views as copies: `permuteCopy(x, ...)` is `permute(x, ...)` with storage of its own. */
import type { TensorBase } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import * as shape from "./shape.js";

const copied =
  <A extends unknown[]>(view: (x: TensorBase, ...rest: A) => Tensor): ((x: TensorBase, ...rest: A) => Tensor) =>
  (x, ...rest) =>
    shape.clone(view(x, ...rest));
const allCopied =
  <A extends unknown[]>(views: (x: TensorBase, ...rest: A) => Tensor[]): ((x: TensorBase, ...rest: A) => Tensor[]) =>
  (x, ...rest) =>
    views(x, ...rest).map(shape.clone);

/** A copy of x. */
export const aliasCopy = shape.clone;
/** A copy of {@link shape.asStrided}. */
export const asStridedCopy = copied(shape.asStrided);
/** A copy of {@link shape.diagonal}. */
export const diagonalCopy = copied(shape.diagonal);
/** A copy of {@link shape.expand}. */
export const expandCopy = copied(shape.expand);
/** A copy of {@link shape.narrow}. */
export const narrowCopy = copied(shape.narrow);
/** A copy of {@link shape.permute}. */
export const permuteCopy = copied(shape.permute);
/** A copy of {@link shape.squeeze}. */
export const squeezeCopy = copied(shape.squeeze);
/** A copy of {@link shape.t}. */
export const tCopy = copied(shape.t);
/** A copy of {@link shape.transpose}. */
export const transposeCopy = copied(shape.transpose);
/** A copy of {@link shape.unfold}. */
export const unfoldCopy = copied(shape.unfold);
/** A copy of {@link shape.unsqueeze}. */
export const unsqueezeCopy = copied(shape.unsqueeze);
/** A copy of {@link shape.view}. */
export const viewCopy = copied(shape.view);
/** Copies of {@link shape.splitWithSizes}. */
export const splitWithSizesCopy = allCopied(shape.splitWithSizes);
/** Copies of {@link shape.unbind}. */
export const unbindCopy = allCopied(shape.unbind);
