/** Tensor: the functions of ops/ as methods, conversion, and gradients. */

import { inspect } from "node:util";
import { type IntArgs, isOptions, readInts, readShape, type ShapeArgs } from "./args.js";
import { checkBoolean } from "./argument-types.js";
import { type BackwardArgs, backwardOf } from "./autograd/functions.js";
import { type RemovableHandle, registerTensorHook } from "./autograd/hooks.js";
import { emptyStrided, type TensorData, tensor } from "./creation.js";
import { type DeviceLike, deviceName, device as deviceOf } from "./device.js";
import { type DType, dtypeTitle, isDType, isFloatingDtype, optionalDtypeCode } from "./dtype.js";
import { ArgumentError, AutogradError, ShapeError } from "./errors.js";
import { legacyTensor, type TypedTensor } from "./legacy.js";
import { keep } from "./memory.js";
import { native, type TensorHandle } from "./native.js";
import * as arithmetic from "./ops/arithmetic.js";
import * as arrange from "./ops/arrange.js";
import * as compare from "./ops/compare.js";
import * as indexing from "./ops/indexing.js";
import * as inplace from "./ops/inplace.js";
import { where } from "./ops/join.js";
import * as math from "./ops/math.js";
import * as matmul from "./ops/matmul.js";
import * as pointwise from "./ops/pointwise.js";
import * as random from "./ops/random.js";
import * as reduction from "./ops/reduction.js";
import * as scan from "./ops/scan.js";
import * as scatter from "./ops/scatter.js";
import * as shape from "./ops/shape.js";
import * as sorting from "./ops/sorting.js";
import * as statistics from "./ops/statistics.js";
import { guardSpelling, namesOf } from "./spelling.js";
import {
  describe,
  HANDLE,
  handleOf,
  isTensor,
  type Operand,
  type Scalar,
  setHandle,
  setTensorClass,
  TensorBase,
  wrap,
} from "./tensor/base.js";
import { type InPlaceMethods, installAllInPlace } from "./tensor/in-place.js";
import { installMethods, type Methods, nameMethods } from "./tensor/methods.js";
import { warnOnce } from "./warnings.js";

/** The operation that made a tensor, as `x.gradFn` shows it. */
export class GradFn {
  /** PyTorch's name, e.g. `AddBackward0`. */
  readonly name: string;
  /** The names of the operations before it. */
  readonly nextFunctions: readonly string[];

  constructor(name: string, nextFunctions: readonly string[]) {
    this.name = name;
    this.nextFunctions = nextFunctions;
  }

  toString(): string {
    return `<${this.name}>`;
  }

  /** PyTorch's printed form, for console.log. @internal */
  [inspect.custom](): string {
    return this.toString();
  }
}

/** Options of {@link Tensor.to}. */
export interface ToOptions {
  /** The element type. Default: unchanged. */
  dtype?: DType | null;
  /** The device. Default: unchanged. */
  device?: DeviceLike | null;
  /** Whether to copy even when nothing changes. Default false. */
  copy?: boolean;
  /** Accepted for PyTorch's sake. */
  nonBlocking?: boolean;
}

/**
 * A multi-dimensional array of numbers, with gradients. Made by functions (`tensor`, `zeros`, `rand`, ...) and by
 * operations. Views share storage; a trailing underscore marks methods that change the tensor in place.
 */
export class Tensor extends TensorBase {
  /** The wrapper of `.grad`, kept so that `x.grad === x.grad`. */
  #grad: Tensor | null = null;
  #gradId = 0;

  /** @internal */
  constructor(handle: TensorHandle, mark: typeof HANDLE);
  /** PyTorch's older form: unset float32 elements of some sizes. {@link zeros} and {@link empty} say what they give. */
  constructor(...sizes: number[]);
  /** PyTorch's older form: the data as float32. {@link tensor} takes the data's own type. */
  constructor(data: TensorData);
  constructor(first?: unknown, second?: unknown, ...rest: unknown[]) {
    super(second === HANDLE ? (first as TensorHandle) : handleFrom([first, second, ...rest]));
  }

  // ---- conversion

