/** Containers of modules and parameters. They keep a Map, so that their contents have names of their own. */
import { listOf } from "../argument-types.js";
import { guardMethods } from "../checked.js";
import { ArgumentError, IndexError } from "../errors.js";
import { isModule } from "../marks.js";
import { describe } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { indent, Module } from "./module.js";
import { entriesOf } from "./module-walk.js";
import { releasesInput } from "./release.js";

/** A module from a tensor to a tensor. */
export type Layer = Module & { forward(x: Tensor): Tensor };

/** What a list holds unless it says otherwise: modules from tensors to a tensor. */
type Callable = Module & { forward(...inputs: Tensor[]): Tensor };

/**
 * What containers of modules share: an ordered Map that is no enumerable field. Each module with a name of its own is a property too,
 * as in PyTorch: `model.heads.head = new nn.Linear(768, 10)` replaces it, and a module that a field of a subclass holds is one of them.
 */
abstract class Container<M extends Module> extends Module {
  declare private readonly held: Map<string, M>;

  constructor() {
    super();
    Object.defineProperty(this, "held", { value: new Map<string, M>(), enumerable: false });
  }

  /** The modules by name. @internal */
  protected get items(): Map<string, M> {
    for (const name of Object.keys(this)) {
      const value: unknown = Reflect.get(this, name);
      if (isModule(value)) this.put(name, value as unknown as M);
    }
    return this.held;
  }

  /** How many modules there are. */
  get length(): number {
    return this.items.size;
  }
  override namedChildren(): [string, Module][] {
    return [...this.items];
  }
  protected put(name: string, module: M): void {
    if (!isModule(module))
      throw new ArgumentError(`${describe(module)} is not a Module subclass`, { op: this.getName() });
    this.held.set(name, module);
    if (name in this && !Object.keys(this).includes(name)) return;
    // Of the instance and not of a closure: copies of it have their own modules.
    Object.defineProperty(this, name, {
      get(this: Container<M>) {
        return this.held.get(name);
      },
      set(this: Container<M>, value: M | null) {
        this.putChild(name, value);
      },
      configurable: true,
    });
  }
  protected override putChild(name: string, module: Module | null): void {
    if (module === null) this.items.delete(name);
    else this.put(name, module as M);
  }
}

/** What {@link Sequential} and {@link ModuleList} share: modules by number. */
abstract class ListContainer<M extends Module> extends Container<M> {
  /**
   * The module at an index; negative counts from the end. Its class may be said: `model.get<nn.Linear>(1).weight`.
   * Errors: out of range.
   */
  get<T extends M = M>(index: number): T {
    // The caller's word: what a container holds at a place is not in its type.
    return this.entry(index)[1] as T;
  }
  /** The module at an index, as `Array.at`: negative counts from the end, undefined where there is none. */
  at(index: number): M | undefined {
    return [...this.items.values()].at(index);
  }
  /** Replaces the module at an index. */
  set(index: number, module: M): void {
    this.put(this.entry(index)[0], module);
  }
  /** Puts a module at the end. Returns this. */
  append(module: M): this {
    this.put(String(this.items.size), module);
    return this;
  }
  /** Puts several modules at the end. Returns this. */
  extend(modules: Iterable<M>): this {
    for (const module of listOf("extend", "modules", modules)) this.append(module);
    return this;
  }
  /** Puts a module before an index; negative counts from the end. Returns this. Errors: out of range. */
  insert(index: number, module: M): this {
    const { length } = this;
    if (!Number.isInteger(index) || index < -length || index > length) {
      throw new IndexError(`Index out of range: ${index}`, { op: this.getName() });
    }
    if (!isModule(module))
      throw new ArgumentError(`${describe(module)} is not a Module subclass`, { op: this.getName() });
    const list = [...this.items.values()];
    list.splice(index < 0 ? index + length : index, 0, module);
    this.renumber(list);
    return this;
  }
  /** Takes a module out, by default the last, and gives it. Errors: out of range. */
  pop(index = -1): M {
    const module = this.get(index);
    this.delete(index);
    return module;
  }
  /** Takes the module at an index out. Errors: out of range. */
  delete(index: number): void {
    this.items.delete(this.entry(index)[0]);
    this.renumber([...this.items.values()]);
  }
  *[Symbol.iterator](): Generator<M, void, undefined> {
    yield* this.items.values();
  }
  /** The modules between two indices, as `Array.slice` counts them. */
  protected between(start?: number, end?: number): [string, M][] {
    return [...this.items].slice(start, end);
  }
  private renumber(list: readonly M[]): void {
    this.items.clear();
    list.forEach((module, i) => {
      this.items.set(String(i), module);
    });
  }
  private entry(index: number): [string, M] {
    const entry = [...this.items].at(index);
    if (entry === undefined) throw new IndexError(`index ${index} is out of range`, { op: this.getName() });
    return entry;
  }
}

