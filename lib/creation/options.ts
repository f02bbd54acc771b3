/** Options of the functions that make tensors, and how a new tensor is finished. */
import { type DeviceLike, deviceName } from "../device.js";
import { type DType, dtypeCode, getDefaultDtype, isFloatingDtype } from "../dtype.js";
import { ArgumentError, AutogradError } from "../errors.js";
import { native, type TensorHandle } from "../native.js";
import type { Generator } from "../random.js";
import { isTensor, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";

/** Options of every function that makes a tensor. */
export interface CreationOptions {
  /** The element type. Default: the default type, or as the function says. */
  dtype?: DType | null;
  /** The device. Default: the CPU. */
  device?: DeviceLike | null;
  /** Whether operations on the tensor are recorded. Default false. */
  requiresGrad?: boolean;
}

/** Options of random creation. */
export interface RandomOptions extends CreationOptions {
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator | null;
}

/** Their names. */
export const CREATION = ["dtype", "device", "requiresGrad"] as const;
/** Those of random creation. */
export const RANDOM = ["dtype", "device", "requiresGrad", "generator"] as const;
/** What options may be called, those that say the size or the range by name included. */
const NAMES: ReadonlySet<string> = new Set([...RANDOM, "size", "start", "end", "step", "steps", "base", "mean", "std"]);

/** Moves and marks a new tensor as its options say. */
export function finish(handle: TensorHandle, o: CreationOptions): Tensor {
  for (const name in o) {
    if (!NAMES.has(name)) throw new ArgumentError(`got an unexpected keyword argument '${name}'`);
  }
  const device = deviceName(o.device);
  const placed = device === undefined || device === "cpu" ? handle : native.to(handle, undefined, device, false);
  const x = wrap(placed);
  if (o.requiresGrad === true) {
    if (!isFloatingDtype(x.dtype)) {
      throw new AutogradError("Only Tensors of floating point and complex dtype can require gradients");
    }
    native.setRequiresGrad(placed, true);
  }
  return x;
}

/** The code of a type, of the default one where none is given. */
export function floating(dtype: DType | null | undefined): number {
  return dtypeCode(dtype ?? getDefaultDtype());
}

/** A number, or the only element of a tensor. */
export function numberOf(x: number | TensorBase): number {
  return isTensor(x) ? x.item() : (x as number);
}
