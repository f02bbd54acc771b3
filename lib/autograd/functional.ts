/** `autograd.functional`: Jacobians, Hessians and their products with vectors, of functions of tensors. */

import { type Args, readArgs } from "../args.js";
import { checkFunction, listOf } from "../argument-types.js";
import { onesLike, zeros, zerosLike } from "../creation.js";
import { AutogradError, ShapeError } from "../errors.js";
import { stack } from "../ops/join.js";
import { reshape } from "../ops/shape.js";
import { isTensor, tensorsOf } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { grad } from "./functions.js";
import { enableGrad } from "./modes.js";

/** One tensor or several. */
export type TensorOrList = Tensor | readonly Tensor[];
/** A function of tensors. */
export type TensorFunction = (...inputs: Tensor[]) => TensorOrList;

/** Options of {@link jacobian}, {@link hessian} and the products. */
export interface FunctionalOptions {
  /** Whether the result is recorded itself. Default false. */
  createGraph?: boolean;
  /** Whether an output that does not depend on an input is an error. Default false: zeros. */
  strict?: boolean;
}

type Rest = Args<FunctionalOptions, ["createGraph", "strict"]>;

const options = (op: string, rest: readonly unknown[]): Required<FunctionalOptions> => {
  const { createGraph = false, strict = false } = readArgs<FunctionalOptions>(op, ["createGraph", "strict"], rest);
  return { createGraph, strict };
};

/** A list in the form of the value that it stands for. */
const asGiven = (given: TensorOrList, list: Tensor[]): TensorOrList => (isTensor(given) ? (list[0] as Tensor) : list);

/** The inputs as new leaves, or with `createGraph` as views, so that the result depends on the inputs given. */
function prepared(inputs: TensorOrList, createGraph: boolean): Tensor[] {
  return tensorsOf("autograd.functional", "inputs", inputs).map((x) =>
    createGraph ? x.viewAs(x) : x.detach().requiresGrad_(),
  );
}

/** The value of a function and its tensors. Errors: no function, or one that gives something else than tensors. */
function evaluated(fn: TensorFunction, inputs: Tensor[], strict: boolean): { given: TensorOrList; outputs: Tensor[] } {
  checkFunction("autograd.functional", "func", fn);
  const given = fn(...inputs);
  const outputs = isTensor(given) ? [given] : listOf<Tensor>("autograd.functional", "the output of func", given);
  outputs.forEach((y, i) => {
    if (!isTensor(y)) throw new AutogradError("The outputs of the user-provided function must be Tensors");
    if (strict && !y.requiresGrad) {
      throw new AutogradError(
        `Output ${i} of the user-provided function does not require gradients. The outputs must be computed in a differentiable manner from the input when running in strict mode.`,
      );
    }
  });
  return { given, outputs };
}

/** Gradients, zeros where there are none. */
function gradients(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  above: readonly Tensor[] | null,
  o: Required<FunctionalOptions>,
  independent: string,
): Tensor[] {
  const at = outputs.flatMap((y, i) => (y.requiresGrad ? [i] : []));
  const roots = at.map((i) => outputs[i] as Tensor);
  const wanted = inputs.filter((x) => x.requiresGrad);
  const gradOutputs = above === null ? null : at.map((i) => above[i] as Tensor);
  const found =
    roots.length === 0
      ? wanted.map(() => null)
      : grad(roots, wanted, { gradOutputs, createGraph: o.createGraph, retainGraph: true, allowUnused: true });
  let next = 0;
  return inputs.map((x, i) => {
    const g = x.requiresGrad ? (found[next++] ?? null) : null;
    if (g !== null) return g;
    if (!o.strict) return zerosLike(x);
    throw new AutogradError(`${independent} input ${i}. This is not allowed in strict mode.`);
  });
}

const INDEPENDENT = "The output of the user-provided function is independent of";

const finished = (list: Tensor[], createGraph: boolean): Tensor[] => (createGraph ? list : list.map((x) => x.detach()));