  /** Another type or device: `x.to("float64")`, `x.to("cuda")`, `x.to(other)`, `x.to({ dtype, device })`. */
  to(target: DType | DeviceLike | TensorBase | ToOptions, dtype?: DType | ToOptions, copy = false): Tensor {
    const o = toOptions(target, dtype);
    const code = optionalDtypeCode(o.dtype);
    return wrap(native.to(handleOf(this), code, deviceName(o.device), o.copy ?? copy));
  }
  /** As float32. */
  float(): Tensor {
    return this.to("float32");
  }
  /** As float64. */
  double(): Tensor {
    return this.to("float64");
  }
  /** As float16. */
  half(): Tensor {
    return this.to("float16");
  }
  /** As bfloat16. */
  bfloat16(): Tensor {
    return this.to("bfloat16");
  }
  /** As int64. */
  long(): Tensor {
    return this.to("int64");
  }
  /** As int32. */
  int(): Tensor {
    return this.to("int32");
  }
  /** As bool: whether non-zero. */
  bool(): Tensor {
    return this.to("bool");
  }
  /** As int16. */
  short(): Tensor {
    return this.to("int16");
  }
  /** As int8. */
  char(): Tensor {
    return this.to("int8");
  }
  /** As uint8. */
  byte(): Tensor {
    return this.to("uint8");
  }
  /** With the type of another tensor. */
  typeAs(other: TensorBase): Tensor {
    return this.to(other.dtype);
  }
  /** On the CPU. */
  cpu(): Tensor {
    return this.to({ device: "cpu" });
  }
  /** On a CUDA device. Errors: there is none. */
  cuda(index = 0): Tensor {
    return this.to({ device: deviceOf("cuda", index) });
  }
  /** The name of the type's class, `"torch.FloatTensor"`; or this converted to a type or such a class. */
  type(): string;
  type(dtype: DType | TypedTensor): Tensor;
  type(dtype?: DType | TypedTensor): string | Tensor {
    if (dtype === undefined) return `torch.${dtypeTitle(this.dtype)}Tensor`;
    if (typeof dtype === "function") return this.to({ dtype: dtype.dtype });
    return this.to({ dtype });
  }
  /** Whether the elements are floating-point numbers. */
  isFloatingPoint(): boolean {
    return isFloatingDtype(this.dtype);
  }
  /** Whether this lives on a CUDA device. */
  get isCuda(): boolean {
    return this.device.type === "cuda";
  }

  // ---- views as properties

