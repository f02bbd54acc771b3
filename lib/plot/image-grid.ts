/** Images in a grid, each with its title. */
import { readArgs } from "../args.js";
import { ArgumentError } from "../errors.js";
import type { Tensor } from "../tensor.js";
import type { Axes } from "./axes.js";
import { count, sameLength } from "./checks.js";
import type { Color } from "./color.js";
import { FIGURE_OPTIONS, Figure, type FigureOptions } from "./figure.js";
import type { ImshowOptions } from "./options.js";
import { Picture } from "./picture.js";
import { pixelsOf, type Shades } from "./pixels.js";
import { batchesOf, countOf, type ImageLike } from "./values.js";

/** Options of {@link imageGrid}. */
export interface ImageGridOptions extends FigureOptions, Shades {
  /** What stands above each image. */
  titles?: readonly unknown[];
  /** The colour of each title, or of all. Default black. */
  titleColors?: Color | readonly Color[];
  /** How many rows. Default: as many as the images need. */
  rows?: number;
  /** How many columns. Default: about as many as rows. */
  cols?: number;
  /** The title above all. */
  title?: string;
  /** The size of titles in points. Default 12; smaller for many images. */
  fontsize?: number;
  /** `"nearest"` or `"bilinear"`. Default "nearest". */
  interpolation?: ImshowOptions["interpolation"];
}
const NAMES = ["titles", "titleColors", "rows", "cols", "title", "fontsize", "interpolation", "cmap", "vmin", "vmax", ...FIGURE_OPTIONS] as const; // biome-ignore format: one line

/** Rows and columns for so many images. */
export function gridFor(
  op: string,
  images: number,
  rows: number | undefined,
  cols: number | undefined,
): [number, number] {
  const columns = cols === undefined ? (rows === undefined ? Math.ceil(Math.sqrt(images)) : Math.ceil(images / count(op, "rows", rows))) : count(op, "cols", cols); // biome-ignore format: one line
  return [rows === undefined ? Math.ceil(images / columns) : count(op, "rows", rows), columns];
}

/** Inches an image: large ones for few images, and at most 20 inches for many. */
export const inchesFor = (columns: number): number => Math.max(Math.min(2.4, 12 / columns), 0.3);

/**
 * Images side by side: [N, C, H, W], [N, H, W], or a list of images, each as `imshow` takes it. With `rows` and `cols` the first
 * `rows x cols` are shown.
 */
export function imageGrid(images: Tensor | readonly ImageLike[], options: ImageGridOptions = {}): Figure {
  const op = "imageGrid";
  const o = readArgs<ImageGridOptions>(op, NAMES, [options]);
  const all = batchesOf(op, images);
  const total = countOf(all);
  const [rows, cols] = gridFor(op, total, o.rows, o.cols);
  const pictures = all.flatMap((batch) =>
    Picture.all(pixelsOf(op, batch.narrow(0, 0, Math.min(batch.size(0), rows * cols)), o)),
  );
  const shown = pictures.slice(0, rows * cols);
  if (o.titles !== undefined) {
    if (!Array.isArray(o.titles))
      throw new ArgumentError(`${op}: expected titles to be a list, one for each image`, { op });
    if (o.titles.length < shown.length) sameLength(op, shown, o.titles, "titles");
  }
  const colorOf = (i: number): Color => {
    const colors = o.titleColors ?? "black";
    const isOne = typeof colors === "string" || typeof colors[0] === "number";
    return (isOne ? colors : colors[i]) as Color;
  };
  const inches = inchesFor(cols);
  const [, height, width] = shown[0]?.shape ?? [1, 1, 1];
  const line = o.titles === undefined ? 0.1 : 0.35;
  const figsize = o.figsize ?? [inches * cols, Math.min((inches * Math.min(height / width, 3) + line) * rows + (o.title === undefined ? 0 : 0.4), 90)]; // biome-ignore format: one line
  const made = new Figure({ figsize, ...(o.facecolor === undefined ? {} : { facecolor: o.facecolor }) });
  if (o.title !== undefined) made.suptitle(o.title);
  shown.forEach((picture, i) => {
    const axes: Axes = made.addSubplot(rows, cols, i + 1).axis("off");
    axes.addPicture(picture, { interpolation: o.interpolation ?? "nearest" });
    const title = o.titles?.[i];
    if (title !== undefined)
      axes.setTitle(String(title), { color: colorOf(i), fontsize: o.fontsize ?? Math.min(12, inches * 7) });
  });
  return made;
}
