/** Module: the base class of everything that holds parameters. */
import { createHash } from "node:crypto";
import { inspect } from "node:util";
import type { RemovableHandle } from "../autograd/hooks.js";
import { guardMethods } from "../checked.js";
import { type DeviceLike, device } from "../device.js";
import { type DType, isFloatingDtype } from "../dtype.js";
import { ArgumentError } from "../errors.js";
import { noteName } from "../field-order.js";
import { IS_MODULE, isModule } from "../marks.js";
import { keep } from "../memory.js";
import { guardSpelling, HYPER_PARAMETERS, namesOf } from "../spelling.js";
import { describe, isTensor, type TensorBase } from "../tensor/base.js";
import { type Tensor, type ToOptions, toOptions } from "../tensor.js";
import { addHook, bindForward, type ForwardHookEntry, type HookOptions } from "./module-call.js";
import { INTERNALS, type Internals, newInternals, ownBuffers, ownChildren, ownParameters } from "./module-fields.js";
import { at, checkName, indent, join, named } from "./module-walk.js";
import { Parameter } from "./parameter.js";
import {
  addStateHook,
  collectState,
  emptyStateDict,
  type LoadResult,
  type LoadStateDictOptions,
  type LocalMetadata,
  loadState,
  type StateDict,
} from "./state-dict.js";

/** Gradients as a backward hook sees and replaces them: one per tensor, null where there is none. */
export type HookGrads = readonly (Tensor | null)[];
// biome-ignore lint/suspicious/noConfusingVoidType: a hook without a return statement returns void
type Maybe<T> = T | null | undefined | void;

/** Options of the backward hooks. */
export type BackwardHookOptions = Pick<HookOptions, "prepend">;

/** Options of the `named...` walks. */
export interface NamedOptions {
  /** Put before every name. Default "". */
  prefix?: string;
  /** Whether to include the children's. Default true. */
  recurse?: boolean;
  /** Whether one that appears twice is given once. Default true. */
  removeDuplicate?: boolean;
}

/**
 * The base class of layers and models. Fields that are parameters or modules are its state; declare `forward` as a
 * method, and call it to run the module: hooks run there too.
 *
 * ```ts
 * class Net extends nn.Module {
 *   fc1 = new nn.Linear(784, 128);
 *   fc2 = new nn.Linear(128, 10);
 *   forward(x: Tensor): Tensor { return this.fc2.forward(this.fc1.forward(x).relu()); }
 * }
 * ```
 */
export abstract class Module {
  /** Whether the module is in training mode: dropout drops and batch norm uses the batch. */
  training = true;
  /** @internal */
  declare readonly [INTERNALS]: Internals;

  constructor() {
    Object.defineProperty(this, INTERNALS, { value: newInternals(), enumerable: false });
    bindForward(this);
  }

  /** Computes the output. */
  abstract forward(...inputs: never[]): unknown;

  // ---- what it is made of

