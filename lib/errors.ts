/** The error classes. An error's `message` is PyTorch's text where PyTorch has one; what else is known is in fields. */

/** What an error may know besides its message. */
export interface TorchErrorOptions {
  /** The machine-readable kind, e.g. `ERR_SHAPE`. */
  code?: string;
  /** The operation that failed, e.g. `matmul`. */
  op?: string;
  /** The error underneath. */
  cause?: unknown;
}

/** PyTorch's words for a float where an index or a class belongs: easily met, because numbers make float32 tensors. */
const NEEDS_INTEGERS =
  /target dtype to be Long|one of the following scalar types: Long|tensor of type LongTensor|Expected dtype int32.*for index|indices must be long|"bincount_cpu" not implemented for .(Float|Double)/;
const INTEGERS = 'numbers make float32 tensors: write y.long(), or tensor(data, { dtype: "int64" })';

/** The root of every error that candlewick throws on purpose. */
export class TorchError extends Error {
  /** The machine-readable kind: `ERR_SHAPE`, `ERR_DTYPE`, `ERR_DEVICE`, `ERR_INDEX`, `ERR_AUTOGRAD`, `ERR_ARGUMENT`, ... */
  declare readonly code: string;
  /** The operation that failed, where it is known. */
  declare readonly op: string | undefined;
  /** The path of the module whose `forward` failed (`layer2.0.conv1`), where one did. Also the last line of the printed error. */
  declare readonly modulePath: string | undefined;
  /** What to do, where PyTorch's words do not say it. The last line of the printed error. */
  declare readonly hint: string | undefined;

  constructor(message: string, options: TorchErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    // Non-enumerable: the printed error then ends with its stack, and so with the module path.
    hide(this, "name", new.target.name);
    hide(this, "code", options.code ?? defaultCode(new.target.name));
    hide(this, "op", options.op);
    hide(this, "modulePath", undefined);
    hide(this, "hint", NEEDS_INTEGERS.test(message) ? INTEGERS : undefined);
    if (this.hint !== undefined) setTrace(this, this.stack ?? message);
  }
}

/** Sizes that do not fit together. */
export class ShapeError extends TorchError {}
/** An element type that the operation does not take. */
export class DTypeError extends TorchError {}
/** A device that is absent, or tensors on different devices. */
export class DeviceError extends TorchError {}
/** An index or a dimension out of range. */
export class IndexError extends TorchError {}
/** A gradient that cannot be computed: no graph, a freed graph, a value changed in place, ... */
export class AutogradError extends TorchError {}
/** A wrong argument: missing, unknown, of a wrong type or out of range. */
export class ArgumentError extends TorchError {}
/** An allocation beyond the machine's memory. */
export class OutOfMemoryError extends TorchError {}
/** A tensor used after `dispose()`. */
export class DisposedError extends TorchError {}
/** A pickle or checkpoint that cannot be read, or is refused for safety. */
export class UnpicklingError extends TorchError {}
/** A file that is missing, truncated or not what its name says. */
export class IOError extends TorchError {}

const CLASSES: Readonly<Record<string, typeof TorchError>> = {
  ERR_SHAPE: ShapeError,
  ERR_DTYPE: DTypeError,
  ERR_DEVICE: DeviceError,
  ERR_INDEX: IndexError,
  ERR_AUTOGRAD: AutogradError,
  ERR_ARGUMENT: ArgumentError,
  ERR_MEMORY: OutOfMemoryError,
  ERR_DISPOSED: DisposedError,
  ERR_UNPICKLING: UnpicklingError,
  ERR_IO: IOError,
  ERR_INTERNAL: TorchError,
};

function defaultCode(name: string): string {
  for (const code of Object.keys(CLASSES)) if (CLASSES[code]?.name === name) return code;
  return "ERR_TORCH";
}

function hide(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: false, writable: true, configurable: true });
}

/**
 * The class for an error of the native side, known by its `code`; anything else (an error thrown inside a hook, a
 * conversion error of the binding) passes unchanged.
 */
export function translate(error: unknown, op: string): unknown {
  if (!(error instanceof Error) || error instanceof TorchError) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  if (code === undefined) return error;
  const Class = CLASSES[code];
  if (Class === undefined) {
    if (error.message.includes("ERR_DISPOSED")) return new DisposedError(`${op}: the tensor has been disposed`, { op });
    // The binding's own argument conversion (`InvalidArg`, `NumberExpected`, ...): a value of a wrong type.
    return new ArgumentError(`${op}: ${plain(error.message)}`, { op, cause: error });
  }
  const named = "op" in error && typeof error.op === "string" ? error.op : op;
  return new Class(error.message, { code, op: named });
}

/** The binding's words for a failed conversion, in ours. */
function plain(message: string): string {
  const [, got = "", wanted = ""] = message.match(/convert napi value (\w+) into rust type `?([\w<>]+)`?/i) ?? [];
  if (got === "") return message;
  const name =
    { f64: "a number", u32: "a number", i64: "an integer", bool: "a boolean", String: "a string" }[wanted] ?? wanted;
  return `expected ${name}, received ${got.toLowerCase()}`;
}

/** The text of the stack before a module path was added; the path grows while the error leaves nested modules. */
const stacks = new WeakMap<TorchError, string>();

/** Writes the module path into an error: the field, and the last line of the printed text. */
export function setModulePath(error: TorchError, path: string): void {
  const stack = stacks.get(error) ?? error.stack ?? `${error.name}: ${error.message}`;
  hide(error, "modulePath", path);
  setTrace(error, stack);
}

/** The printed text: the stack, the module, what to do. */
function setTrace(error: TorchError, stack: string): void {
  stacks.set(error, stack);
  const path = error.modulePath === undefined ? "" : `\n    in module ${error.modulePath}`;
  hide(error, "stack", `${stack}${path}${error.hint === undefined ? "" : `\n    ${error.hint}`}`);
}
