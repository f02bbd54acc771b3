/** Initialisers: PyTorch's, drawing the same numbers in the same order. Each fills its tensor in place and returns it. */
import { withoutGrad } from "../autograd/modes.js";
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { type Generator, generatorHandle } from "../random.js";
import { handleOf, type TensorBase } from "../tensor/base.js";

/** The nonlinearities that {@link calculateGain} knows. */
export type Nonlinearity =
  | "linear"
  | "conv1d"
  | "conv2d"
  | "conv3d"
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

/** Options of the Kaiming initialisers. */
export interface KaimingOptions extends InitOptions {
  /** The negative slope of leaky_relu. Default 0. */
  a?: number;
  /** Default "fan_in". */
  mode?: FanMode;
  /** Default "leaky_relu". */
  nonlinearity?: Nonlinearity;
}

/** The recommended factor for a nonlinearity; `param` is leaky_relu's slope (default 0.01). */
export function calculateGain(nonlinearity: Nonlinearity, param?: number): number {
  switch (nonlinearity) {
    case "linear":
    case "conv1d":
    case "conv2d":
    case "conv3d":
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
}

/** The numbers of inputs and outputs that one weight connects. Errors: fewer than two dimensions. */
export function calculateFans(x: TensorBase): [fanIn: number, fanOut: number] {
  const [out, into, ...kernel] = x.shape;
  if (out === undefined || into === undefined) {
    throw new ArgumentError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
  }
  const field = kernel.reduce((n, size) => n * size, 1);
  return [into * field, out * field];
}

function fill<T extends TensorBase>(x: T, write: () => void): T {
  withoutGrad(write);
  return x;
}

/** Uniform on [a, b). */
export function uniform_<T extends TensorBase>(x: T, a = 0, b = 1, options: InitOptions = {}): T {
  return fill(x, () => native.uniform_(handleOf(x), a, b, generatorHandle(options.generator)));
}
/** Normal. */
export function normal_<T extends TensorBase>(x: T, mean = 0, std = 1, options: InitOptions = {}): T {
  return fill(x, () => native.normal_(handleOf(x), mean, std, generatorHandle(options.generator)));
}
/** One value everywhere. */
export function constant_<T extends TensorBase>(x: T, value: number): T {
  return fill(x, () => native.fill_(handleOf(x), value));
}
/** 1 everywhere. */
export function ones_<T extends TensorBase>(x: T): T {
  return constant_(x, 1);
}
/** 0 everywhere. */
export function zeros_<T extends TensorBase>(x: T): T {
  return constant_(x, 0);
}
/** The identity matrix. Errors: not two dimensions. */
export function eye_<T extends TensorBase>(x: T): T {
  const [n, m, ...more] = x.shape;
  if (n === undefined || m === undefined || more.length > 0) {
    throw new ArgumentError("Only tensors with 2 dimensions are supported");
  }
  return fill(x, () => native.copy_(handleOf(x), native.eye(n, m, native.dtype(handleOf(x)))));
}

/** Uniform on +-gain * sqrt(6 / (fan_in + fan_out)).   [Glorot & Bengio 2010] */
export function xavierUniform_<T extends TensorBase>(x: T, gain = 1, options: InitOptions = {}): T {
  const [fanIn, fanOut] = calculateFans(x);
  const bound = Math.sqrt(3) * (gain * Math.sqrt(2 / (fanIn + fanOut)));
  return uniform_(x, -bound, bound, options);
}
/** Normal with std gain * sqrt(2 / (fan_in + fan_out)).   [Glorot & Bengio 2010] */
export function xavierNormal_<T extends TensorBase>(x: T, gain = 1, options: InitOptions = {}): T {
  const [fanIn, fanOut] = calculateFans(x);
  return normal_(x, 0, gain * Math.sqrt(2 / (fanIn + fanOut)), options);
}

function kaimingStd(x: TensorBase, o: KaimingOptions): number {
  const { a = 0, mode = "fan_in", nonlinearity = "leaky_relu" } = o;
  const [fanIn, fanOut] = calculateFans(x);
  return calculateGain(nonlinearity, a) / Math.sqrt(mode === "fan_in" ? fanIn : fanOut);
}

/** Uniform on +-gain * sqrt(3 / fan).   [He et al. 2015] */
export function kaimingUniform_<T extends TensorBase>(x: T, options: KaimingOptions = {}): T {
  if (x.shape.includes(0)) return x;
  const bound = Math.sqrt(3) * kaimingStd(x, options);
  return uniform_(x, -bound, bound, options);
}
/** Normal with std gain / sqrt(fan).   [He et al. 2015] */
export function kaimingNormal_<T extends TensorBase>(x: T, options: KaimingOptions = {}): T {
  if (x.shape.includes(0)) return x;
  return normal_(x, 0, kaimingStd(x, options), options);
}

/** The start of Linear and of convolutions: the weight Kaiming-uniform with a = sqrt(5), then the bias +-1/sqrt(fan_in). */
export function resetLinear(weight: TensorBase, bias: TensorBase | null): void {
  kaimingUniform_(weight, { a: Math.sqrt(5) });
  if (bias === null) return;
  const [fanIn] = calculateFans(weight);
  if (fanIn > 0) uniform_(bias, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn));
}
