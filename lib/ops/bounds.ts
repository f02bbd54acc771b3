/** Reading the bounds of a clamp. */
import { isOptions } from "../args.js";
import type { Bound, ClampOptions } from "./pointwise.js";

/** The bounds of a clamp, by position or by name. */
export function bounds(min?: Bound | ClampOptions, max?: Bound): [Bound, Bound] {
  if (isOptions(min)) {
    const named: ClampOptions = min;
    return [named.min ?? null, named.max ?? max ?? null];
  }
  return [(min as Bound | undefined) ?? null, max ?? null];
}
