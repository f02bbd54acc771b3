/** Exponential below zero: ELU, CELU, SELU. */

import { type Args, readArgs } from "../../args.js";
import { byName } from "../../by-name.js";
import { native } from "../../native.js";
import { pyFloat } from "../../repr.js";
import type { Tensor } from "../../tensor.js";
import { Module } from "../module.js";
import { either, type InplaceArgs, InplaceLayer, type InplaceOptions, inplaceRepr, readInplace } from "./inplace.js";

/** Options of {@link ELU} and {@link CELU}. */
export interface AlphaOptions extends InplaceOptions {
  /** What x far below 0 tends to, negated. Default 1. */
  alpha?: number;
}

const NAMES = ["alpha", "inplace"] as const;
type AlphaArgs = Args<AlphaOptions, ["alpha", "inplace"]>;

/** x for x > 0, else alpha (e^x - 1). */
export const elu = byName("nn.functional.elu", (x: Tensor, ...rest: AlphaArgs): Tensor => {
  const { alpha = 1, inplace } = readArgs<AlphaOptions>("elu", NAMES, rest);
  return either(x, inplace, native.elu, native.elu_, alpha);
});

/** {@link elu} in place. */
export const elu_ = byName(
  "nn.functional.elu_",
  (x: Tensor, alpha = 1): Tensor => either(x, true, native.elu, native.elu_, alpha),
);

/** x for x > 0, else alpha (e^(x / alpha) - 1). Errors: alpha 0. */
export const celu = byName("nn.functional.celu", (x: Tensor, ...rest: AlphaArgs): Tensor => {
  const { alpha = 1, inplace } = readArgs<AlphaOptions>("celu", NAMES, rest);
  return either(x, inplace, native.celu, native.celu_, alpha);
});

/** {@link celu} in place. */
export const celu_ = byName(
  "nn.functional.celu_",
  (x: Tensor, alpha = 1): Tensor => either(x, true, native.celu, native.celu_, alpha),
);

/** scale * (x for x > 0, else alpha (e^x - 1)), with alpha 1.6733 and scale 1.0507. */
export const selu = byName(
  "nn.functional.selu",
  (x: Tensor, ...rest: InplaceArgs): Tensor => either(x, readInplace("selu", rest), native.selu, native.selu_),
);

/** {@link selu} in place. */
export const selu_ = byName("nn.functional.selu_", (x: Tensor): Tensor => either(x, true, native.selu, native.selu_));

abstract class AlphaLayer extends Module {
  readonly alpha: number;
  readonly inplace: boolean;

  constructor(...args: AlphaArgs) {
    super();
    const { alpha = 1, inplace = false } = readArgs<AlphaOptions>(this.getName(), NAMES, args);
    this.alpha = alpha;
    this.inplace = inplace;
  }
  override extraRepr(): string {
    return `alpha=${pyFloat(this.alpha)}${inplaceRepr(this.inplace)}`;
  }
}

/** x for x > 0, else alpha (e^x - 1), element by element. Any shape.   [Clevert et al. 2016] */
export class ELU extends AlphaLayer {
  forward(x: Tensor): Tensor {
    return either(x, this.inplace, native.elu, native.elu_, this.alpha);
  }
}

/** x for x > 0, else alpha (e^(x / alpha) - 1), element by element. Any shape.   [Barron 2017] */
export class CELU extends AlphaLayer {
  forward(x: Tensor): Tensor {
    return either(x, this.inplace, native.celu, native.celu_, this.alpha);
  }
}

/** The ELU that keeps mean 0 and variance 1 of its inputs, element by element. Any shape.   [Klambauer et al. 2017] */
export class SELU extends InplaceLayer {
  forward(x: Tensor): Tensor {
    return either(x, this.inplace, native.selu, native.selu_);
  }
}
