/** Loading pretrained weights into a model. */
import { loadStateDictFromUrl } from "../../hub/index.js";
import type { Module } from "../../nn/module.js";
import type { Weights } from "./weights.js";

/** Downloads weights, or takes them from the cache, and then builds the model and fills it. */
export async function loadWeights<M extends Module>(make: () => M, weights: Weights, progress: boolean): Promise<M> {
  const state = await loadStateDictFromUrl(weights.url, { progress });
  const model = make();
  model.loadStateDict(state);
  return model;
}
