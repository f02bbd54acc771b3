/** What a figure is: plain data, which JSON can hold. Lengths are inches and points, as in matplotlib. */

import type { Picture } from "./picture.js";

/** A picture whose corners are data coordinates. */
export interface ImageMark {
  readonly type: "image";
  readonly picture: Picture;
  /** Left, right, bottom and top. */
  readonly extent: readonly [number, number, number, number];
  /** Whether pixels are blended where they are enlarged. */
  readonly smooth: boolean;
}

/** A line through points; null is a gap. */
export interface LineMark {
  readonly type: "line";
  readonly x: readonly (number | null)[];
  readonly y: readonly (number | null)[];
  readonly color: string;
  readonly width: number;
  readonly opacity: number;
  readonly dash: readonly number[];
  readonly marker: string;
  readonly label: string | null;
}

/** Points by themselves. */
export interface PointsMark {
  readonly type: "points";
  readonly x: readonly (number | null)[];
  readonly y: readonly (number | null)[];
  /** One colour, or one for each point. */
  readonly colors: readonly string[];
  /** The diameter in points. */
  readonly size: number;
  readonly opacity: number;
  readonly marker: string;
  readonly label: string | null;
}

/** Bars: left, bottom, right, top of each. */
export interface BarsMark {
  readonly type: "bars";
  readonly boxes: readonly (readonly [number, number, number, number])[];
  readonly colors: readonly string[];
  readonly opacity: number;
  readonly edge: string | null;
  readonly label: string | null;
}

/** A line across the whole axes, at a value of one axis. */
export interface RuleMark {
  readonly type: "rule";
  readonly at: number;
  readonly across: "x" | "y";
  readonly color: string;
  readonly width: number;
  readonly dash: readonly number[];
  readonly label: string | null;
}

/** Text at a place. */
export interface TextMark {
  readonly type: "text";
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly color: string;
  readonly size: number;
  readonly align: "left" | "center" | "right";
  readonly valign: "top" | "center" | "bottom" | "baseline";
  /** Width and height, in data, that the text must fit into: it becomes smaller, or is left out. */
  readonly room: readonly [number, number] | null;
  /** The colour below. */
  readonly on: string | null;
}

export type Mark = ImageMark | LineMark | PointsMark | BarsMark | RuleMark | TextMark;

/** A title or a label. */
export interface LabelSpec {
  text: string;
  color: string;
  size: number;
}

/** One axis. */
export interface AxisSpec {
  label: LabelSpec | null;
  /** The values at both ends, where they are set; the first may be the larger. */
  limits: readonly [number, number] | null;
  scale: "linear" | "log";
  inverted: boolean;
  /** Where ticks are; null where they are chosen. */
  ticks: readonly number[] | null;
  /** What stands at them; null for the numbers themselves. */
  labels: readonly string[] | null;
  /** 0 or 90 degrees; null where it is chosen. */
  rotation: number | null;
}

/** The bar that explains the colours of a heat map. */
export interface ColorbarSpec {
  picture: Picture;
  limits: readonly [number, number];
  label: string;
}

/** One pair of axes. */
export interface AxesSpec {
  /** Where it is: rows and columns of the grid, and the cell. */
  place: { rows: number; columns: number; row: number; column: number };
  title: LabelSpec | null;
  x: AxisSpec;
  y: AxisSpec;
  /** Whether a unit of x is as long as one of y. */
  equal: boolean;
  /** Whether frame, ticks and labels are drawn. */
  visible: boolean;
  grid: boolean;
  legend: { loc: string; title: string | null } | null;
  colorbar: ColorbarSpec | null;
  marks: Mark[];
}

/** A figure. */
export interface FigureSpec {
  /** Width and height in inches, at 100 pixels each. */
  figsize: readonly [number, number];
  title: LabelSpec | null;
  facecolor: string;
  /** The space between axes, as a share of their size. */
  wspace: number;
  hspace: number;
  axes: AxesSpec[];
}
