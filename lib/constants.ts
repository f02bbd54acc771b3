/** PyTorch's constants. */

/** The ratio of a circle's circumference to its diameter. */
export const pi = Math.PI;
/** Euler's number. */
export const e = Math.E;
/** Positive infinity. */
export const inf = Number.POSITIVE_INFINITY;
/** Not a number. */
export const nan = Number.NaN;
/** A new dimension of size 1 in an index: `x.index("...", torch.newaxis)`. */
export const newaxis = null;
