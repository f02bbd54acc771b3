/** Numbers as text, in Python's format language. [Python](https://docs.python.org/3/library/string.html#formatspec) */
import { ArgumentError } from "../errors.js";
import { describe } from "../tensor/base.js";

/** How a number is written: Python's `".2f"`, `"d"`, `".0%"`, `".2g"`, `",d"`, or a function. */
export type NumberFormat = string | ((value: number) => string);

/** A function that writes numbers; NaN is written `nan`. Errors: an unknown format; with `d`, a number that is not whole. */
export function numberFormat(op: string, format: unknown): (value: number) => string {
  if (typeof format === "function") return (value) => String((format as (value: number) => unknown)(value));
  const [, comma, digits, kind] = (typeof format === "string" ? /^(,)?(?:\.(\d{1,2}))?([dfeg%])$/.exec(format) : null) ?? []; // biome-ignore format: one line
  if (kind === undefined || (kind === "d" && digits !== undefined)) {
    throw new ArgumentError(
      `${op}: expected fmt to be a format as Python's (".2g", ".1f", "d", ".0%", ",d") or a function, received ${describe(format)}`,
      { op },
    );
  }
  const precision = Number(digits ?? 6);
  return (value) => {
    if (Number.isNaN(value)) return "nan";
    if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
    if (kind === "d" && !Number.isInteger(value)) {
      throw new ArgumentError(`${op}: the format "d" writes whole numbers, received ${value}; write it with ".2f"`, {
        op,
      });
    }
    const text = written(value, kind, precision);
    return comma === undefined ? text : text.replace(/^-?\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));
  };
}

function written(value: number, kind: string, precision: number): string {
  switch (kind) {
    case "d":
      return rounded(value, 0, "f");
    case "f":
      return rounded(value, precision, "f");
    case "%":
      return `${rounded(value * 100, precision, "f")}%`;
    case "e":
      return padded(rounded(value, precision, "e"));
    default: {
      const places = Math.max(precision, 1);
      const scientific = rounded(value, places - 1, "e");
      const power = Number(scientific.split("e")[1]);
      const short = (text: string) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
      if (power >= -4 && power < places) return short(rounded(value, places - 1 - power, "f"));
      return padded(`${short(scientific.split("e")[0] ?? "")}e${scientific.split("e")[1]}`);
    }
  }
}

/** An exponent of at least two digits. */
const padded = (text: string): string => text.replace(/([+-])(\d)$/, "$10$2");

/** A number with so many decimals; one in the middle goes to the even digit, where JavaScript's goes up. */
function rounded(value: number, digits: number, form: "f" | "e"): string {
  if (form === "f" && Math.abs(value) >= 1e21) return `${BigInt(value)}${digits === 0 ? "" : `.${"0".repeat(digits)}`}`;
  const write = (d: number) => (form === "f" ? value.toFixed(d) : value.toExponential(d));
  const text = write(digits);
  const [exact = "", power] = write(Math.min(digits + 30, 100)).split("e");
  const cut = exact.indexOf(".") + 1 + digits;
  const isMiddle = /^50*$/.test(exact.slice(cut));
  const below = exact.slice(0, digits === 0 ? cut - 1 : cut);
  if (!isMiddle || Number(below.at(-1)) % 2 === 1) return text;
  return power === undefined ? below : `${below}e${power}`;
}
