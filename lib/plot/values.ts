/** Numbers, matrices and images out of what callers have: tensors, lists, typed arrays. */
import { noGrad } from "../autograd/modes.js";
import { tensor } from "../creation.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { stack } from "../ops/join.js";
import { describe, isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

/** Numbers in a row. */
export type Numbers = readonly number[] | Tensor | ArrayLike<number>;
/** Rows of numbers of one length. */
export type Matrix = readonly (readonly number[])[] | Tensor;
/** An image: [H, W], [1, H, W], [3, H, W], [4, H, W], or [H, W, 3]. */
export type ImageLike = Tensor | readonly (readonly number[])[];

const isNumbers = (x: unknown): x is ArrayLike<number> =>
  (Array.isArray(x) || ArrayBuffer.isView(x)) &&
  Array.prototype.every.call(x, (v) => typeof v === "number" || typeof v === "bigint");

/** Numbers as an array. Errors: an empty one, what is none. */
export function numbersOf(op: string, name: string, values: unknown): number[] {
  const fail = (received: string): never => {
    throw new ArgumentError(`${op}: expected ${name} to be numbers (a list or a tensor [N]), received ${received}`, {
      op,
    });
  };
  let numbers: number[] = [];
  if (isTensor(values)) {
    if (values.ndim > 1 && values.numel() !== Math.max(...values.shape)) fail(`a tensor [${values.shape.join(", ")}]`);
    numbers = (values.detach().flatten().to("float64").tolist() as number[]).map(Number);
  } else if (isNumbers(values)) numbers = Array.from(values, Number);
  else if (Array.isArray(values) && values.every((v) => isTensor(v) && v.numel() === 1))
    numbers = values.map((v) => Number(v.item())); // biome-ignore format: one line
  else fail(describe(values));
  if (numbers.length === 0) fail("none");
  return numbers;
}

/** Rows of numbers. Errors: rows of different lengths, none at all, what is no matrix. */
export function matrixOf(op: string, name: string, values: unknown): number[][] {
  const fail = (received: string): never => {
    throw new ArgumentError(`${op}: expected ${name} to be rows of numbers (a list of lists or a tensor [rows, columns]), received ${received}`, { op }); // biome-ignore format: one line
  };
  if (isTensor(values)) {
    if (values.ndim !== 2 || values.numel() === 0) fail(`a tensor [${values.shape.join(", ")}]`);
    return (values.detach().to("float64").tolist() as number[][]).map((row) => row.map(Number));
  }
  if (!Array.isArray(values) || !values.every((row) => isNumbers(row))) fail(describe(values));
  const rows = (values as ArrayLike<number>[]).map((row) => Array.from(row, Number));
  const width = rows[0]?.length ?? 0;
  if (width === 0) fail("an empty one");
  const ragged = rows.findIndex((row) => row.length !== width);
  if (ragged >= 0)
    fail(`rows of different lengths: row 0 has ${width} numbers, row ${ragged} has ${rows[ragged]?.length}`);
  return rows;
}

/** An image as [C, H, W], detached, on the CPU. Errors: another shape, nothing in it. */
export function imageOf(op: string, image: unknown): Tensor {
  const x = isTensor(image) ? image.detach() : tensor(matrixOf(op, "the image", image));
  const shape = `[${x.shape.join(", ")}]`;
  const fail = (): never => {
    throw new ShapeError(`${op}: expected an image [H, W], [1, H, W], [3, H, W], [4, H, W] or [H, W, 3], received ${shape}`, { op }); // biome-ignore format: one line
  };
  if (x.numel() === 0) fail();
  const colors = (n: number | undefined) => n === 3 || n === 4;
  if (x.ndim === 2) return x.unsqueeze(0);
  if (x.ndim !== 3) fail();
  if (x.size(0) === 1 || colors(x.size(0))) return x;
  if (colors(x.size(2))) return x.permute(2, 0, 1);
  return x.size(2) === 1 ? x.permute(2, 0, 1) : fail();
}

/**
 * Images as batches [N, C, H, W], in their order: one where all have a shape, else one for each. Errors: none, a tensor of other
 * dimensions.
 */
export function batchesOf(op: string, images: unknown): Tensor[] {
  return noGrad(() => {
    if (isTensor(images)) return [batchOf(op, images.detach())];
    if (!Array.isArray(images) || images.length === 0) {
      throw new ArgumentError(`${op}: expected images [N, C, H, W], [N, H, W] or a list of images, received ${Array.isArray(images) ? "an empty list" : describe(images)}`, { op }); // biome-ignore format: one line
    }
    const all = images.map((image) => imageOf(op, image));
    const alike = all.every((x) => x.dtype === all[0]?.dtype && x.shape.join() === all[0]?.shape.join());
    return alike ? [stack(all)] : all.map((x) => x.unsqueeze(0));
  });
}

function batchOf(op: string, images: Tensor): Tensor {
  const [, c = 0, , last = 0] = images.shape;
  const isEmpty = images.numel() === 0;
  if (!isEmpty && images.ndim === 3) return images.unsqueeze(1);
  if (!isEmpty && images.ndim === 4 && [1, 3, 4].includes(c)) return images;
  if (!isEmpty && images.ndim === 4 && [1, 3, 4].includes(last)) return images.permute(0, 3, 1, 2);
  throw new ShapeError(`${op}: expected images [N, C, H, W] of 1, 3 or 4 channels, [N, H, W] or a list of images, received [${images.shape.join(", ")}]`, { op }); // biome-ignore format: one line
}

/** How many images batches have. */
export const countOf = (batches: readonly Tensor[]): number => batches.reduce((sum, batch) => sum + batch.size(0), 0);
