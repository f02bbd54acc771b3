/** Results of several tensors that have names: arrays whose members are also properties. */
import { inspect } from "node:util";
import type { TensorHandle } from "../native.js";
import { wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

/** Tensors as a tuple, and by name. */
export type Named<K extends string> = readonly Tensor[] & { readonly [P in K]: Tensor };

/** Elements and their int64 indices: a pair, and by name. An array's own `values()` is hidden by the name. */
export type ValuesAndIndices = Omit<readonly [values: Tensor, indices: Tensor], "values"> & {
  readonly values: Tensor;
  readonly indices: Tensor;
};

/** Gives the members of a list names and PyTorch's printed form, hidden from iteration and comparison. */
export function named<T extends readonly Tensor[], const K extends string>(
  op: string,
  list: T,
  names: readonly K[],
): T & { readonly [P in K]: Tensor } {
  const properties = names.map((name, i) => [name, { value: list[i] }] as const);
  const show = () => `torch.return_types.${op}(\n${names.map((name, i) => `${name}=${list[i]}`).join(",\n")})`;
  return Object.defineProperties(list as T & { readonly [P in K]: Tensor }, {
    ...Object.fromEntries(properties),
    [inspect.custom]: { value: show },
  });
}

/** Values and indices. */
export function pair(op: string, [values, indices]: [TensorHandle, TensorHandle]): ValuesAndIndices {
  return named(op, [wrap(values), wrap(indices)] as const, ["values", "indices"]);
}
