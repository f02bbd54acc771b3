/** Images of another size. */

import { type Args, readArgs } from "../args.js";
import { byName } from "../by-name.js";
import { native } from "../native.js";
import { PyFloat, pyRepr } from "../repr.js";
import { handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { warnOnce } from "../warnings.js";
import { Module } from "./module.js";
import { type IntOrTuple, ints } from "./sizes.js";

/** How pixels of the output are made: the nearest one, or a mean of neighbours. */
export type InterpolationMode = "nearest" | "nearest-exact" | "linear" | "bilinear" | "bicubic" | "trilinear" | "area";

/** Options of {@link upsample} and {@link Upsample}. */
export interface UpsampleOptions {
  /** The size of the output: one number, or one for each spatial dimension. */
  size?: IntOrTuple | null;
  /** The size of the output as a multiple of the input's. */
  scaleFactor?: number | readonly number[] | null;
  /** Default `"nearest"`. */
  mode?: InterpolationMode;
  /** Whether the centres of the outermost pixels of input and output coincide; not for nearest and area. Default false. */
  alignCorners?: boolean | null;
}

/** Options of {@link interpolate}; one of `size` and `scaleFactor` is required. */
export interface InterpolateOptions extends UpsampleOptions {
  /** Whether positions follow from the two sizes and not from the scale factor. Default: only for area. */
  recomputeScaleFactor?: boolean | null;
  /** Whether shrinking averages over all that a pixel covers; for bilinear and bicubic. Default false. */
  antialias?: boolean;
}

const UPSAMPLE = ["size", "scaleFactor", "mode", "alignCorners"] as const;
const NAMES = [...UPSAMPLE, "recomputeScaleFactor", "antialias"] as const;
type UpsampleArgs = Args<UpsampleOptions, ["size", "scaleFactor", "mode", "alignCorners"]>;

/**
 * x [N, C, L], [N, C, H, W] or [N, C, D, H, W] at another size.
 * Errors: both or none of size and scaleFactor; a mode for another number of dimensions.
 *
 * ```ts
 * F.interpolate(torch.rand(1, 3, 8, 8), { scaleFactor: 2, mode: "bilinear" }).shape; // [1, 3, 16, 16]
 * ```
 */
export const interpolate = byName(
  "nn.functional.interpolate",
  (
    x: TensorBase,
    ...args: Args<
      InterpolateOptions,
      ["size", "scaleFactor", "mode", "alignCorners", "recomputeScaleFactor", "antialias"]
    >
  ): Tensor => resize(x, readArgs<InterpolateOptions>("interpolate", NAMES, args)),
);

function warnUpsample(name: string): void {
  warnOnce(
    "CANDLEWICK_UPSAMPLE",
    `\`nn.functional.${name}\` is deprecated. Use \`nn.functional.interpolate\` instead.`,
  );
}

/** As {@link interpolate}, its older name. */
export const upsample = byName("nn.functional.upsample", (x: TensorBase, ...args: UpsampleArgs): Tensor => {
  warnUpsample("upsample");
  return resize(x, readArgs<UpsampleOptions>("upsample", UPSAMPLE, args));
});

type SizeArgs = Args<Pick<UpsampleOptions, "size" | "scaleFactor">, ["size", "scaleFactor"]>;

/** {@link interpolate} by the nearest pixel. */
export const upsampleNearest = byName("nn.functional.upsampleNearest", (x: TensorBase, ...args: SizeArgs): Tensor => {
  warnUpsample("upsample_nearest");
  return resize(x, { ...readArgs<UpsampleOptions>("upsampleNearest", ["size", "scaleFactor"], args), mode: "nearest" });
});

/** Bilinear {@link interpolate} with `alignCorners`. */
export const upsampleBilinear = byName("nn.functional.upsampleBilinear", (x: TensorBase, ...args: SizeArgs): Tensor => {
  warnUpsample("upsample_bilinear");
  const o = readArgs<UpsampleOptions>("upsampleBilinear", ["size", "scaleFactor"], args);
  return resize(x, { ...o, mode: "bilinear", alignCorners: true });
});

/** Options of {@link _upsampleBilinear2dAa}. */
export interface UpsampleBilinear2dAaOptions {
  /** Height and width of the output. */
  outputSize?: readonly number[] | null;
  /** Whether the centres of the outermost pixels of input and output coincide. Default false. */
  alignCorners?: boolean;
  /** Instead of `outputSize`: multiples of the input's size. */
  scaleFactors?: readonly number[] | null;
  /** With `outputSize`: the vertical scale that positions follow from. Default: that of the sizes. */
  scalesH?: number | null;
  /** With `outputSize`: the horizontal one. */
  scalesW?: number | null;
}

/** Bilinear {@link interpolate} with `antialias`, under its name inside PyTorch. */
export function _upsampleBilinear2dAa(
  x: TensorBase,
  ...args: Args<UpsampleBilinear2dAaOptions, ["outputSize", "alignCorners", "scaleFactors", "scalesH", "scalesW"]>
): Tensor {
  const names = ["outputSize", "alignCorners", "scaleFactors", "scalesH", "scalesW"] as const;
  const o = readArgs<UpsampleBilinear2dAaOptions>("_upsampleBilinear2dAa", names, args);
  const { outputSize: size, alignCorners = false, scaleFactors: scaleFactor, scalesH, scalesW } = o;
  const positions = [scalesH ?? 0, scalesW ?? 0];
  return resize(x, { size, scaleFactor, mode: "bilinear", alignCorners, antialias: true }, positions);
}

/** `positions`: the scales that positions follow from where the size is given, 0 for those of the sizes. */
function resize(x: TensorBase, o: InterpolateOptions, positions: number[] | null = null): Tensor {
  const { size, scaleFactor, mode = "nearest", alignCorners, recomputeScaleFactor, antialias = false } = o;
  const sizes = size === undefined || size === null ? null : ints(size);
  const scales = scaleFactor === undefined || scaleFactor === null ? null : ints(scaleFactor);
  return wrap(
    native.interpolate(handleOf(x), sizes, scales, positions, mode, alignCorners, recomputeScaleFactor, antialias),
  );
}

/**
 * Input [N, C, L], [N, C, H, W] or [N, C, D, H, W] at another size: a fixed `size`, or `scaleFactor` times the input's.
 *
 * ```ts
 * new nn.Upsample({ scaleFactor: 2 }).forward(torch.rand(1, 3, 8, 8)).shape; // [1, 3, 16, 16]
 * ```
 */
export class Upsample extends Module {
  readonly size: IntOrTuple | null;
  readonly scaleFactor: number | readonly number[] | null;
  readonly mode: InterpolationMode;
  readonly alignCorners: boolean | null;
  readonly recomputeScaleFactor: boolean | null;

  constructor(
    ...args: Args<
      Omit<InterpolateOptions, "antialias">,
      ["size", "scaleFactor", "mode", "alignCorners", "recomputeScaleFactor"]
    >
  ) {
    super();
    const names = [...UPSAMPLE, "recomputeScaleFactor"] as const;
    const o = readArgs<Omit<InterpolateOptions, "antialias">>(this.getName(), names, args);
    this.size = o.size ?? null;
    this.scaleFactor = o.scaleFactor ?? null;
    this.mode = o.mode ?? "nearest";
    this.alignCorners = o.alignCorners ?? null;
    this.recomputeScaleFactor = o.recomputeScaleFactor ?? null;
  }

  forward(x: Tensor): Tensor {
    return resize(x, this);
  }

  override extraRepr(): string {
    // PyTorch keeps factors as floats.
    const factor = this.scaleFactor;
    const shown = typeof factor === "number" ? new PyFloat(factor) : (factor?.map((each) => new PyFloat(each)) ?? null);
    const which = shown === null ? `size=${pyRepr(this.size)}` : `scale_factor=${pyRepr(shown)}`;
    return `${which}, mode=${pyRepr(this.mode)}`;
  }
}

/** {@link Upsample} of [N, C, H, W] by the nearest pixel. */
export class UpsamplingNearest2d extends Upsample {
  constructor(...args: SizeArgs) {
    super({ ...readArgs<UpsampleOptions>("UpsamplingNearest2d", ["size", "scaleFactor"], args), mode: "nearest" });
  }
}

/** Bilinear {@link Upsample} of [N, C, H, W] with `alignCorners`. */
export class UpsamplingBilinear2d extends Upsample {
  constructor(...args: SizeArgs) {
    const o = readArgs<UpsampleOptions>("UpsamplingBilinear2d", ["size", "scaleFactor"], args);
    super({ ...o, mode: "bilinear", alignCorners: true });
  }
}