  /** The direct children with their names. Containers override this. */
  namedChildren(): [string, Module][] {
    return ownChildren(this);
  }
  /** The direct children. */
  children(): Module[] {
    return [...new Set(this.namedChildren().map(([, child]) => child))];
  }
  /** This module and all below it, with their paths ("" for itself); each once unless `removeDuplicate` is false. */
  namedModules(prefix = "", seen: Set<Module> = new Set(), removeDuplicate = true): [string, Module][] {
    if (removeDuplicate && seen.has(this)) return [];
    seen.add(this);
    const below = this.namedChildren().flatMap(([name, child]) =>
      child.namedModules(join(prefix, name), seen, removeDuplicate),
    );
    return [[prefix, this], ...below];
  }
  /** This module and all below it. */
  modules(): Module[] {
    return this.namedModules().map(([, module]) => module);
  }
  /** The parameters with their paths. */
  namedParameters(
    ...args: [prefix?: string | NamedOptions, recurse?: boolean, removeDuplicate?: boolean]
  ): [string, Parameter][] {
    return named(this, args, ownParameters);
  }
  /** The parameters, each once. */
  parameters(recurse = true): Parameter[] {
    return this.namedParameters("", recurse).map(([, parameter]) => parameter);
  }
  /** The buffers with their paths. */
  namedBuffers(
    ...args: [prefix?: string | NamedOptions, recurse?: boolean, removeDuplicate?: boolean]
  ): [string, Tensor][] {
    return named(this, args, ownBuffers);
  }
  /** The buffers, each once. */
  buffers(recurse = true): Tensor[] {
    return this.namedBuffers("", recurse).map(([, buffer]) => buffer);
  }
  /** The module at a path, e.g. `layer2.0.conv1`. Errors: there is none. */
  getSubmodule(target: string): Module {
    let module: Module = this;
    for (const name of target === "" ? [] : target.split(".")) {
      const next = module.namedChildren().find(([key]) => key === name)?.[1];
      if (next === undefined) {
        const message =
          name in module ? `\`${name}\` is not an nn.Module` : `${module.getName()} has no attribute \`${name}\``;
        throw new ArgumentError(message, { op: "getSubmodule" });
      }
      module = next;
    }
    return module;
  }
  /**
   * Puts a module at a path: it replaces the one there, or is a new one of its parent; `strict` allows the first alone.
   * Errors: no module at the path before its last name; something else of that name.
   */
  setSubmodule(target: string, module: Module, strict: boolean | { strict?: boolean } = false): void {
    const op = "setSubmodule";
    const mustExist = typeof strict === "boolean" ? strict : (strict.strict ?? false);
    if (target === "") throw new ArgumentError("Cannot set the submodule without a target name!", { op });
    const dot = target.lastIndexOf(".");
    const parent = this.getSubmodule(target.slice(0, Math.max(dot, 0)));
    const name = target.slice(dot + 1);
    if (!parent.namedChildren().some(([key]) => key === name)) {
      if (mustExist) throw new ArgumentError(`${parent.getName()} has no attribute \`${name}\``, { op });
      // Numbers are names of containers alone.
      if (!/^\d+$/.test(name) && name in parent) throw new ArgumentError(`\`${name}\` is not an nn.Module`, { op });
    }
    parent.putChild(name, module);
  }
  /** The parameter at a path. Errors: there is none. */
  getParameter(target: string): Parameter {
    return at(this, target, ownParameters, "parameter");
  }
  /** The buffer at a path. Errors: there is none. */
  getBuffer(target: string): Tensor {
    return at(this, target, ownBuffers, "buffer");
  }

  // ---- registration

  /** Makes `this[name]` a buffer: state that is not learned. `persistent: false` leaves it out of the state dict. */
  registerBuffer(name: string, value: TensorBase | null, persistent: boolean | { persistent?: boolean } = true): void {
    checkName(this, name, "buffer", () => this[INTERNALS].buffers.has(name));
    if (value !== null && !isTensor(value)) {
      throw new ArgumentError(`cannot assign ${describe(value)} to buffer '${name}' (torch Tensor or None required)`, {
        op: "registerBuffer",
      });
    }
    noteName(this, name);
    Reflect.set(this, name, value === null ? null : keep(value));
    this[INTERNALS].buffers.set(name, typeof persistent === "boolean" ? persistent : (persistent.persistent ?? true));
  }
  /** Makes `this[name]` a parameter: the same as assigning the field. */
  registerParameter(name: string, value: Parameter | null): void {
    checkName(this, name, "parameter", (old) => old instanceof Parameter);
    if (value !== null && !(value instanceof Parameter)) {
      throw new ArgumentError(
        `cannot assign ${describe(value)} to parameter '${name}' (torch.nn.Parameter or None required)`,
        { op: "registerParameter" },
      );
    }
    noteName(this, name);
    Reflect.set(this, name, value);
  }
  /** Makes `this[name]` a child: the same as assigning the field. */
  addModule(name: string, module: Module | null): void {
    checkName(this, name, "module", isModule);
    if (module !== null && !isModule(module)) {
      throw new ArgumentError(`${describe(module)} is not a Module subclass`, { op: "addModule" });
    }
    this.putChild(name, module);
  }
  /** {@link addModule} under its other name. */
  registerModule(name: string, module: Module | null): void {
    this.addModule(name, module);
  }
  /** Where children are kept: fields. Containers override this. */
  protected putChild(name: string, module: Module | null): void {
    noteName(this, name);
    Reflect.set(this, name, module);
  }

  // ---- modes and conversion

