/** Dropout of elements and of channels.   [Srivastava et al. 2014; Klambauer et al. 2017] */

import { type Args, readArgs } from "../args.js";
import { byName } from "../by-name.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { native } from "../native.js";
import { squeeze, unsqueeze } from "../ops/shape.js";
import { pyFloat, pyRepr } from "../repr.js";
import { handleOf, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { warnOnce } from "../warnings.js";
import { Module } from "./module.js";

/** Options of the dropout functions. */
export interface DropoutFunctionOptions {
  /** The probability that an element becomes 0. Default 0.5. */
  p?: number;
  /** Whether to drop at all. Default true, but false for {@link alphaDropout} and {@link featureAlphaDropout}. */
  training?: boolean;
  /** Whether the input itself is changed. Default false. */
  inplace?: boolean;
}

const NAMES = ["p", "training", "inplace"] as const;
type DropoutArgs = Args<DropoutFunctionOptions, ["p", "training", "inplace"]>;

/** Zeroes each element with probability p and multiplies the others by 1 / (1 - p). */
export const dropout = byName(
  "nn.functional.dropout",
  (x: Tensor, ...rest: DropoutArgs): Tensor =>
    drop(x, readArgs<DropoutFunctionOptions>("dropout", NAMES, rest), ELEMENTS),
);

/** {@link dropout} of whole channels of [N, C, L] or [C, L]. Errors: another number of dimensions. */
export const dropout1d = byName(
  "nn.functional.dropout1d",
  (x: Tensor, ...rest: DropoutArgs): Tensor => drop1d(x, readArgs<DropoutFunctionOptions>("dropout1d", NAMES, rest)),
);

/** {@link dropout} of whole channels of [N, C, H, W] (or [N, C, ...]). */
export const dropout2d = byName(
  "nn.functional.dropout2d",
  (x: Tensor, ...rest: DropoutArgs): Tensor => drop2d(x, readArgs<DropoutFunctionOptions>("dropout2d", NAMES, rest)),
);

/** {@link dropout} of whole channels of [N, C, D, H, W] or [C, D, H, W]. */
export const dropout3d = byName(
  "nn.functional.dropout3d",
  (x: Tensor, ...rest: DropoutArgs): Tensor => drop3d(x, readArgs<DropoutFunctionOptions>("dropout3d", NAMES, rest)),
);

/** Dropout that keeps the mean and the variance of activations behind SELU: what falls takes SELU's lower limit. */
export const alphaDropout = byName("nn.functional.alphaDropout", (x: Tensor, ...rest: DropoutArgs): Tensor => {
  const o = readArgs<DropoutFunctionOptions>("alphaDropout", NAMES, rest);
  return drop(x, { training: false, ...o }, ALPHA);
});

/** {@link alphaDropout} of whole channels of [N, C, ...]. */
export const featureAlphaDropout = byName(
  "nn.functional.featureAlphaDropout",
  (x: Tensor, ...rest: DropoutArgs): Tensor => {
    const o = readArgs<DropoutFunctionOptions>("featureAlphaDropout", NAMES, rest);
    return drop(x, { training: false, ...o }, FEATURE_ALPHA);
  },
);

/** What falls, and what takes its place. */
interface Kind {
  readonly feature: boolean;
  readonly alpha: boolean;
}
const ELEMENTS: Kind = { feature: false, alpha: false };
const CHANNELS: Kind = { feature: true, alpha: false };
const ALPHA: Kind = { feature: false, alpha: true };
const FEATURE_ALPHA: Kind = { feature: true, alpha: true };

function drop(x: Tensor, o: DropoutFunctionOptions, { feature, alpha }: Kind): Tensor {
  const { p = 0.5, training = true, inplace = false } = o;
  checkProbability(p);
  if (!training || p === 0) return x;
  if (!inplace) return wrap(native.dropout(handleOf(x), p, feature, alpha));
  native.dropout_(handleOf(x), p, feature, alpha);
  return x;
}

function drop1d(x: Tensor, o: DropoutFunctionOptions): Tensor {
  if (x.ndim !== 2 && x.ndim !== 3) {
    throw new ShapeError(
      `dropout1d: Expected 2D or 3D input, but received a ${x.ndim}D input. Note that dropout1d exists to provide channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch dimension (i.e. 2D or 3D inputs).`,
    );
  }
  return x.ndim === 3 ? drop(x, o, CHANNELS) : single(x, o);
}

function drop2d(x: Tensor, o: DropoutFunctionOptions): Tensor {
  if (x.ndim !== 3 && x.ndim !== 4) warnRank("dropout2d", x, 2, "3D or 4D");
  else if (x.ndim === 3) {
    warnOnce(
      "CANDLEWICK_DROPOUT2D_3D",
      "dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout behavior is desired - input is interpreted as shape (N, C, L), where C is the channel dim. This behavior will change in a future release to interpret the input as one without a batch dimension, i.e. shape (C, H, W). To maintain the 1D channel-wise dropout behavior, please switch to using dropout1d instead.",
    );
  }
  return drop(x, o, CHANNELS);
}

function warnRank(name: string, x: Tensor, spatial: number, ranks: string): void {
  warnOnce(
    "CANDLEWICK_DROPOUT_RANK",
    `${name}: Received a ${x.ndim}-D input to ${name}, which is deprecated and will result in an error in a future release. To retain the behavior and silence this warning, please use dropout instead. Note that ${name} exists to provide channel-wise dropout on inputs with ${spatial} spatial dimensions, a channel dimension, and an optional batch dimension (i.e. ${ranks} inputs).`,
  );
}

function drop3d(x: Tensor, o: DropoutFunctionOptions): Tensor {
  if (x.ndim !== 4 && x.ndim !== 5) warnRank("dropout3d", x, 3, "4D or 5D");
  return x.ndim === 5 ? drop(x, o, CHANNELS) : single(x, o);
}

/** Channels of one sample without a batch dimension. */
function single(x: Tensor, o: DropoutFunctionOptions): Tensor {
  const y = drop(unsqueeze(x, 0), o, CHANNELS);
  return o.inplace === true ? x : squeeze(y, 0);
}

function checkProbability(p: number): void {
  if (!(p >= 0 && p <= 1)) {
    throw new ArgumentError(`dropout probability has to be between 0 and 1, but got ${pyRepr(p)}`);
  }
}

/** Options of {@link Dropout} and its kin. */
export interface DropoutOptions {
  /** The probability that an element becomes 0. Default 0.5. */
  p?: number;
  /** Whether the input itself is changed. Default false. */
  inplace?: boolean;
}

abstract class DropoutLayer extends Module {
  p: number;
  readonly inplace: boolean;

  constructor(...args: Args<DropoutOptions, ["p", "inplace"]>) {
    super();
    const { p = 0.5, inplace = false } = readArgs<DropoutOptions>(this.getName(), ["p", "inplace"], args);
    checkProbability(p);
    this.p = p;
    this.inplace = inplace;
  }

  override extraRepr(): string {
    return `p=${pyFloat(this.p)}, inplace=${pyRepr(this.inplace)}`;
  }
}

/**
 * In training, zeroes each element with probability p and multiplies the others by 1 / (1 - p), so that the expectation
 * stays; in evaluation the identity. Any shape.
 */
export class Dropout extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return drop(x, this, ELEMENTS);
  }
}

/** As {@link Dropout}, for whole channels. Input [N, C, L] or [C, L]. */
export class Dropout1d extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return drop1d(x, this);
  }
}

/** As {@link Dropout}, for whole channels. Input [N, C, H, W]. */
export class Dropout2d extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return drop2d(x, this);
  }
}

/** As {@link Dropout}, for whole channels. Input [N, C, D, H, W] or [C, D, H, W]. */
export class Dropout3d extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return drop3d(x, this);
  }
}

/** Dropout that keeps the mean and the variance of activations behind {@link SELU}. Any shape. */
export class AlphaDropout extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return drop(x, { p: this.p, training: this.training }, ALPHA);
  }
}

/** As {@link AlphaDropout}, for whole channels. Input [N, C, ...]. */
export class FeatureAlphaDropout extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return drop(x, { p: this.p, training: this.training }, FEATURE_ALPHA);
  }
}