  /** A view with all dimensions reversed. */
  get T(): Tensor {
    if (this.ndim > 2) {
      warnOnce(
        "CANDLEWICK_T",
        "The use of `x.T` on tensors of dimension other than 2 to reverse their shape is deprecated and it will throw an error in a future release. Consider `x.mT` to transpose batches of matrices or `x.permute(*torch.arange(x.ndim - 1, -1, -1))` to reverse the dimensions of a tensor.",
      );
    }
    return shape.permute(this, [...this.shape.keys()].reverse());
  }
  /** A view with the last two dimensions exchanged. */
  get mT(): Tensor {
    return this.#matrixTranspose("mT");
  }
  /** The transpose of a matrix: {@link mT}, for real numbers. */
  get H(): Tensor {
    if (this.ndim !== 0 && this.ndim !== 2) {
      throw new ShapeError(
        `tensor.H is only supported on matrices (2-D tensors). Got ${this.ndim}-D tensor. For batches of matrices, consider using tensor.mH`,
        { op: "H" },
      );
    }
    return this.ndim === 0 ? this : shape.transpose(this, 0, 1);
  }
  /** {@link mT}, for real numbers. */
  get mH(): Tensor {
    return this.#matrixTranspose("mH");
  }
  #matrixTranspose(name: string): Tensor {
    if (this.ndim < 2) {
      throw new ShapeError(
        `tensor.${name} is only supported on matrices or batches of matrices. Got ${this.ndim}-D tensor.`,
        { op: name },
      );
    }
    return shape.transpose(this, -2, -1);
  }
  /**
   * The views at every index of dimension 0. A zero-dimensional tensor is not iterable: it has no iterator at all, because the
   * toEqual of test runners would walk through it instead of comparing.
   */
  get [Symbol.iterator](): () => IterableIterator<Tensor> {
    return (this.ndim === 0 ? undefined : rows) as () => IterableIterator<Tensor>;
  }
  /** This where the condition holds, else other. */
  where(condition: TensorBase, other: Operand): Tensor {
    return where(condition, this, other);
  }
  /** Another shape in place; elements beyond the present ones are unset. Errors: a tensor that requires gradients. */
  resize_(...sizes: IntArgs): this {
    const to = readInts("resize_", sizes);
    if (this.requiresGrad) throw new AutogradError("cannot resize variables that require grad", { op: "resize_" });
    const n = to.reduce((product, size) => product * size, 1);
    const flat = native.reshape(handleOf(this.contiguous()), [-1]);
    const missing = n - this.numel();
    const enough = missing > 0 ? native.cat([flat, native.empty([missing], native.dtype(flat))], 0) : flat;
    return this.#become(native.reshape(native.narrow(enough, 0, 0, n), to));
  }
  /** {@link resize_} to the shape of another tensor. */
  resizeAs_(other: TensorBase): this {
    return this.resize_(other.shape);
  }
  #become(handle: TensorHandle): this {
    setHandle(this, native.setData(handleOf(this), handle));
    return this;
  }

  // ---- gradients

  /** Whether operations on this are recorded. */
  get requiresGrad(): boolean {
    return native.requiresGrad(handleOf(this));
  }
  set requiresGrad(on: boolean) {
    checkBoolean("Tensor", "requiresGrad", on);
    native.setRequiresGrad(handleOf(this), on);
  }
  /** Sets {@link requiresGrad}. Errors: an integer tensor; switching off on a non-leaf. */
  requiresGrad_(on = true): this {
    checkBoolean("requiresGrad_", "requiresGrad", on);
    native.setRequiresGrad(handleOf(this), on);
    return this;
  }
  /** Whether this was made by the user and not by a recorded operation. */
  get isLeaf(): boolean {
    return native.isLeaf(handleOf(this));
  }
  /** The accumulated gradient of a leaf (or of a non-leaf after {@link retainGrad}), else null. */
  get grad(): Tensor | null {
    const id = native.gradId(handleOf(this));
    if (id === 0) {
      this.#grad = null;
      this.#gradId = 0;
      if (!this.isLeaf && !this.retainsGrad) {
        warnOnce(
          "CANDLEWICK_NON_LEAF_GRAD",
          "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute won't be populated during autograd.backward(). If you indeed want the .grad field to be populated for a non-leaf Tensor, use .retainGrad() on the non-leaf Tensor. If you access the non-leaf Tensor by mistake, make sure you access the leaf Tensor instead. See github.com/pytorch/pytorch/pull/30531 for more information.",
        );
      }
    } else if (id !== this.#gradId) {
      const handle = native.grad(handleOf(this));
      this.#grad = handle === null ? null : keep(wrap(handle));
      this.#gradId = id;
    }
    return this.#grad;
  }
  set grad(value: Tensor | null) {
    native.setGrad(handleOf(this), value === null ? null : handleOf(value));
    this.#grad = value === null ? null : keep(value);
    this.#gradId = value === null ? 0 : native.gradId(handleOf(this));
  }
  /** The operation that made this, or null. */
  get gradFn(): GradFn | null {
    const name = native.gradFn(handleOf(this));
    return name === null ? null : new GradFn(name, native.nextFunctions(handleOf(this)));
  }
  /** How often this, or a tensor that shares its storage, was changed in place. */
  get version(): number {
    return native.version(handleOf(this));
  }
  /** Makes a non-leaf keep its gradient in `.grad`. */
  retainGrad(): void {
    native.retainGrad(handleOf(this));
  }
  /** Whether a non-leaf keeps its gradient. */
  get retainsGrad(): boolean {
    return native.retainsGrad(handleOf(this));
  }
  /**
   * Adds the gradient of this to the `.grad` of the leaves that it was computed from.
   * `loss.backward()`, `y.backward(gradient)`, `loss.backward({ retainGraph: true })`.
   * Errors: several elements and no gradient; a graph that was freed; a saved value changed in place.
   */
  backward(...args: BackwardArgs): void {
    backwardOf(this, args);
  }
  /** Calls `hook` with the gradient of this, once it is known; what it returns replaces the gradient. */
  registerHook(
    // biome-ignore lint/suspicious/noConfusingVoidType: a hook without a return statement returns void
    hook: (grad: Tensor) => Tensor | null | undefined | void,
  ): RemovableHandle {
    return registerTensorHook(this, hook);
  }
  /** The same storage without the graph. */
  detach(): Tensor {
    return wrap(native.detach(handleOf(this)));
  }
  /** Leaves the graph in place. */
  detach_(): this {
    native.detach_(handleOf(this));
    return this;
  }
  /** The same storage without the graph and without version checks; assigning replaces the storage. */
  get data(): Tensor {
    return wrap(native.dataOf(handleOf(this)));
  }
  set data(value: Tensor) {
    setHandle(this, native.setData(handleOf(this), handleOf(value)));
  }

  // ---- new tensors like this one

  /** Zeros of the given shape with this one's type, unless told. */
  newZeros(...size: ShapeArgs<NewOptions>): Tensor {
    return newFull(this, "newZeros", 0, size);
  }
  /** Ones of the given shape with this one's type, unless told. */
  newOnes(...size: ShapeArgs<NewOptions>): Tensor {
    return newFull(this, "newOnes", 1, size);
  }
  /** Unset values of the given shape with this one's type, unless told. */
  newEmpty(...size: ShapeArgs<NewOptions>): Tensor {
    return newFull(this, "newEmpty", 0, size);
  }
  /** One value in the given shape with this one's type, unless told. */
  newFull(size: readonly number[], fillValue: Scalar, options: NewOptions = {}): Tensor {
    return newFull(this, "newFull", fillValue, [size, options]);
  }
  /** The data as a new tensor with this one's type, unless told. */
  newTensor(data: TensorData, options: NewOptions = {}): Tensor {
    return tensor(data, likeThis(this, options));
  }
  /** Unset values with these strides and this one's type, unless told. */
  newEmptyStrided(size: readonly number[], stride: readonly number[], options: NewOptions = {}): Tensor {
    return emptyStrided(size, stride, likeThis(this, options));
  }
}

