/** Parameters that are recomputed from others before every forward of their module. */
import type { Module } from "../module.js";
import type { ForwardHookEntry } from "../module-call.js";
import { INTERNALS, type Internals, removeField } from "../module-fields.js";

/** Computes the parameter of a module. */
export type Recompute = (owner: Module) => unknown;

/** What the hooks stand for. They are found by the function itself, which a deep copy of the module shares. */
const known = new WeakMap<ForwardHookEntry, { kind: string; name: string; value: Recompute }>();

function entryOf(module: Module, kind: string, name: string): [id: number, value: Recompute] | undefined {
  for (const [id, hook] of module[INTERNALS].hooks.forwardPre) {
    const found = known.get(hook);
    if (found?.kind === kind && found.name === name) return [id, found.value];
  }
  return undefined;
}

/** What computes `module[name]`, if a hook of this kind does. */
export function recomputed(module: Module, kind: string, name: string): Recompute | undefined {
  return entryOf(module, kind, name)?.[1];
}

/** Sets `module[name]` to what `value` gives before every forward. */
export function recompute(module: Module, kind: string, name: string, value: Recompute): void {
  const hook = (owner: Module): void => {
    Reflect.set(owner, name, value(owner));
  };
  known.set(hook, { kind, name, value });
  module.registerForwardPreHook(hook);
}

/** Ends it, and deletes fields of the module. */
export function stopRecomputing(module: Module, kind: string, name: string, fields: readonly string[]): void {
  const { hooks }: Internals = module[INTERNALS];
  const id = entryOf(module, kind, name)?.[0];
  if (id !== undefined && hooks.forwardPre.delete(id)) hooks.count--;
  for (const field of fields) removeField(module, field);
}
