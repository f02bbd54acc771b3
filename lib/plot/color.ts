/** Colours in CSS's notations and matplotlib's. */
import { ArgumentError } from "../errors.js";
import { d3Color } from "../libraries.js";
import { describe, isTensor } from "../tensor/base.js";
import { sameLength } from "./checks.js";
import { colorAt, colorTable } from "./colormap.js";
import { numbersOf } from "./values.js";

/** A colour: a CSS name, `#rrggbb`, matplotlib's `tab:blue`, `C0`, `k`, a gray `0.5` as text, or [red, green, blue] from 0 to 1. */
export type Color = string | readonly number[];

const LETTERS: Readonly<Record<string, string>> = {
  ...{ b: "#0000ff", g: "#008000", r: "#ff0000", c: "#00bfbf" },
  ...{ m: "#bf00bf", y: "#bfbf00", k: "#000000", w: "#ffffff" },
};
const TABLEAU = ["blue", "orange", "green", "red", "purple", "brown", "pink", "gray", "olive", "cyan"];

/** The colour of the n-th line of axes: matplotlib's cycle, tab10. */
export function cycleColor(n: number): string {
  return colorAt(colorTable("plot", "tab10"), ((n % 10) + 0.5) / 10);
}

/** A colour as `#rrggbb`. Errors: no colour. */
export function parseColor(op: string, color: unknown): string {
  const found = typeof color === "string" ? named(color) : Array.isArray(color) ? triple(color) : undefined;
  if (found !== undefined) return found;
  throw new ArgumentError(
    `${op}: expected a colour ("red", "#1f77b4", "tab:blue", "C0", "0.5", [red, green, blue] from 0 to 1), received ${describe(color)}`,
    { op },
  );
}

function named(text: string): string | undefined {
  const letter = LETTERS[text];
  if (letter !== undefined) return letter;
  const tableau = /^tab:(\w+)$/.exec(text)?.[1]?.replace("grey", "gray");
  if (tableau !== undefined) return TABLEAU.includes(tableau) ? cycleColor(TABLEAU.indexOf(tableau)) : undefined;
  const cycled = /^C(\d+)$/.exec(text)?.[1];
  if (cycled !== undefined) return cycleColor(Number(cycled));
  if (/^[01]?\.?\d+$/.test(text) && Number(text) <= 1) return triple([Number(text), Number(text), Number(text)]);
  return d3Color().color(text)?.formatHex();
}

function triple(values: readonly unknown[]): string | undefined {
  if (![3, 4].includes(values.length)) return undefined;
  if (!values.every((v) => typeof v === "number" && v >= 0 && v <= 1)) return undefined;
  return `#${Buffer.from((values as number[]).slice(0, 3).map((v) => Math.round(v * 255))).toString("hex")}`;
}

/** How light a colour is, as WCAG 2 counts it: 0 (black) to 1 (white). */
export function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const v = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The ratio of two colours' light, 1 to 21. [WCAG 2](https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio) */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a) + 0.05, luminance(b) + 0.05];
  return Math.max(x, y) / Math.min(x, y);
}

/** Black or white: what can be read on a colour. */
export function textColorOn(background: string): string {
  return contrast("#000000", background) >= contrast("#ffffff", background) ? "#000000" : "#ffffff";
}

/** The colours of points: one, one for each, or a map's of numbers; undefined where nothing is said. Errors: another number of them. */
export function pointColors(
  op: string,
  { c, cmap }: { c?: unknown; cmap?: string },
  count: number,
): string[] | undefined {
  if (c === undefined) return undefined;
  const list =
    isTensor(c) || (Array.isArray(c) && typeof c[0] === "number" && c.length === count) || ArrayBuffer.isView(c);
  if (list) {
    const values = numbersOf(op, "c", c);
    sameLength(op, new Array(count), values, "colours");
    const held = values.filter(Number.isFinite);
    const [low, high] = [
      held.reduce((a, b) => Math.min(a, b), Infinity),
      held.reduce((a, b) => Math.max(a, b), -Infinity),
    ];
    const table = colorTable(op, cmap ?? "viridis");
    return values.map((v) => colorAt(table, high > low ? (v - low) / (high - low) : 0));
  }
  if (!Array.isArray(c) || typeof c[0] === "number") return [parseColor(op, c)];
  sameLength(op, new Array(count), c, "colours");
  return c.map((color) => parseColor(op, color));
}
