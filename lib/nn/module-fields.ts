/** What a module's own fields say: its parameters, buffers and children. */
import { dtypeTitle } from "../dtype.js";
import { ArgumentError } from "../errors.js";
import { orderedEntries } from "../field-order.js";
import { isModule } from "../marks.js";
import { describe, isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { Buffer } from "./buffer.js";
import type { Module } from "./module.js";
import type { ForwardHookEntry, HookTable } from "./module-call.js";
import { Parameter } from "./parameter.js";

/** A module's bookkeeping: a non-enumerable property, so that walks and copies of fields treat it apart. */
export const INTERNALS: unique symbol = Symbol("candlewick.module");

/** The bookkeeping of one module. */
export interface Internals {
  /** Registered buffers, in order, and whether each is saved in the state dict. */
  buffers: Map<string, boolean>;
  /** Fields that were seen to hold a parameter. */
  parameters: Set<string>;
  hooks: HookTable;
  /** Hooks around collecting and loading the state. */
  stateHooks: Map<number, StateHook>;
}

/** A hook around collecting or loading a module's state; its typed forms are in module.ts. */
export interface StateHook {
  kind: "collectPre" | "collect" | "loadPre" | "load";
  run: (module: Module, ...rest: never[]) => void;
}

/** Fresh bookkeeping. */
export function newInternals(): Internals {
  const table = (): Map<number, ForwardHookEntry> => new Map();
  return {
    buffers: new Map(),
    parameters: new Set(),
    hooks: {
      count: 0,
      forwardPre: table(),
      forward: table(),
      backwardPre: table(),
      backward: table(),
      always: new Set(),
    },
    stateHooks: new Map(),
  };
}

/** The parameters among a module's fields. */
export function ownParameters(module: Module): [string, Parameter][] {
  const found: [string, Parameter][] = [];
  const { parameters } = module[INTERNALS];
  for (const [name, value] of orderedEntries(module)) {
    if (typeof value !== "object" || value === null) continue;
    if (value instanceof Parameter) {
      parameters.add(name);
      found.push([name, value]);
    } else if (parameters.has(name)) throw notAssignable(value, "parameter", name, "torch.nn.Parameter or None");
    else refuseHidden(module, name, value);
  }
  return found;
}

/** Deletes a field, and what is known of it: it may then hold anything. */
export function removeField(module: Module, name: string): void {
  Reflect.deleteProperty(module, name);
  module[INTERNALS].buffers.delete(name);
  module[INTERNALS].parameters.delete(name);
}

/** What was assigned to a field that is part of the state, and cannot be: noticed at the next look at the state. */
function notAssignable(value: unknown, kind: string, name: string, expected: string): ArgumentError {
  const what = isTensor(value) ? `torch.${dtypeTitle(value.dtype)}Tensor` : describe(value);
  return new ArgumentError(`cannot assign '${what}' as ${kind} '${name}' (${expected} expected)`);
}

/** The registered buffers that are set; with `persistentOnly`, those that the state dict holds. */
export function ownBuffers(module: Module, persistentOnly = false): [string, Tensor][] {
  const found: [string, Tensor][] = [];
  const { buffers } = module[INTERNALS];
  for (const [name, value] of orderedEntries(module)) {
    if (value instanceof Buffer && !buffers.has(name)) buffers.set(name, value.persistent);
  }
  for (const [name, persistent] of buffers) {
    const value: unknown = Reflect.get(module, name);
    if (value !== null && value !== undefined && !isTensor(value)) {
      throw notAssignable(value, "buffer", name, "torch.Tensor or None");
    }
    if (isTensor(value) && (persistent || !persistentOnly)) found.push([name, value]);
  }
  return found;
}

/** The modules among a module's fields. */
export function ownChildren(module: Module): [string, Module][] {
  const found: [string, Module][] = [];
  for (const [name, value] of orderedEntries(module)) if (isModule(value)) found.push([name, value]);
  return found;
}

/** Collections that were looked through and hold no state. */
const clean = new WeakSet<object>();

/** A module or parameter inside an array, Map or plain object would silently be no part of the model. */
function refuseHidden(module: Module, name: string, value: object): void {
  if (clean.has(value) || isModule(value) || isTensor(value)) return;
  const inside = Array.isArray(value)
    ? value
    : value instanceof Map || value instanceof Set
      ? [...value.values()]
      : Object.getPrototypeOf(value) === Object.prototype
        ? Object.values(value)
        : [];
  for (const item of inside) {
    const hidden = isModule(item) ? "module" : item instanceof Parameter ? "parameter" : undefined;
    if (hidden === undefined) continue;
    clean.add(value);
    const list = hidden === "module" ? "nn.ModuleList or nn.ModuleDict" : "nn.ParameterList or nn.ParameterDict";
    throw new ArgumentError(
      `${module.constructor.name}.${name} holds a ${hidden} inside a plain collection, where it is no part of the model: use ${list}`,
    );
  }
  clean.add(value);
}
