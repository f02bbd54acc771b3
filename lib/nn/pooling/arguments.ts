/** What the pooling layers' arguments and results share. */
import type { Tensor } from "../../tensor.js";
import type { IntOrTuple } from "../sizes.js";

/** Arguments that begin with the kernel size, by position or by name. */
export type WithKernel<O, R extends unknown[]> =
  | [kernelSize: IntOrTuple, ...rest: R]
  | [options: O & { kernelSize: IntOrTuple }];

/** Options that begin with the kernel size. */
export type KernelAnd<O> = O & { kernelSize: IntOrTuple };

/** The values, or with indices a pair. */
export type Pooled<I extends boolean> = I extends true ? [values: Tensor, indices: Tensor] : Tensor;

/** What a pooling that knows the indices gives to whoever asks for them, or not. */
export function pooled<I extends boolean>(both: [Tensor, Tensor], withIndices: I | undefined): Pooled<I> {
  return (withIndices === true ? both : both[0]) as Pooled<I>;
}
