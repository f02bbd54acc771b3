/** What optimizers share: parameter groups, state by parameter, state dicts. */

import { inspect } from "node:util";
import { readArgs } from "../args.js";
import { listOf } from "../argument-types.js";
import { type RemovableHandle, removable } from "../autograd/hooks.js";
import { enableGrad } from "../autograd/modes.js";
import { guardMethods } from "../checked.js";
import { ArgumentError } from "../errors.js";
import { isModule } from "../marks.js";
import { asTuple, withIntegerKeys } from "../python-forms.js";
import { pyFloat, pyRepr } from "../repr.js";
import { guardSpelling, namesOf } from "../spelling.js";
import { describe, isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { warnOnce } from "../warnings.js";
import { fromPyTorchKey, toPyTorchKey, withPyTorchKeys } from "./keys.js";
import type { BaseOptions } from "./options.js";
import { loadParamState, type ParamState, saveParamState } from "./state.js";

/** Parameters that share hyper-parameters. */
export type ParamGroup<O extends object> = O & { params: Tensor[] };

/** A tensor, or a tensor with its name as `model.namedParameters()` gives it. */
export type Param = Tensor | readonly [name: string, tensor: Tensor];

/** A group as it is given: parameters and the hyper-parameters of their own. */
export type GivenGroup<O extends object> = Partial<O> & { params: Tensor | Iterable<Param> };

/** What an optimizer updates: tensors, or groups with hyper-parameters of their own. */
export type Params<O extends object> = Iterable<Param> | Iterable<GivenGroup<O>>;

/** PyTorch's state dict of an optimizer, key for key. */
export interface OptimizerStateDict {
  /** The state of each parameter by its number. */
  state: Record<number, Record<string, unknown>>;
  /** The hyper-parameters of each group, and the numbers of its parameters. */
  param_groups: (Record<string, unknown> & { params: number[] })[];
}

/** Hyper-parameters that are lists, `betas` for one, are tuples in Python. */
function withTuples(options: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(options)) {
    if (Array.isArray(value)) options[name] = asTuple([...value]);
  }
  return options;
}

/** A function that an optimizer calls before or after a step. */
export type StepHook = (optimizer: Optimizer) => void;

/** The base class of optimizers: `zeroGrad()`, `loss.backward()`, `step()`. */
export abstract class Optimizer<O extends BaseOptions = BaseOptions> {
  /** The groups; their hyper-parameters may be changed between steps. */
  readonly paramGroups: ParamGroup<O>[] = [];
  /** The hyper-parameters of groups that say nothing else. */
  readonly defaults: O;
  /** What is remembered of each parameter, by `x.id`. */
  readonly state = new Map<number, ParamState>();
  /** How many steps were taken: schedulers warn when they go first. */
  stepsTaken = 0;
  readonly #before = new Set<StepHook>();
  readonly #after = new Set<StepHook>();

  constructor(params: Params<O>, defaults: O) {
    if (new.target === Optimizer)
      throw new ArgumentError("Optimizer: an abstract class; extend it, or take optim.SGD, ...");
    this.defaults = defaults;
    if (isTensor(params)) {
      throw new ArgumentError(
        "params argument given to the optimizer should be an iterable of Tensors or dicts, but got a Tensor",
      );
    }
    if (typeof params !== "object" || params === null || !(Symbol.iterator in params)) {
      const hint = isModule(params) ? "; pass model.parameters()" : "";
      throw new ArgumentError(
        `${new.target.name}: expected params to be a list of tensors or of parameter groups, received ${describe(params)}${hint}`,
      );
    }
    const list: (Param | GivenGroup<O>)[] = [...params];
    if (list.length === 0) throw new ArgumentError("optimizer got an empty parameter list");
    this.check(defaults);
    const groups = list.filter((x): x is GivenGroup<O> => typeof x === "object" && x !== null && "params" in x);
    if (groups.length === 0) this.#add(list as Param[], {});
    else if (groups.length < list.length) {
      throw new ArgumentError("optimizer: expected tensors only, or groups { params, ... } only");
    }
    for (const group of groups) this.addParamGroup(group);
  }

  /** Adds parameters with hyper-parameters of their own, e.g. of layers that were frozen before. */
  addParamGroup(group: GivenGroup<O>): void {
    this.#add(group.params, group);
  }

