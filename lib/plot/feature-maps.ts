/** What layers see: feature maps, filters, and maps over images. */
import { readArgs } from "../args.js";
import { noGrad } from "../autograd/modes.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { describe, isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { resize } from "../vision/transforms/functional/geometry.js";
import type { Axes } from "./axes.js";
import { count, share } from "./checks.js";
import { FIGURE_OPTIONS, type Figure, type FigureOptions } from "./figure.js";
import { sheetFor } from "./heatmap.js";
import { type ImageGridOptions, imageGrid } from "./image-grid.js";
import { pixelsOf } from "./pixels.js";
import { type ImageLike, imageOf } from "./values.js";

/** Options of {@link featureMaps} and {@link filters}. */
export interface MapsOptions extends Omit<ImageGridOptions, "titles" | "titleColors"> {
  /** The most maps that are shown. Default 64. */
  limit?: number;
  /** Whether each map is named by its channel. Default false. */
  titles?: boolean;
}
const GRID = ["rows", "cols", "title", "fontsize", "interpolation", "cmap", "vmin", "vmax", ...FIGURE_OPTIONS] as const;

function grid(op: string, maps: Tensor, name: string, options: MapsOptions): Figure {
  const { limit = 64, titles = false, ...rest } = readArgs<MapsOptions>(op, ["limit", "titles", ...GRID], [options]);
  const shown = maps.narrow(0, 0, Math.min(maps.size(0), count(op, "limit", limit)));
  const more = maps.size(0) > shown.size(0) ? ` (${shown.size(0)} of ${maps.size(0)})` : "";
  return imageGrid(shown, {
    ...(rest.title === undefined && more === "" ? {} : { title: `${rest.title ?? name}${more}` }),
    ...(titles ? { titles: Array.from({ length: shown.size(0) }, (_, i) => i) } : {}),
    ...Object.fromEntries(Object.entries(rest).filter(([k]) => k !== "title")),
  });
}

/** The feature maps of a layer's output for one image, [C, H, W] or [1, C, H, W], each by its own range of values. */
export function featureMaps(activation: Tensor, options: MapsOptions = {}): Figure {
  const op = "featureMaps";
  const shape = isTensor(activation) ? activation.shape : [];
  const isOne = shape.length === 3 || (shape.length === 4 && shape[0] === 1);
  if (!isOne || shape.includes(0)) {
    throw new ShapeError(`${op}: expected the output of a layer for one image, [C, H, W] or [1, C, H, W], received ${isTensor(activation) ? `[${shape.join(", ")}]` : describe(activation)}`, { op }); // biome-ignore format: one line
  }
  const maps = activation.detach().reshape(shape.slice(-3));
  return grid(op, maps, "Feature maps", { cmap: "viridis", ...options });
}

/**
 * The filters of a convolution, or of its weight [out, in, kH, kW]: of three input channels as colours, else one picture for each pair of
 * channels, output by output. All share one range of values, with 0 in its middle.
 */
export function filters(layer: { readonly weight: unknown } | Tensor, options: MapsOptions = {}): Figure {
  const op = "filters";
  const weight: unknown = isTensor(layer) ? layer : (layer as { weight?: unknown } | null)?.weight;
  if (!isTensor(weight) || weight.ndim !== 4 || weight.numel() === 0) {
    throw new ArgumentError(`${op}: expected a convolution of two dimensions or its weight [out, in, kH, kW], received ${isTensor(weight) ? `[${weight.shape.join(", ")}]` : describe(layer)}`, { op }); // biome-ignore format: one line
  }
  const w = weight.detach().to("float32");
  const reach = Math.max(Number(w.abs().max().item()), 1e-12);
  if (w.size(1) === 3) return grid(op, w.div(2 * reach).add(0.5), "Filters", options); // biome-ignore format: one line
  return grid(op, w.flatten(0, 1), "Filters", { cmap: "RdBu", vmin: -reach, vmax: reach, ...options });
}

/** Options of {@link overlay}. */
export interface OverlayOptions extends FigureOptions {
  /** How opaque the map is, from 0 to 1. Default 0.5. */
  alpha?: number;
  /** Default "jet". */
  cmap?: string;
  title?: string;
  /** The axes to draw into. Default: a new figure's. */
  ax?: Axes;
}

/** A map [h, w], as Grad-CAM gives it, over an image: enlarged to the image's size, its smallest value unseen. */
export function overlay(image: ImageLike, map: ImageLike, options: OverlayOptions = {}): Figure {
  const op = "overlay";
  const o = readArgs<OverlayOptions>(op, ["alpha", "cmap", "title", "ax", ...FIGURE_OPTIONS], [options]);
  const { alpha = 0.5, cmap = "jet" } = o;
  share(op, "alpha", alpha);
  const below = imageOf(op, image);
  const above = imageOf(op, map);
  if (above.size(0) !== 1) throw new ShapeError(`${op}: expected a map of one channel, received [${above.shape.join(", ")}]`, { op }); // biome-ignore format: one line
  const { figure, axes } = sheetFor(o, [4.8, 4.8]);
  const mixed = noGrad(() => {
    const large = resize(above.to("float32"), [below.size(1), below.size(2)]).unsqueeze(0);
    const shade = pixelsOf(op, large, { cmap }).narrow(1, 0, 3).to("float32");
    const base = pixelsOf(op, below.unsqueeze(0), { cmap: "gray" }).narrow(1, 0, 3).to("float32");
    return base.mul(1 - alpha).add(shade.mul(alpha)).round().to("uint8"); // biome-ignore format: one line
  });
  axes.imshow(mixed.squeeze(0)).axis("off");
  if (o.title !== undefined) axes.setTitle(o.title);
  return figure;
}

/** Options of {@link imshow}. */
export interface ShowImageOptions extends FigureOptions {
  cmap?: string;
  vmin?: number;
  vmax?: number;
  title?: string;
  interpolation?: "nearest" | "bilinear";
  ax?: Axes;
}

/** One image, as large as the figure: `imshow(image, { cmap: "gray", title: "Bag" })`. */
export function imshow(image: ImageLike, options: ShowImageOptions = {}): Figure {
  const o = readArgs<ShowImageOptions>("imshow", ["cmap", "vmin", "vmax", "title", "interpolation", "ax", ...FIGURE_OPTIONS], [options]); // biome-ignore format: one line
  const { title, ax: _a, figsize: _f, facecolor: _c, ...rest } = o;
  const { figure, axes } = sheetFor(o, [4.8, 4.8]);
  axes.imshow(image, rest).axis("off");
  if (title !== undefined) axes.setTitle(title);
  return figure;
}
