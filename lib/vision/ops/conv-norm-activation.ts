/** A convolution with its normalisation and activation. */
import { type RequiredArgs, readArgs, required } from "../../args.js";
import { Conv2d, type Layer, type Padding, Sequential } from "../../nn/index.js";
import type { IntOrTuple } from "../../nn/sizes.js";
import { type ActivationLayer, activationOf, batchNorm, type NormLayer, normOf, relu } from "./layers.js";

/** Options of {@link Conv2dNormActivation}. */
export interface ConvNormActivationOptions {
  /** Default 3. */
  kernelSize?: IntOrTuple;
  /** Default 1. */
  stride?: IntOrTuple;
  /** Default: half the dilated kernel, so that stride 1 keeps the size. */
  padding?: Padding | null;
  /** Default 1. */
  groups?: number;
  /** The normalisation; null for none. Default: batch norm. */
  normLayer?: NormLayer | null;
  /** The activation; null for none. Default: ReLU. */
  activationLayer?: ActivationLayer | null;
  /** Default 1. */
  dilation?: IntOrTuple;
  /** Whether the activation overwrites its input; null for an activation without this option. Default true. */
  inplace?: boolean | null;
  /** Whether the convolution has a bias. Default: only without a normalisation. */
  bias?: boolean | null;
}

interface ConvNormActivationAll extends ConvNormActivationOptions {
  inChannels: number;
  outChannels: number;
}
const NAMES = [
  ...(["inChannels", "outChannels", "kernelSize", "stride", "padding", "groups"] as const),
  ...(["normLayer", "activationLayer", "dilation", "inplace", "bias"] as const),
] as const;
type Rest = [
  "kernelSize",
  "stride",
  "padding",
  "groups",
  "normLayer",
  "activationLayer",
  "dilation",
  "inplace",
  "bias",
];

/** Conv2d, normalisation, activation: x [N, inChannels, H, W] -> [N, outChannels, H', W']. */
export class Conv2dNormActivation extends Sequential {
  /** The number of channels of the output. */
  declare readonly outChannels: number;

  constructor(...args: RequiredArgs<ConvNormActivationAll, ["inChannels", "outChannels"], Rest>) {
    const op = "Conv2dNormActivation";
    const o = readArgs<ConvNormActivationAll>(op, NAMES, args);
    const [from, to] = [required(op, o, "inChannels"), required(op, o, "outChannels")];
    const { kernelSize = 3, stride = 1, groups = 1, dilation = 1, inplace = true } = o;
    const padding = o.padding ?? keeping(kernelSize, dilation);
    const bias = o.bias ?? o.normLayer === null;
    const layers: Layer[] = [new Conv2d(from, to, kernelSize, { stride, padding, dilation, groups, bias })];
    if (o.normLayer !== null) layers.push(normOf(op, o.normLayer, batchNorm)(to));
    if (o.activationLayer !== null) layers.push(activationOf(op, o.activationLayer, relu)(inplace));
    super(...layers);
    Object.defineProperty(this, "outChannels", { value: to, enumerable: false });
  }
}

/** The padding that keeps the size at stride 1. */
function keeping(kernelSize: IntOrTuple, dilation: IntOrTuple): IntOrTuple {
  if (typeof kernelSize === "number" && typeof dilation === "number")
    return Math.floor((kernelSize - 1) / 2) * dilation;
  const both = (value: IntOrTuple) => (typeof value === "number" ? [value, value] : value);
  const spread = both(dilation);
  return both(kernelSize).map((size, i) => Math.floor((size - 1) / 2) * (spread[i] ?? 1));
}
