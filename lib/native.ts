/**
 * The only importer of native code. Every native function is wrapped once in the call gate, which
 * - brings the native gradient mode up to date while an asynchronous `noGrad` scope is alive, and
 * - turns native errors, known by their `code`, into the classes of errors.ts.
 */
import { createRequire } from "node:module";
import type * as Native from "../index.js";
import { translate } from "./errors.js";

export type {
  FileHandle,
  GeneratorHandle,
  HookDispatch,
  ImageOptions,
  ImageTarget,
  IndexItem,
  Operand,
  Scalar,
  TensorHandle,
} from "../index.js";

const raw: typeof Native = createRequire(import.meta.url)("../native.cjs");

/**
 * What happens before native calls while scopes are alive: autograd/modes.ts fills in `sync`, which sets the modes of
 * asynchronous scopes, autograd/anomaly.ts `trace`, which tells where a call comes from.
 */
export const gradScopes: { alive: number; sync: () => void; trace: (() => void) | undefined } = {
  alive: 0,
  sync: () => {},
  trace: undefined,
};

/** Sets and reads the native gradient flags past the gate, which would set them again from the scope. */
export const setModes = { grad: raw.setGradEnabled, inference: raw.setInferenceMode };
export const readModes = { grad: raw.isGradEnabled, inference: raw.isInferenceMode };

/** The same for the stack of the coming call. */
export const { setForwardTrace } = raw;

type AnyFunction = (...args: unknown[]) => unknown;

function gate(name: string, f: AnyFunction): AnyFunction {
  // A switch on the number of arguments keeps the common calls free of rest arrays.
  return function gated(a?: unknown, b?: unknown, c?: unknown, d?: unknown): unknown {
    if (gradScopes.alive !== 0) gradScopes.sync();
    try {
      // biome-ignore lint/complexity/noArguments: a rest array would be allocated at every call
      switch (arguments.length) {
        case 0:
          return f();
        case 1:
          return f(a);
        case 2:
          return f(a, b);
        case 3:
          return f(a, b, c);
        case 4:
          return f(a, b, c, d);
        default:
          // biome-ignore lint/complexity/noArguments: as above
          return f(...arguments);
      }
    } catch (error) {
      throw translate(error, name);
    }
  };
}

function wrapAll(): typeof Native {
  const gated: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    gated[name] = typeof value === "function" ? gate(name, value as AnyFunction) : value;
  }
  // As a prototype the table keeps fast properties; two hundred added one by one would make it a slow dictionary.
  return Object.create(gated);
}

/** The native functions behind their gate. */
export const native: typeof Native = wrapAll();

/** What work off the thread gave. Errors: those it gave as a value. */
export function unlessFailed<T>(op: string, result: T | Native.Failure): T {
  const failed = (value: unknown): value is Native.Failure =>
    typeof value === "object" && value !== null && "code" in value && "message" in value;
  if (failed(result)) throw translate(Object.assign(new Error(result.message), { code: result.code }), op);
  return result;
}
