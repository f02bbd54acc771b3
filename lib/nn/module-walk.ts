/** How modules are walked through and printed. */

import { readArgs } from "../args.js";
import { isIterable } from "../argument-types.js";
import { ArgumentError } from "../errors.js";
import { describe } from "../tensor/base.js";
import type { Module, NamedOptions } from "./module.js";

/** `prefix.name`, or the name alone. */
export function join(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}

/** Indents all lines but the first by two spaces. */
export function indent(text: string): string {
  return text.replaceAll("\n", "\n  ");
}

/** What `own` finds in a module and those below it, with its path. */
export function named<T extends object>(
  root: Module,
  args: readonly unknown[],
  own: (module: Module) => [string, T][],
): [string, T][] {
  const options = readArgs<NamedOptions>("named", ["prefix", "recurse", "removeDuplicate"], args);
  const { prefix = "", recurse = true, removeDuplicate = true } = options;
  const seen = new Set<T>();
  const found: [string, T][] = [];
  for (const [path, module] of recurse
    ? root.namedModules(prefix, undefined, removeDuplicate)
    : [[prefix, root] as const]) {
    for (const [name, value] of own(module)) {
      if (removeDuplicate && seen.has(value)) continue;
      seen.add(value);
      found.push([join(path, name), value]);
    }
  }
  return found;
}

/** What `own` finds at a path. Errors: there is none. */
export function at<T>(root: Module, target: string, own: (module: Module) => [string, T][], kind: string): T {
  const dot = target.lastIndexOf(".");
  const module = root.getSubmodule(target.slice(0, Math.max(dot, 0)));
  const name = target.slice(dot + 1);
  const found = own(module).find(([key]) => key === name);
  if (found !== undefined) return found[1];
  const op = kind === "buffer" ? "getBuffer" : "getParameter";
  if (!(name in module)) throw new ArgumentError(`${module.getName()} has no attribute \`${name}\``, { op });
  const what = kind === "buffer" ? "a buffer" : "an nn.Parameter";
  throw new ArgumentError(`\`${name}\` is not ${what}`, { op });
}

/** Refuses a name that is empty, has a dot, or is taken by something of another kind. */
export function checkName(module: Module, name: string, kind: string, free: (value: unknown) => boolean): void {
  const op = `register${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  if (name === "") throw new ArgumentError(`${kind} name can't be empty string ""`, { op });
  const got = kind === "module" ? `, got: ${name}` : "";
  if (name.includes(".")) throw new ArgumentError(`${kind} name can't contain "."${got}`, { op });
  const value: unknown = Reflect.get(module, name);
  if (value !== undefined && value !== null && !free(value)) {
    throw new ArgumentError(`attribute '${name}' already exists`, { op });
  }
}

/** Names and values of an object, a Map or a list of pairs. Errors: anything else. */
export function entriesOf<T>(
  owner: Module,
  given: Readonly<Record<string, T>> | Iterable<readonly [string, T]>,
): Iterable<readonly [string, T]> {
  if (typeof given !== "object" || given === null) {
    throw new ArgumentError(`${owner.getName()}: expected an object, a Map or pairs, received ${describe(given)}`);
  }
  const entries: (readonly [string, T])[] = isIterable(given) ? [...given] : Object.entries(given);
  const wrong = entries.find((entry) => !Array.isArray(entry) || entry.length !== 2 || typeof entry[0] !== "string");
  if (wrong === undefined) return entries;
  throw new ArgumentError(`${owner.getName()}: expected pairs of a name and a value, received ${describe(wrong)}`);
}
