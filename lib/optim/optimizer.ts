/** What optimizers share: parameter groups, state by parameter, state dicts. */
import { inspect } from "node:util";
import { readArgs } from "../args.js";
import { enableGrad } from "../autograd/modes.js";
import { tensor } from "../creation.js";
import { ArgumentError } from "../errors.js";
import { keep } from "../memory.js";
import { native } from "../native.js";
import { pyRepr } from "../repr.js";
import { describe, handleOf, isTensor, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { fromPyTorchKey, toPyTorchKey } from "./keys.js";

/** Hyper-parameters that every group has. */
export interface BaseOptions {
  /** The learning rate. */
  lr: number;
  /** The learning rate that a scheduler started from. */
  initialLr?: number;
}

/** Parameters that share hyper-parameters. */
export type ParamGroup<O extends object> = O & { params: Tensor[] };

/** What an optimizer updates: tensors, or groups with hyper-parameters of their own. */
export type Params<O extends object> = Iterable<Tensor> | Iterable<Partial<O> & { params: Tensor | Iterable<Tensor> }>;

/** What an optimizer remembers of one parameter. */
export type ParamState = Record<string, Tensor | number | null>;

/** PyTorch's state dict of an optimizer, key for key. */
export interface OptimizerStateDict {
  /** The state of each parameter by its number. */
  state: Record<number, Record<string, unknown>>;
  /** The hyper-parameters of each group, and the numbers of its parameters. */
  param_groups: (Record<string, unknown> & { params: number[] })[];
}

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

  constructor(params: Params<O>, defaults: O) {
    this.defaults = defaults;
    if (isTensor(params)) {
      throw new ArgumentError(
        "params argument given to the optimizer should be an iterable of Tensors or dicts, but got a Tensor",
      );
    }
    const list = [...params];
    if (list.length === 0) throw new ArgumentError("optimizer got an empty parameter list");
    const tensors = list.filter(isTensor);
    if (tensors.length === list.length) {
      this.#add({ params: tensors } as Partial<O> & { params: Tensor[] });
      return;
    }
    for (const group of list) {
      if (isTensor(group) || !("params" in group)) {
        throw new ArgumentError("optimizer: expected tensors only, or groups { params, ... } only");
      }
      this.#add(group);
    }
  }

  /** Adds parameters with hyper-parameters of their own, e.g. of layers that were frozen before. */
  addParamGroup(group: Partial<O> & { params: Tensor | Iterable<Tensor> }): void {
    this.#add(group);
  }

  #add(group: Partial<O> & { params: Tensor | Iterable<Tensor> }): void {
    const params = isTensor(group.params) ? [group.params] : [...group.params];
    const taken = new Set(this.paramGroups.flatMap((g) => g.params.map((p) => p.id)));
    for (const p of params) {
      if (!isTensor(p)) {
        throw new ArgumentError(`optimizer can only optimize Tensors, but one of the params is ${describe(p)}`);
      }
      if (!p.isLeaf && !p.retainsGrad) throw new ArgumentError("can't optimize a non-leaf Tensor");
      if (taken.has(p.id)) throw new ArgumentError("some parameters appear in more than one parameter group");
    }
    const full = { ...this.defaults, ...group, params };
    this.check(full);
    this.paramGroups.push(full);
  }

  /** Refuses impossible hyper-parameters. */
  protected abstract check(group: O): void;
  /** Updates the parameters of one group that have a gradient. */
  protected abstract update(group: ParamGroup<O>): void;

  /** Updates every parameter by its gradient. `closure` recomputes the loss first, and its value is given back. */
  step(): void;
  step<T>(closure: () => T): T;
  step<T>(closure?: () => T): T | undefined {
    let loss: T | undefined;
    if (closure !== undefined) {
      using _ = enableGrad();
      loss = closure();
    }
    for (const group of this.paramGroups) this.update(group);
    this.stepsTaken++;
    return loss;
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
  protected stateOf(p: Tensor, make: () => ParamState): ParamState {
    const { id } = p;
    let state = this.state.get(id);
    if (state === undefined) {
      state = make();
      this.state.set(id, state);
    }
    return state;
  }

  /** PyTorch's state dict, key for key; the tensors are the optimizer's own. */
  stateDict(): OptimizerStateDict {
    const numbers = new Map<number, number>();
    for (const { params } of this.paramGroups) for (const p of params) numbers.set(p.id, numbers.size);
    const state: OptimizerStateDict["state"] = {};
    for (const [id, entries] of this.state) {
      const number = numbers.get(id);
      if (number === undefined) continue;
      state[number] = Object.fromEntries(
        Object.entries(entries).map(([key, value]) => [
          toPyTorchKey(key),
          key === "step" ? tensor(Number(value), { dtype: "float32" }) : value,
        ]),
      );
    }
    const param_groups = this.paramGroups.map(({ params, ...options }) => ({
      ...Object.fromEntries(Object.entries(options).map(([key, value]) => [toPyTorchKey(key), value])),
      params: params.map((p) => numbers.get(p.id) ?? 0),
    }));
    return { state, param_groups };
  }

  /** Takes over a state dict; its tensors are copied. Errors: other numbers of groups or parameters. */
  loadStateDict(given: OptimizerStateDict): void {
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
    for (const [number, entries] of Object.entries(given.state)) {
      const p = owners.get(Number(number));
      if (p !== undefined) this.state.set(p.id, loadParamState(p, entries));
    }
  }

  /** PyTorch's printed form. */
  toString(): string {
    const groups = this.paramGroups.map(({ params: _, ...options }, i) => {
      const lines = Object.entries(options).map(([key, value]) => `    ${toPyTorchKey(key)}: ${pyRepr(value)}\n`);
      return `Parameter Group ${i}\n${lines.sort().join("")}`;
    });
    return `${this.constructor.name} (\n${groups.join("\n")})`;
  }
  /** PyTorch's printed form, for console.log. @internal */
  [inspect.custom](): string {
    return this.toString();
  }
}

function loadParamState(p: Tensor, entries: Record<string, unknown>): ParamState {
  const state: ParamState = {};
  for (const [key, value] of Object.entries(entries)) {
    const name = fromPyTorchKey(key);
    if (name === "step") state[name] = isTensor(value) ? value.item() : Number(value);
    else if (isTensor(value)) state[name] = keep(value.detach().to(p.dtype, undefined, true));
    else if (value === null || typeof value === "number") state[name] = value;
  }
  return state;
}

/** A state tensor of zeros like a parameter. */
export function zerosFor(p: Tensor): Tensor {
  return keep(wrap(native.fullLike(handleOf(p), 0)));
}

/** Refuses a negative hyper-parameter. */
export function nonNegative(label: string, value: number): void {
  if (!(value >= 0)) throw new ArgumentError(`Invalid ${label}: ${pyRepr(value)}`);
}

/** A tensor in an optimizer's state. Errors: the loaded state lacks it. */
export function stateTensor(state: ParamState, name: string): Tensor {
  const value = state[name];
  if (isTensor(value)) return value;
  throw new ArgumentError(`the optimizer's state has no tensor '${toPyTorchKey(name)}'`);
}
