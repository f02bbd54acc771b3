/** How many columns of a terminal a text takes. */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Columns of one character, as the user sees it: 0 for what combines, 2 for wide ones. */
function columnsOf(grapheme: string): number {
  const code = grapheme.codePointAt(0) ?? 0;
  if (/^[\p{Mark}\p{Cf}\p{Cc}]/u.test(grapheme)) return 0;
  if (/\p{Emoji_Presentation}|\ufe0f/u.test(grapheme)) return 2;
  const { eastAsianWidth } = require("get-east-asian-width") as typeof import("get-east-asian-width");
  return eastAsianWidth(code);
}

const isPlain = (text: string): boolean => /^[\x20-\x7e█▏▎▍▌▋▊▉]*$/.test(text);
const graphemes = (text: string): string[] => [...new Intl.Segmenter().segment(text)].map((s) => s.segment);

/** The columns of a text without line breaks. */
export function widthOf(text: string): number {
  return isPlain(text) ? text.length : graphemes(text).reduce((sum, g) => sum + columnsOf(g), 0);
}

/** A text cut to so many columns. */
export function cutTo(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let [out, used] = ["", 0];
  for (const g of graphemes(text)) {
    used += columnsOf(g);
    if (used > columns) break;
    out += g;
  }
  return out;
}
