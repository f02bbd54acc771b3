/** What an optimizer remembers of each parameter, in memory and in state dicts. */
import { tensor } from "../creation.js";
import { ArgumentError } from "../errors.js";
import { keep } from "../memory.js";
import { native } from "../native.js";
import { handleOf, isTensor, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { fromPyTorchKey, toPyTorchKey } from "./keys.js";

/** One remembered value; lists are LBFGS's history. */
export type StateValue = Tensor | number | null | readonly StateValue[];

/** What an optimizer remembers of one parameter. */
export type ParamState = Record<string, StateValue>;

/** What PyTorch keeps as a float32 tensor without dimensions, and we as a number. */
const COUNTS: ReadonlySet<string> = new Set(["step", "muProduct", "eta", "mu"]);

/** A state tensor of zeros, or another value, like a parameter. */
export function filledLike(p: Tensor, value = 0): Tensor {
  return keep(wrap(native.fullLike(handleOf(p), value)));
}

/** A tensor of a state. Errors: it is not there, because another optimizer's state was loaded. */
export function stateTensor(state: ParamState, name: string): Tensor {
  const value = state[name];
  if (isTensor(value)) return value;
  throw new ArgumentError(`the optimizer's state has no tensor '${toPyTorchKey(name)}'`);
}

/** A number of a state. Errors: it is not there. */
export function stateNumber(state: ParamState, name: string): number {
  const value = state[name];
  if (typeof value === "number") return value;
  throw new ArgumentError(`the optimizer's state has no number '${toPyTorchKey(name)}'`);
}

/** A state with PyTorch's keys and types. */
export function saveParamState(state: ParamState): Record<string, unknown> {
  const entries = Object.entries(state).map(([name, value]) => [
    toPyTorchKey(name),
    COUNTS.has(name) ? tensor(Number(value), { dtype: "float32" }) : value,
  ]);
  return Object.fromEntries(entries);
}

/** The state that a dict holds, its tensors copied in the parameter's type. */
export function loadParamState(p: Tensor, entries: Readonly<Record<string, unknown>>): ParamState {
  const load = (value: unknown): StateValue => {
    if (isTensor(value)) return keep(value.detach().to(p.dtype, undefined, true));
    if (Array.isArray(value)) return value.map(load);
    return value === null || typeof value === "number" ? value : Number(value);
  };
  const state: ParamState = {};
  for (const [key, value] of Object.entries(entries)) {
    const name = fromPyTorchKey(key);
    state[name] = COUNTS.has(name) && isTensor(value) ? value.item() : load(value);
  }
  return state;
}
