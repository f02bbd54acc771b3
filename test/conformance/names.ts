/** PyTorch's names as this API spells them, and what stands behind them. */

/** `max_pool2d` -> `maxPool2d`, `fill_` -> `fill_`, `_chunk_cat` -> `_chunkCat`, `UPLO` -> `UPLO`. */
export function camelCase(name: string): string {
  return name.replace(/(?<=[^_])_+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `nn.functional.log_softmax` -> `nn.functional.logSoftmax`. */
export function camelPath(path: string): string {
  return path.split(".").map(camelCase).join(".");
}

/** Thrown where a name of PyTorch has no counterpart. */
export class NotHere extends Error {
  constructor(name: string) {
    super(`not here: ${name}`);
  }
}

/** A function of unknown arguments. */
export type Callable = (...args: unknown[]) => unknown;

/** The value at a dotted path, or undefined. */
export function lookUp(root: object, path: string): unknown {
  let value: unknown = root;
  for (const key of path.split(".")) {
    const holds = (typeof value === "object" && value !== null) || typeof value === "function";
    value = holds && key in (value as object) ? Reflect.get(value as object, key) : undefined;
  }
  return value;
}

/** The function at one of PyTorch's paths, e.g. `linalg.vector_norm`. Errors: {@link NotHere}. */
export function functionAt(root: object, path: string): Callable {
  const found = lookUp(root, camelPath(path));
  if (typeof found === "function") return found as Callable;
  throw new NotHere(camelPath(path));
}

/** The method of a tensor that has one of PyTorch's names, bound to it. Errors: {@link NotHere}. */
export function methodOf(x: unknown, name: string): Callable {
  const key = camelCase(name);
  const method = typeof x === "object" && x !== null ? Reflect.get(x, key) : undefined;
  if (typeof method === "function") return (...args) => Reflect.apply(method, x, args);
  throw new NotHere(`Tensor.${key}`);
}

/** A function of that name, else a method of the first argument. Errors: {@link NotHere}. */
export function functionOrMethod(root: object, path: string): Callable {
  const found = lookUp(root, camelPath(path));
  if (typeof found === "function") return found as Callable;
  if (path.includes(".")) throw new NotHere(camelPath(path));
  return (x, ...args) => {
    try {
      return methodOf(x, path)(...args);
    } catch (error) {
      throw error instanceof NotHere ? new NotHere(camelPath(path)) : error;
    }
  };
}

/** The class of a module, e.g. `nn.Conv2d`. Errors: {@link NotHere}. */
export function classAt(root: object, path: string): new (...args: unknown[]) => unknown {
  const found = lookUp(root, path);
  if (typeof found === "function") return found as new (...args: unknown[]) => unknown;
  throw new NotHere(path);
}
