/** Parameters and buffers whose shape is not known yet: of lazy modules, until the first input. */
import { empty } from "../creation.js";
import { AutogradError } from "../errors.js";
import { HANDLE, handleOf } from "../tensor/base.js";
import { Tensor } from "../tensor.js";
import type { FactoryOptions } from "./linear.js";
import { Parameter } from "./parameter.js";

function noShape(): never {
  throw new AutogradError(
    "Can't access the shape of an uninitialized parameter or buffer. This error usually happens in `load_state_dict` when trying to load an uninitialized parameter into an initialized one. Call `forward` to initialize the parameters before accessing their attributes.",
  );
}

/** Gives a tensor its shape, and the class that it had waited to become. */
function materialize(x: Tensor, shape: readonly number[], Class: { prototype: Tensor }): void {
  Object.setPrototypeOf(x, Class.prototype);
  x.data = empty([...shape], { dtype: x.dtype, device: x.device });
}

/** A parameter without a shape. {@link materialize} makes it a {@link Parameter}, the same object. */
export class UninitializedParameter extends Parameter {
  constructor(options: FactoryOptions & { requiresGrad?: boolean } = {}) {
    const { device, dtype, requiresGrad = true } = options ?? {};
    super(empty([0], { device, dtype }), requiresGrad);
  }
  override get shape(): readonly number[] {
    return noShape();
  }
  /** Itself: a state dict holds it as it is. */
  override detach(): Tensor {
    return this;
  }
  /** Takes a shape and memory, and becomes an ordinary parameter. */
  materialize(shape: readonly number[]): void {
    materialize(this, shape, Parameter);
  }
  override toString(): string {
    return "<UninitializedParameter>";
  }
}

/** A buffer without a shape. */
export class UninitializedBuffer extends Tensor {
  constructor(options: FactoryOptions = {}) {
    const { device, dtype } = options ?? {};
    super(handleOf(empty([0], { device, dtype })), HANDLE);
  }
  override get shape(): readonly number[] {
    return noShape();
  }
  /** Itself: a state dict holds it as it is. */
  override detach(): Tensor {
    return this;
  }
  /** Takes a shape and memory, and becomes an ordinary buffer. */
  materialize(shape: readonly number[]): void {
    materialize(this, shape, Tensor);
  }
  override toString(): string {
    return "<UninitializedBuffer>";
  }
}

/** Whether a value waits for its shape. */
export function isUninitialized(x: unknown): x is UninitializedParameter | UninitializedBuffer {
  return x instanceof UninitializedParameter || x instanceof UninitializedBuffer;
}
