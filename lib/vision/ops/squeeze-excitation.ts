/** Channels weighed by what is in them. */
import { AdaptiveAvgPool2d, Conv2d, type Layer, Module, ReLU, Sigmoid } from "../../nn/index.js";
import type { Tensor } from "../../tensor.js";

/** Options of {@link SqueezeExcitation}. */
export interface SqueezeExcitationOptions {
  /** Makes the activation between the two convolutions. Default: ReLU. */
  activation?: () => Layer;
  /** Makes the activation of the weights. Default: sigmoid. */
  scaleActivation?: () => Layer;
}

/**
 * y = x * scale(fc2(activation(fc1(mean of x over its positions)))), fc1 to `squeezeChannels`.
 * [Hu et al. 2018](https://arxiv.org/abs/1709.01507)
 */
export class SqueezeExcitation extends Module {
  readonly avgpool = new AdaptiveAvgPool2d(1);
  readonly fc1: Conv2d;
  readonly fc2: Conv2d;
  readonly activation: Layer;
  readonly scale_activation: Layer;

  constructor(inputChannels: number, squeezeChannels: number, options: SqueezeExcitationOptions = {}) {
    super();
    this.fc1 = new Conv2d(inputChannels, squeezeChannels, 1);
    this.fc2 = new Conv2d(squeezeChannels, inputChannels, 1);
    this.activation = (options.activation ?? (() => new ReLU()))();
    this.scale_activation = (options.scaleActivation ?? (() => new Sigmoid()))();
  }

  forward(x: Tensor): Tensor {
    const squeezed = this.activation.forward(this.fc1.forward(this.avgpool.forward(x)));
    return x.mul(this.scale_activation.forward(this.fc2.forward(squeezed)));
  }
}
