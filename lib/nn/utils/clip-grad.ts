/** Clipping gradients, all in one call. */

import { type Args, readArgs } from "../../args.js";
import { withoutGrad } from "../../autograd/modes.js";
import { byName } from "../../by-name.js";
import { tensor } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { native } from "../../native.js";
import { pyFloat } from "../../repr.js";
import { handleOf, type TensorBase, tensorsOf, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";

/** Options of {@link clipGradNorm_} and {@link getTotalNorm}. */
export interface TotalNormOptions {
  /** The p of the norm; `Infinity` for the largest magnitude. Default 2. */
  normType?: number;
  /** Whether a norm that is infinite or NaN raises. Default false. */
  errorIfNonfinite?: boolean;
  /** Accepted for PyTorch's sake. */
  foreach?: boolean | null;
}

type NormArgs = Args<TotalNormOptions, ["normType", "errorIfNonfinite", "foreach"]>;
const NORM = ["normType", "errorIfNonfinite", "foreach"] as const;

/** One tensor or several. */
export type Tensors = Tensor | Iterable<Tensor>;

function listOf(xs: Tensors): Tensor[] {
  return tensorsOf("clipGrad", "parameters", xs);
}

function gradsOf(parameters: Tensors): Tensor[] {
  return listOf(parameters).flatMap(({ grad }) => (grad === null ? [] : [grad]));
}

/** The norm of all tensors together, as if they were one vector. Errors: with `errorIfNonfinite`, one that is not finite. */
export const getTotalNorm = byName("nn.utils.getTotalNorm", (tensors: Tensors, ...rest: NormArgs): Tensor => {
  const { normType = 2, errorIfNonfinite = false } = readArgs<TotalNormOptions>("getTotalNorm", NORM, rest);
  const list = listOf(tensors);
  if (list.length === 0) return tensor(0, { dtype: "float32" });
  const total = wrap(native.totalNorm(list.map(handleOf), normType));
  if (errorIfNonfinite && !Number.isFinite(total.item())) {
    const order = Number.isFinite(normType) ? pyFloat(normType) : "inf";
    throw new ArgumentError(
      `The total norm of order ${order} for gradients from \`parameters\` is non-finite, so it cannot be clipped. To disable this error and scale the gradients by the non-finite norm anyway, set \`error_if_nonfinite=False\``,
      { op: "getTotalNorm" },
    );
  }
  return total;
});

/** Multiplies the gradients by min(maxNorm / (totalNorm + 1e-6), 1), in place. */
export const clipGradsWithNorm_ = byName(
  "nn.utils.clipGradsWithNorm_",
  (parameters: Tensors, maxNorm: number, totalNorm: TensorBase, _foreach?: boolean | null): void => {
    const grads = gradsOf(parameters);
    if (grads.length === 0) return;
    withoutGrad(() => native.clipWithNorm_(grads.map(handleOf), maxNorm, handleOf(totalNorm)));
  },
);

/**
 * Scales the gradients in place so that their norm as one vector is at most `maxNorm`; gives the norm before.
 * [Pascanu et al. 2013]
 */
export const clipGradNorm_ = byName(
  "nn.utils.clipGradNorm_",
  (parameters: Tensors, maxNorm: number, ...rest: NormArgs): Tensor => {
    const list = listOf(parameters);
    const total = getTotalNorm(gradsOf(list), ...rest);
    clipGradsWithNorm_(list, maxNorm, total);
    return total;
  },
);

/** Clips every element of the gradients to [-clipValue, clipValue], in place. */
export const clipGradValue_ = byName(
  "nn.utils.clipGradValue_",
  (parameters: Tensors, clipValue: number, _foreach?: boolean | null): void => {
    withoutGrad(() => {
      for (const grad of gradsOf(parameters)) grad.clamp_(-clipValue, clipValue);
    });
  },
);
