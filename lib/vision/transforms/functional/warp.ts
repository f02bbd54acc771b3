/** Images turned, shifted, sheared and seen from the side. */
import { byName } from "../../../by-name.js";
import { ArgumentError } from "../../../errors.js";
import { describe } from "../../../tensor/base.js";
import type { Tensor } from "../../../tensor.js";
import type { Fill } from "../changes/geometry.js";
import type { Pair } from "../changes/warp.js";
import * as changes from "../changes/warp.js";
import { checkInterpolation, type InterpolationMode } from "../interpolation.js";
import { on } from "../picture.js";
import { checkNumber } from "./arguments.js";

const isPair = (value: unknown): value is Pair =>
  Array.isArray(value) && value.length === 2 && value.every((n) => typeof n === "number");

function checkPair(op: string, name: string, value: unknown): asserts value is Pair {
  if (isPair(value)) return;
  throw new ArgumentError(`${op}: expected ${name} to be two numbers, received ${describe(value)}`, { op });
}

/**
 * An image turned counter-clockwise by `angle` degrees: `rotate(img, 30, { expand: true })`. Interpolation `"nearest"`, `"bilinear"`, and
 * of bytes `"bicubic"`. With `expand` the result holds all of the image; `center`, (x, y), is the point that stays; `fill` the colour
 * outside, one number or one a channel.
 */
export const rotate = byName(
  "vision.transforms.functional.rotate",
  (
    img: Tensor,
    angle: number,
    interpolation: InterpolationMode = "nearest",
    expand = false,
    center: Pair | null = null,
    fill: Fill | null = null,
  ): Tensor => {
    checkNumber("rotate", "angle", angle);
    checkInterpolation("rotate", interpolation);
    if (center !== null) checkPair("rotate", "center", center);
    return on(img, (picture) => changes.rotate(picture, angle, { interpolation, expand, center, fill }));
  },
);

/**
 * An image turned clockwise by `angle` degrees, shifted by `translate` pixels to the right and downwards, scaled, and sheared by `shear`
 * degrees along x and along y: `affine(img, 10, [2, 0], 1.1, 5)`. The rest is as of {@link rotate}.
 */
export const affine = byName(
  "vision.transforms.functional.affine",
  (
    img: Tensor,
    angle: number,
    translate: Pair,
    scale: number,
    shear: number | readonly number[],
    interpolation: InterpolationMode = "nearest",
    fill: Fill | null = null,
    center: Pair | null = null,
  ): Tensor => {
    const op = "affine";
    const [x = 0, y = 0] = typeof shear === "number" ? [shear] : shear;
    checkNumber(op, "angle", angle);
    checkPair(op, "translate", translate);
    checkNumber(op, "scale", scale);
    if (scale <= 0) throw new ArgumentError("Argument scale should be positive");
    checkPair(op, "shear", [x, y]);
    checkInterpolation(op, interpolation);
    const o = { angle, translate, scale, interpolation, fill, center } as const;
    return on(img, (picture) => changes.affine(picture, { ...o, shear: [x, y] }));
  },
);

/**
 * An image seen from the side: what lay at the four corners `startpoints`, (x, y) clockwise from the top left, lies at `endpoints`. The
 * rest is as of {@link rotate}.
 */
export const perspective = byName(
  "vision.transforms.functional.perspective",
  (
    img: Tensor,
    startpoints: readonly Pair[],
    endpoints: readonly Pair[],
    interpolation: InterpolationMode = "bilinear",
    fill: Fill | null = null,
  ): Tensor => {
    for (const [name, points] of Object.entries({ startpoints, endpoints })) {
      if (Array.isArray(points) && points.every(isPair)) continue;
      throw new ArgumentError(`perspective: expected ${name} to be a list of points, received ${describe(points)}`);
    }
    checkInterpolation("perspective", interpolation);
    return on(img, (picture) => changes.perspective(picture, startpoints, endpoints, { interpolation, fill }));
  },
);
