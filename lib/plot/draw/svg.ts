/** SVG as text, and the boxes of the texts in it. */
import { roomOf } from "../fonts.js";
import type { Picture } from "../picture.js";

/** A text that was drawn: its box in pixels. */
export interface TextBox {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly color: string;
  /** The colour below. */
  readonly on: string;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A number with at most two digits behind the point: a hundredth of a pixel is not seen. */
export const short = (v: number): string => String(Math.round(v * 100) / 100 + 0);

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
/** Text as XML has it; characters that XML cannot have become U+FFFD. */
export const escapeXml = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd")
    .replace(/[&<>"]/g, (c) => ESCAPES[c] ?? c);

/** An element. */
export function element(name: string, attributes: Attributes, content?: string): string {
  let text = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    text += ` ${key}="${typeof value === "number" ? short(value) : escapeXml(value)}"`;
  }
  return content === undefined ? `${text}/>` : `${text}>${content}</${name}>`;
}

/** A picture at its place: left, top, right and bottom in pixels; left beyond right is mirrored, top beyond bottom turned over. */
export interface PlacedPicture {
  readonly picture: Picture;
  readonly place: readonly [number, number, number, number];
  /** What is seen of it. */
  readonly clip: readonly [number, number, number, number];
  readonly smooth: boolean;
}

/** A picture as an element. */
function image({ picture, place, smooth }: PlacedPicture, clip: string | undefined): string {
  const [x0, y0, x1, y1] = place;
  const [x, y, width, height] = [Math.min(x0, x1), Math.min(y0, y1), Math.abs(x1 - x0), Math.abs(y1 - y0)];
  const [mirrored, turned] = [x1 < x0, y1 < y0];
  const move = `translate(${short(mirrored ? 2 * x + width : 0)} ${short(turned ? 2 * y + height : 0)}) scale(${mirrored ? -1 : 1} ${turned ? -1 : 1})`; // biome-ignore format: one line
  const [, rows, columns] = picture.shape;
  const squares = !smooth && width >= columns && height >= rows;
  const drawn = element("image", {
    ...{ x, y, width, height, preserveAspectRatio: "none", transform: mirrored || turned ? move : undefined },
    ...{ style: squares ? "image-rendering:pixelated" : undefined, href: `data:image/png;base64,${picture.png}` },
  });
  return clip === undefined ? drawn : element("g", { "clip-path": `url(#${clip})` }, drawn);
}

/** What is drawn so far. */
export class Sheet {
  /** Pictures, which lie below everything else. */
  readonly pictures: PlacedPicture[] = [];
  readonly parts: string[] = [];
  readonly texts: TextBox[] = [];
  #clips = 0;

  add(name: string, attributes: Attributes, content?: string): void {
    this.parts.push(element(name, attributes, content));
  }

  /** The id of a new clipping rectangle. */
  clip(x: number, y: number, width: number, height: number): string {
    const id = `c${this.#clips++}`;
    this.add("clipPath", { id }, element("rect", { x, y, width, height }));
    return id;
  }

  /** The pictures as elements. */
  images(): string {
    return this.pictures
      .map((placed) => {
        const { place, clip } = placed;
        const [left, top, right, bottom] = clip;
        const beyond = Math.min(place[0], place[2]) < left - 0.01 || Math.max(place[0], place[2]) > right + 0.01 || Math.min(place[1], place[3]) < top - 0.01 || Math.max(place[1], place[3]) > bottom + 0.01; // biome-ignore format: one line
        if (!beyond) return image(placed, undefined);
        const id = `c${this.#clips++}`;
        const rect = element("rect", { x: left, y: top, width: right - left, height: bottom - top });
        return element("clipPath", { id }, rect) + image(placed, id);
      })
      .join("");
  }

  /** One line of text; `y` is its baseline. With `vertical` it runs upwards. */
  text(
    text: string,
    o: {
      x: number;
      y: number;
      size: number;
      color?: string;
      on?: string;
      align?: "left" | "center" | "right";
      vertical?: boolean;
    },
  ): void {
    if (text.trim() === "") return;
    const { x, y, size, color = "#000000", on = "#ffffff", align = "left", vertical = false } = o;
    const anchor = { left: undefined, center: "middle", right: "end" }[align];
    this.add(
      "text",
      {
        ...{ x, y, "font-size": size, fill: color === "#000000" ? undefined : color, "text-anchor": anchor },
        ...{ transform: vertical ? `rotate(-90 ${short(x)} ${short(y)})` : undefined },
      },
      escapeXml(text),
    );
    const { width } = roomOf(text, size);
    const before = { left: 0, center: width / 2, right: width }[align];
    const [above, below] = [size * 0.74, size * 0.2];
    const box = vertical
      ? { left: x - above, right: x + below, top: y + before - width, bottom: y + before }
      : { left: x - before, right: x - before + width, top: y - above, bottom: y + below };
    this.texts.push({ text, ...box, color, on });
  }
}