  #add(list: Tensor | Iterable<Param>, own: Partial<O>): void {
    if (list instanceof Set) {
      throw new ArgumentError(
        "optimizer parameters need to be organized in ordered collections, but the ordering of tensors in sets will change between runs. Please use a list instead.",
      );
    }
    const given: Param[] = isTensor(list) ? [list] : listOf("addParamGroup", "params", list);
    const params = given.map((p) => (isNamed(p) ? p[1] : p));
    const names = given.filter(isNamed).map(([name]) => name);
    if (names.length > 0 && names.length < given.length) {
      throw new ArgumentError("all optimizer params should be with/without names. Some param names are missing");
    }
    this.#checkParams(params, names.length > 0);
    this.#checkStrings(own);
    const full = { ...this.defaults, ...own, params };
    if (names.length > 0) full.paramNames = names;
    this.check(full);
    guardSpelling(full, Object.keys(full));
    this.paramGroups.push(full);
  }

  /** Refuses strings, from a command line for one, in the place of numbers and booleans. */
  #checkStrings(own: Partial<O>): void {
    for (const [name, value] of Object.entries(own)) {
      const usual: unknown = Reflect.get(this.defaults, name);
      if (typeof value !== "string" || typeof usual === "string" || usual === undefined) continue;
      const hint = typeof usual === "boolean" ? 'compare it: value === "true"' : "parse it with Number(...)";
      throw new ArgumentError(
        `${this.constructor.name}: expected ${name} to be a ${typeof usual === "boolean" ? "boolean" : "number"}, received "${value}"; ${hint}`,
      );
    }
  }

  #checkParams(params: readonly Tensor[], named: boolean): void {
    const taken = new Set(this.paramGroups.flatMap((g) => g.params.map((p) => p.id)));
    for (const p of params) {
      if (!isTensor(p)) {
        throw new ArgumentError(`optimizer can only optimize Tensors, but one of the params is ${describe(p)}`);
      }
      if (!p.isLeaf && !p.retainsGrad) throw new ArgumentError("can't optimize a non-leaf Tensor");
    }
    if (new Set(params.map((p) => p.id)).size < params.length) {
      warnOnce(
        "CANDLEWICK_DUPLICATE_PARAMETERS",
        "optimizer contains a parameter group with duplicate parameters; in future, this will cause an error; see github.com/pytorch/pytorch/issues/40967 for more information",
      );
    }
    if (this.paramGroups.some((group) => (group.paramNames !== undefined) !== named)) {
      throw new ArgumentError(
        `all optimizer param groups should be with/without names. cannot add param group ${named ? "with" : "without"} names to the optimizer`,
      );
    }
    if (params.some((p) => taken.has(p.id))) {
      throw new ArgumentError("some parameters appear in more than one parameter group");
    }
  }

  /** Refuses impossible hyper-parameters. */
  protected abstract check(group: O): void;
  /** Updates the parameters of one group that have a gradient. */
  protected abstract update(group: ParamGroup<O>): void;

  /** Updates every parameter by its gradient. `closure` recomputes the loss first, and its value is given back. */
  step(): void;
  step<T>(closure: () => T): T;
  step<T>(closure?: () => T): T | undefined {
    return this.stepped(() => {
      let loss: T | undefined;
      if (closure !== undefined) {
        using _ = enableGrad();
        loss = closure();
      }
      for (const group of this.paramGroups) this.update(withNumbers(group));
      return loss;
    });
  }

  /** Runs the body of a step between the hooks and counts it. */
  protected stepped<T>(body: () => T): T {
    for (const hook of this.#before) hook(this as unknown as Optimizer);
    const result = body();
    this.stepsTaken++;
    for (const hook of this.#after) hook(this as unknown as Optimizer);
    return result;
  }

  /** Calls `hook` before each step. */
  registerStepPreHook(hook: StepHook): RemovableHandle {
    this.#before.add(hook);
    return removable(() => this.#before.delete(hook));
  }
  /** Calls `hook` after each step. */
  registerStepPostHook(hook: StepHook): RemovableHandle {
    this.#after.add(hook);
    return removable(() => this.#after.delete(hook));
  }

  /** Forgets all gradients; with `setToNone` false they become zeros instead. */
  zeroGrad(setToNone: boolean | { setToNone?: boolean } = true): void {
    const { setToNone: forget = true } = readArgs<{ setToNone?: boolean }>("zeroGrad", ["setToNone"], [setToNone]);
    for (const { params } of this.paramGroups) {
      for (const p of params) {
        if (forget) p.grad = null;
        else p.grad?.detach_().zero_();
      }
    }
  }

  /** The state of one parameter, made at its first step. */
  protected stateOf(p: Tensor, make: (p: Tensor) => ParamState): ParamState {
    const { id } = p;
    let state = this.state.get(id);
    if (state === undefined) {
      state = make(p);
      this.state.set(id, state);
    }
    return state;
  }

  /** PyTorch's state dict, key for key; the tensors are the optimizer's own. */
  stateDict(): OptimizerStateDict {
    const numbers = this.#numbers();
    const state: OptimizerStateDict["state"] = withIntegerKeys({});
    for (const [id, entries] of this.state) {
      const number = numbers.get(id);
      if (number !== undefined) state[number] = saveParamState(entries);
    }
    const param_groups = this.paramGroups.map(({ params, ...options }) => ({
      ...withTuples(withPyTorchKeys(options)),
      params: params.map((p) => numbers.get(p.id) ?? 0),
    }));
    return { state, param_groups };
  }

  /** The number of each parameter: its place among all groups, the last one of a parameter that a group has twice. */
  #numbers(): Map<number, number> {
    const numbers = new Map<number, number>();
    let start = 0;
    for (const { params } of this.paramGroups) {
      const fresh = params.map((p, i) => [p.id, start + i] as const).filter(([id]) => !numbers.has(id));
      for (const [id, number] of fresh) numbers.set(id, number);
      start += params.length;
    }
    return numbers;
  }

  /** Takes over a state dict; its tensors are copied. Errors: other numbers of groups or parameters. */
  loadStateDict(given: OptimizerStateDict): void {
    if (!Array.isArray(given.param_groups) || typeof given.state !== "object" || given.state === null) {
      throw new ArgumentError("loadStateDict: expected an optimizer's state dict, with `state` and `param_groups`");
    }
    if (given.param_groups.length !== this.paramGroups.length) {
      throw new ArgumentError("loaded state dict has a different number of parameter groups");
    }
    const owners = new Map<number, Tensor>();
    this.paramGroups.forEach((group, i) => {
      const saved = given.param_groups[i]?.params ?? [];
      if (saved.length !== group.params.length) {
        throw new ArgumentError(
          "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
        );
      }
      saved.forEach((number, k) => {
        const p = group.params[k];
        if (p !== undefined) owners.set(number, p);
      });
    });
    this.paramGroups.forEach((group, i) => {
      for (const [key, value] of Object.entries(given.param_groups[i] ?? {})) {
        if (key !== "params") Reflect.set(group, fromPyTorchKey(key), value);
      }
    });
    this.state.clear();
    // A file's dict with integer keys is a Map.
    const saved: object = given.state;
    const states: Iterable<[unknown, Record<string, unknown>]> =
      saved instanceof Map ? saved : Object.entries(given.state);
    for (const [number, entries] of states) {
      const p = owners.get(Number(number));
      if (p !== undefined) this.state.set(p.id, loadParamState(p, entries));
    }
  }

  /** PyTorch's printed form. */
  toString(): string {
    const groups = this.paramGroups.map(({ params: _, ...options }, i) => {
      const lines = Object.entries(options).map(
        ([key, value]) => `    ${toPyTorchKey(key)}: ${this.#shown(key, value)}\n`,
      );
      return `Parameter Group ${i}\n${lines.sort().join("")}`;
    });
    return `${this.constructor.name} (\n${groups.join("\n")})`;
  }
  /** The hyper-parameters whose default is a whole float in PyTorch, which prints 1.0 and not 1. */
  protected get floats(): readonly string[] {
    return [];
  }
  #shown(name: string, value: unknown): string {
    if (typeof value === "number" && this.floats.includes(name)) return pyFloat(value);
    return typeof value === "string" ? value : pyRepr(value);
  }
  /** PyTorch's printed form, for console.log. @internal */
  [inspect.custom](): string {
    return this.toString();
  }
}

function isNamed(p: Param): p is readonly [string, Tensor] {
  return Array.isArray(p);
}

/** A group whose options that are tensors of one element, as PyTorch allows of the learning rate, are numbers. */
function withNumbers<G extends object>(group: G): G {
  const tensors = Object.entries(group).filter(([, value]) => isTensor(value));
  if (tensors.length === 0) return group;
  return { ...group, ...Object.fromEntries(tensors.map(([name, value]) => [name, (value as Tensor).item()])) };
}

guardSpelling(Optimizer.prototype, [...namesOf(Optimizer), "paramGroups"]);
guardMethods(Optimizer, {
  addParamGroup: ["paramGroup: object"],
  step: ["closure: function?"],
  registerStepPreHook: ["hook: function"],
  registerStepPostHook: ["hook: function"],
  zeroGrad: ["setToNone: bool"],
  loadStateDict: ["stateDict: object"],
});
