/**
 * The root of Tensor: the native handle, what can be read from it, and its lifetime. It has no operations, so that the
 * functions of ops/ can depend on it and the methods of Tensor on them.
 */
import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { type Device, device as makeDevice } from "../device.js";
import { arrayFor, type DType, dtypeCode, dtypeName, type TypedArray, type TypedArrays } from "../dtype.js";
import { ArgumentError, DisposedError, DTypeError, IndexError } from "../errors.js";
import { counters, enterScope, pressure, relieve } from "../memory.js";
import { native, type TensorHandle } from "../native.js";
import type { Tensor } from "../tensor.js";

/** Nested arrays of elements, as `tolist()` gives them. */
export type NestedList = number | bigint | boolean | NestedList[];

/** Set by autograd/hooks.ts: gives a new tensor the hooks of the graph behind it, while there are any. */
export const birth: { attachHooks: ((x: TensorBase) => void) | undefined } = { attachHooks: undefined };

/** The handle inside a tensor. Errors: a value that is no tensor. */
export let handleOf: (x: TensorBase) => TensorHandle;
/** Puts another handle into a tensor (`x.data = y`). */
export let setHandle: (x: TensorBase, handle: TensorHandle) => void;
/** Whether a value is a tensor, whatever its prototype says. */
export let isTensor: (x: unknown) => x is Tensor;
/** The same where a parameter is declared as TensorBase. */
export let isBase: (x: unknown) => x is TensorBase;

/** Keeps an object alive as long as a tensor's wrapper. */
export let holdOnto: (x: TensorBase, what: object) => void;
/** Undoes {@link holdOnto}. */
export let letGo: (x: TensorBase, what: object) => void;

/** What every operation accepts as a tensor: a {@link Tensor}, seen without its methods. */
export abstract class TensorBase {
  #handle: TensorHandle;
  #shape: readonly number[] | undefined = undefined;
  /** What must live as long as this tensor: hooks of the graph behind it. */
  #kept: object[] | undefined = undefined;

