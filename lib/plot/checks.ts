/** Checks of what callers give to drawings. */
import { ArgumentError } from "../errors.js";
import { describe } from "../tensor/base.js";

const MARKERS = ["", "o", ".", "s", "^", "v", "D", "x", "+"];
const LETTERS = "bgrcmykw";

const fail = (op: string, text: string): never => {
  throw new ArgumentError(`${op}: ${text}`, { op });
};

/** A number above 0. */
export function positive(op: string, name: string, value: unknown): number {
  if (typeof value === "number" && value > 0 && value < 1e6) return value;
  return fail(op, `expected ${name} to be a number above 0, received ${describe(value)}`);
}
/** A number from 0 to 1. */
export function share(op: string, name: string, value: unknown): number {
  if (typeof value === "number" && value >= 0 && value <= 1) return value;
  return fail(op, `expected ${name} to be a number from 0 to 1, received ${describe(value)}`);
}
/** A count of rows, columns, ... */
export function count(op: string, name: string, value: unknown): number {
  if (Number.isInteger(value) && (value as number) > 0 && (value as number) <= 10_000) return value as number;
  return fail(op, `expected ${name} to be a whole number above 0, received ${describe(value)}`);
}
/** Two lists that belong together. */
export function sameLength(op: string, a: readonly unknown[], b: readonly unknown[], name = "values"): void {
  if (a.length !== b.length) fail(op, `expected as many ${name} as places, received ${b.length} and ${a.length}`);
}
/** The name of a marker. */
export function markerName(op: string, marker: unknown): string {
  if (MARKERS.includes(marker as string)) return marker as string;
  return fail(op, `expected marker to be one of ${MARKERS.map((m) => JSON.stringify(m)).join(", ")}, received ${describe(marker)}`); // biome-ignore format: one line
}
/** The name of a scale. */
export function scaleName(op: string, scale: unknown): "linear" | "log" {
  if (scale === "linear" || scale === "log") return scale;
  return fail(op, `expected "linear" or "log", received ${describe(scale)}`);
}
/** Width and height in inches. */
export function sizeOf(op: string, figsize: unknown): readonly [number, number] {
  const isSize = Array.isArray(figsize) && figsize.length === 2 && figsize.every((v) => typeof v === "number" && v > 0 && v <= 100); // biome-ignore format: one line
  if (isSize) return figsize as unknown as readonly [number, number];
  return fail(op, `expected figsize to be [width, height] in inches, at most 100, received ${describe(figsize)}`);
}

/** matplotlib's short form of a line, `"r--o"`: colour, style, marker. */
export function shortForm(
  op: string,
  format: string | undefined,
): { color?: string; linestyle?: string; marker?: string } {
  if (format === undefined) return {};
  const found = /^(C\d|[a-z]+:?[a-z]*(?=[-:]|$)|[bgrcmykw])?(--|-\.|-|:)?([o.s^vDx+])?$/.exec(format) ?? /^([bgrcmykw])?([o.s^vDx+])?(--|-\.|-|:)?$/.exec(format); // biome-ignore format: one line
  if (found === null) return fail(op, `expected a short form as "r--o", received ${describe(format)}`);
  const parts = found.slice(1).filter((p) => p !== undefined);
  const linestyle = parts.find((p) => ["--", "-.", "-", ":"].includes(p));
  const marker = parts.find((p) => MARKERS.includes(p) && !LETTERS.includes(p));
  const color = parts.find((p) => p !== linestyle && p !== marker);
  return {
    ...(color === undefined ? {} : { color }),
    ...(marker === undefined ? {} : { marker }),
    // A marker alone draws no line.
    ...(linestyle !== undefined ? { linestyle } : marker !== undefined ? { linestyle: "" } : {}),
  };
}
