/** The normalisations and activations of blocks: a class of `nn`, or a function that makes one. */
import { ArgumentError } from "../../errors.js";
import { BatchNorm2d, type Layer, Module, ReLU } from "../../nn/index.js";
import { describe } from "../../tensor/base.js";

/** A normalisation: a class whose first argument is the number of channels, or a function of that number. */
export type NormLayer = ((channels: number) => Layer) | (new (channels: number) => Layer);

/** An activation: a class, or a function that makes one. */
export type ActivationLayer =
  | ((inplace?: boolean) => Layer)
  | (new () => Layer)
  | (new (options: {
      inplace: boolean;
    }) => Layer);

/** Makes a normalisation of so many channels. */
export type MakeNorm = (channels: number) => Layer;

/** Makes an activation; `inplace` null leaves that to the class. */
export type MakeActivation = (inplace?: boolean | null) => Layer;

/** Batch norm with PyTorch's defaults. */
export const batchNorm: MakeNorm = (channels) => new BatchNorm2d(channels);

/** Batch norm with another epsilon or momentum. */
export function batchNormOf(options: { eps?: number; momentum?: number }): MakeNorm {
  return (channels) => new BatchNorm2d(channels, options);
}

/** ReLU. */
export const relu: MakeActivation = (inplace) => (inplace === true ? new ReLU({ inplace }) : new ReLU());

/** Makes the normalisation that an argument `normLayer` asks for; without one, the default. Errors: no class and no function. */
export function normOf(op: string, given: NormLayer | null | undefined, otherwise: MakeNorm): MakeNorm {
  if (given === undefined || given === null) return otherwise;
  return (channels) => made(op, "normLayer", given, [channels]);
}

/** Makes the activation that an argument asks for; without one, the default. Errors: no class and no function. */
export function activationOf(
  op: string,
  given: ActivationLayer | null | undefined,
  otherwise: MakeActivation,
  name = "activationLayer",
): MakeActivation {
  if (given === undefined || given === null) return otherwise;
  return (inplace) => {
    if (inplace === undefined || inplace === null) return made(op, name, given, []);
    return made(op, name, given, [isClass(given) ? { inplace } : inplace]);
  };
}

/** A layer of a class or of a function. Errors: it is neither, or gives no module. */
export function made(op: string, name: string, given: unknown, args: readonly unknown[]): Layer {
  if (typeof given !== "function") throw notALayer(op, name, given);
  const layer: unknown = isClass(given) ? Reflect.construct(given, args) : Reflect.apply(given, undefined, args);
  if (!(layer instanceof Module)) throw notALayer(op, name, layer);
  return layer as Layer;
}

const isClass = (given: unknown): boolean =>
  typeof given === "function" && (given.prototype as unknown) instanceof Module;

function notALayer(op: string, name: string, given: unknown): ArgumentError {
  const text = `${op}: expected ${name} to be a class of modules or a function that makes one, received ${describe(given)}`;
  return new ArgumentError(text, { op });
}

/** Errors: a value that is no list of integers. */
export function checkSizes(op: string, name: string, given: unknown): void {
  if (Array.isArray(given) && given.every((n) => Number.isInteger(n))) return;
  throw new ArgumentError(`${op}: expected ${name} to be a list of integers, received ${describe(given)}`, { op });
}