  static {
    handleOf = (x) => {
      if (typeof x === "object" && x !== null && #handle in x) return x.#handle;
      throw notATensor(x);
    };
    setHandle = (x, handle) => {
      x.#handle = handle;
      x.#shape = undefined;
    };
    isTensor = (x): x is Tensor => typeof x === "object" && x !== null && #handle in x;
    isBase = isTensor;
    holdOnto = (x, what) => {
      if (x.#kept === undefined) x.#kept = [];
      x.#kept.push(what);
    };
    letGo = (x, what) => {
      x.#kept = x.#kept?.filter((kept) => kept !== what);
    };
  }

  /**
   * Tensors are made by functions (`tensor`, `zeros`, `rand`, ...); the constructor takes a native handle.
   * @internal
   */
  constructor(handle: TensorHandle) {
    this.#handle = handle;
    if ((counters[0] ?? 0) > pressure.budget || pressure.watch !== 0) born(this);
  }

  /**
   * What structuredClone and postMessage trip over: an empty object would arrive instead of the tensor. A symbol costs one store
   * a tensor.
   * @internal
   */
  readonly notCloneable = NOT_CLONEABLE;

  /** The sizes. In-place operations never change them. */
  get shape(): readonly number[] {
    this.#shape ??= Object.freeze(native.shape(this.#handle));
    return this.#shape;
  }

  /** The number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }

  /** The type of the elements. */
  get dtype(): DType {
    return dtypeName(native.dtype(this.#handle));
  }

  /** Where the elements live. */
  get device(): Device {
    return makeDevice(native.device(this.#handle));
  }

  /** A number that is this tensor's alone; another wrapper of the same tensor has the same. */
  get id(): number {
    return native.id(this.#handle);
  }

  /** The number of dimensions. */
  dim(): number {
    return this.shape.length;
  }

  /** All sizes, or the size of one dimension (negative counts from the end). Errors: a dimension out of range. */
  size(): readonly number[];
  size(dim: number): number;
  size(dim?: number): number | readonly number[] {
    if (dim === undefined) return this.shape;
    const rank = this.shape.length;
    const size = this.shape[dim < 0 ? dim + rank : dim];
    if (size === undefined) {
      const span = Math.max(rank, 1);
      throw new IndexError(
        `Dimension out of range (expected to be in range of [${-span}, ${span - 1}], but got ${dim})`,
        { op: "size" },
      );
    }
    return size;
  }

  /** The number of elements. */
  numel(): number {
    let n = 1;
    for (const size of this.shape) n *= size;
    return n;
  }

  /** Steps, in elements, from one index to the next of each dimension; or of one dimension. */
  stride(): readonly number[];
  stride(dim: number): number;
  stride(dim?: number): number | readonly number[] {
    const strides = native.strides(this.#handle);
    if (dim === undefined) return strides;
    const stride = strides[dim < 0 ? dim + strides.length : dim];
    if (stride === undefined) throw new IndexError(`Dimension out of range (got ${dim})`, { op: "stride" });
    return stride;
  }

  /** Where this view begins in its storage, in elements. */
  storageOffset(): number {
    return native.storageOffset(this.#handle);
  }

  /** Whether the elements lie in row-major order without gaps. */
  isContiguous(): boolean {
    return native.isContiguous(this.#handle);
  }

  /** The only element as text of so many digits: Python's `f"{x:.3f}"` is `x.toFixed(3)`. Errors: more than one element. */
  toFixed(digits?: number): string {
    if (digits !== undefined && !(Number.isInteger(digits) && digits >= 0 && digits <= 100)) {
      throw new ArgumentError(`toFixed: expected digits to be an integer from 0 to 100, received ${describe(digits)}`);
    }
    return this.item().toFixed(digits);
  }

  /** The only element, as a number; a bool gives 0 or 1. Errors: more than one element; an int64 beyond 2^53. */
  item(): number {
    const value = native.item(this.#handle);
    if (typeof value !== "bigint") return Number(value);
    const exact = Number(value);
    if (Number.isSafeInteger(exact)) return exact;
    throw new DTypeError(`item: ${value} does not fit a number exactly, use itemBigInt()`, { op: "item" });
  }

  /** The only element of an integer or bool tensor, as a bigint. */
  itemBigInt(): bigint {
    const value = native.item(this.#handle);
    if (typeof value === "number" && !Number.isInteger(value)) {
      throw new DTypeError(`itemBigInt: expected an integer tensor, received ${this.dtype}`, { op: "itemBigInt" });
    }
    return BigInt(value);
  }

  /**
   * A copy of the elements, row-major: int64 is a BigInt64Array, bool a Uint8Array, float16 and bfloat16 are widened to a
   * Float32Array, or with `{ raw: true }` given as the 16-bit patterns in a Uint16Array. With a type, as in
   * `x.toTypedArray("int64")`, the result is known to be that type's array. Errors: the tensor has another type.
   */
  toTypedArray<D extends DType>(dtype: D): TypedArrays[D];
  toTypedArray(options?: { raw?: false }): TypedArray;
  toTypedArray(options: { raw: boolean }): TypedArray | Uint16Array;
  toTypedArray(given: DType | { raw?: boolean } = {}): TypedArray | Uint16Array {
    const { dtype } = this;
    if (typeof given === "string" && dtypeCode(given) !== dtypeCode(dtype)) {
      throw new DTypeError(
        `toTypedArray: expected a tensor of ${given}, received ${dtype}: convert it with x.to("${given}")`,
        {
          op: "toTypedArray",
        },
      );
    }
    const options = typeof given === "string" ? {} : (given ?? {});
    const half = dtype === "float16" || dtype === "bfloat16";
    const out = options.raw === true && half ? new Uint16Array(this.numel()) : arrayFor(dtype, this.numel());
    native.readInto(this.#handle, out);
    return out;
  }

  /**
   * The elements as nested arrays (a single value for a zero-dimensional tensor); bool gives booleans. Who knows the form says
   * it: `x.tolist<number[][]>()`.
   */
  tolist<T = NestedList>(): T;
  tolist(): NestedList {
    const flat = this.toTypedArray();
    const bool = this.dtype === "bool";
    const { shape } = this;
    let next = 0;
    const element = (): NestedList => {
      const value = flat[next++] ?? 0;
      if (bool) return value !== 0;
      return typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
    };
    const level = (depth: number): NestedList =>
      depth === shape.length ? element() : Array.from({ length: shape[depth] ?? 0 }, () => level(depth + 1));
    return level(0);
  }

  /** The size of dimension 0: Python's `len`. Errors: a zero-dimensional tensor. */
  get length(): number {
    const [length] = this.shape;
    if (length === undefined) throw new ArgumentError("len() of a 0-d tensor");
    return length;
  }

  /**
   * What JavaScript's operators read: the only element, so that `correct += preds.eq(y).sum()` and `if (acc > best)` do what they
   * do in Python; in a template the printed form. Errors: more than one element.
   */
  [Symbol.toPrimitive](hint: "number" | "string" | "default"): number | string {
    if (hint === "string") return this.toString();
    if (this.numel() === 1) return this.item();
    throw new ArgumentError(
      `Boolean value of Tensor with ${this.numel() === 0 ? "no values" : "more than one value"} is ambiguous`,
    );
  }

  /** The elements as nested arrays, for JSON.stringify; NaN and infinities become null there. */
  toJSON(): NestedList {
    const list = this.tolist();
    if (this.dtype === "int64" && ([list] as unknown[]).flat(64 as 1).some((value) => typeof value === "bigint")) {
      throw new DTypeError("toJSON: an int64 beyond 2^53 has no form in JSON; convert the tensor first", {
        op: "toJSON",
      });
    }
    return list;
  }

  /**
   * Differs where type, shape or elements differ: deepStrictEqual, isDeepStrictEqual and the test runners' toEqual compare it, and
   * nothing else of a tensor.
   * @internal
   */
  get [Symbol.toStringTag](): string {
    return fingerprint(this);
  }

  /** The name before the parenthesis of the printed form. */
  protected displayName(): string {
    return "tensor";
  }

  /** PyTorch's printed form. */
  toString(): string {
    return native.display(this.#handle, this.displayName());
  }

  /** PyTorch's printed form, for console.log. @internal */
  [inspect.custom](): string {
    return this.toString();
  }

  /** Gives the memory back now, if no other view or graph needs it. Later use of this tensor raises. Optional. */
  dispose(): void {
    native.dispose(this.#handle);
  }

  /** `using x = ...` disposes at the end of the block. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** The text is part of the error. */
const NOT_CLONEABLE: unique symbol = Symbol(
  "a Tensor belongs to its thread: post x.toTypedArray() and x.shape instead, the Tensor",
);

/** Name, type, shape and a digest of the elements; the name alone of a tensor that was disposed. */
function fingerprint(x: TensorBase): string {
  const { name } = x.constructor;
  let data: TypedArray;
  try {
    data = x.toTypedArray();
  } catch (error) {
    if (error instanceof DisposedError) return name;
    throw error;
  }
  if (data instanceof Float32Array || data instanceof Float64Array) {
    // There is one NaN in JavaScript, and many in memory.
    for (let i = 0; i < data.length; i++) if (Number.isNaN(data[i])) data[i] = Number.NaN;
  }
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return `${name} ${x.dtype} [${x.shape.join(", ")}] ${createHash("sha256").update(bytes).digest("hex")}`;
}

function born(x: TensorBase): void {
  if ((counters[0] ?? 0) > pressure.budget) relieve();
  if (pressure.watch !== 0) {
    enterScope(x);
    birth.attachHooks?.(x);
  }
}

function notATensor(value: unknown): ArgumentError {
  return new ArgumentError(`expected a Tensor, received ${describe(value)}`, { code: "ERR_NOT_A_TENSOR" });
}

/** How an error names a value that it did not expect. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") {
    const name = value.constructor?.name ?? "an object";
    // Models with several outputs are given to losses by mistake.
    return "logits" in value && isTensor(value.logits) ? `${name}, whose tensor is .logits` : name;
  }
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "function"
    ? "a function"
    : `${typeof value} ${String(value)}`.replace("undefined undefined", "undefined");
}

/** Marks the calls of Tensor's constructor that give it a handle: all but the user's. */
export const HANDLE: unique symbol = Symbol("candlewick.handle");

type Wrapper = new (handle: TensorHandle, mark: typeof HANDLE) => Tensor;
let TensorClass: Wrapper | undefined;

/** Called once by tensor.ts, which this file cannot import. */
export function setTensorClass(Class: Wrapper): void {
  TensorClass = Class;
}

/** The Tensor around a native handle. */
export function wrap(handle: TensorHandle): Tensor {
  if (TensorClass === undefined) throw new ArgumentError("candlewick: tensor.ts has not been loaded");
  return new TensorClass(handle, HANDLE);
}

/** A number with a fixed element type, made by `torch.scalar(2, "float32")`. */
export class TypedScalar {
  readonly value: number;
  /** The native code of the type. */
  readonly dtype: number;

  constructor(value: number, dtype: number) {
    this.value = value;
    this.dtype = dtype;
  }
}

/** One number: an integer-valued number is an int, another a float; bigint is int64, boolean is bool. */
export type Scalar = number | bigint | boolean | TypedScalar;

/** The second operand of arithmetic: a tensor or one number. */
export type Operand = TensorBase | Scalar;

/** An operand as the native side takes it. */
export function operand(x: Operand): TensorHandle | number | bigint | boolean | { value: number; dtype: number } {
  if (typeof x === "object" ? x instanceof TypedScalar : isNumber(x)) return x as Scalar;
  return handleOf(x as TensorBase);
}

function isNumber(x: unknown): boolean {
  return typeof x === "number" || typeof x === "bigint" || typeof x === "boolean";
}

/** One tensor or a list of them, as a list. Errors: anything else. */
export function tensorsOf<T extends TensorBase>(op: string, name: string, xs: T | Iterable<T>): T[] {
  if (isBase(xs)) return [xs as T];
  const list = typeof xs === "object" && xs !== null && Symbol.iterator in xs ? [...xs] : undefined;
  const wrong = list === undefined ? xs : list.find((x) => !isBase(x));
  if (list?.every(isBase)) return list;
  throw new ArgumentError(`${op}: expected ${name} to be a tensor or a list of tensors, received ${describe(wrong)}`, {
    op,
  });
}

/** The handles of a list of tensors. Errors: a value that is no list, or holds something else. */
export function handlesOf(op: string, xs: Iterable<TensorBase>): TensorHandle[] {
  if (typeof xs !== "object" || xs === null || !(Symbol.iterator in xs)) {
    throw new ArgumentError(`${op}: expected a list of tensors, received ${describe(xs)}`, { op });
  }
  return Array.from(xs, handleOf);
}
