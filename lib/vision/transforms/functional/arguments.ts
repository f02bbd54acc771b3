/** The arguments that transforms and their functions have in common. */
import { ArgumentError } from "../../../errors.js";
import { describe } from "../../../tensor/base.js";
import * as changes from "../changes/geometry.js";
import { checkInterpolation, type InterpolationMode } from "../interpolation.js";
import type { Picture } from "../picture.js";

/** A size: of both sides, or height and width. */
export type Size = number | readonly number[];

const isSize = (n: unknown): n is number => typeof n === "number" && Number.isInteger(n) && n >= 0;

/** Height and width; one number is both. Errors: another form. */
export function pairOf(
  op: string,
  size: unknown,
  message = "Please provide only two dimensions (h, w) for size.",
): [number, number] {
  if (isSize(size)) return [size, size];
  if (Array.isArray(size) && (size.length === 1 || size.length === 2) && size.every(isSize)) {
    const [height = 0, width = height] = size;
    return [height, width];
  }
  throw new ArgumentError(`${message.replace(/\.$/, "")}, received ${describe(size)}`, { op });
}

/** The size of a resized image: the shorter side alone, or height and width. Errors: another form. */
export function resizeSize(op: string, size: unknown): readonly number[] {
  if (isSize(size) && size > 0) return [size];
  if (Array.isArray(size) && (size.length === 1 || size.length === 2) && size.every((n) => isSize(n) && n > 0))
    return size;
  throw new ArgumentError(`${op}: Size should be int or sequence, received ${describe(size)}`, { op });
}

/** Left, top, right, bottom, of one, two or four numbers. Errors: another form. */
export function paddingOf(op: string, padding: unknown): [number, number, number, number] {
  const list = typeof padding === "number" ? [padding] : padding;
  if (!Array.isArray(list) || !list.every((n) => Number.isInteger(n))) {
    throw new ArgumentError(`${op}: Got inappropriate padding arg, received ${describe(padding)}`, { op });
  }
  const [a = 0, b = a, c = a, d = b] = list;
  if (list.length === 1 || list.length === 2 || list.length === 4) return [a, b, c, d];
  throw new ArgumentError(`Padding must be an int or a 1, 2, or 4 element tuple, not a ${list.length} element tuple`, {
    op,
  });
}

/** A range of numbers, from low to high. Errors: another form. */
export function rangeOf(op: string, name: string, range: unknown): [number, number] {
  const [low, high] = Array.isArray(range) && range.length === 2 ? range : [];
  if (typeof low === "number" && typeof high === "number") return [low, high];
  throw new ArgumentError(`${op}: ${name} should be a sequence of length 2, received ${describe(range)}`, { op });
}

/** Errors: what is no finite number. */
export function checkNumber(op: string, name: string, value: unknown): asserts value is number {
  if (typeof value === "number" && Number.isFinite(value)) return;
  throw new ArgumentError(`${op}: expected ${name} to be a number, received ${describe(value)}`, { op });
}

/** A probability. Errors: what is none. */
export function probabilityOf(op: string, p: unknown): number {
  if (typeof p === "number" && p >= 0 && p <= 1) return p;
  throw new ArgumentError(`${op}: expected p to be a number from 0 to 1, received ${describe(p)}`, { op });
}

/** How {@link resize} finds a size. */
export interface Resizing {
  readonly size: Size;
  readonly interpolation: InterpolationMode;
  readonly maxSize?: number | null;
  readonly antialias: boolean | null;
}

/** The change of {@link resize}. */
export function resized(picture: Picture, { interpolation, maxSize = null, antialias, ...o }: Resizing): Picture {
  const size = resizeSize("resize", o.size);
  checkInterpolation("resize", interpolation);
  if (maxSize !== null && size.length === 2) {
    throw new ArgumentError(
      "max_size should only be passed if size specifies the length of the smaller edge, i.e. size should be an int or a sequence of length 1 in torchscript mode.",
    );
  }
  const [height, width] = changes.sizeFor(picture, size, maxSize);
  if (height === picture.height && width === picture.width) return picture;
  return changes.resize(picture, [height, width], interpolation, antialias ?? true);
}

/** Checks the size of a filter. Errors: even or no numbers. */
export function filterSizes(op: string, size: unknown): [number, number] {
  const sizes = pairOf(op, size, "Kernel size should be a tuple/list of two integers");
  if (sizes.some((n) => n % 2 === 0)) {
    throw new ArgumentError(`Kernel size value should be an odd and positive number, received ${sizes.join(", ")}`);
  }
  return sizes;
}
