/** Methods of classes whose arguments are checked by a table, and may be given by name, as those of functions (by-name.ts). */
import { blame } from "./argument-types.js";
import { guarded, isPlain } from "./by-name.js";
import type { Signature } from "./by-name-types.js";

type Loose = (...args: unknown[]) => unknown;

/**
 * Puts the check around methods that a class declares. Calls that go well pass straight through; a call that fails on an argument
 * of a wrong type raises an error that names it.
 */
export function guardMethods(Class: { prototype: object }, table: Readonly<Record<string, Signature>>): void {
  for (const [name, signature] of Object.entries(table)) {
    const run = Reflect.get(Class.prototype, name) as Loose;
    const overloads = [signature];
    const method = function (this: unknown, ...args: unknown[]): unknown {
      if (!args.every(isPlain)) return guarded(name, overloads, run.bind(this), args);
      try {
        return Reflect.apply(run, this, args);
      } catch (error) {
        throw blame(name, overloads, { front: args, rest: {} }, error);
      }
    };
    Object.defineProperty(method, "name", { value: name });
    Object.defineProperty(Class.prototype, name, {
      value: method,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
}
