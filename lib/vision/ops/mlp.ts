/** A perceptron of several layers. */
import { type RequiredArgs, readArgs, required } from "../../args.js";
import { Dropout, type Layer, Linear, Sequential } from "../../nn/index.js";
import { type ActivationLayer, activationOf, batchNorm, checkSizes, type NormLayer, normOf, relu } from "./layers.js";

/** Options of {@link MLP}. */
export interface MLPOptions {
  /** The normalisation after each linear layer but the last. Default: none. */
  normLayer?: NormLayer | null;
  /** The activation. Default: ReLU. */
  activationLayer?: ActivationLayer | null;
  /** Whether activations and dropout overwrite their input. Default: as their classes do. */
  inplace?: boolean | null;
  /** Whether the linear layers have biases. Default true. */
  bias?: boolean;
  /** The probability of the dropout. Default 0. */
  dropout?: number;
}

interface MLPAll extends MLPOptions {
  inChannels: number;
  hiddenChannels: readonly number[];
}
const NAMES = ["inChannels", "hiddenChannels", "normLayer", "activationLayer", "inplace", "bias", "dropout"] as const;
type Rest = ["normLayer", "activationLayer", "inplace", "bias", "dropout"];

/** Linear layers with activations and dropout between them: x [..., inChannels] -> [..., the last of hiddenChannels]. */
export class MLP extends Sequential {
  constructor(...args: RequiredArgs<MLPAll, ["inChannels", "hiddenChannels"], Rest>) {
    const op = "MLP";
    const o = readArgs<MLPAll>(op, NAMES, args);
    const hiddenChannels = required(op, o, "hiddenChannels");
    checkSizes(op, "hiddenChannels", hiddenChannels);
    const { normLayer = null, inplace = null, bias = true, dropout = 0 } = o;
    const activation = activationOf(op, o.activationLayer, relu);
    const layers: Layer[] = [];
    let width = required(op, o, "inChannels");
    hiddenChannels.forEach((channels, i) => {
      layers.push(new Linear(width, channels, { bias }));
      if (i < hiddenChannels.length - 1) {
        if (normLayer !== null) layers.push(normOf(op, normLayer, batchNorm)(channels));
        layers.push(activation(inplace));
      }
      layers.push(new Dropout(dropout, { inplace: inplace ?? false }));
      width = channels;
    });
    super(...layers);
  }
}
