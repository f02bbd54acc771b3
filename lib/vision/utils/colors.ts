/** Colours of what is drawn on images. */
import { ArgumentError } from "../../errors.js";
import { d3Color } from "../../libraries.js";
import { describe } from "../../tensor/base.js";

/** A colour: red, green and blue from 0 to 255, or a CSS name or notation: `"red"`, `"#ff00ff"`. */
export type Color = readonly [red: number, green: number, blue: number] | string;
/** Red, green and blue. */
export type Rgb = readonly [number, number, number];

/** torchvision's colours of objects. */
function paletteOf(count: number): Rgb[] {
  const step = [2 ** 25 - 1, 2 ** 15 - 1, 2 ** 21 - 1];
  return Array.from({ length: count }, (_, i) => step.map((s) => (i * s) % 255) as unknown as Rgb);
}

/** One colour as numbers. Errors: no colour. */
export function rgbOf(op: string, color: unknown): Rgb {
  if (Array.isArray(color) && color.length === 3 && color.every((v) => typeof v === "number")) return color as unknown as Rgb; // biome-ignore format: one line
  const found = typeof color === "string" ? d3Color().color(color)?.rgb() : undefined;
  if (found === undefined || Number.isNaN(found.r)) {
    throw new ArgumentError(`${op}: expected colours as [red, green, blue], a name or "#rrggbb", received ${describe(color)}`, { op }); // biome-ignore format: one line
  }
  return [found.r, found.g, found.b];
}

/** A colour for each object. Errors: fewer. */
export function colorsOf(op: string, colors: unknown, count: number): readonly Rgb[] {
  if (colors === undefined || colors === null) return paletteOf(count);
  const isOne = typeof colors === "string" || (Array.isArray(colors) && typeof colors[0] === "number");
  if (isOne) return Array.from({ length: count }, () => rgbOf(op, colors));
  if (!Array.isArray(colors) || colors.length < count) {
    const found = Array.isArray(colors) ? colors.length : describe(colors);
    throw new ArgumentError(`Number of colors must be equal or larger than the number of objects, but got ${found} < ${count}.`, { op }); // biome-ignore format: one line
  }
  return colors.map((color) => rgbOf(op, color));
}
