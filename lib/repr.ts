/** Python's way to print plain values, for the printed forms of modules and optimizers. */

/** A number that Python would hold as a float, so that 1 prints as `1.0`. */
export class PyFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** `1e-05`, `0.1`, `True`, `None`, `(3, 3)`, `(3,)`, `'mean'`: the value as Python prints it. */
export function pyRepr(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return pyNumber(value);
  if (value instanceof PyFloat) return pyFloat(value.value);
  if (typeof value === "string") return `'${value}'`;
  if (Array.isArray(value)) return `(${value.map(pyRepr).join(", ")}${value.length === 1 ? "," : ""})`;
  return String(value);
}

/** A float: an integer value keeps its `.0`. */
export function pyFloat(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : pyNumber(value);
}

/** Python's list: `['a', 'b']`. */
export function pyList(values: readonly unknown[]): string {
  return `[${values.map(pyRepr).join(", ")}]`;
}

function pyNumber(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return String(value);
  // The digits are the same shortest ones; Python turns to exponents below 1e-4 and from 1e16 on, with two digits.
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-4 && magnitude < 1e16) return String(value);
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  const sign = exponent.startsWith("-") ? "-" : "+";
  return `${mantissa}e${sign}${exponent.replace(/^[+-]/, "").padStart(2, "0")}`;
}