/** The vector to multiply with, one tensor for each of `like`; ones where it may be left out. */
function vectorFor(v: TensorOrList | null, like: readonly Tensor[], whose: string): Tensor[] {
  if (v === null) {
    if (like.length === 1 && like[0]?.numel() === 1) return [onesLike(like[0])];
    throw new AutogradError(`The vector v can only be None if ${whose} a single Tensor with a single element.`);
  }
  const list = tensorsOf("autograd.functional", "v", v);
  if (list.length !== like.length) {
    throw new ShapeError(`v is a tuple of invalid length: should be ${like.length} but got ${list.length}.`);
  }
  list.forEach((x, i) => {
    const want = like[i]?.shape ?? [];
    if (String(x.shape) === String(want)) return;
    const prefix = list.length > 1 ? `Entry ${i} in ` : "";
    throw new ShapeError(
      `${prefix}v has invalid size: should be torch.Size([${want.join(", ")}]) but got torch.Size([${x.shape.join(", ")}]).`,
    );
  });
  return list;
}

/**
 * The derivatives of every output element with respect to every input element: for one output y and one input x a tensor of
 * shape y.shape + x.shape; an array over the inputs where they are an array, an array of those over the outputs likewise.
 */
export function jacobian(fn: (...inputs: Tensor[]) => Tensor, inputs: Tensor, ...rest: Rest): Tensor;
export function jacobian(fn: (...inputs: Tensor[]) => Tensor, inputs: readonly Tensor[], ...rest: Rest): Tensor[];
export function jacobian(fn: TensorFunction, inputs: TensorOrList, ...rest: Rest): Tensor | Tensor[] | Tensor[][];
export function jacobian(fn: TensorFunction, inputs: TensorOrList, ...rest: Rest): Tensor | Tensor[] | Tensor[][] {
  const o = options("jacobian", rest);
  return enableGrad(() => {
    const xs = prepared(inputs, o.createGraph);
    const { given, outputs } = evaluated(fn, xs, o.strict);
    const rows = outputs.map((y) => {
      const elements = Array.from({ length: y.numel() }, (_, i) => reshape(y, -1).select(0, i));
      const grads = elements.map((element) => gradients([element], xs, null, o, INDEPENDENT));
      const columns = xs.map((x, i) => {
        const shape = [...y.shape, ...x.shape];
        if (grads.length === 0) return zeros(shape, { dtype: x.dtype });
        return stack(grads.map((row) => row[i] as Tensor)).reshape(shape);
      });
      return asGiven(inputs, finished(columns, o.createGraph));
    });
    return (isTensor(given) ? rows[0] : rows) as Tensor | Tensor[] | Tensor[][];
  });
}

/** A function that must give one element. */
function single(fn: TensorFunction, name: string): (...inputs: Tensor[]) => Tensor {
  checkFunction(name, "func", fn);
  return (...inputs) => {
    const y = fn(...inputs);
    if (!isTensor(y)) throw new AutogradError(`The function given to ${name} should return a single Tensor`);
    if (y.numel() !== 1) {
      throw new AutogradError(`The Tensor returned by the function given to ${name} should contain a single element`);
    }
    return y.squeeze();
  };
}

/**
 * The second derivatives of a function with one output element: for one input x a tensor of shape x.shape + x.shape, for an
 * array of inputs an array of arrays, `result[i][j]` of shape x_i.shape + x_j.shape.
 */
export function hessian(fn: TensorFunction, inputs: Tensor, ...rest: Rest): Tensor;
export function hessian(fn: TensorFunction, inputs: readonly Tensor[], ...rest: Rest): Tensor[][];
export function hessian(fn: TensorFunction, inputs: TensorOrList, ...rest: Rest): Tensor | Tensor[][] {
  const o = options("hessian", rest);
  const scalar = single(fn, "hessian");
  const first: TensorFunction = (...xs) => {
    const rows = jacobian(scalar, xs, { createGraph: true, strict: o.strict });
    return asGiven(inputs, rows);
  };
  return jacobian(first, inputs, o) as Tensor | Tensor[][];
}