  /** Calls `fn` with every module below, then with this one. Returns this. */
  apply(fn: (module: Module) => void): this {
    for (const child of this.children()) child.apply(fn);
    fn(this);
    return this;
  }
  /** Sets training mode here and below. Returns this. */
  train(mode = true): this {
    if (typeof mode !== "boolean") throw new ArgumentError("training mode is expected to be boolean", { op: "train" });
    this.training = mode;
    for (const child of this.children()) child.train(mode);
    return this;
  }
  /** Sets evaluation mode here and below. Returns this. */
  eval(): this {
    return this.train(false);
  }
  /** Switches recording of the parameters on or off. Returns this. */
  requiresGrad_(on = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad_(on);
    return this;
  }
  /** Forgets the parameters' gradients; with `setToNone` false they become zeros instead. */
  zeroGrad(setToNone = true): void {
    for (const parameter of this.parameters()) {
      const { grad } = parameter;
      if (grad === null) continue;
      if (setToNone) parameter.grad = null;
      else grad.detach_().zero_();
    }
  }
  /**
   * Converts floating-point parameters and buffers to a type, and all of them to a device. The parameters stay the same
   * objects. Returns this. Errors: an integer type.
   */
  to(target: DType | DeviceLike | TensorBase | ToOptions, dtype?: DType | ToOptions): this {
    const { dtype: type = null, device = null } = toOptions(target, dtype);
    if (type !== null && !isFloatingDtype(type)) {
      throw new ArgumentError(
        `nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch.${String(type)}`,
        { op: "to" },
      );
    }
    const convert = (x: Tensor): Tensor => x.to({ dtype: isFloatingDtype(x.dtype) ? type : null, device });
    for (const module of this.modules()) {
      for (const [, parameter] of ownParameters(module)) {
        const { grad } = parameter;
        parameter.data = convert(parameter.data);
        if (grad !== null) parameter.grad = convert(grad.detach());
      }
      for (const [name, buffer] of ownBuffers(module)) Reflect.set(module, name, keep(convert(buffer)));
    }
    return this;
  }
  /** {@link to} a type. */
  type(dtype: DType): this {
    return this.to(dtype);
  }
  /** {@link to} float32. */
  float(): this {
    return this.to("float32");
  }
  /** {@link to} float64. */
  double(): this {
    return this.to("float64");
  }
  /** {@link to} float16. */
  half(): this {
    return this.to("float16");
  }
  /** {@link to} bfloat16. */
  bfloat16(): this {
    return this.to("bfloat16");
  }
  /** {@link to} the CPU. */
  cpu(): this {
    return this.to({ device: "cpu" });
  }
  /** {@link to} a CUDA device. */
  cuda(index = 0): this {
    return this.to({ device: device("cuda", index) });
  }

  // ---- state

  /** Parameters and persistent buffers by path: detached tensors that share the module's storage. */
  stateDict(options: { prefix?: string; keepVars?: boolean } | null = {}): StateDict {
    const out = emptyStateDict();
    collectState(this, out, options?.prefix ?? "", options?.keepVars ?? false);
    return out;
  }
  /**
   * Copies the values of a state dict into this module. `loadStateDict(state)`, `loadStateDict(state, false)`.
   * Errors, all in one message: missing and unexpected keys (unless `strict` is false), sizes that differ.
   */
  loadStateDict(state: StateDict, strict: boolean | LoadStateDictOptions = true, assign = false): LoadResult {
    return loadState(this, state, typeof strict === "boolean" ? { strict, assign } : strict);
  }
  /**
   * Called before this module's own keys are loaded: a layer may rename or add keys of older checkpoints. `version` is the
   * `static stateVersion` of its class when the state was saved, or null where the state does not say.
   */
  upgradeState(_state: StateDict, _prefix: string, _version: number | null): void {}

  // ---- hooks

