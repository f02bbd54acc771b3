/** What a model costs: parameters, bytes, multiply-adds, time. */
import { noGrad } from "../autograd/modes.js";
import { itemSize } from "../dtype.js";
import type { Module } from "../nn/module.js";
import { summary } from "../summary/index.js";
import type { Tensor } from "../tensor.js";

/** The costs of a model. */
export interface Cost {
  /** Numbers that are learned. */
  readonly parameters: number;
  /** Bytes of parameters and buffers. */
  readonly bytes: number;
  /** Multiply-adds for one sample. */
  readonly multAdds: number;
  /** Milliseconds for one sample, the median of several. */
  readonly latency: number;
}

/** Runs at most, and milliseconds after which there are no more. */
const [RUNS, BUDGET] = [20, 1000];

/** Measures a model with one sample, [1, ...]. */
export function costOf(model: Module, sample: Tensor): Cost {
  const statistics = summary(model, null, { inputData: sample, verbose: false });
  const tensors = [...model.parameters(), ...model.buffers()];
  const bytes = tensors.reduce((sum, x) => sum + x.numel() * itemSize(x.dtype), 0);
  const times: number[] = [];
  const start = performance.now();
  while (times.length < RUNS && (times.length === 0 || performance.now() - start < BUDGET)) {
    const from = performance.now();
    noGrad(() => model.forward(sample as never));
    times.push(performance.now() - from);
  }
  const latency = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
  return { parameters: statistics.totalParams, bytes, multAdds: statistics.totalMultAdds, latency };
}
