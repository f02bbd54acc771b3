/**
 * The types of models' classifiers: linear layers as the models are built, so that `model.fc.inFeatures` needs no cast; any layer may
 * replace them.
 */
import { type Layer, type Linear, Module, type Sequential } from "../../nn/index.js";

type Base = InstanceType<typeof Module>;

interface WithFc extends Base {
  get fc(): Linear;
  set fc(layer: Layer);
}
interface WithHead extends Base {
  get head(): Linear;
  set head(layer: Layer);
}
interface WithClassifier extends Base {
  get classifier(): Linear;
  set classifier(layer: Layer);
}

interface WithLayers extends Base {
  get classifier(): Sequential;
  set classifier(layer: Layer);
}

/** A module with a classifier `fc`. */
export const ModuleWithFc = Module as abstract new () => WithFc;
/** A module with a classifier `head`. */
export const ModuleWithHead = Module as abstract new () => WithHead;
/** A module with a classifier `classifier`. */
export const ModuleWithClassifier = Module as abstract new () => WithClassifier;
/** A module with a classifier of several layers. */
export const ModuleWithLayers = Module as abstract new () => WithLayers;
