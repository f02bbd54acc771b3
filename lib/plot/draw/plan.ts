/** What one pair of axes needs around its data: titles, ticks, labels, a bar of colours. */
import { fitted, measure, roomOf } from "../fonts.js";
import type { AxesSpec, LabelSpec } from "../spec.js";
import { isWhole, limitsOf } from "./limits.js";
import { scaleOf, type Ticks, ticksOf } from "./ticks.js";

/** Pixels on each side. */
export interface Margins {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Lines of a title, and their size in pixels. */
export interface Lines {
  readonly lines: readonly string[];
  readonly size: number;
  readonly color: string;
}

/** What is drawn around the data. */
export interface Plan {
  readonly limits: { readonly x: readonly [number, number]; readonly y: readonly [number, number] };
  /** Width and height of the frame: smaller than the room where a unit of x is as long as one of y. */
  readonly width: number;
  readonly height: number;
  readonly title: Lines | null;
  readonly xlabel: Lines | null;
  readonly ylabel: Lines | null;
  readonly x: Ticks;
  readonly y: Ticks;
  readonly colorbar: { readonly ticks: Ticks; readonly label: Lines | null } | null;
  readonly margins: Margins;
}

/** Points as pixels, at 100 pixels an inch. */
export const px = (points: number): number => (points * 100) / 72;

/** The font size of ticks and legends in points. */
export const SMALL = 10;
/** Pixels between the frame and the labels of ticks, and between labels. */
export const GAP = 7;
/** Pixels of the bar of colours. */
export const BAR = 15;

const NOTHING: Ticks = { ticks: [], vertical: false, size: px(SMALL) };

function linesOf(label: LabelSpec | null, width: number, maxLines: number): Lines | null {
  if (label === null || label.text.trim() === "" || width < 4) return null;
  const size = px(label.size);
  return { ...fitted(label.text, size, width, Math.min(size, px(6)), maxLines), color: label.color };
}

/** The height of lines of text. */
export const heightOf = (lines: Lines | null): number => (lines === null ? 0 : lines.lines.length * lines.size * 1.2);

const widest = (ticks: Ticks): number => Math.max(0, ...ticks.ticks.map((t) => roomOf(t.label, ticks.size).width));

/** Width and height of the frame in a room. */
function frame(axes: AxesSpec, limits: Plan["limits"], width: number, height: number): [number, number] {
  if (!axes.equal) return [width, height];
  const [w, h] = [Math.abs(limits.x[1] - limits.x[0]), Math.abs(limits.y[1] - limits.y[0])];
  const unit = Math.min(width / w, height / h);
  return [w * unit, h * unit];
}

/** How far the labels of an x axis reach beyond the frame, left and right. */
function overhang(
  axes: AxesSpec,
  { ticks, vertical, size }: Ticks,
  limits: readonly [number, number],
  width: number,
): [left: number, right: number] {
  // biome-ignore format: one line
  const scale = scaleOf(axes.x, limits, [0, width]);
  const half = (label: string) => (vertical ? size / 2 : roomOf(label, size).width / 2);
  const left = ticks.map(({ at, label }) => half(label) - scale(at));
  const right = ticks.map(({ at, label }) => scale(at) + half(label) - width);
  return [Math.max(0, ...left), Math.max(0, ...right)];
}

/** What axes may take. */
export interface Room {
  /** Pixels of the data. */
  readonly width: number;
  readonly height: number;
  /** The most pixels of a title, and of a label of a tick. */
  readonly cell: number;
  readonly longest: number;
  /** The size of labels of ticks in pixels. */
  readonly size: number;
}

/** Plans axes in a room. */
export function plan(axes: AxesSpec, room: Room): Plan {
  const limits = { x: limitsOf(axes, "x"), y: limitsOf(axes, "y") };
  const [w, h] = frame(axes, limits, room.width, room.height);
  const { size, cell, longest } = room;
  const ticks = (name: "x" | "y", length: number): Ticks =>
    axes.visible
      ? ticksOf(axes[name], limits[name], length, {
          ...{ horizontal: name === "x", size, whole: isWhole(axes, name), longest },
        })
      : NOTHING;
  const [x, y] = [ticks("x", w), ticks("y", h)];
  measure([...x.ticks, ...y.ticks].map((t) => t.label));
  const title = linesOf(axes.title, cell, 3);
  const [xlabel, ylabel] = axes.visible
    ? [linesOf(axes.x.label, cell, 2), linesOf(axes.y.label, h + 20, 1)]
    : [null, null];
  const { colorbar } = axes;
  const bar =
    colorbar === null
      ? null
      : {
          ticks: ticksOf(
            { label: null, limits: null, scale: "linear", inverted: false, ticks: null, labels: null, rotation: null },
            colorbar.limits,
            h,
            { horizontal: false, size, whole: false, longest },
          ),
          label: linesOf({ text: colorbar.label, color: "#000000", size: SMALL }, h, 1),
        };
  const outside = (t: Ticks, side: number): number => (t.ticks.length === 0 ? 0 : GAP + side);
  const deep = x.vertical ? Math.min(widest(x), longest) : x.size;
  const [before, behind] = overhang(axes, x, limits.x, w);
  const margins = {
    left: Math.max(outside(y, Math.min(widest(y), longest)) + (ylabel === null ? 0 : heightOf(ylabel) + GAP), before), // biome-ignore format: one line
    right: bar === null ? behind : GAP + BAR + outside(bar.ticks, widest(bar.ticks)) + (bar.label === null ? 0 : heightOf(bar.label) + GAP), // biome-ignore format: one line
    top: title === null ? (y.ticks.length === 0 ? 0 : size / 2) : heightOf(title) + GAP * 0.7,
    bottom: Math.max(
      outside(x, deep) + (xlabel === null ? 0 : heightOf(xlabel) + GAP * 0.7),
      y.ticks.length === 0 ? 0 : size / 2,
    ),
  };
  return { limits, width: w, height: h, title, xlabel, ylabel, x, y, colorbar: bar, margins };
}
