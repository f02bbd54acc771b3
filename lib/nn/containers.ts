/** Containers of modules and parameters. They keep a Map, so that their contents have names of their own. */
import { ArgumentError } from "../errors.js";

import type { Tensor } from "../tensor.js";
import { indent, Module } from "./module.js";
import { isModule } from "./module-fields.js";
import { releasesInput } from "./release.js";

/** A module from a tensor to a tensor. */
export type Layer = Module & { forward(x: Tensor): Tensor };

/** What containers of modules share: an ordered Map that is no enumerable field. */
abstract class Container<M extends Module> extends Module {
  /** @internal */
  declare protected readonly items: Map<string, M>;

  constructor() {
    super();
    Object.defineProperty(this, "items", { value: new Map<string, M>(), enumerable: false });
  }

  /** How many modules there are. */
  get length(): number {
    return this.items.size;
  }
  override namedChildren(): [string, Module][] {
    return [...this.items, ...super.namedChildren()];
  }
  protected put(name: string, module: M): void {
    if (!isModule(module)) throw new ArgumentError(`${this.getName()}: expected a module, received ${String(module)}`);
    this.items.set(name, module);
  }
}

/** What {@link Sequential} and {@link ModuleList} share: modules by number. */
abstract class ListContainer<M extends Module> extends Container<M> {
  /** The module at an index; negative counts from the end. Errors: out of range. */
  get(index: number): M {
    return this.at(index)[1];
  }
  /** Replaces the module at an index. */
  set(index: number, module: M): void {
    this.put(this.at(index)[0], module);
  }
  /** Puts a module at the end. Returns this. */
  append(module: M): this {
    this.put(String(this.items.size), module);
    return this;
  }
  /** Puts several modules at the end. Returns this. */
  extend(modules: Iterable<M>): this {
    for (const module of modules) this.append(module);
    return this;
  }
  *[Symbol.iterator](): Generator<M, void, undefined> {
    yield* this.items.values();
  }
  private at(index: number): [string, M] {
    const entry = [...this.items].at(index);
    if (entry === undefined) throw new ArgumentError(`index ${index} is out of range`, { op: this.getName() });
    return entry;
  }
}

/**
 * Modules one after another. `new nn.Sequential(a, b, c)`, or with names `new nn.Sequential({ conv1: a, relu1: b })`.
 * `model.get(0)`, `model.length`, `for (const layer of model)`.
 */
export class Sequential extends ListContainer<Layer> {
  constructor(...layers: Layer[] | [Readonly<Record<string, Layer>>]) {
    super();
    const [first] = layers;
    if (typeof first === "object" && first !== null && !isModule(first)) {
      for (const [name, layer] of Object.entries(first)) this.put(name, layer);
    } else for (const layer of layers as Layer[]) this.append(layer);
  }

  forward(input: Tensor): Tensor {
    let x = input;
    let before: Layer | undefined;
    for (const layer of this.items.values()) {
      const y = layer.forward(x);
      // An intermediate that no one else can have seen gives its memory back at once.
      if (before !== undefined && x !== y && x !== input && releasesInput(before, layer)) x.dispose();
      before = y === x ? undefined : layer;
      x = y;
    }
    return x;
  }
}

/** A list of modules that takes part in the model; it has no forward of its own. */
export class ModuleList extends ListContainer<Module> {
  constructor(modules: Iterable<Module> = []) {
    super();
    this.extend(modules);
  }
  forward(..._inputs: never[]): never {
    throw noForward(this);
  }
  /** PyTorch's printed form: equal neighbours share a line, `(0-3): 4 x Linear(...)`. */
  override toString(): string {
    const runs: { first: number; last: number; text: string }[] = [];
    [...this.items.values()].forEach((module, i) => {
      const text = String(module);
      const run = runs.at(-1);
      if (run?.text === text) run.last = i;
      else runs.push({ first: i, last: i, text });
    });
    if (runs.length === 0) return "ModuleList()";
    const lines = runs.map(({ first, last, text }) => {
      const label = first === last ? `(${first}): ` : `(${first}-${last}): ${last - first + 1} x `;
      return `  ${label}${indent(text)}`;
    });
    return `${this.getName()}(\n${lines.join("\n")}\n)`;
  }
}

/** Modules by name that take part in the model; it has no forward of its own. */
export class ModuleDict extends Container<Module> {
  constructor(modules: Readonly<Record<string, Module>> | Iterable<readonly [string, Module]> = {}) {
    super();
    const entries = Symbol.iterator in modules ? modules : Object.entries(modules);
    for (const [name, module] of entries) this.set(name, module);
  }
  /** The module of a name. Errors: there is none. */
  get(name: string): Module {
    const module = this.items.get(name);
    if (module === undefined) throw new ArgumentError(`ModuleDict: no module ${JSON.stringify(name)}`);
    return module;
  }
  /** Adds or replaces a module. */
  set(name: string, module: Module): void {
    this.put(name, module);
  }
  /** Whether there is a module of this name. */
  has(name: string): boolean {
    return this.items.has(name);
  }
  /** The names. */
  keys(): string[] {
    return [...this.items.keys()];
  }
  /** The modules. */
  values(): Module[] {
    return [...this.items.values()];
  }
  /** Names and modules. */
  entries(): [string, Module][] {
    return [...this.items];
  }
  [Symbol.iterator](): Iterator<[string, Module]> {
    return this.items.entries();
  }
  forward(..._inputs: never[]): never {
    throw noForward(this);
  }
}

function noForward(module: Module): ArgumentError {
  return new ArgumentError(`Module [${module.getName()}] is missing the required "forward" function`);
}