  /** Calls `hook(module, inputs)` before every forward; what it returns replaces the inputs. */
  registerForwardPreHook<M extends Module>(
    this: M,
    hook: (module: M, inputs: Parameters<M["forward"]>) => Maybe<unknown>,
    options: Omit<HookOptions, "alwaysCall"> = {},
  ): RemovableHandle {
    return addHook(this, "forwardPre", hook as ForwardHookEntry, options);
  }
  /**
   * Calls `hook(module, inputs, output)` after every forward; what it returns replaces the output. With `alwaysCall` also
   * when the forward raised, with an undefined output.
   */
  registerForwardHook<M extends Module>(
    this: M,
    hook: (
      module: M,
      inputs: Parameters<M["forward"]>,
      output: ReturnType<M["forward"]>,
    ) => Maybe<ReturnType<M["forward"]>>,
    options: HookOptions = {},
  ): RemovableHandle {
    return addHook(this, "forward", hook as ForwardHookEntry, options);
  }
  /** Calls `hook(module, gradOutput)` before the module's backward; what it returns replaces gradOutput. */
  registerFullBackwardPreHook<M extends Module>(
    this: M,
    hook: (module: M, gradOutput: HookGrads) => Maybe<HookGrads | Tensor>,
    options: BackwardHookOptions = {},
  ): RemovableHandle {
    return addHook(this, "backwardPre", hook as ForwardHookEntry, options);
  }
  /** Calls `hook(module, gradInput, gradOutput)` after the module's backward; what it returns replaces gradInput. */
  registerFullBackwardHook<M extends Module>(
    this: M,
    hook: (module: M, gradInput: HookGrads, gradOutput: HookGrads) => Maybe<HookGrads | Tensor>,
    options: BackwardHookOptions = {},
  ): RemovableHandle {
    return addHook(this, "backward", hook as ForwardHookEntry, options);
  }
  /** Calls `hook(module, prefix, keepVars)` before this module's state is collected. */
  registerStateDictPreHook(hook: (module: Module, prefix: string, keepVars: boolean) => void): RemovableHandle {
    return addStateHook(this, "collectPre", hook);
  }
  /** Calls `hook(module, state, prefix)` once this module's state, and that of those below, is collected. */
  registerStateDictPostHook(hook: (module: Module, state: StateDict, prefix: string) => void): RemovableHandle {
    return addStateHook(this, "collect", hook);
  }
  /**
   * Calls `hook(module, state, prefix, metadata)` before this module's state is loaded; it may change the state. `metadata.version` is
   * the version of the module's class when the state was saved.
   */
  registerLoadStateDictPreHook(
    hook: (module: Module, state: StateDict, prefix: string, metadata: LocalMetadata) => void,
  ): RemovableHandle {
    return addStateHook(this, "loadPre", hook);
  }
  /** Calls `hook(module, keys)` once this module's state is loaded; it may take keys out of the two lists. */
  registerLoadStateDictPostHook(
    hook: (module: Module, keys: { missingKeys: string[]; unexpectedKeys: string[] }) => void,
  ): RemovableHandle {
    return addStateHook(this, "load", hook);
  }

  // ---- printing

  /** The name in the printed form. */
  getName(): string {
    return this.constructor.name;
  }
  /** What the printed form shows of this module itself, e.g. its sizes. */
  extraRepr(): string {
    return "";
  }
  /** PyTorch's printed form. */
  toString(): string {
    const extra = this.extraRepr();
    const own = extra === "" ? [] : extra.split("\n");
    const below = this.namedChildren().map(([name, child]) => `(${name}): ${indent(String(child))}`);
    if (own.length === 1 && below.length === 0) return `${this.getName()}(${own[0]})`;
    const lines = [...own, ...below];
    return lines.length === 0 ? `${this.getName()}()` : `${this.getName()}(\n  ${lines.join("\n  ")}\n)`;
  }
  /** PyTorch's printed form, for console.log. @internal */
  [inspect.custom](): string {
    return this.toString();
  }

  /**
   * Differs where class, printed form, mode or state differ: what deepStrictEqual and toEqual compare besides own fields, of which
   * containers have none.
   * @internal
   */
  get [Symbol.toStringTag](): string {
    const digest = createHash("sha256").update(`${this}`);
    for (const module of this.modules()) digest.update(module.training ? "train" : "eval");
    for (const [key, value] of Object.entries(this.stateDict())) digest.update(`${key} ${value?.[Symbol.toStringTag]}`);
    return `${this.getName()} ${digest.digest("hex")}`;
  }
}

Object.defineProperty(Module.prototype, IS_MODULE, { value: true });

export { bindForward, indent, isModule };

guardSpelling(Module.prototype, [...namesOf(Module), ...HYPER_PARAMETERS]);
guardMethods(Module, {
  namedModules: ["prefix: str", "seen: Set", "removeDuplicate: bool"],
  namedParameters: ["prefix: str", "recurse: bool", "removeDuplicate: bool"],
  namedBuffers: ["prefix: str", "recurse: bool", "removeDuplicate: bool"],
  parameters: ["recurse: bool"],
  buffers: ["recurse: bool"],
  getSubmodule: ["target: str"],
  setSubmodule: ["target: str", "module: Module", "strict: bool"],
  getParameter: ["target: str"],
  getBuffer: ["target: str"],
  registerBuffer: ["name: str", "tensor: Tensor?", "persistent: bool"],
  registerParameter: ["name: str", "param: Tensor?"],
  addModule: ["name: str", "module: Module?"],
  registerModule: ["name: str", "module: Module?"],
  apply: ["fn: function"],
  train: ["mode: bool"],
  zeroGrad: ["setToNone: bool"],
  requiresGrad_: ["requiresGrad: bool"],
  type: ["dstType: DType"],
  loadStateDict: ["stateDict: object", "strict: bool", "assign: bool"],
  upgradeState: ["state: object", "prefix: str", "version: int?"],
});
