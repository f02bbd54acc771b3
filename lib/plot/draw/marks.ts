/** What the data look like. */
import { roomOf } from "../fonts.js";
import type { BarsMark, ImageMark, LineMark, Mark, PointsMark, RuleMark, TextMark } from "../spec.js";
import { px } from "./plan.js";
import { element, type Sheet, short } from "./svg.js";
import type { Scale } from "./ticks.js";

/** The frame in pixels, and the scales. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: Scale;
  readonly y: Scale;
}

const isDrawable = (v: number): boolean => Number.isFinite(v) && Math.abs(v) < 1e7;

/** The path of a marker around a point, `size` pixels wide. */
export function marker(kind: string, x: number, y: number, size: number): string {
  const r = size / 2;
  const polygon = (points: readonly (readonly [number, number])[]) =>
    `M${points.map(([dx, dy]) => `${short(x + dx * r)} ${short(y + dy * r)}`).join("L")}Z`;
  switch (kind) {
    case "s":
      return polygon([[-1, -1], [1, -1], [1, 1], [-1, 1]]); // biome-ignore format: one line
    case "^":
      return polygon([[0, -1], [1, 1], [-1, 1]]); // biome-ignore format: one line
    case "v":
      return polygon([[0, 1], [1, -1], [-1, -1]]); // biome-ignore format: one line
    case "D":
      return polygon([[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]]); // biome-ignore format: one line
    case "x":
      return `M${short(x - r)} ${short(y - r)}L${short(x + r)} ${short(y + r)}M${short(x - r)} ${short(y + r)}L${short(x + r)} ${short(y - r)}`;
    case "+":
      return `M${short(x - r)} ${short(y)}H${short(x + r)}M${short(x)} ${short(y - r)}V${short(y + r)}`;
    default:
      return `M${short(x - r)} ${short(y)}a${short(r)} ${short(r)} 0 1 0 ${short(size)} 0a${short(r)} ${short(r)} 0 1 0 ${short(-size)} 0Z`;
  }
}

/** How a marker is painted: crosses are lines. */
export const painted = (kind: string, color: string) =>
  kind === "x" || kind === "+" ? { fill: "none", stroke: color, "stroke-width": 1.5 } : { fill: color };

function image({ picture, extent, smooth }: ImageMark, f: Frame, sheet: Sheet): void {
  const place = [f.x(extent[0]), f.y(extent[3]), f.x(extent[1]), f.y(extent[2])] as const;
  if (!place.every(isDrawable)) return;
  sheet.pictures.push({ picture, place, clip: [f.left, f.top, f.left + f.width, f.top + f.height], smooth });
}

function line(mark: LineMark, f: Frame): string {
  let [path, points, pen] = ["", "", false];
  mark.x.forEach((vx, i) => {
    const vy = mark.y[i];
    const [x, y] = [f.x(vx ?? Number.NaN), f.y(vy ?? Number.NaN)];
    if (!isDrawable(x) || !isDrawable(y)) {
      pen = false;
      return;
    }
    path += `${pen ? "L" : "M"}${short(x)} ${short(y)}`;
    // A point between two gaps is seen.
    const alone = !pen && (i + 1 >= mark.x.length || (mark.y[i + 1] ?? null) === null);
    if (alone) path += "h0";
    if (mark.marker !== "") points += marker(mark.marker, x, y, px(6));
    pen = true;
  });
  const stroke = { fill: "none", stroke: mark.color, "stroke-width": px(mark.width), "stroke-linejoin": "round" };
  const opacity = mark.opacity === 1 ? undefined : mark.opacity;
  const dash = mark.dash.length === 0 ? undefined : mark.dash.map((d) => short(d * px(mark.width))).join(" ");
  const curve = mark.width === 0 ? "" : element("path", { d: path, ...stroke, "stroke-linecap": dash === undefined ? "round" : undefined, "stroke-dasharray": dash, opacity }); // biome-ignore format: one line
  return curve + (points === "" ? "" : element("path", { d: points, ...painted(mark.marker, mark.color), opacity }));
}

