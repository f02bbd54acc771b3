/** What activations with an in-place form share. */
import { type Args, readArgs } from "../../args.js";
import type { TensorHandle } from "../../native.js";
import { handleOf, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { Module } from "../module.js";

/** The option of every activation that can overwrite its input. */
export interface InplaceOptions {
  /** Whether the input itself is changed. Default false. */
  inplace?: boolean;
}

/** Calls one of two forms of a native function: the one that makes a tensor, or the one that changes x. */
export function either<A extends unknown[]>(
  x: Tensor,
  inplace: boolean | undefined,
  make: (x: TensorHandle, ...args: A) => TensorHandle,
  change: (x: TensorHandle, ...args: A) => void,
  ...args: A
): Tensor {
  if (inplace !== true) return wrap(make(handleOf(x), ...args));
  change(handleOf(x), ...args);
  return x;
}

/** Reads the only option of a function. */
export function readInplace(op: string, args: readonly unknown[]): boolean {
  return readArgs<InplaceOptions>(op, ["inplace"], args).inplace ?? false;
}

/** The arguments of an activation whose only option is `inplace`. */
export type InplaceArgs = Args<InplaceOptions, ["inplace"]>;

/** An activation whose only option is `inplace`. */
export abstract class InplaceLayer extends Module {
  readonly inplace: boolean;

  constructor(...args: InplaceArgs) {
    super();
    this.inplace = readInplace(this.getName(), args);
  }
  override extraRepr(): string {
    return this.inplace ? "inplace=True" : "";
  }
}

/** The end of a printed form: `, inplace=True`. */
export function inplaceRepr(inplace: boolean): string {
  return inplace ? ", inplace=True" : "";
}
