/** Numbers as text, in Python's format language. */
import { ArgumentError } from "../errors.js";
import { describe } from "../tensor/base.js";
import { d3Format } from "./libraries.js";

/** How a number is written: Python's `".2f"`, `"d"`, `".0%"`, `".2g"`, `",d"`, or a function. */
export type NumberFormat = string | ((value: number) => string);

/** A function that writes numbers. NaN is written `nan`. Errors: an unknown format. */
export function numberFormat(op: string, format: unknown): (value: number) => string {
  if (typeof format === "function") return (value) => String((format as (value: number) => unknown)(value));
  const [, digits = "", kind = ""] = (typeof format === "string" ? /^,?(\.\d+)?([dfeg%])$/.exec(format) : null) ?? [];
  if (kind === "" || (kind === "d" && digits !== "")) {
    throw new ArgumentError(
      `${op}: expected fmt to be a format as Python's (".2g", ".1f", "d", ".0%", ",d") or a function, received ${describe(format)}`,
      { op },
    );
  }
  const comma = (format as string).startsWith(",") ? "," : "";
  const precision = digits === "" ? ".6" : digits === ".0" && kind === "g" ? ".1" : digits;
  // Python's g drops zeros at the end, which d3 calls ~; and it writes exponents with two digits.
  const write = d3Format().format(kind === "d" ? `${comma}d` : kind === "g" ? `${comma}${precision}~g` : comma + precision + kind); // biome-ignore format: one line
  return (value) => {
    if (Number.isNaN(value)) return "nan";
    if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
    if (kind === "g" && value !== 0 && isSmall(value, precision)) return exponent(value, Number(precision.slice(1)));
    return write(value)
      .replace("−", "-")
      .replace(/e([+-])(\d)$/, "e$10$2");
  };
}

/** Whether Python's g writes a small number with an exponent: d3's does so later. */
function isSmall(value: number, precision: string): boolean {
  return Number(Math.abs(value).toPrecision(Number(precision.slice(1)))) < 1e-4;
}
function exponent(value: number, digits: number): string {
  const [mantissa = "", power = ""] = value.toExponential(Math.max(digits - 1, 0)).split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return `${short}e${power.replace(/([+-])(\d)$/, "$10$2")}`;
}