function* rows(this: Tensor): Generator<Tensor, void, undefined> {
  yield* shape.unbind(this, 0);
}

/** The functions of ops/ as methods. */
// biome-ignore format: one line for several modules
export interface Tensor
  extends Methods<typeof arithmetic>, Methods<typeof arrange>, Methods<typeof compare>, Methods<typeof indexing>,
    Methods<typeof inplace>, Methods<typeof math>, Methods<typeof matmul>, Methods<typeof pointwise>,
    Methods<typeof random>, Methods<typeof reduction>, Methods<typeof scan>, Methods<typeof scatter>,
    Methods<typeof shape>, Methods<typeof sorting>, Methods<typeof statistics>, InPlaceMethods {}

/** Options of {@link Tensor.newZeros}. */
export interface NewOptions {
  /** The element type. Default: this one's. */
  dtype?: DType | null;
  /** The device. Default: this one's. */
  device?: DeviceLike | null;
  /** Whether operations on the tensor are recorded. Default false. */
  requiresGrad?: boolean;
}

/** The handle of what the older constructor makes. */
function handleFrom(args: readonly unknown[]): TensorHandle {
  const last = args.findLastIndex((value) => value !== undefined);
  return handleOf(legacyTensor(args.slice(0, last + 1)));
}

function likeThis(x: Tensor, o: NewOptions): NewOptions {
  return { ...o, dtype: o.dtype ?? x.dtype, device: o.device ?? x.device };
}

function newFull(x: Tensor, op: string, value: Scalar, args: ShapeArgs<NewOptions>): Tensor {
  const [sizes, o] = readShape<NewOptions>(op, ["dtype", "device", "requiresGrad"], args);
  const out = wrap(native.full(sizes, value, optionalDtypeCode(o.dtype) ?? native.dtype(handleOf(x))));
  const placed = out.to({ device: o.device ?? x.device });
  return o.requiresGrad === true ? placed.requiresGrad_() : placed;
}

for (const module of [
  ...[arithmetic, arrange, compare, indexing, inplace, math, matmul, pointwise, random, reduction, scan, scatter],
  ...[shape, sorting, statistics],
]) {
  installMethods(Tensor.prototype, module);
}
nameMethods(Tensor.prototype, [
  ...["newZeros", "newOnes", "newEmpty", "newFull", "newTensor", "newEmptyStrided", "resize_", "resizeAs_", "where"],
  ...["size", "stride", "registerHook", "requiresGrad_", "typeAs"],
]);
installAllInPlace(Tensor.prototype);
guardSpelling(Tensor.prototype, namesOf(Tensor));
setTensorClass(Tensor);

/** Reads the arguments of `to`: a type, a device, another tensor, or options; then perhaps a type. */
export function toOptions(target: unknown, dtype?: DType | ToOptions): ToOptions {
  const second: ToOptions = isOptions(dtype) ? dtype : dtype === undefined ? {} : { dtype: dtype as DType };
  if (isDType(target)) return { ...second, dtype: target };
  if (isTensor(target)) return { ...second, dtype: target.dtype, device: target.device };
  if (typeof target === "string") return { ...second, device: target };
  if (isOptions(target)) return { ...target, ...second };
  if (typeof target === "object" && target !== null && "type" in target) {
    return { ...second, device: deviceOf(String(target)) };
  }
  throw new ArgumentError(`to: expected a dtype, a device, a tensor or options, received ${describe(target)}`, {
    op: "to",
  });
}

// Brackets cannot be given a meaning without a proxy around every tensor: the first indices raise and say what to write.
for (let index = 0; index < 64; index++) {
  Object.defineProperty(Tensor.prototype, String(index), {
    get(): never {
      throw new ArgumentError(`Tensor: [${index}] is not how its elements are read: write index(${index})`);
    },
    set(): never {
      throw new ArgumentError(`Tensor: [${index}] = ... writes nothing: write indexPut_([${index}], value)`);
    },
  });
}
