/** The statistics of batch normalisation for averaged parameters. */

import { noGrad } from "../../autograd/modes.js";
import type { DeviceLike } from "../../device.js";
import { ArgumentError } from "../../errors.js";
import { isModule } from "../../marks.js";
import type { Module } from "../../nn/module.js";
import { BatchNorm } from "../../nn/normalization/batch-norm.js";
import { describe, isTensor } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";

/** Batches: tensors, or arrays that begin with the input. */
type Batches = Iterable<Tensor | readonly unknown[]> | AsyncIterable<Tensor | readonly unknown[]>;

/** Computes the running statistics of all batch normalisations anew, as means over a pass through the data. */
export async function updateBn(
  loader: Batches,
  model: Module & { forward(x: Tensor): unknown },
  device: DeviceLike | null = null,
): Promise<void> {
  if (!isModule(model)) throw new ArgumentError(`updateBn: expected model to be a module, received ${describe(model)}`);
  const layers = model.modules().filter((m) => m instanceof BatchNorm);
  if (layers.length === 0) return;
  const momenta = layers.map((layer) => layer.momentum);
  const wasTraining = model.training;
  model.train();
  for (const layer of layers) {
    layer.resetRunningStats();
    layer.momentum = null;
  }
  for await (const batch of loader) {
    const input = isTensor(batch) ? batch : batch[0];
    if (isTensor(input)) noGrad(() => model.forward(device === null ? input : input.to({ device })));
  }
  layers.forEach((layer, i) => {
    layer.momentum = momenta[i] ?? null;
  });
  model.train(wasTraining);
}