// Brackets cannot be given a meaning without a proxy around every container: the first indices raise and say what to write.
for (let index = -64; index < 1024; index++) {
  Object.defineProperty(ListContainer.prototype, String(index), {
    get(this: Module): never {
      throw new ArgumentError(`${this.getName()}: [${index}] is not how its modules are read: write get(${index})`);
    },
    set(this: Module): never {
      throw new ArgumentError(`${this.getName()}: [${index}] = ... replaces nothing: write set(${index}, module)`);
    },
  });
}

/**
 * Modules one after another. `new nn.Sequential(a, b, c)`, or with names `new nn.Sequential({ conv1: a, relu1: b })`, `new nn.Sequential(new Map([["10", a], ["2", b]]))`:
 * an object puts number-like names first, a Map or a list of pairs keeps their order.
 * `model.get(0)`, `model.length`, `for (const layer of model)`.
 */
export class Sequential extends ListContainer<Layer> {
  constructor(...layers: Layer[] | [Readonly<Record<string, Layer>> | Iterable<readonly [string, Layer]>]) {
    super();
    const [first] = layers;
    if (typeof first === "object" && first !== null && !isModule(first)) {
      for (const [name, layer] of entriesOf<Layer>(this, first)) this.put(String(name), layer);
    } else for (const layer of layers as Layer[]) this.append(layer);
  }

  /** The modules between two indices, which are shared, as a Sequential; negative counts from the end. */
  slice(start?: number, end?: number): Sequential {
    return new Sequential(Object.fromEntries(this.between(start, end)));
  }
  /** The modules of both, one after another: Python's `a + b`. */
  concat(other: Sequential): Sequential {
    return new Sequential(...this, ...listOf("concat", "other", other));
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
export class ModuleList<M extends Module = Callable> extends ListContainer<M> {
  constructor(modules: Iterable<M> = []) {
    super();
    this.extend(modules);
  }
  /** The modules between two indices, which are shared, as a ModuleList; negative counts from the end. */
  slice(start?: number, end?: number): ModuleList<M> {
    return new ModuleList(this.between(start, end).map(([, module]) => module));
  }
  /** The modules of both, one after another: Python's `a + b`. */
  concat(other: Iterable<M>): ModuleList<M> {
    return new ModuleList([...this, ...listOf("concat", "other", other)]);
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
export class ModuleDict<M extends Module = Callable> extends Container<M> {
  constructor(modules: Readonly<Record<string, M>> | Iterable<readonly [string, M]> = {}) {
    super();
    this.update(modules);
  }
  /** Adds or replaces modules. */
  update(modules: Readonly<Record<string, M>> | Iterable<readonly [string, M]>): void {
    for (const [name, module] of entriesOf<M>(this, modules)) this.set(name, module);
  }
  /** Takes a module out and gives it. Errors: there is none of this name. */
  pop(name: string): M {
    const module = this.get(name);
    this.items.delete(name);
    return module;
  }
  /** Takes a module out; whether there was one. */
  delete(name: string): boolean {
    return this.items.delete(name);
  }
  /** Takes all modules out. */
  clear(): void {
    this.items.clear();
  }
  /** The module of a name. Errors: there is none. */
  get(name: string): M {
    const module = this.items.get(name);
    if (module === undefined) throw new ArgumentError(`ModuleDict: no module ${JSON.stringify(name)}`);
    return module;
  }
  /** Adds or replaces a module. */
  set(name: string, module: M): void {
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
  values(): M[] {
    return [...this.items.values()];
  }
  /** Names and modules. */
  entries(): [string, M][] {
    return [...this.items];
  }
  [Symbol.iterator](): Iterator<[string, M]> {
    return this.items.entries();
  }
  forward(..._inputs: never[]): never {
    throw noForward(this);
  }
}

function noForward(module: Module): ArgumentError {
  return new ArgumentError(`Module [${module.getName()}] is missing the required "forward" function`);
}

const LIST = {
  get: ["index: int"],
  at: ["index: int"],
  set: ["index: int", "module: any"],
  append: ["module: any"],
  extend: ["modules: list"],
  insert: ["index: int", "module: any"],
  pop: ["index: int"],
  delete: ["index: int"],
} as const;
guardMethods(ListContainer, LIST);
for (const Class of [Sequential, ModuleList])
  guardMethods(Class, { slice: ["start: int", "end: int"], concat: ["other: list"] });
guardMethods(ModuleDict, {
  update: ["modules: object"],
  pop: ["key: str"],
  delete: ["key: str"],
  get: ["key: str"],
  set: ["key: str", "module: any"],
  has: ["key: str"],
});
