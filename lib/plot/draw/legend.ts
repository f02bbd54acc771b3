/** The legend of axes: where it covers the least. */
import { cut, measure, roomOf } from "../fonts.js";
import type { AxesSpec, Mark } from "../spec.js";
import { type Frame, marker, painted } from "./marks.js";
import { px, SMALL } from "./plan.js";
import { element, type Sheet, short } from "./svg.js";

type Labelled = Exclude<Mark, { type: "image" } | { type: "text" }> & { readonly label: string };

const labelled = (mark: Mark): mark is Labelled => "label" in mark && mark.label !== null && mark.label !== "";

/** The corners by matplotlib's names, as shares of the room that is left. */
const PLACES: Readonly<Record<string, readonly [number, number]>> = {
  ...{ "upper right": [1, 0], "upper left": [0, 0], "lower left": [0, 1], "lower right": [1, 1] },
  ...{ "center right": [1, 0.5], right: [1, 0.5], "center left": [0, 0.5], "upper center": [0.5, 0] },
  ...{ "lower center": [0.5, 1], center: [0.5, 0.5] },
};

/** The names of places. */
export const LEGEND_PLACES = ["best", ...Object.keys(PLACES)];

/** The points of the data in pixels. */
function pointsOf(marks: readonly Mark[], f: Frame): [number, number][] {
  return marks.flatMap((mark): [number, number][] => {
    if (mark.type === "line" || mark.type === "points") {
      return mark.x.map((x, i) => [f.x(x ?? Number.NaN), f.y(mark.y[i] ?? Number.NaN)]);
    }
    if (mark.type !== "bars") return [];
    return mark.boxes.flatMap(([x0, y0, x1, y1]) => [0, 0.5, 1].map((s) => [f.x((x0 + x1) / 2), f.y(y0 + (y1 - y0) * s)] as [number, number])); // biome-ignore format: one line
  });
}

function sample(mark: Labelled, x: number, y: number, size: number): string {
  const middle = x + size;
  const color = mark.type === "bars" || mark.type === "points" ? (mark.colors[0] ?? "#000000") : mark.color;
  if (mark.type === "bars") return element("rect", { x, y: y - size * 0.35, width: size * 2, height: size * 0.7, fill: color, opacity: mark.opacity }); // biome-ignore format: one line
  if (mark.type === "points") return element("path", { d: marker(mark.marker, middle, y, px(mark.size)), ...painted(mark.marker, color) }); // biome-ignore format: one line
  const dash = mark.dash.length === 0 ? undefined : mark.dash.map((d) => short(d * px(mark.width))).join(" ");
  const stroke = { stroke: color, "stroke-width": px(mark.width), "stroke-dasharray": dash };
  const path = element("path", { d: `M${short(x)} ${short(y)}h${short(size * 2)}`, ...stroke });
  const point = mark.type === "line" && mark.marker !== "" ? element("path", { d: marker(mark.marker, middle, y, px(6)), ...painted(mark.marker, color) }) : ""; // biome-ignore format: one line
  return path + point;
}

/** Draws the legend of axes that have one and labels for it. */
export function drawLegend(axes: AxesSpec, f: Frame, sheet: Sheet): void {
  const marks = axes.marks.filter(labelled);
  if (axes.legend === null || marks.length === 0) return;
  const size = Math.min(px(SMALL), Math.max(f.height / (marks.length * 1.5 + 1), px(6)));
  const room = f.width * 0.8 - size * 3.6;
  const { title } = axes.legend;
  measure(marks.map((mark) => mark.label));
  const texts = marks.map((mark) => cut(mark.label, size, room));
  const heading = title === null ? null : cut(title, size, room);
  const rows = marks.length + (heading === null ? 0 : 1);
  const width = Math.max(...[...texts, heading ?? ""].map((t) => roomOf(t, size).width)) + size * 3.6;
  const height = rows * size * 1.4 + size * 0.6;
  if (width > f.width || height > f.height) return; // no room
  const inset = Math.min(px(5), (f.width - width) / 2, (f.height - height) / 2);
  const at = ([u, v]: readonly [number, number]): [number, number] => [
    f.left + inset + u * (f.width - width - 2 * inset),
    f.top + inset + v * (f.height - height - 2 * inset),
  ];
  const points = pointsOf(axes.marks, f);
  const covered = ([x, y]: [number, number]) => points.filter(([a, b]) => a >= x && a <= x + width && b >= y && b <= y + height).length; // biome-ignore format: one line
  const named = PLACES[axes.legend.loc];
  const places = named === undefined ? Object.values(PLACES).map(at) : [at(named)];
  const [left, top] = places.reduce((a, b) => (covered(b) < covered(a) ? b : a));
  sheet.add("rect", {
    x: left,
    y: top,
    width,
    height,
    rx: 3,
    fill: "#ffffff",
    "fill-opacity": 0.85,
    stroke: "#cccccc",
  });
  let y = top + size;
  if (heading !== null) {
    sheet.text(heading, { x: left + width / 2, y: y + size * 0.36, size, align: "center" });
    y += size * 1.4;
  }
  marks.forEach((mark, i) => {
    sheet.parts.push(sample(mark, left + size * 0.5, y, size));
    sheet.text(texts[i] ?? "", { x: left + size * 3.1, y: y + size * 0.36, size });
    y += size * 1.4;
  });
}
