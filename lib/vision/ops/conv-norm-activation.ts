/** A convolution with its normalisation and activation. */
import { Conv2d, type Layer, Sequential } from "../../nn/index.js";
import { type Activation, batchNorm, checkNumber, type NormLayer, relu } from "./layers.js";

/** Options of {@link Conv2dNormActivation}. */
export interface ConvNormActivationOptions {
  /** Default 3. */
  kernelSize?: number;
  /** Default 1. */
  stride?: number;
  /** Default: half the kernel, so that stride 1 keeps the size. */
  padding?: number;
  /** Default 1. */
  groups?: number;
  /** Makes the normalisation; null for none. Default: batch norm. */
  normLayer?: NormLayer | null;
  /** Makes the activation; null for none. Default: ReLU. */
  activationLayer?: Activation | null;
  /** Default 1. */
  dilation?: number;
  /** Whether the activation overwrites its input. Default true. */
  inplace?: boolean;
  /** Whether the convolution has a bias. Default: only without a normalisation. */
  bias?: boolean;
}

/** Conv2d, normalisation, activation: x [N, C, H, W] -> [N, O, H', W']. */
export class Conv2dNormActivation extends Sequential {
  /** The number of channels of the output. */
  declare readonly outChannels: number;

  constructor(inChannels: number, outChannels: number, options: ConvNormActivationOptions = {}) {
    checkNumber("Conv2dNormActivation", "inChannels", inChannels);
    checkNumber("Conv2dNormActivation", "outChannels", outChannels);
    const { kernelSize = 3, stride = 1, groups = 1, dilation = 1, inplace = true } = options;
    const { normLayer = batchNorm, activationLayer = relu } = options;
    const padding = options.padding ?? Math.floor((kernelSize - 1) / 2) * dilation;
    const bias = options.bias ?? normLayer === null;
    const layers: Layer[] = [
      new Conv2d(inChannels, outChannels, kernelSize, { stride, padding, dilation, groups, bias }),
    ];
    if (normLayer !== null) layers.push(normLayer(outChannels));
    if (activationLayer !== null) layers.push(activationLayer(inplace));
    super(...layers);
    Object.defineProperty(this, "outChannels", { value: outChannels, enumerable: false });
  }
}