function scattered(mark: PointsMark, f: Frame): string {
  const paths = new Map<string, string>();
  mark.x.forEach((vx, i) => {
    const [x, y] = [f.x(vx ?? Number.NaN), f.y(mark.y[i] ?? Number.NaN)];
    if (!isDrawable(x) || !isDrawable(y)) return;
    const color = mark.colors[i % mark.colors.length] ?? "#000000";
    paths.set(color, (paths.get(color) ?? "") + marker(mark.marker, x, y, px(mark.size)));
  });
  const opacity = mark.opacity === 1 ? undefined : mark.opacity;
  return [...paths].map(([color, d]) => element("path", { d, ...painted(mark.marker, color), opacity })).join("");
}

function bars(mark: BarsMark, f: Frame): string {
  const opacity = mark.opacity === 1 ? undefined : mark.opacity;
  return mark.boxes
    .map(([x0, y0, x1, y1], i) => {
      const [a, b, c, d] = [f.x(x0), f.y(y0), f.x(x1), f.y(y1)];
      if (![a, b, c, d].every(isDrawable)) return "";
      const [x, y, width, height] = [Math.min(a, c), Math.min(b, d), Math.abs(c - a), Math.abs(d - b)];
      return element("rect", { x, y, width, height, fill: mark.colors[i % mark.colors.length], stroke: mark.edge ?? undefined, opacity }); // biome-ignore format: one line
    })
    .join("");
}

function rule(mark: RuleMark, f: Frame): string {
  const at = mark.across === "y" ? f.y(mark.at) : f.x(mark.at);
  if (!isDrawable(at)) return "";
  const d = mark.across === "y" ? `M${short(f.left)} ${short(at)}H${short(f.left + f.width)}` : `M${short(at)} ${short(f.top)}V${short(f.top + f.height)}`; // biome-ignore format: one line
  const dash = mark.dash.length === 0 ? undefined : mark.dash.map((v) => short(v * px(mark.width))).join(" ");
  return element("path", { d, stroke: mark.color, "stroke-width": px(mark.width), "stroke-dasharray": dash });
}

/** Texts lie above the data and are not cut at the frame. */
function text(mark: TextMark, f: Frame, sheet: Sheet): void {
  const [x, y] = [f.x(mark.x), f.y(mark.y)];
  if (!isDrawable(x) || !isDrawable(y)) return;
  let size = px(mark.size);
  if (mark.room !== null) {
    const [width, height] = [Math.abs(f.x(mark.x + mark.room[0]) - x), Math.abs(f.y(mark.y + mark.room[1]) - y)];
    const wanted = roomOf(mark.text, 1).width;
    size = Math.min(size, (width * 0.9) / Math.max(wanted, 0.01), height * 0.9);
    if (size < px(4.5)) return; // not to be read
  }
  const down = { top: 0.76, center: 0.36, bottom: -0.24, baseline: 0 }[mark.valign];
  sheet.text(mark.text, {
    x,
    y: y + size * down,
    size,
    color: mark.color,
    align: mark.align,
    on: mark.on ?? "#ffffff",
  });
}

/** A mark as elements; pictures and texts have their own places on the sheet. */
function drawnMark(mark: Mark, f: Frame): string {
  switch (mark.type) {
    case "line":
      return line(mark, f);
    case "points":
      return scattered(mark, f);
    case "bars":
      return bars(mark, f);
    case "rule":
      return rule(mark, f);
    default:
      return "";
  }
}

/** Draws the marks of axes, in their order, cut at the frame; then the texts. */
export function drawMarks(marks: readonly Mark[], f: Frame, sheet: Sheet): void {
  const drawn = marks.map((mark) => drawnMark(mark, f)).join("");
  if (drawn !== "") sheet.add("g", { "clip-path": `url(#${sheet.clip(f.left, f.top, f.width, f.height)})` }, drawn);
  for (const mark of marks) {
    if (mark.type === "image") image(mark, f, sheet);
    if (mark.type === "text") text(mark, f, sheet);
  }
}
