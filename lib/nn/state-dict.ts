/** Saving and loading a module's state, key for key as PyTorch does. */
import { inspect } from "node:util";
import { type RemovableHandle, removable } from "../autograd/hooks.js";
import { withoutGrad } from "../autograd/modes.js";
import { ArgumentError } from "../errors.js";
import { noteName } from "../field-order.js";
import { keep } from "../memory.js";
import { pyList } from "../repr.js";
import { describe, isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import type { Module } from "./module.js";
import { INTERNALS, ownBuffers, ownParameters, type StateHook } from "./module-fields.js";
import { Parameter } from "./parameter.js";
import { isUninitialized } from "./uninitialized.js";

/** Tensors by the path of field names, in PyTorch's order; an object without prototype. */
export interface StateDict {
  [key: string]: Tensor;
}

/** An empty {@link StateDict}. */
export function emptyStateDict(): StateDict {
  return Object.create(null);
}

/** What {@link Module.loadStateDict} found; prints `<All keys matched successfully>` when there is nothing to say. */
export class LoadResult {
  /** Keys that the module has and the state dict lacks. */
  readonly missingKeys: readonly string[];
  /** Keys that the state dict has and the module lacks. */
  readonly unexpectedKeys: readonly string[];

  constructor(missingKeys: readonly string[], unexpectedKeys: readonly string[]) {
    this.missingKeys = missingKeys;
    this.unexpectedKeys = unexpectedKeys;
  }

  /** Both, as `const [missing, unexpected] = ...` takes them. */
  *[Symbol.iterator](): Generator<readonly string[], void, undefined> {
    yield this.missingKeys;
    yield this.unexpectedKeys;
  }

  toString(): string {
    if (this.missingKeys.length + this.unexpectedKeys.length === 0) return "<All keys matched successfully>";
    const [missing, unexpected] = [pyList(this.missingKeys), pyList(this.unexpectedKeys)];
    return `_IncompatibleKeys(missing_keys=${missing}, unexpected_keys=${unexpected})`;
  }

  /** PyTorch's printed form, for console.log. @internal */
  [inspect.custom](): string {
    return this.toString();
  }
}

let nextHook = 1;

/** Registers a hook around collecting or loading a module's state. */
export function addStateHook(module: Module, kind: StateHook["kind"], run: StateHook["run"]): RemovableHandle {
  const { stateHooks } = module[INTERNALS];
  const id = nextHook++;
  stateHooks.set(id, { kind, run });
  return removable(() => stateHooks.delete(id));
}

function runStateHooks(module: Module, kind: StateHook["kind"], ...rest: unknown[]): void {
  for (const hook of module[INTERNALS].stateHooks.values()) {
    if (hook.kind === kind) Reflect.apply(hook.run, undefined, [module, ...rest]);
  }
}

/** PyTorch's `_metadata` of a state dict: the version of each module by its path. A property that is not listed. */
function noteVersion(module: Module, out: StateDict, prefix: string): void {
  if (!Object.hasOwn(out, "_metadata")) {
    Object.defineProperty(out, "_metadata", { value: emptyStateDict(), writable: true, configurable: true });
  }
  const version: unknown = Reflect.get(module, "stateVersion") ?? Reflect.get(module.constructor, "stateVersion");
  const [metadata, path] = [Reflect.get(out, "_metadata"), prefix.slice(0, -1)];
  noteName(metadata, path);
  Object.assign(metadata, { [path]: { version: version ?? 1 } });
}

/** Collects a module's state: own parameters, own persistent buffers, then the children. */
export function collectState(module: Module, out: StateDict, prefix: string, keepVars: boolean): void {
  runStateHooks(module, "collectPre", prefix, keepVars);
  noteVersion(module, out, prefix);
  for (const [name, value] of [...ownParameters(module), ...ownBuffers(module, true)]) {
    noteName(out, prefix + name);
    out[prefix + name] = keepVars ? value : value.detach();
  }
  for (const [name, child] of module.namedChildren()) collectState(child, out, `${prefix}${name}.`, keepVars);
  runStateHooks(module, "collect", out, prefix);
}

/** Options of {@link Module.loadStateDict}. */
export interface LoadStateDictOptions {
  /** Whether missing and unexpected keys are errors. Default true. */
  strict?: boolean;
  /** Whether the module takes the given tensors as they are instead of copying their values. Default false. */
  assign?: boolean;
}

/** What a state dict says of one module: its version when the state was saved. */
export interface LocalMetadata {
  readonly version?: number;
}

/** The part of a state dict's `_metadata` about the module at a path. */
function metadataAt(given: object, path: string): LocalMetadata {
  const all: unknown = Reflect.get(given, "_metadata");
  const own: unknown =
    typeof all === "object" && all !== null && Object.hasOwn(all, path) ? Reflect.get(all, path) : null;
  return typeof own === "object" && own !== null ? own : {};
}

interface Report {
  missing: string[];
  unexpected: string[];
  errors: string[];
}

/** Copies a state dict into a module. Errors: as PyTorch's, all of them in one message. */
export function loadState(module: Module, given: StateDict, options: LoadStateDictOptions): LoadResult {
  if (typeof given !== "object" || given === null) {
    throw new ArgumentError(`Expected state_dict to be dict-like, got ${describe(given)}.`, { op: "loadStateDict" });
  }
  const report: Report = { missing: [], unexpected: [], errors: [] };
  const state = Object.assign(emptyStateDict(), given);
  const metadata = (path: string) => metadataAt(given, path);
  withoutGrad(() => loadInto(module, state, "", options.assign ?? false, report, metadata));
  const { missing, unexpected, errors } = report;
  if (options.strict ?? true) {
    const quoted = (keys: string[]): string => keys.map((key) => `"${key}"`).join(", ");
    if (unexpected.length > 0) errors.unshift(`Unexpected key(s) in state_dict: ${quoted(unexpected)}. `);
    if (missing.length > 0) errors.unshift(`Missing key(s) in state_dict: ${quoted(missing)}. `);
  }
  if (errors.length > 0) {
    const name = module.constructor.name;
    const lines = [...errors, ...advice(module, given, missing, errors)];
    throw new ArgumentError(`Error(s) in loading state_dict for ${name}:\n\t${lines.join("\n\t")}`, {
      op: "loadStateDict",
    });
  }
  return new LoadResult(missing, unexpected);
}

/** What can be done about errors of loading. */
function advice(module: Module, given: StateDict, missing: readonly string[], errors: readonly string[]): string[] {
  const keys = Object.keys(given);
  const prefix = /^[^.]+\./.exec(keys[0] ?? "")?.[0];
  // A batch norm's num_batches_tracked is not missing from a state without versions.
  const own = new Set([...missing, ...module.namedBuffers().map(([name]) => name)]);
  if (prefix !== undefined && keys.every((key) => key.startsWith(prefix) && own.has(key.slice(prefix.length)))) {
    return [
      `Every key begins with "${prefix}": nn.utils.consumePrefixInStateDictIfPresent(state, "${prefix}") takes it away.`,
    ];
  }
  if (errors.some((error) => error.startsWith("size mismatch"))) {
    return ["To load the rest, delete the keys of other sizes from the state and load it with { strict: false }."];
  }
  return [];
}

function loadInto(
  module: Module,
  state: StateDict,
  prefix: string,
  assign: boolean,
  report: Report,
  metadata: (path: string) => LocalMetadata,
): void {
  const local = metadata(prefix.slice(0, -1));
  runStateHooks(module, "loadPre", state, prefix, local);
  module.upgradeState(state, prefix, local.version ?? null);
  const own = [...ownParameters(module), ...ownBuffers(module, true)];
  const children = module.namedChildren();
  for (const [name, target] of own) {
    const key = prefix + name;
    const source = state[key];
    if (source === undefined) report.missing.push(key);
    else if (!isTensor(source)) {
      report.errors.push(
        `While copying the parameter named "${key}", expected torch.Tensor or Tensor-like object from checkpoint but received ${describe(source)}`,
      );
    } else loadOne(module, name, key, target, source, assign, report);
  }
  const known = new Set([...own, ...children].map(([name]) => name));
  const nested = new Set(children.map(([name]) => name));
  for (const key of Object.keys(state)) {
    if (!key.startsWith(prefix)) continue;
    const [head = "", ...rest] = key.slice(prefix.length).split(".");
    if (rest.length > 0 ? !nested.has(head) : !known.has(head) || nested.has(head)) report.unexpected.push(key);
  }
  for (const [name, child] of children) {
    const below = `${prefix}${name}.`;
    const part = emptyStateDict();
    for (const key of Object.keys(state)) {
      const value = state[key];
      if (key.startsWith(below) && value !== undefined) part[key] = value;
    }
    loadInto(child, part, below, assign, report, metadata);
  }
  runStateHooks(module, "load", { missingKeys: report.missing, unexpectedKeys: report.unexpected });
}

function loadOne(
  module: Module,
  name: string,
  key: string,
  target: Tensor,
  given: Tensor,
  assign: boolean,
  report: Report,
): void {
  if (isUninitialized(target)) {
    if (isUninitialized(given)) return;
    target.materialize(given.shape);
  }
  // Checkpoints of PyTorch 0.3 hold scalars as one-element vectors.
  const source = target.ndim === 0 && given.ndim === 1 ? given.select(0, 0) : given;
  if (source.ndim !== target.ndim || source.shape.some((size, i) => size !== target.shape[i])) {
    const [from, to] = [source, target].map((x) => `torch.Size([${x.shape.join(", ")}])`);
    report.errors.push(
      `size mismatch for ${key}: copying a param with shape ${from} from checkpoint, the shape in current model is ${to}.`,
    );
  } else if (assign) {
    const taken = target instanceof Parameter ? new Parameter(source, target.requiresGrad) : keep(source);
    Reflect.set(module, name, taken);
  } else target.copy_(source);
}
