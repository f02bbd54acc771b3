/** A perceptron of several layers. */
import { Dropout, type Layer, Linear, Sequential } from "../../nn/index.js";
import { type Activation, checkSizes, type NormLayer, relu } from "./layers.js";

/** Options of {@link MLP}. */
export interface MLPOptions {
  /** Makes the normalisation after each linear layer but the last. Default: none. */
  normLayer?: NormLayer | null;
  /** Makes the activation. Default: ReLU. */
  activationLayer?: Activation;
  /** Whether activations and dropout overwrite their input. Default false. */
  inplace?: boolean;
  /** Whether the linear layers have biases. Default true. */
  bias?: boolean;
  /** The probability of the dropout. Default 0. */
  dropout?: number;
}

/** Linear layers with activations and dropout between them: x [..., inChannels] -> [..., the last of hiddenChannels]. */
export class MLP extends Sequential {
  constructor(inChannels: number, hiddenChannels: readonly number[], options: MLPOptions = {}) {
    checkSizes("MLP", "hiddenChannels", hiddenChannels);
    const { normLayer = null, activationLayer = relu, inplace = false, bias = true, dropout = 0 } = options;
    const layers: Layer[] = [];
    let width = inChannels;
    hiddenChannels.forEach((channels, i) => {
      layers.push(new Linear(width, channels, { bias }));
      if (i < hiddenChannels.length - 1) {
        if (normLayer !== null) layers.push(normLayer(channels));
        layers.push(activationLayer(inplace));
      }
      layers.push(new Dropout(dropout, { inplace }));
      width = channels;
    });
    super(...layers);
  }
}
