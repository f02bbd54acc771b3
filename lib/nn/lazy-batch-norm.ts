/** Batch normalisations whose numFeatures are the channels of the first input. */
import { type Args, readArgs } from "../args.js";
import { keep } from "../memory.js";
import { wait } from "./lazy.js";
import { type BatchNorm, BatchNorm1d, BatchNorm2d } from "./normalization/batch-norm.js";
import type { ChannelNormOptions } from "./normalization/channel-norm.js";
import { UninitializedBuffer, UninitializedParameter } from "./uninitialized.js";

type NormArgs = Args<ChannelNormOptions, ["eps", "momentum", "affine", "trackRunningStats", "device", "dtype", "bias"]>;

function readNorm(op: string, args: NormArgs): ChannelNormOptions & { numFeatures: number } {
  const names = ["eps", "momentum", "affine", "trackRunningStats", "device", "dtype", "bias"] as const;
  return { ...readArgs<ChannelNormOptions>(op, names, args), numFeatures: 0 };
}

/** Makes a batch normalisation without features wait for them. */
function waitForFeatures(norm: BatchNorm, Class: { prototype: BatchNorm }, o: ChannelNormOptions): void {
  if (norm.weight !== null) norm.weight = new UninitializedParameter(o);
  if (norm.bias !== null) norm.bias = new UninitializedParameter(o);
  if (norm.running_mean !== null) norm.running_mean = keep(new UninitializedBuffer(o));
  if (norm.running_var !== null) norm.running_var = keep(new UninitializedBuffer(o));
  wait(norm, Class, (module, x) => {
    const numFeatures = x.size(1);
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
