/**
 * How a sample's operation is called where it is not a function of PyTorch with the sample's arguments: operators, methods
 * that draw random numbers, properties, and the adapters that PyTorch's own test suite puts in front.
 */
import * as torch from "candlewick";
import { functionAt, functionOrMethod, methodOf, NotHere } from "./names.js";
import { argumentList, type Call, plain } from "./signatures.js";
import { tensorsOf } from "./values.js";

/** Calls an operation. */
type Adapter = (call: Call) => unknown;

const call = (path: string, ...args: unknown[]): unknown => functionOrMethod(torch, path)(...args.map(plain));

/** The same call with its first two arguments exchanged. */
const swapped =
  (path: string): Adapter =>
  ({ args: [first, second, ...rest], kwargs }) =>
    functionOrMethod(torch, path)(...argumentList({ args: [second, first, ...rest], kwargs }));

const method =
  (name: string): Adapter =>
  ({ args: [x, ...rest], kwargs }) =>
    methodOf(x, name)(...argumentList({ args: rest, kwargs }));

/** The method of a copy. */
const onCopy =
  (name: string): Adapter =>
  ({ args: [x, ...rest], kwargs }) =>
    methodOf(methodOf(x, "clone")(), name)(...argumentList({ args: rest, kwargs }));

const property =
  (name: string): Adapter =>
  ({ args: [x] }) => {
    if (typeof x === "object" && x !== null && name in x) return Reflect.get(x, name);
    throw new NotHere(`Tensor.${name}`);
  };

/** a @ b.mT in the place of a and b: how a matrix of low rank is made. */
const ofProduct =
  (path: string): Adapter =>
  ({ args: [a, b, ...rest], kwargs }) => {
    const product = call("matmul", a, methodOf(b, "transpose")(-2, -1));
    return functionAt(torch, path)(...argumentList({ args: [product, ...rest], kwargs }));
  };

/** A list that holds more than numbers is Python's tuple of items, another is one advanced index. */
function getItem({ args: [x, item] }: Call): unknown {
  const isTuple = Array.isArray(item) && !item.every((part) => typeof part === "number" || typeof part === "boolean");
  return methodOf(x, "index")(...(isTuple && Array.isArray(item) ? item : [item]).map(plain));
}

/** aten's slice(x, dim, start, end, step) as an index. */
function sliceOf({ args: [x, dim = 0, start = null, end = null, step = 1] }: Call): unknown {
  const ndim = torch.isTensor(x) ? x.ndim : 1;
  const at = Number(plain(dim));
  const before = Array.from({ length: at < 0 ? at + ndim : at }, () => torch.slice());
  const number = (value: unknown) => (value === null ? null : Number(plain(value)));
  return methodOf(x, "index")(...before, torch.slice(number(start), number(end), number(step)));
}

/** The dtype of a value without `dtype` is the value's: a bigint says that it is an int. */
function full({ args: [size, value, ...rest], kwargs }: Call): unknown {
  const typed = typeof value === "number" && (kwargs.dtype ?? null) === null ? BigInt(value) : value;
  return functionAt(torch, "full")(...argumentList({ args: [size, typed, ...rest], kwargs }));
}

/** The gradient of max_pool2d for a gradient of ones. */
function maxPoolBackward({ args, kwargs }: Call): unknown {
  const both = functionAt(torch, "nn.functional.max_pool2d_with_indices")(...argumentList({ args, kwargs }));
  const [out, indices] = both as [torch.Tensor, torch.Tensor];
  const { kernel_size: kernel, stride = [], padding = [0], dilation = [1], ceil_mode: ceil = false } = kwargs;
  const steps = stride ?? kernel;
  return call(
    "max_pool2d_with_indices_backward",
    ...[torch.onesLike(out), args[0], kernel, steps, padding, dilation, ceil, indices],
  );
}

/** By operation, or operation/variant. */
const ADAPTERS: ReadonlyMap<string, Adapter> = new Map(
  Object.entries<Adapter>({
    __getitem__: getItem,
    __radd__: ({ args: [x, other] }) => call("add", x, other),
    __rmul__: ({ args: [x, other] }) => call("mul", x, other),
    __rsub__: ({ args: [x, other] }) => call("rsub", x, other),
    __rdiv__: ({ args: [x, other] }) => call("mul", call("reciprocal", x), other),
    __rmod__: swapped("remainder"),
    __rpow__: swapped("pow"),
    __rmatmul__: swapped("matmul"),
    __rand__: ({ args: [x, other] }) => call("bitwise_and", x, other),
    __ror__: ({ args: [x, other] }) => call("bitwise_or", x, other),
    __rxor__: ({ args: [x, other] }) => call("bitwise_xor", x, other),
    T: property("T"),
    H: property("H"),
    mT: property("mT"),
    mH: property("mH"),
    slice: sliceOf,
    full,
    where: swapped("where"),
    polygamma: swapped("polygamma"),
    "special.polygamma": swapped("special.polygamma"),
    "nn.functional.embedding": swapped("nn.functional.embedding"),
    "nn.functional.embedding_bag": swapped("nn.functional.embedding_bag"),
    einsum: ({ args: [operands, equation] }) =>
      call("einsum", equation, ...(Array.isArray(operands) ? operands : [operands])),
    cauchy: method("cauchy_"),
    exponential: method("exponential_"),
    geometric: method("geometric_"),
    log_normal: method("log_normal_"),
    uniform: method("uniform_"),
    "normal/in_place": method("normal_"),
    "normal/number_mean": swapped("normal"),
    resize_: onCopy("resize_"),
    resize_as_: onCopy("resize_as_"),
    zero_: onCopy("zero_"),
    svd_lowrank: ofProduct("svd_lowrank"),
    pca_lowrank: ofProduct("pca_lowrank"),
    "linalg.pinv/singular": ofProduct("linalg.pinv"),
    "linalg.lstsq/grad_oriented": (call) =>
      tensorsOf(functionAt(torch, "linalg.lstsq")(...argumentList(call))).slice(0, 2),
    max_pool2d_with_indices_backward: maxPoolBackward,
  }),
);

/** What PyTorch's test suite seeds with 42 inside of the call. */
const SEEDED = new Set([
  ...["item", "cauchy", "exponential", "geometric", "log_normal", "normal", "uniform", "multinomial", "bernoulli"],
  ...["randn", "randn_like", "rand_like", "randint", "randint_like", "empty_strided", "svd_lowrank", "pca_lowrank"],
  ...["fractional_max_pool2d", "fractional_max_pool3d", "rrelu", "scaled_dot_product_attention"].map(inFunctional),
  ...["dropout", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout"].map(inFunctional),
  inFunctional("multi_head_attention_forward"),
]);

function inFunctional(name: string): string {
  return `nn.functional.${name}`;
}

/** The seed before a call: 0, but for what draws random numbers by its nature. */
export function seedOf(op: string): number {
  return SEEDED.has(op) ? 42 : 0;
}

/** Calls an operation that no adapter stands in front of. Errors: as {@link invoke}. */
export function plainCall(op: string, sample: Call): unknown {
  if (ADAPTERS.has(op)) throw new NotHere(op);
  return functionOrMethod(torch, op)(...argumentList(sample));
}

/** Calls an operation by PyTorch's name. Errors: {@link NotHere}, and what the operation throws. */
export function invoke(op: string, variant: string, sample: Call): unknown {
  const adapter = ADAPTERS.get(`${op}/${variant}`) ?? ADAPTERS.get(op);
  if (adapter !== undefined) return adapter(sample);
  return functionOrMethod(torch, op)(...argumentList(sample));
}
