/** Dropout.   [Srivastava et al. 2014] */
import { type Args, readArgs } from "../args.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { pyRepr } from "../repr.js";
import { handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";

/** Options of the dropout functions. */
export interface DropoutFunctionOptions {
  /** The probability that an element becomes 0. Default 0.5. */
  p?: number;
  /** Whether to drop at all. Default true. */
  training?: boolean;
  /** Whether the input itself is changed. Default false. */
  inplace?: boolean;
}

const NAMES = ["p", "training", "inplace"] as const;
type DropoutArgs = Args<DropoutFunctionOptions, ["p", "training", "inplace"]>;

/** Zeroes each element with probability p and multiplies the others by 1 / (1 - p). */
export function dropout(x: Tensor, ...rest: DropoutArgs): Tensor {
  return drop(x, readArgs<DropoutFunctionOptions>("dropout", NAMES, rest), native.dropout);
}

/** Zeroes whole channels of [N, C, ...] with probability p and multiplies the others by 1 / (1 - p). */
export function dropout2d(x: Tensor, ...rest: DropoutArgs): Tensor {
  return drop(x, readArgs<DropoutFunctionOptions>("dropout2d", NAMES, rest), native.featureDropout);
}

function drop(x: Tensor, o: DropoutFunctionOptions, kernel: typeof native.dropout): Tensor {
  const { p = 0.5, training = true, inplace = false } = o;
  checkProbability(p);
  if (!training || p === 0) return x;
  const out = wrap(kernel(handleOf(x), p, true));
  return inplace ? overwrite(x, out) : out;
}

/** An in-place result of an operation that native code only has out of place. */
function overwrite<T extends TensorBase>(x: T, value: TensorBase): T {
  native.copy_(handleOf(x), handleOf(value));
  return x;
}

function checkProbability(p: number): void {
  if (!(p >= 0 && p <= 1)) {
    throw new ArgumentError(`dropout probability has to be between 0 and 1, but got ${pyRepr(p)}`);
  }
}

/** Options of {@link Dropout} and {@link Dropout2d}. */
export interface DropoutOptions {
  /** The probability that an element becomes 0. Default 0.5. */
  p?: number;
  /** Whether the input itself is changed. Default false. */
  inplace?: boolean;
}

type LayerArgs = Args<DropoutOptions, ["p", "inplace"]>;

abstract class DropoutLayer extends Module {
  p: number;
  readonly inplace: boolean;

  constructor(...args: LayerArgs) {
    super();
    const { p = 0.5, inplace = false } = readArgs<DropoutOptions>(this.getName(), ["p", "inplace"], args);
    checkProbability(p);
    this.p = p;
    this.inplace = inplace;
  }

  override extraRepr(): string {
    return `p=${pyRepr(this.p)}, inplace=${pyRepr(this.inplace)}`;
  }
}

/**
 * In training, zeroes each element with probability p and multiplies the others by 1 / (1 - p), so that the expectation
 * stays; in evaluation the identity. Any shape.
 */
export class Dropout extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return drop(x, { p: this.p, training: this.training, inplace: this.inplace }, native.dropout);
  }
}

/** As {@link Dropout}, for whole channels. Input [N, C, H, W]. */
export class Dropout2d extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return drop(x, { p: this.p, training: this.training, inplace: this.inplace }, native.featureDropout);
  }
}
