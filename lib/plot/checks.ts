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

const PARTS = [
  ["linestyle", /^(--|-\.|-|:)/],
  ["color", new RegExp(`^(C\\d|[${LETTERS}])`)],
  ["marker", /^[o.s^vDx+]/],
] as const;

/** matplotlib's short form of a line, `"r--o"`: colour, style and marker in any order, each at most once. */
export function shortForm(
  op: string,
  format: string | undefined,
): { color?: string; linestyle?: string; marker?: string } {
  const found: { color?: string; linestyle?: string; marker?: string } = {};
  for (let rest = format ?? ""; rest !== ""; ) {
    const [name, text] = PARTS.map(([part, form]) => [part, form.exec(rest)?.[0]] as const).find(([, t]) => t !== undefined) ?? []; // biome-ignore format: one line
    if (name === undefined || text === undefined || name in found) return fail(op, `expected a short form as "r--o", received ${describe(format)}`); // biome-ignore format: one line
    found[name] = text;
    rest = rest.slice(text.length);
  }
  // A marker alone draws no line.
  return found.marker !== undefined && found.linestyle === undefined ? { ...found, linestyle: "" } : found;
}
