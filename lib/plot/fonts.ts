/** Fonts: how wide a text is, and which files draw what the embedded Latin font lacks. */
import { ArgumentError } from "../errors.js";
import { native } from "../native.js";
import { warnOnce } from "../warnings.js";

/** Options of {@link setFonts}. */
export interface FontOptions {
  /** Whether the system's fonts draw what the others lack. Default true. */
  system?: boolean;
  /** Font files (.ttf, .otf, .ttc) that come before the system's. Default none. */
  files?: readonly string[];
}

/** The room of a text, in the unit of its size. */
export interface Room {
  readonly width: number;
  readonly ascent: number;
  readonly descent: number;
}

/** The fonts that are set. */
export const fonts = { system: true, files: [] as string[] };

/** Rooms by text, for a font size of 1. */
const known = new Map<string, Room>();

/**
 * Sets which fonts draw the characters that the embedded Latin font, DejaVu Sans, lacks: `plot.setFonts({ files: ["NanumGothic.ttf"] })`.
 * Errors: an unknown option; at the next drawing, a file that is no font (IOError).
 */
export function setFonts({ system = true, files = [], ...others }: FontOptions): void {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined || typeof system !== "boolean" || !Array.isArray(files)) {
    throw new ArgumentError(`setFonts: expected { system: boolean, files: paths }${unknown === undefined ? "" : `, received '${unknown}'`}`, { op: "setFonts" }); // biome-ignore format: one line
  }
  Object.assign(fonts, { system, files: files.map(String) });
  known.clear();
}

/** Measures texts in one call, where they are not known. */
export function measure(texts: Iterable<string>): void {
  const news = [...new Set(texts)].filter((text) => !known.has(text));
  if (news.length === 0) return;
  if (known.size > 20_000) known.clear();
  const rooms = native.measureTexts(news, fonts);
  rooms.forEach(({ missing, ...room }, i) => {
    known.set(news[i] as string, room);
    if (missing !== "") warnMissing(missing);
  });
}

function warnMissing(characters: string): void {
  const text = [...new Set(characters)].join("");
  warnOnce(
    `CANDLEWICK_MISSING_GLYPHS_${text}`,
    `plot: no font has the characters "${text}", which are drawn as boxes; name a font file that has them: plot.setFonts({ files: [...] })`,
  );
}

/** The room of a text at a size. */
export function roomOf(text: string, size: number): Room {
  measure([text]);
  const room = known.get(text) ?? { width: 0, ascent: 0, descent: 0 };
  return { width: room.width * size, ascent: room.ascent * size, descent: room.descent * size };
}

/** A text cut so that it fits into a width, with an ellipsis at its end. */
export function cut(text: string, size: number, width: number): string {
  if (roomOf(text, size).width <= width) return text;
  const letters = [...text];
  let [low, high] = [0, letters.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (roomOf(`${letters.slice(0, middle).join("").trimEnd()}…`, size).width <= width) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? "" : `${letters.slice(0, low).join("").trimEnd()}…`;
}

/** Lines of a text, broken at spaces, and the size at which they fit into a width: at most `size`, at least `least`. */
export function fitted(
  text: string,
  size: number,
  width: number,
  least: number,
  maxLines: number,
): { lines: string[]; size: number } {
  for (let s = size; ; s = Math.max(s * 0.9, least)) {
    const lines = text.split("\n").flatMap((line) => wrap(line, s, width));
    const isNarrow = lines.every((line) => roomOf(line, s).width <= width);
    if (isNarrow && lines.length <= Math.max(maxLines, text.split("\n").length)) return { lines, size: s };
    if (s <= least) {
      const kept = lines.slice(0, maxLines);
      if (lines.length > maxLines) kept.push(`${kept.pop()} ${lines.slice(maxLines).join(" ")}`);
      return { lines: kept.map((line) => cut(line, s, width)), size: s };
    }
  }
}

function wrap(line: string, size: number, width: number): string[] {
  if (roomOf(line, size).width <= width) return [line];
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ")) {
    const longer = current === "" ? word : `${current} ${word}`;
    if (current !== "" && roomOf(longer, size).width > width) {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  return [...lines, current];
}
