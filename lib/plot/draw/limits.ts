/** From where to where an axis goes. */
import type { AxesSpec, Mark } from "../spec.js";

const held = (values: readonly (number | null)[]): number[] =>
  values.filter((v): v is number => v !== null && Number.isFinite(v));

/** The values of a mark along an axis, and whether the axis ends there without a margin. */
function extent(mark: Mark, axis: "x" | "y"): { values: number[]; sticky: number[] } {
  switch (mark.type) {
    case "image": {
      const values = axis === "x" ? mark.extent.slice(0, 2) : mark.extent.slice(2);
      return { values, sticky: values };
    }
    case "bars": {
      const [low, high] = axis === "x" ? [0, 2] : [1, 3];
      const values = mark.boxes.flatMap((box) => [box[low] as number, box[high] as number]);
      return { values, sticky: [0] };
    }
    case "rule":
      return { values: mark.across === axis ? [mark.at] : [], sticky: [] };
    case "text":
      return { values: [], sticky: [] };
    default:
      return { values: held(mark[axis]), sticky: [] };
  }
}

/** The limits of an axis: what is set, or all data and a margin of a twentieth; the first is drawn left or at the bottom. */
export function limitsOf(axes: AxesSpec, name: "x" | "y"): readonly [number, number] {
  const axis = axes[name];
  const turn = ([a, b]: readonly [number, number]): readonly [number, number] => (axis.inverted ? [b, a] : [a, b]);
  if (axis.limits !== null) return turn(axis.limits);
  const isLog = axis.scale === "log";
  const parts = axes.marks.map((mark) => extent(mark, name));
  const reduce = (pick: (a: number, b: number) => number) =>
    parts.flatMap((p) => p.values).reduce((a, v) => (isLog && v <= 0 ? a : pick(a, v)), Number.NaN);
  const low = reduce((a, v) => (Number.isNaN(a) || v < a ? v : a));
  const high = reduce((a, v) => (Number.isNaN(a) || v > a ? v : a));
  if (Number.isNaN(low)) return turn(isLog ? [1, 10] : [0, 1]);
  const sticky = parts.flatMap((p) => p.sticky);
  if (isLog) {
    const margin = low === high ? 2 : (high / low) ** 0.05;
    return turn([low / margin, high * margin]);
  }
  const span = high - low || Math.abs(low) || 1;
  const isImage = axes.marks.some((mark) => mark.type === "image");
  const margin = isImage ? 0 : high === low ? span / 2 : span * 0.05;
  return turn([sticky.includes(low) ? low : low - margin, sticky.includes(high) ? high : high + margin]);
}

/** Whether all values of an axis are whole numbers: epochs, classes. */
export function isWhole(axes: AxesSpec, name: "x" | "y"): boolean {
  return axes.marks.every((mark) => (mark.type === "line" || mark.type === "points") && held(mark[name]).every(Number.isInteger)); // biome-ignore format: one line
}
