/** Initialisers: PyTorch's, drawing the same numbers in the same order. Each fills its tensor in place and returns it. */

import { withoutGrad } from "../autograd/modes.js";
import { byName, byNameBeside } from "../by-name.js";
import { empty, fromTypedArray, randperm } from "../creation.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { type Generator, generatorHandle } from "../random.js";
import { describe, handleOf, isTensor, type TensorBase, wrap } from "../tensor/base.js";
import { warnOnce } from "../warnings.js";

/** The nonlinearities that {@link calculateGain} knows. */
export type Nonlinearity =
  | "linear"
  | "conv1d"
  | "conv2d"
  | "conv3d"
  | "conv_transpose1d"
  | "conv_transpose2d"
  | "conv_transpose3d"
  | "sigmoid"
  | "tanh"
  | "relu"
  | "leaky_relu"
  | "selu";

/** Which fan keeps its variance: the inputs' (forward) or the outputs' (backward). */
export type FanMode = "fan_in" | "fan_out";

/** Where an initialiser takes its random numbers. */
export interface InitOptions {
  /** Default: the default generator. */
  generator?: Generator | null;
}

/** The recommended factor for a nonlinearity; `param` is leaky_relu's slope (default 0.01). */
export const calculateGain = byName("nn.init.calculateGain", (nonlinearity: Nonlinearity, param?: number): number => {
  switch (nonlinearity) {
    case "linear":
    case "conv1d":
    case "conv2d":
    case "conv3d":
    case "conv_transpose1d":
    case "conv_transpose2d":
    case "conv_transpose3d":
    case "sigmoid":
      return 1;
    case "tanh":
      return 5 / 3;
    case "relu":
      return Math.sqrt(2);
    case "leaky_relu":
      return Math.sqrt(2 / (1 + (param ?? 0.01) ** 2));
    case "selu":
      return 3 / 4;
    default:
      nonlinearity satisfies never;
      throw new ArgumentError(`Unsupported nonlinearity ${String(nonlinearity)}`);
  }
});

/** The numbers of inputs and outputs that one weight connects. Errors: fewer than two dimensions. */
export function calculateFans(x: TensorBase): [fanIn: number, fanOut: number] {
  if (!isTensor(x)) throw new ArgumentError(`calculateFans: expected a Tensor, received ${describe(x)}`);
  const [out, into, ...kernel] = x.shape;
  if (out === undefined || into === undefined) {
    throw new ArgumentError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
  }
  const field = kernel.reduce((n, size) => n * size, 1);
  return [into * field, out * field];
}

/** Whether there is nothing to draw. */
function isEmpty(x: TensorBase): boolean {
  if (!x.shape.includes(0)) return false;
  warnOnce("CANDLEWICK_INIT_EMPTY", "Initializing zero-element tensors is a no-op");
  return true;
}

function fill<T extends TensorBase>(x: T, write: () => void): T {
  withoutGrad(write);
  return x;
}

/** Uniform on [a, b). */
export const uniform_ = byNameBeside(
  "nn.init.uniform_",
  <T extends TensorBase>(x: T, a = 0, b = 1, options: InitOptions = {}): T =>
    fill(x, () => native.uniform_(handleOf(x), a, b, generatorHandle(options.generator))),
);
/** Normal. */
export const normal_ = byNameBeside(
  "nn.init.normal_",
  <T extends TensorBase>(x: T, mean = 0, std = 1, options: InitOptions = {}): T =>
    fill(x, () => native.normal_(handleOf(x), mean, std, generatorHandle(options.generator))),
);
/** One value everywhere. */
export const constant_ = byNameBeside(
  "nn.init.constant_",
  <T extends TensorBase>(x: T, value: number): T => fill(x, () => native.fill_(handleOf(x), value)),
);
/** 1 everywhere. */
export const ones_ = byNameBeside("nn.init.ones_", <T extends TensorBase>(x: T): T => constant_(x, 1));
/** 0 everywhere. */
export const zeros_ = byNameBeside("nn.init.zeros_", <T extends TensorBase>(x: T): T => constant_(x, 0));
/** The identity matrix. Errors: not two dimensions. */
export const eye_ = byNameBeside("nn.init.eye_", <T extends TensorBase>(x: T): T => {
  const [n, m, ...more] = x.shape;
  if (n === undefined || m === undefined || more.length > 0) {
    throw new ArgumentError("Only tensors with 2 dimensions are supported");
  }
  return fill(x, () => native.copy_(handleOf(x), native.eye(n, m, native.dtype(handleOf(x)))));
});

/**
 * The weight [out, in, ...] of a convolution that gives its input back, as far as there are channels; with `groups` each
 * group does. Errors: not three to five dimensions; outputs that the groups do not divide.
 */
export const dirac_ = byNameBeside("nn.init.dirac_", <T extends TensorBase>(x: T, groups = 1): T => {
  const [out = 0, into = 0, ...kernel] = x.shape;
  if (x.ndim < 3 || x.ndim > 5) throw new ArgumentError("Only tensors with 3, 4, or 5 dimensions are supported");
  if (out % groups !== 0) throw new ArgumentError("dim 0 must be divisible by groups");
  const each = out / groups;
  const size = kernel.reduce((n, k) => n * k, 1);
  const center = kernel.reduce((at, k) => at * k + Math.floor(k / 2), 0);
  const values = new Float64Array(x.numel());
  for (let group = 0; group < groups; group++) {
    for (let d = 0; d < Math.min(each, into); d++) values[((group * each + d) * into + d) * size + center] = 1;
  }
  return fill(x, () => native.copy_(handleOf(x), handleOf(fromTypedArray(values, x.shape))));
});

