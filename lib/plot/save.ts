/** Figures as files. */
import { extname } from "node:path";
import { readArgs } from "../args.js";
import { ArgumentError } from "../errors.js";
import { native, unlessFailed } from "../native.js";
import { pathOf } from "../serialization/files.js";
import { positive } from "./checks.js";
import { draw } from "./draw/index.js";
import type { PlacedPicture } from "./draw/svg.js";
import { fonts } from "./fonts.js";
import type { FigureSpec } from "./spec.js";

/** Options of a figure's `save`. */
export interface SaveOptions {
  /** Of a PNG: pixels an inch. Default 100. */
  dpi?: number;
}

const ENDINGS = [".png", ".svg", ".html", ".json"];

/** A figure as PNG. */
export async function toPNG(figure: FigureSpec, options: SaveOptions): Promise<Uint8Array> {
  const { dpi = 100 } = readArgs<SaveOptions>("toPNG", ["dpi"], [options]);
  const drawing = draw(figure);
  const size = (p: PlacedPicture) => p.picture.planes.length;
  const pixels = new Uint8Array(drawing.pictures.reduce((sum, p) => sum + size(p), 0));
  let at = 0;
  for (const p of drawing.pictures) {
    pixels.set(p.picture.planes, at);
    at += size(p);
  }
  const places = drawing.pictures.flatMap((p) => [...p.picture.shape, ...p.place, ...p.clip, Number(p.smooth)]);
  const background = [1, 3, 5].map((from) => Number.parseInt(figure.facecolor.slice(from, from + 2), 16));
  const sheet = { svg: drawing.above(), background, pixels, places: Float64Array.from(places) };
  return unlessFailed(
    "toPNG",
    await native.renderSheet({ ...sheet, scale: positive("toPNG", "dpi", dpi) / 100 }, fonts),
  );
}

/** A figure as a page of its own. */
export function toHTML(figure: FigureSpec): string {
  const svg = draw(figure).svg();
  const title = (figure.title?.text ?? figure.axes[0]?.title?.text ?? "Figure").replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`); // biome-ignore format: one line
  const style = "body{margin:0;display:grid;place-items:center;min-height:100vh}svg{max-width:100%;height:auto}";
  return `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>${title}</title><style>${style}</style>\n${svg}\n</html>\n`;
}

/** Writes a figure to a file of the kind that its ending names. */
export async function save(figure: FigureSpec, path: string | URL, options: SaveOptions): Promise<void> {
  const op = "save";
  const file = pathOf(op, path);
  const bytes = await bytesOf(op, figure, extname(file).toLowerCase(), file, options);
  unlessFailed(op, await native.writeBytes(file, bytes));
}

async function bytesOf(
  op: string,
  figure: FigureSpec,
  ending: string,
  file: string,
  options: SaveOptions,
): Promise<Uint8Array> {
  // biome-ignore format: one line
  switch (ending) {
    case ".png":
      return toPNG(figure, options);
    case ".svg":
      return Buffer.from(draw(figure).svg());
    case ".html":
      return Buffer.from(toHTML(figure));
    case ".json":
      return Buffer.from(`${JSON.stringify(figure)}\n`);
    default:
      throw new ArgumentError(`${op}: expected a path that ends with ${ENDINGS.join(", ")}, received ${JSON.stringify(file)}`, { op }); // biome-ignore format: one line
  }
}