/** `[outputs, v J]`: the product of a vector of the outputs' shapes and the Jacobian. `v` may be null for one element. */
export function vjp(
  fn: TensorFunction,
  inputs: TensorOrList,
  v: TensorOrList | null = null,
  ...rest: Rest
): [outputs: TensorOrList, product: TensorOrList] {
  const o = options("vjp", rest);
  return enableGrad(() => {
    const xs = prepared(inputs, o.createGraph);
    const { given, outputs } = evaluated(fn, xs, o.strict);
    const above = vectorFor(v, outputs, "the user-provided function returns");
    const product = gradients(outputs, xs, above, o, INDEPENDENT);
    return [asGiven(given, finished(outputs, o.createGraph)), asGiven(inputs, finished(product, o.createGraph))];
  });
}

/** `[outputs, J v]`: the product of the Jacobian and a vector of the inputs' shapes, by differentiating twice. */
export function jvp(
  fn: TensorFunction,
  inputs: TensorOrList,
  v: TensorOrList | null = null,
  ...rest: Rest
): [outputs: TensorOrList, product: TensorOrList] {
  const o = options("jvp", rest);
  return enableGrad(() => {
    const xs = prepared(inputs, o.createGraph);
    const direction = vectorFor(v, xs, "the input to the user-provided function is");
    const { given, outputs } = evaluated(fn, xs, o.strict);
    const above = outputs.map((y) => zerosLike(y).requiresGrad_());
    const below = gradients(outputs, xs, above, { ...o, createGraph: true }, INDEPENDENT);
    const product = gradients(below, above, direction, o, "The gradient with respect to the input is independent of");
    return [asGiven(given, finished(outputs, o.createGraph)), asGiven(given, finished(product, o.createGraph))];
  });
}

/** `[output, v H]`: the product of a vector of the inputs' shapes and the Hessian of a function with one output element. */
export function vhp(
  fn: TensorFunction,
  inputs: TensorOrList,
  v: TensorOrList | null = null,
  ...rest: Rest
): [output: Tensor, product: TensorOrList] {
  return hessianProduct("vhp", fn, inputs, v, rest, (jacobian, xs, direction, o) =>
    gradients(jacobian, xs, direction, o, "The jacobian of the user-provided function is independent of"),
  );
}

/** `[output, H v]`, by differentiating three times; {@link vhp} gives the same faster, since a Hessian is symmetric. */
export function hvp(
  fn: TensorFunction,
  inputs: TensorOrList,
  v: TensorOrList | null = null,
  ...rest: Rest
): [output: Tensor, product: TensorOrList] {
  return hessianProduct("hvp", fn, inputs, v, rest, (jacobian, xs, direction, o) => {
    const above = xs.map((x) => zerosLike(x).requiresGrad_());
    const independent = "The jacobian of the user-provided function is independent of";
    const below = gradients(jacobian, xs, above, { ...o, createGraph: true }, independent);
    return gradients(below, above, direction, o, "The hessian of the user-provided function is independent of");
  });
}

function hessianProduct(
  name: string,
  fn: TensorFunction,
  inputs: TensorOrList,
  v: TensorOrList | null,
  rest: Rest,
  second: (jacobian: Tensor[], xs: Tensor[], direction: Tensor[], o: Required<FunctionalOptions>) => Tensor[],
): [Tensor, TensorOrList] {
  const o = options(name, rest);
  return enableGrad(() => {
    const xs = prepared(inputs, o.createGraph);
    const direction = vectorFor(v, xs, "the input to the user-provided function is");
    const { given, outputs } = evaluated((...ys) => single(fn, name)(...ys).reshape([]), xs, o.strict);
    const first = gradients(outputs, xs, null, { ...o, createGraph: true }, INDEPENDENT);
    const product = second(first, xs, direction, o);
    return [
      finished(tensorsOf("autograd.functional", "given", given), o.createGraph)[0] as Tensor,
      asGiven(inputs, finished(product, o.createGraph)),
    ];
  });
}
