/** Elements moved between channels and pixels, and between groups of channels. */

import { readArgs, required } from "../args.js";
import { byName } from "../by-name.js";
import { native } from "../native.js";
import { handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";

type UpArgs = [upscaleFactor: number] | [options: { upscaleFactor: number }];
type DownArgs = [downscaleFactor: number] | [options: { downscaleFactor: number }];
type GroupArgs = [groups: number] | [options: { groups: number }];

const up = (op: string, args: readonly unknown[]) =>
  required(op, readArgs<{ upscaleFactor: number }>(op, ["upscaleFactor"], args), "upscaleFactor");
const down = (op: string, args: readonly unknown[]) =>
  required(op, readArgs<{ downscaleFactor: number }>(op, ["downscaleFactor"], args), "downscaleFactor");
const count = (op: string, args: readonly unknown[]) =>
  required(op, readArgs<{ groups: number }>(op, ["groups"], args), "groups");

/** [..., C r^2, H, W] -> [..., C, H r, W r], r = upscaleFactor.   [Shi et al. 2016] */
export const pixelShuffle = byName(
  "nn.functional.pixelShuffle",
  (x: TensorBase, ...args: UpArgs): Tensor => wrap(native.pixelShuffle(handleOf(x), up("pixelShuffle", args))),
);
/** [..., C, H r, W r] -> [..., C r^2, H, W], r = downscaleFactor: undoes {@link pixelShuffle}. */
export const pixelUnshuffle = byName(
  "nn.functional.pixelUnshuffle",
  (x: TensorBase, ...args: DownArgs): Tensor => wrap(native.pixelUnshuffle(handleOf(x), down("pixelUnshuffle", args))),
);
/** The channels of [N, C, ...] as groups, dealt out in turn: (a1 a2 b1 b2) in two groups become (a1 b1 a2 b2). */
export const channelShuffle = byName(
  "nn.functional.channelShuffle",
  (x: TensorBase, ...args: GroupArgs): Tensor =>
    wrap(native.channelShuffle(handleOf(x), count("channelShuffle", args))),
);

/** [..., C r^2, H, W] -> [..., C, H r, W r], r = upscaleFactor: the last layer of sub-pixel convolution.   [Shi et al. 2016] */
export class PixelShuffle extends Module {
  readonly upscaleFactor: number;

  constructor(...args: UpArgs) {
    super();
    this.upscaleFactor = up("PixelShuffle", args);
  }
  forward(x: Tensor): Tensor {
    return pixelShuffle(x, this.upscaleFactor);
  }
  override extraRepr(): string {
    return `upscale_factor=${this.upscaleFactor}`;
  }
}

/** [..., C, H r, W r] -> [..., C r^2, H, W], r = downscaleFactor: undoes {@link PixelShuffle}. */
export class PixelUnshuffle extends Module {
  readonly downscaleFactor: number;

  constructor(...args: DownArgs) {
    super();
    this.downscaleFactor = down("PixelUnshuffle", args);
  }
  forward(x: Tensor): Tensor {
    return pixelUnshuffle(x, this.downscaleFactor);
  }
  override extraRepr(): string {
    return `downscale_factor=${this.downscaleFactor}`;
  }
}

/** The channels of [N, C, ...] in `groups` groups, dealt out in turn.   [Zhang et al. 2018, ShuffleNet] */
export class ChannelShuffle extends Module {
  readonly groups: number;

  constructor(...args: GroupArgs) {
    super();
    this.groups = count("ChannelShuffle", args);
  }
  forward(x: Tensor): Tensor {
    return channelShuffle(x, this.groups);
  }
  override extraRepr(): string {
    return `groups=${this.groups}`;
  }
}
