/** Images sampled at the points of a grid: spatial transformers.   [Jaderberg et al. 2015] */

import { type Args, readArgs, required } from "../args.js";
import { listOf } from "../argument-types.js";
import { byName } from "../by-name.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

const MODES = ["bilinear", "nearest", "bicubic"] as const;
const PADDINGS = ["zeros", "border", "reflection"] as const;

/** Options of {@link gridSample}. */
export interface GridSampleOptions {
  /** How a value is made of its neighbours; `"bilinear"` is trilinear in five dimensions. Default `"bilinear"`. */
  mode?: (typeof MODES)[number];
  /** What lies outside of the image. Default `"zeros"`. */
  paddingMode?: (typeof PADDINGS)[number];
  /** Whether -1 and 1 are the centres of the outermost pixels and not their edges. Default false. */
  alignCorners?: boolean | null;
}

interface GridSampleAll extends GridSampleOptions {
  grid: TensorBase;
}

/**
 * The values of x [N, C, H, W] at the points (x, y) of grid [N, H', W', 2], or of [N, C, D, H, W] at (x, y, z) of
 * [N, D', H', W', 3]: -1 is the left, upper, front end of the image and 1 the other.
 */
export const gridSample = byName(
  "nn.functional.gridSample",
  (
    x: TensorBase,
    ...args:
      | [grid: TensorBase, ...rest: Args<GridSampleOptions, ["mode", "paddingMode", "alignCorners"]>]
      | [options: GridSampleAll]
  ): Tensor => {
    const o = readArgs<GridSampleAll>("gridSample", ["grid", "mode", "paddingMode", "alignCorners"], args);
    const { mode = "bilinear", paddingMode = "zeros", alignCorners } = o;
    const grid = handleOf(required("gridSample", o, "grid"));
    return wrap(native.gridSample(handleOf(x), grid, mode, paddingMode, alignCorners ?? false));
  },
);

/** {@link gridSample} with the numbers that PyTorch has for its modes: 0 bilinear, 1 nearest, 2 bicubic; 0 zeros, 1 border, 2 reflection. */
export const gridSampler = byName(
  "gridSampler",
  (x: TensorBase, grid: TensorBase, interpolationMode: number, paddingMode: number, alignCorners: boolean): Tensor => {
    const [mode, padding] = [MODES[interpolationMode], PADDINGS[paddingMode]];
    if (mode === undefined || padding === undefined) {
      throw new ArgumentError(
        `gridSampler: expected modes from 0 to 2, received ${interpolationMode} and ${paddingMode}`,
      );
    }
    return gridSample(x, grid, mode, padding, alignCorners);
  },
);

/** {@link gridSampler} of [N, C, H, W]. */
export const gridSampler2d: typeof gridSampler = gridSampler;
/** {@link gridSampler} of [N, C, D, H, W]. */
export const gridSampler3d: typeof gridSampler = gridSampler;

/** Options of {@link affineGrid}. */
export interface AffineGridOptions {
  /** Whether -1 and 1 are the centres of the outermost pixels and not their edges. Default false. */
  alignCorners?: boolean | null;
}

interface AffineGridAll extends AffineGridOptions {
  size: readonly number[];
}

/**
 * A grid for {@link gridSample} that maps an image by theta: [N, 2, 3] and size [N, C, H, W] give [N, H, W, 2]; [N, 3, 4] and
 * [N, C, D, H, W] give [N, D, H, W, 3].
 */
export const affineGrid = byName(
  "nn.functional.affineGrid",
  (
    theta: TensorBase,
    ...args: [size: readonly number[], ...rest: Args<AffineGridOptions, ["alignCorners"]>] | [options: AffineGridAll]
  ): Tensor => {
    const o = readArgs<AffineGridAll>("affineGrid", ["size", "alignCorners"], args);
    const size = listOf<number>("affineGrid", "size", required("affineGrid", o, "size"));
    return wrap(native.affineGrid(handleOf(theta), size, o.alignCorners ?? false));
  },
);
