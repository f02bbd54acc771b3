/** One pair of axes: frame, ticks, labels, data, legend, bar of colours. */
import { cut, roomOf } from "../fonts.js";
import type { ColorbarSpec } from "../spec.js";
import type { Placed } from "./layout.js";
import { drawLegend } from "./legend.js";
import { drawMarks, type Frame } from "./marks.js";
import { BAR, GAP, heightOf, type Lines, type Plan } from "./plan.js";
import { type Sheet, short } from "./svg.js";
import { scaleOf } from "./ticks.js";

const INK = "#000000";
/** Pixels of a tick. */
const TICK = 4;

/** Lines of text above `bottom`, in the middle of `x`. */
export function linesAbove(sheet: Sheet, { lines, size, color }: Lines, x: number, bottom: number): void {
  lines.forEach((line, i) => {
    const y = bottom - (lines.length - 1 - i) * size * 1.2 - size * 0.22;
    sheet.text(line, { x, y, size, color, align: "center" });
  });
}

/** Draws axes at their place. */
export function drawAxes({ axes, plan, left, top }: Placed, longest: number, sheet: Sheet): void {
  const { width, height } = plan;
  const f: Frame = {
    ...{ left, top, width, height },
    x: scaleOf(axes.x, plan.limits.x, [left, left + width]),
    y: scaleOf(axes.y, plan.limits.y, [top + height, top]),
  };
  if (axes.visible && axes.grid) {
    const lines = [
      ...plan.x.ticks.map(({ at }) => `M${short(f.x(at))} ${short(top)}V${short(top + height)}`),
      ...plan.y.ticks.map(({ at }) => `M${short(left)} ${short(f.y(at))}H${short(left + width)}`),
    ];
    sheet.add("path", { d: lines.join(""), stroke: "#dddddd", "stroke-width": 1 });
  }
  drawMarks(axes.marks, f, sheet);
  if (axes.visible) {
    sheet.add("rect", { x: left, y: top, width, height, fill: "none", stroke: INK, "stroke-width": 1 });
    ticks(plan, f, longest, sheet);
  }
  const { title, xlabel, ylabel } = plan;
  const middle = left + width / 2;
  if (title !== null) linesAbove(sheet, title, middle, top - GAP * 0.7);
  if (xlabel !== null) linesAbove(sheet, xlabel, middle, top + height + plan.margins.bottom);
  if (ylabel !== null) {
    const x = left - plan.margins.left + ylabel.size;
    for (const line of ylabel.lines) sheet.text(line, { x, y: top + height / 2, size: ylabel.size, align: "center", vertical: true, color: ylabel.color }); // biome-ignore format: one line
  }
  drawLegend(axes, f, sheet);
  if (axes.colorbar !== null) colorbar(axes.colorbar, plan, f, sheet);
}

function ticks({ x, y }: Plan, f: Frame, longest: number, sheet: Sheet): void {
  const bottom = f.top + f.height;
  const marks: string[] = [];
  for (const { at, label } of x.ticks) {
    const px = f.x(at);
    marks.push(`M${short(px)} ${short(bottom)}v${TICK}`);
    const text = x.vertical ? cut(label, x.size, longest) : label;
    sheet.text(
      text,
      x.vertical
        ? { x: px + x.size * 0.36, y: bottom + GAP, size: x.size, align: "right", vertical: true }
        : { x: px, y: bottom + GAP + x.size * 0.8, size: x.size, align: "center" },
    );
  }
  for (const { at, label } of y.ticks) {
    const py = f.y(at);
    marks.push(`M${short(f.left)} ${short(py)}h${-TICK}`);
    sheet.text(cut(label, y.size, longest), { x: f.left - GAP, y: py + y.size * 0.36, size: y.size, align: "right" });
  }
  if (marks.length > 0) sheet.add("path", { d: marks.join(""), stroke: INK, "stroke-width": 1 });
}

function colorbar({ picture, limits }: ColorbarSpec, { colorbar: bar }: Plan, f: Frame, sheet: Sheet): void {
  if (bar === null) return;
  const x = f.left + f.width + GAP;
  const box = { x, y: f.top, width: BAR, height: f.height };
  const place = [x, f.top, x + BAR, f.top + f.height] as const;
  sheet.pictures.push({ picture, place, clip: place, smooth: false });
  sheet.add("rect", { ...box, fill: "none", stroke: INK, "stroke-width": 0.8 });
  const axis = { label: null, limits, scale: "linear", inverted: false, ticks: null, labels: null, rotation: null } as const; // biome-ignore format: one line
  const scale = scaleOf(axis, limits, [f.top + f.height, f.top]);
  let widest = 0;
  for (const { at, label } of bar.ticks.ticks) {
    const y = scale(at);
    sheet.add("path", { d: `M${short(x + BAR)} ${short(y)}h${TICK}`, stroke: INK });
    sheet.text(label, { x: x + BAR + GAP, y: y + bar.ticks.size * 0.36, size: bar.ticks.size });
    widest = Math.max(widest, roomOf(label, bar.ticks.size).width);
  }
  if (bar.label !== null) {
    const [text = ""] = bar.label.lines;
    const at = x + BAR + GAP + widest + GAP + heightOf(bar.label) * 0.8;
    sheet.text(text, { x: at, y: f.top + f.height / 2, size: bar.label.size, align: "center", vertical: true });
  }
}
