/** `torch.deepcopy`: copies of modules, tensors, state dicts and whatever holds them. */
import { types } from "node:util";
import { ArgumentError } from "./errors.js";
import { isModule } from "./marks.js";
import { keep } from "./memory.js";
import { native } from "./native.js";
import { Buffer } from "./nn/buffer.js";
import { bindForward, type Module } from "./nn/module.js";
import { INTERNALS } from "./nn/module-fields.js";
import { Parameter } from "./nn/parameter.js";
import { asTuple, isTuple } from "./python-forms.js";
import { handleOf, isTensor, wrap } from "./tensor/base.js";
import type { Tensor } from "./tensor.js";

/**
 * A copy that shares nothing with the original: tensors with their values, `requiresGrad` and `.grad`; modules with their
 * parameters, buffers, children and hooks; arrays, Maps, Sets, typed arrays and plain objects. What appears twice is
 * copied once. Functions are shared; `#private` fields of a class cannot be copied.
 * Errors: a tensor that was computed with gradients.
 */
export function deepcopy<T>(value: T): T {
  return copy(value, new Map()) as T;
}

function copy(value: unknown, done: Map<object, unknown>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = done.get(value);
  if (known !== undefined) return known;
  if (isTensor(value)) return remember(done, value, copyTensor(value));
  if (
    types.isExternal(value) ||
    value instanceof WeakMap ||
    value instanceof WeakSet ||
    value instanceof WeakRef ||
    value instanceof Promise
  )
    return value;
  if (value instanceof Date) return remember(done, value, new Date(value));
  if (ArrayBuffer.isView(value)) return remember(done, value, structuredClone(value));
  if (Array.isArray(value)) {
    const out: unknown[] = remember(done, value, []);
    for (const item of value) out.push(copy(item, done));
    return isTuple(value) ? asTuple(out) : out;
  }
  if (value instanceof Map) {
    const out: Map<unknown, unknown> = remember(done, value, new Map());
    for (const [key, item] of value) out.set(copy(key, done), copy(item, done));
    return out;
  }
  if (value instanceof Set) {
    const out: Set<unknown> = remember(done, value, new Set());
    for (const item of value) out.add(copy(item, done));
    return out;
  }
  return copyObject(value, done);
}

function remember<T>(done: Map<object, unknown>, original: object, made: T): T {
  done.set(original, made);
  return made;
}

/** Any other object, field by field under the same prototype; a module's forward is bound anew. */
function copyObject(value: object, done: Map<object, unknown>): object {
  const out: object = remember(done, value, Object.create(Object.getPrototypeOf(value)));
  const module = isModule(value) ? (out as Module) : undefined;
  for (const key of Reflect.ownKeys(value)) {
    if (module !== undefined && key === "forward") continue;
    const field = Object.getOwnPropertyDescriptor(value, key);
    if (field === undefined) continue;
    if ("value" in field) field.value = copy(field.value, done);
    Object.defineProperty(out, key, field);
    if (module !== undefined && key === INTERNALS) bindForward(module);
  }
  return out;
}

/** Values in the class of a tensor. */
function inClassOf(x: Tensor, values: Tensor): Tensor {
  if (x instanceof Parameter) return new Parameter(values, x.requiresGrad);
  return x instanceof Buffer ? new Buffer(values, x.persistent) : values;
}

function copyTensor(x: Tensor): Tensor {
  if (!x.isLeaf) {
    throw new ArgumentError(
      "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment. Use x.detach() first.",
      { op: "deepcopy" },
    );
  }
  const values = wrap(native.clone(native.detach(handleOf(x))));
  const out = inClassOf(x, values);
  // A class of its own, as an uninitialised parameter has one, goes along.
  if (Object.getPrototypeOf(out) !== Object.getPrototypeOf(x)) Object.setPrototypeOf(out, Object.getPrototypeOf(x));
  if (!(x instanceof Parameter) && x.requiresGrad) out.requiresGrad_();
  const { grad } = x;
  if (grad !== null) out.grad = wrap(native.clone(native.detach(handleOf(grad))));
  return x instanceof Parameter ? keep(out) : out;
}
