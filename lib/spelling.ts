/** Python's spelling of our names: `x.requires_grad = false` would be a new property that nobody reads. It raises instead. */
import { ArgumentError } from "./errors.js";
import { CLASSES } from "./signatures.js";

/** What PyTorch's constructors take: the fields of modules, optimizers and schedulers have these names. */
export const HYPER_PARAMETERS: readonly string[] = Object.values(CLASSES).flatMap((list) =>
  list.map((text) => text.split(": ", 1)[0] ?? ""),
);

/** Python's spelling of a name: `numClasses` is `num_classes`. */
export const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * Makes the Python spelling of names raise on objects that have ours. An object without ours keeps its own property: a module
 * of the user's may well have a field `hidden_size`.
 */
export function guardSpelling(target: object, names: Iterable<string>): void {
  for (const name of names) {
    const python = snake(name);
    if (python === name || python in target) continue;
    const refuse = (self: object): void => {
      if (name in self) {
        const { name: of } = self.constructor;
        throw new ArgumentError(`${of === "Object" ? "" : `${of}: `}there is no ${python} here: write ${name}`);
      }
    };
    Object.defineProperty(target, python, {
      configurable: true,
      enumerable: false,
      get(this: object): undefined {
        refuse(this);
      },
      set(this: object, value: unknown) {
        refuse(this);
        Object.defineProperty(this, python, { value, writable: true, enumerable: true, configurable: true });
      },
    });
  }
}

/** The public names of a class and of those that it extends. */
export function namesOf(Class: { prototype: object }): string[] {
  const names: string[] = [];
  for (let proto = Class.prototype; proto !== Object.prototype; proto = Object.getPrototypeOf(proto)) {
    names.push(...Object.getOwnPropertyNames(proto).filter((name) => !name.startsWith("_") && name !== "constructor"));
  }
  return names;
}
