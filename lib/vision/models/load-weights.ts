/** Loading pretrained weights into a model. */
import type { Module } from "../../nn/module.js";
import type { Weights } from "./weights.js";

/** Builds a model, and fills it with weights that are downloaded or taken from the cache. */
export async function loadWeights<M extends Module>(make: () => M, weights: Weights, progress: boolean): Promise<M> {
  const model = make(); // first: wrong options need no download, and the draws come in PyTorch's order
  model.loadStateDict(await weights.getStateDict({ progress }));
  return model;
}
