/** What a native step takes: the parameters of a group that have a gradient, with their states. */
import type { native, TensorHandle } from "../native.js";
import { handleOf, isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { filledLike, type ParamState, stateNumber, stateTensor } from "./state.js";

type NativeSlots = Parameters<typeof native.adam_>[0];

/** The lists of one group, and the states they were taken from. */
export interface Slots extends NativeSlots {
  /** The state of each parameter. */
  remembered: ParamState[];
}

/** Where a state is made: `{ step: 0, expAvg: zeros, ... }` of a parameter at its first step. */
export type StateMaker = (p: Tensor) => ParamState;

/** A maker of a step count and zeros by these names. */
export function zeros(...names: string[]): StateMaker {
  return (p) => ({ step: 0, ...Object.fromEntries(names.map((name) => [name, filledLike(p)])) });
}

/**
 * Counts a step of each parameter that has a gradient and lists its states by `names`; null when there is no gradient.
 * `stateOf` gives a parameter's state.
 */
export function takeSlots(
  params: readonly Tensor[],
  names: readonly string[],
  stateOf: (p: Tensor) => ParamState,
): Slots | null {
  const slots = { params: [] as TensorHandle[], grads: [] as TensorHandle[], steps: [] as number[] };
  const states = names.map((): TensorHandle[] => []);
  const remembered: ParamState[] = [];
  for (const p of params) {
    const { grad } = p;
    if (grad === null) continue;
    const state = stateOf(p);
    const step = stateNumber(state, "step") + 1;
    state.step = step;
    slots.params.push(handleOf(p));
    slots.grads.push(handleOf(grad));
    slots.steps.push(step);
    names.forEach((name, k) => {
      states[k]?.push(handleOf(stateTensor(state, name)));
    });
    remembered.push(state);
  }
  return remembered.length === 0 ? null : { ...slots, states, remembered };
}

/** As {@link takeSlots} for SGD, which counts no steps: a parameter's first step is the one that makes its buffer. */
export function takeBuffers(
  params: readonly Tensor[],
  momentum: boolean,
  stateOf: (p: Tensor) => ParamState,
): NativeSlots | null {
  const withGrad = params.filter((p) => p.grad !== null);
  if (withGrad.length === 0) return null;
  const steps: number[] = [];
  const buffers: TensorHandle[] = [];
  for (const p of withGrad) {
    const state = momentum ? stateOf(p) : {};
    const fresh = !isTensor(state.momentumBuffer);
    steps.push(fresh ? 1 : 2);
    if (!momentum) continue;
    if (fresh) state.momentumBuffer = filledLike(p);
    buffers.push(handleOf(stateTensor(state, "momentumBuffer")));
  }
  const grads = withGrad.flatMap((p) => (p.grad === null ? [] : [handleOf(p.grad)]));
  return { params: withGrad.map(handleOf), grads, states: momentum ? [buffers] : [], steps };
}
