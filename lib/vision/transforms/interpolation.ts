/** How the pixels between are found. */
import { ArgumentError } from "../../errors.js";
import { describe } from "../../tensor/base.js";

/** How the pixels between are found, by the name. */
export type InterpolationMode = "nearest" | "nearest-exact" | "bilinear" | "bicubic" | "box" | "hamming" | "lanczos";

/** The modes by torchvision's names, as `InterpolationMode.BICUBIC`. */
export const InterpolationMode = {
  NEAREST: "nearest",
  NEAREST_EXACT: "nearest-exact",
  BILINEAR: "bilinear",
  BICUBIC: "bicubic",
  BOX: "box",
  HAMMING: "hamming",
  LANCZOS: "lanczos",
} as const satisfies Readonly<Record<string, InterpolationMode>>;

/** The numbers of the filters on the native side. */
const FILTERS: Readonly<Record<InterpolationMode, number>> = {
  ...{ nearest: 0, "nearest-exact": 0, bilinear: 1, bicubic: 2, box: 3, hamming: 4, lanczos: 5 },
};

/** Errors: a mode that is none. */
export function checkInterpolation(op: string, mode: unknown): asserts mode is InterpolationMode {
  if (typeof mode === "string" && Object.hasOwn(FILTERS, mode)) return;
  const names = Object.keys(FILTERS).map((name) => `"${name}"`);
  throw new ArgumentError(
    `${op}: expected interpolation to be one of ${names.join(", ")}, received ${describe(mode)}`,
    { op },
  );
}

/** The number of a filter on the native side. */
export const filterNumber = (mode: InterpolationMode) => FILTERS[mode];
