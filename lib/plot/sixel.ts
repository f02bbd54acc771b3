/** Images as sixels: six rows a band, colours of a cube of 6 x 6 x 6. [VT340](https://vt100.net/docs/vt3xx-gp/chapter14.html) */
import { decodeImageSync } from "../vision/io/decode.js";

/** A PNG as what a terminal with sixels takes. */
export function sixel(png: Uint8Array): string {
  const image = decodeImageSync(png, { mode: "RGB" });
  const [, height = 0, width = 0] = image.shape;
  const at = image.to("float32").div(51).round().to("uint8").toTypedArray() as Uint8Array;
  const size = width * height;
  const color = (i: number) => (at[i] ?? 0) * 36 + (at[i + size] ?? 0) * 6 + (at[i + 2 * size] ?? 0);
  const used = new Set<number>();
  let bands = "";
  for (let top = 0; top < height; top += 6) {
    const rows = new Map<number, Uint8Array>();
    for (let y = top; y < Math.min(top + 6, height); y++) {
      for (let x = 0; x < width; x++) {
        const c = color(y * width + x);
        const row = rows.get(c) ?? new Uint8Array(width);
        rows.set(c, row);
        row[x] = (row[x] ?? 0) | (1 << (y - top));
      }
    }
    bands += [...rows].map(([c, row]) => `#${c}${runs(row)}`).join("$");
    bands += "-";
    for (const c of rows.keys()) used.add(c);
  }
  const percent = (v: number) => v * 20;
  const palette = [...used].map((c) => `#${c};2;${percent(Math.floor(c / 36))};${percent(Math.floor(c / 6) % 6)};${percent(c % 6)}`); // biome-ignore format: one line
  return `\x1bPq"1;1;${width};${height}${palette.join("")}${bands}\x1b\\\n`;
}

/** Sixels with equal ones counted. */
function runs(row: Uint8Array): string {
  let text = "";
  for (let x = 0; x < row.length; ) {
    let end = x + 1;
    while (end < row.length && row[end] === row[x]) end++;
    const letter = String.fromCharCode(63 + (row[x] ?? 0));
    text += end - x > 3 ? `!${end - x}${letter}` : letter.repeat(end - x);
    x = end;
  }
  return text;
}
