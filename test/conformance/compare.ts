/** How a tensor is compared with PyTorch's: the modes of test/fixtures/pytorch/rules.json. */
import { readFileSync } from "node:fs";
import type { Json } from "./json.js";
import { type TensorJson, toNumber } from "./tensor-json.js";

interface Tolerance {
  rtol: number;
  /** Relative to the largest finite magnitude that is expected. */
  atol: number;
}

interface Rules {
  default: Tolerance;
  half: Tolerance;
  loose: Tolerance & { names: string[] };
  exact_dtypes: string[];
  shape_and_dtype_only: string[];
  up_to_sign_of_columns: string[];
  skip_dtypes: string[];
}

/** The rules, as PyTorch's samples come with them. */
export const rules: Rules = JSON.parse(
  readFileSync(new URL("../fixtures/pytorch/rules.json", import.meta.url), "utf8"),
);

/** What of a tensor is compared. */
export interface Got {
  shape: readonly number[];
  dtype: string;
  values: ArrayLike<number | bigint>;
}

/** The outcome: why two tensors differ, or null; and the sign that each element was taken with, where that is free. */
export interface Comparison {
  reason: string | null;
  signs: number[] | null;
}

/** The tolerance for an operation and a dtype; null asks for equality. */
export function toleranceOf(name: string, dtype: string): Tolerance | null {
  if (rules.exact_dtypes.includes(dtype)) return null;
  if (dtype === "float16" || dtype === "bfloat16") return rules.half;
  return rules.loose.names.includes(name) ? rules.loose : rules.default;
}

/** Compares shape, dtype and values. `what` names the tensor in the reason. */
export function compare(name: string, what: string, got: Got, want: TensorJson): Comparison {
  const differs = (aspect: string, expected: unknown, received: unknown): Comparison => ({
    reason: `${what}: expected ${aspect} ${expected}, received ${received}`,
    signs: null,
  });
  if (String(got.shape) !== String(want.shape)) return differs("shape", `[${want.shape}]`, `[${got.shape}]`);
  if (got.dtype !== want.dtype) return differs("dtype", want.dtype, got.dtype);
  if (rules.shape_and_dtype_only.includes(name)) return { reason: null, signs: null };
  const tolerance = toleranceOf(name, want.dtype);
  if (tolerance === null) return { reason: exact(what, got.values, want.t), signs: null };
  const wanted = want.t.map(toNumber);
  const values = Array.from(got.values, Number);
  const reason = close(what, values, wanted, tolerance);
  if (reason === null || !rules.up_to_sign_of_columns.includes(name)) return { reason, signs: null };
  for (const along of ["columns", "rows"] as const) {
    const signs = signsOf(along, values, wanted, want.shape);
    const flipped = values.map((value, i) => value * (signs[i] ?? 1));
    if (close(what, flipped, wanted, tolerance) === null) return { reason: null, signs };
  }
  return { reason, signs: null };
}

function exact(what: string, values: ArrayLike<number | bigint>, wanted: readonly Json[]): string | null {
  if (values.length !== wanted.length) return `${what}: expected ${wanted.length} values, received ${values.length}`;
  for (const [i, json] of wanted.entries()) {
    const want = typeof json === "bigint" ? json : toNumber(json);
    // biome-ignore lint/suspicious/noDoubleEquals: 1n and 1 are the same number here.
    if (values[i] != want) return `${what}[${i}]: expected ${want}, received ${values[i]}`;
  }
  return null;
}

function close(what: string, values: readonly number[], wanted: readonly number[], o: Tolerance): string | null {
  if (values.length !== wanted.length) return `${what}: expected ${wanted.length} values, received ${values.length}`;
  const largest = wanted.reduce((m, want) => (Number.isFinite(want) ? Math.max(m, Math.abs(want)) : m), 0);
  for (const [i, want] of wanted.entries()) {
    const value = values[i] ?? Number.NaN;
    const same = value === want || (Number.isNaN(value) && Number.isNaN(want));
    // An infinite expectation would make the tolerance infinite.
    if (same || (Number.isFinite(want) && Math.abs(value - want) <= o.atol * largest + o.rtol * Math.abs(want)))
      continue;
    return `${what}[${i}]: expected ${want}, received ${value}`;
  }
  return null;
}

/** For each element the sign that brings its column (or row) to the expected one, judged by the column's largest element. */
export function signsOf(
  along: "columns" | "rows",
  values: readonly number[],
  wanted: readonly number[],
  shape: readonly number[],
): number[] {
  const [rows = 1, columns = 1] = shape.slice(-2);
  const lineOf = (i: number) => {
    const matrix = Math.floor(i / (rows * columns));
    const inside = along === "columns" ? i % columns : Math.floor(i / columns) % rows;
    return matrix * (along === "columns" ? columns : rows) + inside;
  };
  const largest = new Map<number, number>();
  for (const [i, want] of wanted.entries()) {
    const best = largest.get(lineOf(i));
    if (best === undefined || Math.abs(want) > Math.abs(wanted[best] ?? 0)) largest.set(lineOf(i), i);
  }
  return wanted.map((_, i) => {
    const best = largest.get(lineOf(i)) ?? i;
    return (values[best] ?? 1) * (wanted[best] ?? 1) < 0 ? -1 : 1;
  });
}
