/** Draws a figure as SVG. */
import { fitted } from "../fonts.js";
import type { FigureSpec } from "../spec.js";
import { drawAxes, linesAbove } from "./axes.js";
import { layout } from "./layout.js";
import { heightOf, type Lines, px } from "./plan.js";
import { element, type PlacedPicture, Sheet, type TextBox } from "./svg.js";

/** A drawing: its size in pixels, and where its texts are. */
export interface Drawing {
  /** The whole as SVG. */
  svg(): string;
  /** What lies above the pictures as SVG. */
  above(): string;
  readonly pictures: readonly PlacedPicture[];
  readonly width: number;
  readonly height: number;
  readonly texts: readonly TextBox[];
}

/** The fonts that a browser takes: the one that texts were measured with first. */
const FAMILY = "'DejaVu Sans', Verdana, Geneva, sans-serif";

/** Draws a figure at 100 pixels an inch. The same figure gives the same text. */
export function draw(figure: FigureSpec): Drawing {
  const [width, height] = figure.figsize.map((inches) => Math.round(inches * 100)) as [number, number];
  const sheet = new Sheet();
  let head = 0;
  if (figure.title !== null && figure.title.text.trim() !== "") {
    const { text, color, size } = figure.title;
    const lines: Lines = { ...fitted(text, px(size), width - 20, px(6), 3), color };
    head = heightOf(lines) + 10;
    linesAbove(sheet, lines, width / 2, head);
  }
  const longest = Math.min(width, height) * 0.35;
  for (const placed of layout(figure, width, height, head)) drawAxes(placed, longest, sheet);
  const root = {
    ...{ xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` },
    "font-family": FAMILY,
  };
  const background = element("rect", { width, height, fill: figure.facecolor });
  return {
    svg: () => element("svg", root, background + sheet.images() + sheet.parts.join("")),
    above: () => element("svg", root, sheet.parts.join("")),
    ...{ pictures: sheet.pictures, width, height, texts: sheet.texts },
  };
}
