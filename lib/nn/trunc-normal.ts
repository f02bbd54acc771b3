/** The normal distribution between two bounds, drawn by rejection as PyTorch draws it. */

import { withoutGrad } from "../autograd/modes.js";
import { byNameBeside } from "../by-name.js";
import { empty, tensor } from "../creation.js";
import { native } from "../native.js";
import { where } from "../ops/join.js";
import { erf, log } from "../ops/pointwise.js";
import { generatorHandle } from "../random.js";
import { handleOf, type TensorBase } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import type { InitOptions } from "./init.js";

/** The part of the standard normal distribution below x. */
function below(x: number): number {
  if (!Number.isFinite(x)) return x > 0 ? 1 : 0;
  return (1 + erf(tensor(x / Math.SQRT2, { dtype: "float64" })).item()) / 2;
}

/** Makes a tensor of the shape and type that is wanted, filled with draws. */
type Draw = () => Tensor;

/** Most draws of the normal distribution lie inside: the others are drawn again. */
function redrawn(normal: Draw, a: number, b: number): Tensor {
  let result = normal();
  for (;;) {
    const outside = result.lt(a).logicalOr(result.gt(b));
    if (outside.any().item() === 0) return result;
    result = where(outside, normal(), result);
  }
}

/** Few do: draws are uniform between the bounds, and accepted in proportion to the density. */
function accepted(candidates: Draw, chance: Draw, logDensity: (y: Tensor) => Tensor): Tensor {
  let result = candidates();
  let pending = log(chance()).gt(logDensity(result));
  while (pending.any().item() !== 0) {
    const next = candidates();
    result = where(pending, next, result);
    pending = pending.logicalAnd(log(chance()).gt(logDensity(next)));
  }
  return result;
}

/** Normal with the given mean and standard deviation, restricted to [a, b]. */
export const truncNormal_ = byNameBeside(
  "nn.init.truncNormal_",
  <T extends TensorBase>(x: T, mean = 0, std = 1, a = -2, b = 2, options: InitOptions = {}): T => {
    const generator = generatorHandle(options.generator);
    const draw = (fill: (y: Tensor) => void): Tensor => {
      const y = empty([...x.shape], { dtype: x.dtype });
      fill(y);
      return y;
    };
    const uniform =
      (from: number, to: number): Draw =>
      () =>
        draw((y) => native.uniform_(handleOf(y), from, to, generator));
    const normal: Draw = () => draw((y) => native.normal_(handleOf(y), mean, std, generator));
    const peak = -0.5 * ((Math.max(a, Math.min(mean, b)) - mean) / std) ** 2;
    const logDensity = (y: Tensor): Tensor => y.sub(mean).div(std).pow(2).mul(-0.5).sub(peak);
    withoutGrad(() => {
      const inside = below((b - mean) / std) - below((a - mean) / std);
      const result = inside > 0.3 ? redrawn(normal, a, b) : accepted(uniform(a, b), uniform(0, 1), logDensity);
      native.copy_(handleOf(x), handleOf(result));
    });
    return x;
  },
);
