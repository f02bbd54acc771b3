/** Lines, boxes, discs and text on an image, to Pillow's pixels. [Pillow](https://pillow.readthedocs.io/en/stable/reference/ImageDraw.html) */
import type { Rgb } from "./colors.js";
import { GLYPHS, type Glyph, MISSING } from "./default-font.js";

/** A place: column and row. */
export type Point = readonly [x: number, y: number];

/** Half to the larger and half to the smaller number, away from 0. */
const roundUp = (v: number): number => (v >= 0 ? Math.floor(v + 0.5) : -Math.floor(-v + 0.5));
const roundDown = (v: number): number => (v >= 0 ? Math.ceil(v - 0.5) : -Math.ceil(-v - 0.5));
/** v / 255, rounded, of v up to 255 * 255. */
const div255 = (v: number): number => (((v + 128) >> 8) + v + 128) >> 8;

/** An image's bytes [3, H, W], which are drawn on. */
export class Canvas {
  readonly planes: Uint8Array;
  readonly height: number;
  readonly width: number;

  constructor(planes: Uint8Array, height: number, width: number) {
    this.planes = planes;
    this.height = height;
    this.width = width;
  }

  /** Colours a pixel, as much as `opacity` from 0 to 255 says. */
  #blend(x: number, y: number, color: Rgb, opacity: number): void {
    for (let c = 0; c < 3; c++) {
      const at = (c * this.height + y) * this.width + x;
      this.planes[at] = div255((this.planes[at] ?? 0) * (255 - opacity) + (color[c] ?? 0) * opacity);
    }
  }

  /** A row of pixels, both ends included. */
  #row(x0: number, x1: number, y: number, color: Rgb, opacity = 255): void {
    if (y < 0 || y >= this.height) return;
    for (let x = Math.max(x0, 0); x <= Math.min(x1, this.width - 1); x++) this.#blend(x, y, color, opacity);
  }

  /** A filled box, its edges included. */
  fill([x0, y0, x1, y1]: readonly [number, number, number, number], color: Rgb, opacity = 255): void {
    for (let y = Math.max(y0, 0); y <= Math.min(y1, this.height - 1); y++) this.#row(x0, x1, y, color, opacity);
  }

  /** The edges of a box, `width` pixels inwards; those of a box that is too small for them reach beyond it, as Pillow's do. */
  outline([x0, y0, x1, y1]: readonly [number, number, number, number], color: Rgb, width: number): void {
    // Pillow's lines end before their last pixel, in the direction in which they are drawn.
    const [begin, end] = [y0 + width, y1 - width + 1];
    const [from, to] = begin <= end ? [begin, end - 1] : [end + 1, begin];
    for (let i = 0; i < width; i++) {
      this.#row(x0, x1, y0 + i, color);
      this.#row(x0, x1, y1 - i, color);
      for (const x of [x0 + i, x1 - i]) this.fill([x, from, x, to], color);
    }
  }

  /** A line: of one pixel by Bresenham's steps, else a box that is turned. */
  line(from: Point, to: Point, color: Rgb, width: number): void {
    const [x0, y0, x1, y1] = [...from, ...to].map(Math.trunc) as [number, number, number, number];
    const [dx, dy] = [x1 - x0, y1 - y0];
    if (width <= 1 || (dx === 0 && dy === 0)) {
      this.#thin(x0, y0, dx, dy, color);
      return;
    }
    const [long, half] = [Math.hypot(dx, dy), (width - 1) / 2];
    const [most, least] = [roundUp(half) / long, roundDown(half) / long];
    const [left, right] = [roundDown(least * dy), roundDown(most * dy)];
    const [below, above] = [roundUp(most * dx), roundUp(least * dx)];
    this.polygon(
      [[x0 - left, y0 + below], [x1 - left, y1 + below], [x1 + right, y1 - above], [x0 + right, y0 - above]], // biome-ignore format: one line
      color,
    );
  }

  #thin(x: number, y: number, dx: number, dy: number, color: Rgb): void {
    const [w, h, stepX, stepY] = [Math.abs(dx), Math.abs(dy), Math.sign(dx), Math.sign(dy)];
    const [long, side] = [Math.max(w, h), Math.min(w, h)];
    let error = 2 * side - long;
    for (let i = 0; i <= long; i++) {
      this.#row(x, x, y, color);
      const turns = side > 0 && error >= 0;
      error += 2 * side - (turns ? 2 * long : 0);
      if (w >= h || turns) x += stepX;
      if (w < h || turns) y += stepY;
    }
  }

  /** A filled polygon. */
  polygon(points: readonly Point[], color: Rgb, opacity = 255): void {
    const edges = points.map((a, i) => [a, points[(i + 1) % points.length] as Point] as const);
    const rows = points.map(([, y]) => y);
    const [top, bottom] = [Math.min(...rows), Math.max(...rows)];
    for (let y = Math.max(top, 0); y <= Math.min(bottom, this.height - 1); y++) {
      const crossings: number[] = [];
      const spans: [number, number][] = [];
      for (const [[x0, y0], [x1, y1]] of edges) {
        const low = Math.max(y0, y1);
        if (y < Math.min(y0, y1) || y > low) continue;
        if (y0 === y1) spans.push([Math.min(x0, x1), Math.max(x0, x1)]);
        else {
          const x = Math.fround(Math.fround((y - y0) * Math.fround((x1 - x0) / (y1 - y0))) + x0); // in Pillow's precision
          crossings.push(x);
          if (y === low && y < bottom) crossings.push(x);
        }
      }
      crossings.sort((a, b) => a - b);
      for (let i = 1; i < crossings.length; i += 2)
        spans.push([roundUp(crossings[i - 1] ?? 0), roundDown(crossings[i] ?? 0)]);
      this.#union(spans, y, color, opacity);
    }
  }

  /** Rows of pixels, each of which is coloured once. */
  #union(spans: [number, number][], y: number, color: Rgb, opacity: number): void {
    let next = Number.NEGATIVE_INFINITY;
    for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
      this.#row(Math.max(from, next), to, y, color, opacity);
      next = Math.max(next, to + 1);
    }
  }

  /** A filled disc: of the neighbours of each pixel of its edge the one that is nearest to the circle goes on. */
  disc([x, y]: Point, radius: number, color: Rgb): void {
    const side = 2 * radius;
    const distance = ([cx, cy]: readonly [number, number]) => Math.abs(cx * cx + cy * cy - side * side);
    let [cx, cy, row] = [side, 0, -1];
    while (radius > 0) {
      if (cy / 2 > row) {
        row = cy / 2;
        for (const at of row === 0 ? [y] : [y - row, y + row]) this.#row(x - cx / 2, x + cx / 2, at, color);
      }
      if (cx === 0 && cy === side) return;
      const steps: [number, number][] = cx > 1 ? [[cx, cy + 2], [cx - 2, cy + 2], [cx - 2, cy]] : [[cx, cy + 2]]; // biome-ignore format: one line
      [cx, cy] = steps.reduce((a, b) => (distance(b) < distance(a) ? b : a));
    }
  }

  /** Text in Pillow's default font; its top left corner at `at`. */
  text(text: string, [x, y]: Point, color: Rgb): void {
    const shades = new Map<number, number>();
    for (const [left, [, dx, dy, width, height, pixels]] of placed(text)) {
      const mask = Buffer.from(pixels, "base64");
      for (let i = 0; i < width * height; i++) {
        const [px, py] = [x + left + dx + (i % width), y + dy + Math.floor(i / width)];
        if (px < 0 || py < 0 || px >= this.width || py >= this.height) continue;
        // Letters that touch add their shades.
        const [a, b] = [shades.get(py * this.width + px) ?? 0, mask[i] ?? 0];
        shades.set(py * this.width + px, b + div255((255 - b) * a));
      }
    }
    for (const [at, shade] of shades) this.#blend(at % this.width, Math.floor(at / this.width), color, shade);
  }
}

/** Glyphs and where each begins. */
function placed(text: string): [left: number, glyph: Glyph][] {
  let left = 0;
  return [...text].map((c) => {
    const glyph = Object.hasOwn(GLYPHS, c) ? (GLYPHS[c] as Glyph) : MISSING;
    const at = left;
    left += glyph[0];
    return [at, glyph];
  });
}

/** The box of a text whose top left corner is at (0, 0). */
export function textBox(text: string): [left: number, top: number, right: number, bottom: number] {
  const boxes = placed(text).map(([x, [advance, dx, dy, w, h]]) => [x + Math.min(dx, 0), dy, x + Math.max(advance, dx + w), dy + h]); // biome-ignore format: one line
  const all = (i: number) => boxes.map((box) => box[i] ?? 0);
  if (boxes.length === 0) return [0, 0, 0, 0];
  return [Math.min(...all(0)), Math.min(...all(1)), Math.max(...all(2)), Math.max(...all(3))];
}