/** Uniform on +-gain * sqrt(6 / (fan_in + fan_out)).   [Glorot & Bengio 2010] */
export const xavierUniform_ = byNameBeside(
  "nn.init.xavierUniform_",
  <T extends TensorBase>(x: T, gain = 1, options: InitOptions = {}): T => {
    const [fanIn, fanOut] = calculateFans(x);
    const bound = Math.sqrt(3) * (gain * Math.sqrt(2 / (fanIn + fanOut)));
    return uniform_(x, -bound, bound, options);
  },
);
/** Normal with std gain * sqrt(2 / (fan_in + fan_out)).   [Glorot & Bengio 2010] */
export const xavierNormal_ = byNameBeside(
  "nn.init.xavierNormal_",
  <T extends TensorBase>(x: T, gain = 1, options: InitOptions = {}): T => {
    const [fanIn, fanOut] = calculateFans(x);
    return normal_(x, 0, gain * Math.sqrt(2 / (fanIn + fanOut)), options);
  },
);

function kaimingStd(x: TensorBase, a: number, mode: FanMode, nonlinearity: Nonlinearity): number {
  const [fanIn, fanOut] = calculateFans(x);
  return calculateGain(nonlinearity, a) / Math.sqrt(mode === "fan_in" ? fanIn : fanOut);
}

/** Uniform on +-gain * sqrt(3 / fan); `a` is the negative slope of leaky_relu.   [He et al. 2015] */
export const kaimingUniform_ = byNameBeside(
  "nn.init.kaimingUniform_",
  <T extends TensorBase>(
    x: T,
    a = 0,
    mode: FanMode = "fan_in",
    nonlinearity: Nonlinearity = "leaky_relu",
    options: InitOptions = {},
  ): T => {
    if (isEmpty(x)) return x;
    const bound = Math.sqrt(3) * kaimingStd(x, a, mode, nonlinearity);
    return uniform_(x, -bound, bound, options);
  },
);
/** Normal with std gain / sqrt(fan); `a` is the negative slope of leaky_relu.   [He et al. 2015] */
export const kaimingNormal_ = byNameBeside(
  "nn.init.kaimingNormal_",
  <T extends TensorBase>(
    x: T,
    a = 0,
    mode: FanMode = "fan_in",
    nonlinearity: Nonlinearity = "leaky_relu",
    options: InitOptions = {},
  ): T => {
    if (isEmpty(x)) return x;
    return normal_(x, 0, kaimingStd(x, a, mode, nonlinearity), options);
  },
);

/**
 * Rows (or columns, where there are fewer) that are orthonormal, times `gain`: the Q factor of a normal matrix, with all
 * dimensions but the first made one. Errors: fewer than two dimensions.   [Saxe et al. 2014]
 */
export const orthogonal_ = byNameBeside(
  "nn.init.orthogonal_",
  <T extends TensorBase>(x: T, gain = 1, options: InitOptions = {}): T => {
    if (x.ndim < 2) throw new ArgumentError("Only tensors with 2 or more dimensions are supported");
    if (x.numel() === 0) return x;
    return fill(x, () => {
      const rows = x.shape[0] ?? 1;
      const drawn = normal_(empty([rows, x.numel() / rows], { dtype: x.dtype }), 0, 1, options);
      const wide = rows < drawn.size(1);
      const q = wrap(native.orthonormalColumns(handleOf(wide ? drawn.t() : drawn)));
      native.copy_(handleOf(x), handleOf((wide ? q.t() : q).mul(gain).reshape([...x.shape])));
    });
  },
);

/**
 * Normal, with a share of `sparsity` of each column set to 0 at random places. Errors: not two dimensions.
 * [Martens 2010]
 */
export const sparse_ = byNameBeside(
  "nn.init.sparse_",
  <T extends TensorBase>(x: T, sparsity: number, std = 0.01, options: InitOptions = {}): T => {
    const [rows, columns, ...more] = x.shape;
    if (rows === undefined || columns === undefined || more.length > 0) {
      throw new ArgumentError("Only tensors with 2 dimensions are supported");
    }
    const zeros = Math.ceil(sparsity * rows);
    normal_(x, 0, std, options);
    return fill(x, () => {
      const open = new Float64Array(rows * columns).fill(1);
      for (let column = 0; column < columns; column++) {
        const order = randperm(rows).toTypedArray();
        for (let i = 0; i < zeros; i++) open[Number(order[i]) * columns + column] = 0;
      }
      native.mul_(handleOf(x), handleOf(fromTypedArray(open, x.shape).to(x.dtype)));
    });
  },
);

/** The start of Linear and of convolutions: the weight Kaiming-uniform with a = sqrt(5), then the bias +-1/sqrt(fan_in). */
export function resetLinear(weight: TensorBase, bias: TensorBase | null): void {
  kaimingUniform_(weight, { a: Math.sqrt(5) });
  if (bias === null) return;
  const [fanIn] = calculateFans(weight);
  if (fanIn > 0) uniform_(bias, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn));
}

export { truncNormal_ } from "./trunc-normal.js";
