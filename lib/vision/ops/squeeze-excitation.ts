/** Channels weighed by what is in them. */
import { type RequiredArgs, readArgs, required } from "../../args.js";
import { AdaptiveAvgPool2d, Conv2d, type Layer, Module, Sigmoid } from "../../nn/index.js";
import type { Tensor } from "../../tensor.js";
import { type ActivationLayer, activationOf, relu } from "./layers.js";

/** Options of {@link SqueezeExcitation}. */
export interface SqueezeExcitationOptions {
  /** The activation between the two convolutions. Default: ReLU. */
  activation?: ActivationLayer;
  /** The activation of the weights. Default: sigmoid. */
  scaleActivation?: ActivationLayer;
}

interface SqueezeExcitationAll extends SqueezeExcitationOptions {
  inputChannels: number;
  squeezeChannels: number;
}
const NAMES = ["inputChannels", "squeezeChannels", "activation", "scaleActivation"] as const;
type Rest = ["activation", "scaleActivation"];

/**
 * y = x * scale(fc2(activation(fc1(mean of x over its positions)))), fc1 to `squeezeChannels`; x [N, inputChannels, H, W] -> the same.
 * [Hu et al. 2018](https://arxiv.org/abs/1709.01507)
 */
export class SqueezeExcitation extends Module {
  readonly avgpool = new AdaptiveAvgPool2d(1);
  readonly fc1: Conv2d;
  readonly fc2: Conv2d;
  readonly activation: Layer;
  readonly scale_activation: Layer;

  constructor(...args: RequiredArgs<SqueezeExcitationAll, ["inputChannels", "squeezeChannels"], Rest>) {
    super();
    const op = "SqueezeExcitation";
    const o = readArgs<SqueezeExcitationAll>(op, NAMES, args);
    const [channels, squeezed] = [required(op, o, "inputChannels"), required(op, o, "squeezeChannels")];
    this.fc1 = new Conv2d(channels, squeezed, 1);
    this.fc2 = new Conv2d(squeezed, channels, 1);
    this.activation = activationOf(op, o.activation, relu, "activation")();
    this.scale_activation = activationOf(op, o.scaleActivation, () => new Sigmoid(), "scaleActivation")();
  }

  forward(x: Tensor): Tensor {
    const squeezed = this.activation.forward(this.fc1.forward(this.avgpool.forward(x)));
    return x.mul(this.scale_activation.forward(this.fc2.forward(squeezed)));
  }
}
