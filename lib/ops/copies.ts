/** Views as copies: `permuteCopy(x, ...)` is `permute(x, ...)` with storage of its own. */
import { byName } from "../by-name.js";
import type { Bare } from "../by-name-types.js";
import type { FUNCTIONS } from "../signatures.js";
import type { Tensor } from "../tensor.js";
import * as shape from "./shape.js";

type Name = keyof typeof FUNCTIONS;
type Loose = (...args: unknown[]) => Tensor;

/** The copy of what a function of views gives. */
function copied<K extends Name, T>(name: K, view: T) {
  const run = view as Loose;
  return byName(name, ((...args) => shape.clone(run(...args))) as Loose as Bare<T>);
}
function allCopied<K extends Name, T>(name: K, views: T) {
  const run = views as (...args: unknown[]) => Tensor[];
  return byName(name, ((...args: unknown[]) => run(...args).map((y) => shape.clone(y))) as unknown as Bare<T>);
}

/** A copy of x. */
export const aliasCopy = shape.clone;
/** A copy of {@link shape.asStrided}. */
export const asStridedCopy = copied("asStridedCopy", shape.asStrided);
/** A copy of {@link shape.diagonal}. */
export const diagonalCopy = copied("diagonalCopy", shape.diagonal);
/** A copy of {@link shape.expand}. */
export const expandCopy = copied("expandCopy", shape.expand);
/** A copy of {@link shape.narrow}. */
export const narrowCopy = copied("narrowCopy", shape.narrow);
/** A copy of {@link shape.permute}. */
export const permuteCopy = copied("permuteCopy", shape.permute);
/** A copy of {@link shape.squeeze}. */
export const squeezeCopy = copied("squeezeCopy", shape.squeeze);
/** A copy of {@link shape.t}. */
export const tCopy = copied("tCopy", shape.t);
/** A copy of {@link shape.transpose}. */
export const transposeCopy = copied("transposeCopy", shape.transpose);
/** A copy of {@link shape.unfold}. */
export const unfoldCopy = copied("unfoldCopy", shape.unfold);
/** A copy of {@link shape.unsqueeze}. */
export const unsqueezeCopy = copied("unsqueezeCopy", shape.unsqueeze);
/** A copy of {@link shape.view}. */
export const viewCopy = copied("viewCopy", shape.view);
/** Copies of {@link shape.splitWithSizes}. */
export const splitWithSizesCopy = allCopied("splitWithSizesCopy", shape.splitWithSizes);
/** Copies of {@link shape.unbind}. */
export const unbindCopy = allCopied("unbindCopy", shape.unbind);
