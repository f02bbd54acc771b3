/** A layer as a summary counts it. */
import type { Module } from "../nn/module.js";
import { isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

/** One call of a module. */
export interface LayerInfo {
  /** Its path in the model: `features.0`; the empty string for the model. */
  readonly name: string;
  /** The name of its class. */
  readonly type: string;
  /** How deep it lies: 0 for the model. */
  readonly depth: number;
  /** Which one of this depth it is, from 1. */
  readonly index: number;
  /** The shape of its output, of the first tensor of several; empty where there is none. */
  outputShape: readonly number[];
  /** The bytes of that output. */
  outputBytes: number;
  /** The number of its parameters, with those below it. */
  readonly params: number;
  /** Of these, those that require a gradient. */
  readonly trainableParams: number;
  /** Of its parameters, those that no module it called has. */
  ownParams: number;
  /** The multiplications of its own parameters, each with its addition. */
  multAdds: number;
  /** Whether the same module had been called before: its parameters are counted once. */
  readonly recursive: boolean;
  /** The modules that it called. */
  readonly children: LayerInfo[];
}

/** The first tensor of what a module takes or gives. */
export function firstTensor(value: unknown): Tensor | undefined {
  if (isTensor(value)) return value;
  if (typeof value !== "object" || value === null) return undefined;
  for (const item of Object.values(value)) {
    const found = firstTensor(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Multiply-adds of a call: each parameter times how often it is used. A convolution uses its weight at each position of its output (a
 * transposed one: of its input), a linear layer in each row, a recurrent one and attention at each step; all others are counted once
 * a sample, as torchinfo does. Products of activations with each other, as in attention, are not counted.
 */
export function multAddsOf(module: Module, inputs: unknown, output: Tensor): number {
  const type = module.constructor.name;
  const batch = output.dim() === 0 ? 1 : output.size(0);
  const positions = (x: Tensor) => x.shape.slice(2).reduce((n, d) => n * d, batch);
  let total = 0;
  for (const [name, parameter] of module.namedParameters("", type === "MultiheadAttention")) {
    if (!/weight|bias/.test(name)) continue;
    let uses = batch;
    if (type.includes("ConvTranspose")) uses = positions(name === "weight" ? (firstTensor(inputs) ?? output) : output);
    else if (type.includes("Conv")) uses = positions(output);
    else if (type === "Linear") uses = output.shape.slice(0, -1).reduce((n, d) => n * d, 1);
    else if (name !== "weight" && name !== "bias") uses = output.shape.slice(0, 2).reduce((n, d) => n * d, 1);
    total += parameter.numel() * uses;
  }
  return total;
}
