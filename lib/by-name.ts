/**
 * Functions whose arguments may be given by position, by name, or both: `unsqueeze(x, 0)`, `unsqueeze(x, { dim: 0 })`,
 * `unsqueeze({ input: x, dim: 0 })`. The names are PyTorch's (signatures.ts). Calls by position pass straight through.
 */
import { isOptions } from "./args.js";
import { blame, type Call, checkStrings, refuseObject } from "./argument-types.js";
import type { AnyFunction, Bare, FirstOf, Named, NamedBeside, Signature } from "./by-name-types.js";
import { ArgumentError } from "./errors.js";
import { FUNCTIONS } from "./signatures.js";
import { describe } from "./tensor/base.js";

type Loose = (...args: unknown[]) => unknown;

/** The function behind one made by {@link byName}, which takes its arguments by position. */
export const positional = new WeakMap<Loose, Loose>();

/** Lets a function take its arguments by name too, and tells wrong types apart from faults inside. */
export function byName<K extends keyof typeof FUNCTIONS & string, F extends AnyFunction>(
  name: K,
  f: F,
): Named<F, FirstOf<typeof FUNCTIONS, K>> {
  const overloads: readonly Signature[] = FUNCTIONS[name];
  const op = name.slice(name.lastIndexOf(".") + 1);
  const run = f as unknown as Loose;
  // A switch on the number of arguments keeps the common calls free of rest arrays.
  const call: Loose = function (a?: unknown, b?: unknown, c?: unknown): unknown {
    // biome-ignore lint/complexity/noArguments: as above
    const all = arguments;
    if (all.length > 3 || !isPlain(a) || !isPlain(b) || !isPlain(c)) return guarded(op, overloads, run, [...all]);
    try {
      switch (all.length) {
        case 1:
          return run(a);
        case 2:
          return run(a, b);
        case 3:
          return run(a, b, c);
        default:
          return run();
      }
    } catch (error) {
      throw blame(op, overloads, { front: [...all], rest: {} }, error);
    }
  };
  Object.defineProperty(call, "name", { value: op });
  positional.set(call, run);
  return call as unknown as Named<F, FirstOf<typeof FUNCTIONS, K>>;
}

/** The same function under another name of PyTorch's, whose arguments may be called otherwise. */
export function alias<K extends keyof typeof FUNCTIONS & string, T>(
  name: K,
  f: T,
): Named<Bare<T>, FirstOf<typeof FUNCTIONS, K>> {
  return byName(name, (positional.get(f as Loose) ?? f) as Bare<T>);
}

/** Whether an argument needs no look: neither options nor a string. */
export function isPlain(x: unknown): boolean {
  return typeof x === "object" ? !isOptions(x) : typeof x !== "string" && typeof x !== "function";
}

/** {@link byName} for a generic function, or one of several signatures. */
export function byNameBeside<K extends keyof typeof FUNCTIONS & string, F extends AnyFunction>(
  name: K,
  f: F,
): NamedBeside<F, FirstOf<typeof FUNCTIONS, K>> {
  return byName(name, f) as unknown as NamedBeside<F, FirstOf<typeof FUNCTIONS, K>>;
}

/** Calls by whatever form of arguments. */
export function guarded(op: string, overloads: readonly Signature[], run: Loose, args: readonly unknown[]): unknown {
  const call = placed(op, overloads, args);
  checkStrings(op, overloads, call);
  try {
    return Object.keys(call.rest).length === 0 ? run(...call.front) : run(...call.front, call.rest);
  } catch (error) {
    throw blame(op, overloads, call, error);
  }
}

const nameOf = (text: string) => text.replace("*", "").split(": ", 1)[0] ?? "";

/** The arguments of a call with every name that has a position moved there; the others stay in an object behind. */
export function placed(op: string, overloads: readonly Signature[], args: readonly unknown[]): Call {
  const last = args.at(-1);
  if (!isOptions(last) || overloads.length === 0 || isValue(overloads, args.length - 1, last))
    return { front: args, rest: {} };
  const named = Object.entries(last).filter(([name, value]) => value !== undefined && !isForeign(op, name, value));
  const front = args.slice(0, -1);
  // Sizes may come one by one: then there are more values than names with a position.
  const fits = (signature: Signature) =>
    named.every(([name]) => {
      const place = signature.findIndex((text) => nameOf(text) === name);
      return place >= front.length || (place >= 0 && signature[place]?.startsWith("*"));
    });
  // Of several, the one that leaves no argument out between those that are given.
  const gapless = (signature: Signature) => {
    const places = named.map(([name]) => signature.findIndex((text) => text === name || text.startsWith(`${name}: `)));
    return places.every((place) => place < front.length + places.filter((other) => other >= 0).length);
  };
  const signature = overloads.find((one) => fits(one) && gapless(one)) ?? overloads.find(fits);
  if (signature === undefined)
    throw unexpected(
      op,
      overloads,
      front.length,
      named.map(([name]) => name),
    );
  const rest = Object.fromEntries(named);
  const out: unknown[] = [...front];
  let behind = front.length;
  signature.forEach((text, i) => {
    const name = nameOf(text);
    if (text.startsWith("*") || !(name in rest)) return;
    refuseObject(op, text, i, rest[name]);
    out[i] = rest[name];
    behind = i + 1;
    delete rest[name];
  });
  return { front: Array.from({ length: behind }, (_, i) => out[i]), rest };
}

/** Whether a plain object is itself an argument, as a state dict is, and not options. */
function isValue(overloads: readonly Signature[], place: number, last: object): boolean {
  return overloads.some((signature) => {
    const names = signature.map(nameOf);
    return signature[place]?.endsWith(": object") && !Object.keys(last).some((name) => names.includes(name));
  });
}

/** Arguments that say nothing here, with the values that ask for nothing. */
const FOREIGN: Readonly<Record<string, readonly unknown[]>> = {
  layout: [null, "strided"],
  pinMemory: [null, false],
  memoryFormat: [null, "preserve_format", "contiguous_format"],
  out: [null],
};

/** Whether an argument can be left out. Errors: it asks for what is not there. */
function isForeign(op: string, name: string, value: unknown): boolean {
  const idle = Object.hasOwn(FOREIGN, name) ? FOREIGN[name] : undefined;
  if (idle === undefined || idle.includes(value)) return idle !== undefined;
  throw new ArgumentError(`${op}: ${name} is not supported, received ${describe(value)}; leave it out`, { op });
}

function unexpected(
  op: string,
  overloads: readonly Signature[],
  count: number,
  names: readonly string[],
): ArgumentError {
  for (const name of names) {
    const places = overloads.map((signature) => signature.map(nameOf).indexOf(name)).filter((place) => place >= 0);
    if (places.length === 0) {
      const known = [...new Set(overloads.flat().map(nameOf))].join(", ");
      return new ArgumentError(`${op}() got an unexpected keyword argument '${name}' (it takes ${known})`, { op });
    }
    if (places.every((place) => place < count)) {
      return new ArgumentError(`${op}() got multiple values for argument '${name}'`, { op });
    }
  }
  return new ArgumentError(`${op}() takes no arguments ${names.join(", ")} together`, { op });
}
