/** Options of the methods of axes, in matplotlib's names. */
import type { Color } from "./color.js";
import type { Shades } from "./pixels.js";
import type { Numbers } from "./values.js";

/** How a text looks. */
export interface TextOptions {
  /** Default black. */
  color?: Color;
  /** In points. */
  fontsize?: number;
}
/** Options of `imshow`. */
export interface ImshowOptions extends Shades {
  /** `"nearest"` keeps pixels as squares; `"bilinear"` smooths. Default "nearest". */
  interpolation?: "nearest" | "bilinear";
  /** Left, right, bottom and top of the image in data. Default [-0.5, W - 0.5, H - 0.5, -0.5]. */
  extent?: readonly [number, number, number, number];
  /** From 0 (unseen) to 1. Default 1. */
  alpha?: number;
  /** `"equal"`, or `"auto"` to fill the axes. Default "equal". */
  aspect?: "equal" | "auto";
}
/** Options of `plot`. */
export interface LineOptions {
  /** Default: the next colour of the cycle. */
  color?: Color;
  /** In points. Default 1.5. */
  linewidth?: number;
  /** `"-"`, `"--"`, `":"`, `"-."`, or "" for markers alone. Default "-". */
  linestyle?: string;
  /** `"o"`, `"s"`, `"^"`, `"v"`, `"D"`, `"x"`, `"+"`, or "" for none. Default none. */
  marker?: string;
  /** The name in the legend. */
  label?: string;
  /** From 0 to 1. Default 1. */
  alpha?: number;
}
/** Options of `bar` and `barh`. */
export interface BarOptions {
  /** The width of a bar in data. Default 0.8. */
  width?: number;
  /** Where bars begin. Default 0. */
  bottom?: number | Numbers;
  /** One colour, or one a bar. */
  color?: Color | readonly Color[];
  /** The colour of the edges. Default none. */
  edgecolor?: Color;
  label?: string;
  alpha?: number;
}
/** Options of `scatter`. */
export interface ScatterOptions {
  /** The area of a point in square points. Default 36. */
  s?: number;
  /** One colour, one a point, or numbers that `cmap` colours. */
  c?: Color | readonly Color[] | Numbers;
  cmap?: string;
  marker?: string;
  label?: string;
  alpha?: number;
}
/** Options of `hist`. */
export interface HistOptions {
  /** How many bins, or their edges. Default 10. */
  bins?: number | readonly number[];
  /** The lowest and the highest value that count. Default: those of the data. */
  range?: readonly [number, number];
  /** Whether the area of all bars is 1. Default false. */
  density?: boolean;
  color?: Color;
  label?: string;
  alpha?: number;
}
