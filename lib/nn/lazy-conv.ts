/** Convolutions whose inChannels are those of the first input. */
import { type Args, readArgs, required } from "../args.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { Conv1d, Conv2d, Conv3d, type ConvAll, type ConvLayerOptions, type ConvNd } from "./conv.js";
import {
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  type ConvTransposeAll,
  type ConvTransposeLayerOptions,
} from "./conv-transpose.js";
import { wait } from "./lazy.js";
import type { IntOrTuple } from "./sizes.js";
import { UninitializedParameter } from "./uninitialized.js";

/** What a convolution is asked for before its input is known. */
type Wanted<O> = Omit<O, "inChannels">;

type LazyArgs<O, K extends readonly (keyof O)[]> =
  | [outChannels: number, kernelSize: IntOrTuple, ...rest: Args<O, K>]
  | [outChannels: number, options: O & { kernelSize: IntOrTuple }]
  | [options: O & { outChannels: number; kernelSize: IntOrTuple }];

type ConvArgs = LazyArgs<
  ConvLayerOptions,
  ["stride", "padding", "dilation", "groups", "bias", "paddingMode", "device", "dtype"]
>;
type TransposeArgs = LazyArgs<
  ConvTransposeLayerOptions,
  ["stride", "padding", "outputPadding", "groups", "bias", "dilation", "paddingMode", "device", "dtype"]
>;

const HEAD = ["outChannels", "kernelSize", "stride", "padding"] as const;
const TAIL = ["paddingMode", "device", "dtype"] as const;

function readConv(op: string, args: ConvArgs): Wanted<ConvAll> {
  const o = readArgs<Wanted<ConvAll>>(op, [...HEAD, "dilation", "groups", "bias", ...TAIL], args);
  return { ...o, outChannels: required(op, o, "outChannels"), kernelSize: required(op, o, "kernelSize") };
}

function readTranspose(op: string, args: TransposeArgs): Wanted<ConvTransposeAll> {
  const names = [...HEAD, "outputPadding", "groups", "bias", "dilation", ...TAIL] as const;
  const o = readArgs<Wanted<ConvTransposeAll>>(op, names, args);
  return { ...o, outChannels: required(op, o, "outChannels"), kernelSize: required(op, o, "kernelSize") };
}

/** No channels yet. */
function empty<O extends { outChannels: number }>(o: O): O & { inChannels: number } {
  return { ...o, inChannels: 0, outChannels: 0 };
}

/** Makes a convolution without channels wait for them. */
function waitForChannels(
  conv: ConvNd,
  Class: { prototype: ConvNd },
  o: Wanted<ConvAll | ConvTransposeAll>,
  transposed: boolean,
): void {
  Object.assign(conv, { outChannels: o.outChannels });
  conv.weight = new UninitializedParameter(o);
  if (conv.bias !== null) conv.bias = new UninitializedParameter(o);
  wait(conv, Class, (module, x) => {
    const { kernelSize, groups, outChannels } = module;
    const n = kernelSize.length;
    if (x.ndim !== n + 1 && x.ndim !== n + 2) {
      throw new ShapeError(
        `Expected ${n + 1}D (unbatched) or ${n + 2}D (batched) input to ${module.getName()}, but got input of size: torch.Size([${x.shape.join(", ")}])`,
      );
    }
    const inChannels = x.size(x.ndim - n - 1);
    if (inChannels % groups !== 0) throw new ArgumentError("in_channels must be divisible by groups");
    Object.assign(module, { inChannels });
    const channels = transposed ? [inChannels, outChannels / groups] : [outChannels, inChannels / groups];
    return { weight: [...channels, ...kernelSize], bias: [outChannels] };
  });
}

/** A {@link Conv1d} whose inChannels are those of the first input. */
export class LazyConv1d extends Conv1d<boolean> {
  constructor(...args: ConvArgs) {
    const o = readConv("LazyConv1d", args);
    super(empty(o));
    waitForChannels(this, Conv1d, o, false);
  }
}

/** A {@link Conv2d} whose inChannels are those of the first input. */
export class LazyConv2d extends Conv2d<boolean> {
  constructor(...args: ConvArgs) {
    const o = readConv("LazyConv2d", args);
    super(empty(o));
    waitForChannels(this, Conv2d, o, false);
  }
}

/** A {@link Conv3d} whose inChannels are those of the first input. */
export class LazyConv3d extends Conv3d<boolean> {
  constructor(...args: ConvArgs) {
    const o = readConv("LazyConv3d", args);
    super(empty(o));
    waitForChannels(this, Conv3d, o, false);
  }
}

/** A {@link ConvTranspose1d} whose inChannels are those of the first input. */
export class LazyConvTranspose1d extends ConvTranspose1d<boolean> {
  constructor(...args: TransposeArgs) {
    const o = readTranspose("LazyConvTranspose1d", args);
    super(empty(o));
    waitForChannels(this, ConvTranspose1d, o, true);
  }
}

/** A {@link ConvTranspose2d} whose inChannels are those of the first input. */
export class LazyConvTranspose2d extends ConvTranspose2d<boolean> {
  constructor(...args: TransposeArgs) {
    const o = readTranspose("LazyConvTranspose2d", args);
    super(empty(o));
    waitForChannels(this, ConvTranspose2d, o, true);
  }
}

/** A {@link ConvTranspose3d} whose inChannels are those of the first input. */
export class LazyConvTranspose3d extends ConvTranspose3d<boolean> {
  constructor(...args: TransposeArgs) {
    const o = readTranspose("LazyConvTranspose3d", args);
    super(empty(o));
    waitForChannels(this, ConvTranspose3d, o, true);
  }
}
