/** Batch and instance normalisations whose numFeatures are the channels of the first input. */
import { type Args, readArgs } from "../args.js";
import { keep } from "../memory.js";
import { wait } from "./lazy.js";
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from "./normalization/batch-norm.js";
import type { ChannelNorm, ChannelNormOptions } from "./normalization/channel-norm.js";
import { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from "./normalization/instance-norm.js";
import { UninitializedBuffer, UninitializedParameter } from "./uninitialized.js";

type NormArgs = Args<ChannelNormOptions, ["eps", "momentum", "affine", "trackRunningStats", "device", "dtype", "bias"]>;

/** Unless told, both learn an affine map and keep statistics. */
function readNorm(op: string, args: NormArgs): ChannelNormOptions & { numFeatures: number } {
  const names = ["eps", "momentum", "affine", "trackRunningStats", "device", "dtype", "bias"] as const;
  const o = readArgs<ChannelNormOptions>(op, names, args);
  return { affine: true, trackRunningStats: true, ...o, numFeatures: 0 };
}

/** Makes a normalisation without features wait for them: the dimension behind the batch, or the first one of a single sample. */
function waitForFeatures(
  norm: ChannelNorm,
  Class: { prototype: ChannelNorm },
  o: ChannelNormOptions,
  sampleRank = 0,
): void {
  if (norm.weight !== null) norm.weight = new UninitializedParameter(o);
  if (norm.bias !== null) norm.bias = new UninitializedParameter(o);
  if (norm.running_mean !== null) norm.running_mean = keep(new UninitializedBuffer(o));
  if (norm.running_var !== null) norm.running_var = keep(new UninitializedBuffer(o));
  wait(norm, Class, (module, x) => {
    const numFeatures = x.size(x.ndim === sampleRank ? 0 : 1);
    Object.assign(module, { numFeatures });
    const shape = [numFeatures];
    return { weight: shape, bias: shape, running_mean: shape, running_var: shape };
  });
}

/** A {@link BatchNorm1d} whose numFeatures are the channels of the first input. */
export class LazyBatchNorm1d extends BatchNorm1d {
  constructor(...args: NormArgs) {
    const o = readNorm("LazyBatchNorm1d", args);
    super(o);
    waitForFeatures(this, BatchNorm1d, o);
  }
}

/** A {@link BatchNorm2d} whose numFeatures are the channels of the first input. */
export class LazyBatchNorm2d extends BatchNorm2d {
  constructor(...args: NormArgs) {
    const o = readNorm("LazyBatchNorm2d", args);
    super(o);
    waitForFeatures(this, BatchNorm2d, o);
  }
}

/** A {@link BatchNorm3d} whose numFeatures are the channels of the first input. */
export class LazyBatchNorm3d extends BatchNorm3d {
  constructor(...args: NormArgs) {
    const o = readNorm("LazyBatchNorm3d", args);
    super(o);
    waitForFeatures(this, BatchNorm3d, o);
  }
}

/** An {@link InstanceNorm1d} whose numFeatures are the channels of the first input. */
export class LazyInstanceNorm1d extends InstanceNorm1d {
  constructor(...args: NormArgs) {
    const o = readNorm("LazyInstanceNorm1d", args);
    super(o);
    waitForFeatures(this, InstanceNorm1d, o, 2);
  }
}

/** An {@link InstanceNorm2d} whose numFeatures are the channels of the first input. */
export class LazyInstanceNorm2d extends InstanceNorm2d {
  constructor(...args: NormArgs) {
    const o = readNorm("LazyInstanceNorm2d", args);
    super(o);
    waitForFeatures(this, InstanceNorm2d, o, 3);
  }
}

/** An {@link InstanceNorm3d} whose numFeatures are the channels of the first input. */
export class LazyInstanceNorm3d extends InstanceNorm3d {
  constructor(...args: NormArgs) {
    const o = readNorm("LazyInstanceNorm3d", args);
    super(o);
    waitForFeatures(this, InstanceNorm3d, o, 4);
  }
}
