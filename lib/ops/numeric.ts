/** Numbers taken apart, and differences of neighbours. */

import { dimList } from "../args.js";
import { listOf } from "../argument-types.js";
import { byName } from "../by-name.js";
import { ArgumentError } from "../errors.js";
import { native, type TensorHandle } from "../native.js";
import { handleOf, isTensor, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { cat } from "./join.js";
import { add, div, mul, sub } from "./pointwise.js";
import { narrow, unsqueeze } from "./shape.js";

/**
 * x = mantissa * 2^exponent with 0.5 <= |mantissa| < 1, the exponents int32; 0, infinities and NaN are their own mantissa with
 * exponent 0. Errors: integers.
 */
export const frexp = byName("frexp", (x: TensorBase): [mantissa: Tensor, exponent: Tensor] => {
  const [mantissa, exponent] = native.frexp(handleOf(x)) as [TensorHandle, TensorHandle];
  return [wrap(mantissa), wrap(exponent)];
});

/** Options of {@link gradient}. */
export interface GradientOptions {
  /** The distance between neighbours: one number, one for each dimension, or the coordinates of each. Default 1. */
  spacing?: number | readonly number[] | readonly TensorBase[] | null;
  /** The dimensions. Default: all. */
  dim?: number | readonly number[] | null;
  /** The order of the differences at the two ends, 1 or 2. Default 1. */
  edgeOrder?: number;
}

/** The derivative along each dimension by central differences, and one-sided ones at the ends. */
export const gradient = byName("gradient", (x: TensorBase, options: GradientOptions = {}): Tensor[] => {
  const { spacing = null, edgeOrder = 1 } = options ?? {};
  const dims = dimList(options?.dim) ?? [...x.shape.keys()];
  if (edgeOrder !== 1 && edgeOrder !== 2) {
    throw new ArgumentError("torch.gradient only supports edge_order=1 and edge_order=2.", { op: "gradient" });
  }
  const spaces =
    typeof spacing === "number" || spacing === null ? [] : listOf<number | TensorBase>("gradient", "spacing", spacing);
  if (spaces.length > 0 && spaces.length !== dims.length) {
    throw new ArgumentError(
      `torch.gradient expected spacing to be unspecified, a scalar or a list of length equal to 'self.dim() = ${dims.length}', but got a list of length ${spaces.length}`,
      { op: "gradient" },
    );
  }
  return dims.map((dim, i) => {
    const n = x.size(dim);
    if (n < edgeOrder + 1) {
      throw new ArgumentError("torch.gradient expected each dimension size to be at least edge_order+1", {
        op: "gradient",
      });
    }
    const space = spaces[i] ?? (typeof spacing === "number" ? spacing : 1);
    return isTensor(space) ? uneven(x, dim, space, edgeOrder) : even(x, dim, space as number, edgeOrder);
  });
});

const at = (x: TensorBase, dim: number, start: number, count = 1) => {
  const n = x.size(dim);
  return narrow(x, dim, start < 0 ? n + start : start, count);
};

function even(x: TensorBase, dim: number, h: number, order: number): Tensor {
  const n = x.size(dim);
  const inner = n > 2 ? [div(sub(at(x, dim, 2, n - 2), at(x, dim, 0, n - 2)), 2 * h)] : [];
  const blend = (places: number[], weights: number[]) => {
    const [first, ...rest] = places.map((place, k) => mul(at(x, dim, place), weights[k] ?? 0));
    return div(
      rest.reduce((sum, term) => add(sum, term), first as Tensor),
      h,
    );
  };
  const [start, end] =
    order === 1
      ? [div(sub(at(x, dim, 1), at(x, dim, 0)), h), div(sub(at(x, dim, -1), at(x, dim, -2)), h)]
      : [blend([0, 1, 2], [-1.5, 2, -0.5]), blend([-3, -2, -1], [0.5, -2, 1.5])];
  return cat([start, ...inner, end], dim);
}

/** The same for neighbours at given coordinates: the slope of the parabola through three points. */
function uneven(x: TensorBase, dim: number, coordinates: TensorBase, order: number): Tensor {
  const n = x.size(dim);
  const rank = x.ndim;
  const along = (t: Tensor): Tensor => {
    let y = t;
    for (let d = 0; d < rank - 1 - (dim < 0 ? dim + rank : dim); d++) y = unsqueeze(y, -1);
    return y;
  };
  const dx = sub(narrow(coordinates, 0, 1, n - 1), narrow(coordinates, 0, 0, n - 1));
  const gap = (start: number, count = 1) => along(narrow(dx, 0, start < 0 ? n - 1 + start : start, count));
  const slope = (start: number, count: number, near: (a: Tensor, b: Tensor) => Tensor[]) => {
    const [a, b] = [gap(start, count), gap(start + 1, count)];
    const [p, q, r] = near(a, b);
    const points = [0, 1, 2].map((k) => at(x, dim, start + k, count));
    return add(
      add(mul(points[0] as Tensor, p as Tensor), mul(points[1] as Tensor, q as Tensor)),
      mul(points[2] as Tensor, r as Tensor),
    );
  };
  const middle = (a: Tensor, b: Tensor) => [
    div(b, mul(a, add(a, b))).neg(),
    div(sub(b, a), mul(a, b)),
    div(a, mul(b, add(a, b))),
  ];
  const left = (a: Tensor, b: Tensor) => [
    div(add(mul(a, 2), b), mul(a, add(a, b))).neg(),
    div(add(a, b), mul(a, b)),
    div(a, mul(b, add(a, b))).neg(),
  ];
  const right = (a: Tensor, b: Tensor) => [
    div(b, mul(a, add(a, b))),
    div(add(a, b), mul(a, b)).neg(),
    div(add(mul(b, 2), a), mul(b, add(a, b))),
  ];
  const inner = n > 2 ? [slope(0, n - 2, middle)] : [];
  const [start, end] =
    order === 1
      ? [div(sub(at(x, dim, 1), at(x, dim, 0)), gap(0)), div(sub(at(x, dim, -1), at(x, dim, -2)), gap(-1))]
      : [slope(0, 1, left), slope(n - 3, 1, right)];
  return cat([start, ...inner, end], dim);
}

/** Each tensor cut along `dim` into `numChunks` pieces, the last filled with zeros, and the pieces of one number side by side. */
export const _chunkCat = byName(
  "_chunkCat",
  (tensors: readonly TensorBase[], dim: number, numChunks: number): Tensor => {
    const list = listOf("_chunkCat", "tensors", tensors);
    const [first] = list;
    if (first === undefined || !(numChunks > 0)) {
      throw new ArgumentError("_chunk_cat expects a non-empty input tensor list and at least one chunk", {
        op: "_chunkCat",
      });
    }
    const along = dim < 0 ? dim + first.ndim : dim;
    const parts = list.map((x) => {
      const n = x.size(along);
      const size = Math.ceil(n / numChunks);
      const shape = [...x.shape];
      shape[along] = size * numChunks - n;
      const zeros = wrap(native.full(shape, 0, native.dtype(handleOf(x))));
      const full = cat([x, zeros], along);
      return wrap(native.reshape(handleOf(full), [...x.shape.slice(0, along), numChunks, -1]));
    });
    return cat(parts, along + 1);
  },
);
