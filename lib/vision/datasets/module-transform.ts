/** Transforms of modules: written in JavaScript, and run on threads of their own. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ArgumentError, IOError } from "../../errors.js";
import { describe } from "../../tensor/base.js";
import { applied, isTransform, Transform, type TransformLike } from "../transforms/transform.js";

const require = createRequire(import.meta.url);

/** The transform that a module exports as its default. It is loaded when it is first used. */
export class ModuleTransform<I = unknown, O = unknown> extends Transform<I, O> {
  /** The address of the module. */
  readonly url: string;
  #transform: TransformLike<I, O> | undefined;

  constructor(path: string | URL) {
    super();
    const file = path instanceof URL ? (path.protocol === "file:" ? fileURLToPath(path) : "") : path;
    if (!existsSync(file)) {
      throw new ArgumentError(`expected transform to be a function, a transform with forward or the path of a module, received ${String(path)}: there is no such file`); // biome-ignore format: one line
    }
    this.url = (path instanceof URL ? path : pathToFileURL(resolve(path))).href;
  }

  forward(input: I): O {
    this.#transform ??= loadTransform(this.url) as TransformLike<I, O>;
    return applied(this.#transform, input);
  }

  override toString(): string {
    return `<module ${fileURLToPath(this.url)}>`;
  }
}

/** The default export of a module. Errors: no module (IOError); an export that is no transform. */
function loadTransform(url: string): unknown {
  const path = fileURLToPath(url);
  let found: unknown;
  try {
    found = require(path);
  } catch (error) {
    throw new IOError(`${path}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
  const transform: unknown = typeof found === "object" && found !== null && "default" in found ? found.default : found;
  if (isTransform(transform)) return transform;
  throw new ArgumentError(`${path}: expected its default export to be a transform or a function, received ${describe(transform)}`); // biome-ignore format: one line
}
