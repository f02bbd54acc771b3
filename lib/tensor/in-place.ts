/** Which functions have an in-place form that is derived from them: PyTorch's list, less what native code has itself. */
import * as arithmetic from "../ops/arithmetic.js";
import * as arrange from "../ops/arrange.js";
import * as math from "../ops/math.js";
import * as matmul from "../ops/matmul.js";
import * as pointwise from "../ops/pointwise.js";
import * as scan from "../ops/scan.js";
import * as scatter from "../ops/scatter.js";
import * as shape from "../ops/shape.js";
import * as statistics from "../ops/statistics.js";
import { type InPlace, installInPlace, installViewsInPlace } from "./methods.js";

const POINTWISE = [
  ...(["log", "log1p", "expm1", "log2", "log10", "rsqrt", "reciprocal", "square", "sin", "cos", "tan", "erf"] as const),
  ...(["floor", "ceil", "round", "trunc", "sign", "logicalNot", "bitwiseNot", "remainder", "floorDivide"] as const),
  ...(["eq", "ne", "lt", "le", "gt", "ge", "logicalAnd", "logicalOr", "logicalXor"] as const),
  ...(["bitwiseAnd", "bitwiseOr", "bitwiseXor"] as const),
] as const;
const MATH = [
  ...(["acos", "asin", "atan", "acosh", "asinh", "atanh", "cosh", "sinh", "exp2", "erfc", "erfinv", "lgamma"] as const),
  ...(["digamma", "i0", "sinc", "deg2rad", "rad2deg", "logit", "frac", "nanToNum", "absolute", "arccos"] as const),
  ...(["arccosh", "arcsin", "arcsinh", "arctan", "arctanh", "negative", "sgn", "fix"] as const),
] as const;
const ARITHMETIC = [
  ...(["atan2", "hypot", "copysign", "fmod", "xlogy", "heaviside", "nextafter", "ldexp", "gcd", "lcm"] as const),
  ...([
    "bitwiseLeftShift",
    "bitwiseRightShift",
    "igamma",
    "igammac",
    "lerp",
    "addcmul",
    "addcdiv",
    "clampMin",
  ] as const),
  ...(["clampMax", "trueDivide", "arctan2", "clip", "divide", "greater", "greaterEqual", "less", "lessEqual"] as const),
  ...(["multiply", "notEqual", "subtract", "floatPower"] as const),
] as const;
const MATMUL = ["addmm", "addmv", "addr", "baddbmm", "addbmm"] as const;
const SCATTER = [
  ...(["scatter", "scatterAdd", "scatterReduce", "indexAdd", "indexCopy", "indexFill", "indexReduce"] as const),
  ...(["maskedScatter", "put"] as const),
] as const;
const VIEWS = ["squeeze", "unsqueeze", "transpose", "t", "swapaxes", "swapdims"] as const;

/** The methods with an underscore. */
export interface InPlaceMethods
  extends InPlace<typeof pointwise, (typeof POINTWISE)[number]>,
    InPlace<typeof math, (typeof MATH)[number]>,
    InPlace<typeof arithmetic, (typeof ARITHMETIC)[number]>,
    InPlace<typeof matmul, (typeof MATMUL)[number]>,
    InPlace<typeof scatter, (typeof SCATTER)[number]>,
    InPlace<typeof arrange, "tril" | "triu">,
    InPlace<typeof scan, "cumsum" | "cumprod">,
    InPlace<typeof statistics, "renorm">,
    InPlace<typeof shape, (typeof VIEWS)[number]> {}

/** Adds them to a prototype. */
export function installAllInPlace(proto: object): void {
  installInPlace(proto, pointwise, POINTWISE);
  installInPlace(proto, math, MATH);
  installInPlace(proto, arithmetic, ARITHMETIC);
  installInPlace(proto, matmul, MATMUL);
  installInPlace(proto, scatter, SCATTER);
  installInPlace(proto, arrange, ["tril", "triu"]);
  installInPlace(proto, scan, ["cumsum", "cumprod"]);
  installInPlace(proto, statistics, ["renorm"]);
  installViewsInPlace(proto, shape, VIEWS);
}
