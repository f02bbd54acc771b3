/** Where axes are: a grid whose columns and rows leave room for the text around. */
import type { AxesSpec, FigureSpec } from "../spec.js";
import { type Margins, type Plan, plan, px, SMALL } from "./plan.js";

/** Axes at their place: left and top of the frame in pixels. */
export interface Placed {
  readonly axes: AxesSpec;
  readonly plan: Plan;
  readonly left: number;
  readonly top: number;
}

/** Pixels around everything. */
const EDGE = 10;

/** A grid: all axes with as many rows and columns. */
interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly members: AxesSpec[];
}

function gridsOf(figure: FigureSpec): Grid[] {
  const grids = new Map<string, Grid>();
  for (const axes of figure.axes) {
    const { rows, columns } = axes.place;
    const key = `${rows} ${columns}`;
    const grid = grids.get(key) ?? { rows, columns, members: [] };
    grids.set(key, grid);
    grid.members.push(axes);
  }
  return [...grids.values()];
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Places all axes of a figure of `width` x `height` pixels, `head` of which the figure's title takes. */
export function layout(figure: FigureSpec, width: number, height: number, head: number): Placed[] {
  return gridsOf(figure).flatMap((grid) => placed(grid, figure, width, height, head));
}

function placed(grid: Grid, figure: FigureSpec, width: number, height: number, head: number): Placed[] {
  const { rows, columns, members } = grid;
  const gapX = columns > 1 ? Math.min(px(5), (width * 0.1) / columns) : 0;
  const gapY = rows > 1 ? Math.min(px(5), (height * 0.1) / rows) : 0;
  const room = { x: width - 2 * EDGE - gapX * (columns - 1), y: height - head - 2 * EDGE - gapY * (rows - 1) };
  const longest = Math.min(width, height) * 0.35;
  // Small axes have small text.
  const size = Math.min(px(SMALL), Math.max(Math.min(room.x / columns, room.y / rows) / 13, px(6)));
  // What text needs depends on the room that it leaves: a few rounds agree.
  let inner = { x: (room.x / columns) * 0.8, y: (room.y / rows) * 0.8 };
  let plans: Plan[] = [];
  let [left, right, top, bottom] = [[] as number[], [] as number[], [] as number[], [] as number[]];
  let cell = room.x / columns;
  for (let round = 0; round < 3; round++) {
    plans = members.map((axes) => plan(axes, { width: inner.x, height: inner.y, cell, longest, size }));
    const most = (side: keyof Margins, at: "row" | "column", count: number) => {
      const out = new Array<number>(count).fill(0);
      members.forEach((axes, i) => {
        const place = axes.place[at];
        out[place] = Math.max(out[place] ?? 0, plans[i]?.margins[side] ?? 0);
      });
      return out;
    };
    [left, right] = [most("left", "column", columns), most("right", "column", columns)];
    [top, bottom] = [most("top", "row", rows), most("bottom", "row", rows)];
    inner = {
      x: Math.max((room.x - sum(left) - sum(right)) / (columns + figure.wspace * (columns - 1)), 8),
      y: Math.max((room.y - sum(top) - sum(bottom)) / (rows + figure.hspace * (rows - 1)), 8),
    };
    // A title is in the middle of the frame: it may be twice as wide as the narrower half.
    const side = (c: number) => Math.min(left[c] ?? 0, right[c] ?? 0) * 2;
    cell = inner.x + Math.min(...Array.from({ length: columns }, (_, c) => side(c)));
  }
  plans = members.map((axes) => plan(axes, { width: inner.x, height: inner.y, cell, longest, size }));
  return members.map((axes, i) => {
    const { row, column } = axes.place;
    const before = (sides: number[][], at: number) => sum(sides.map((side) => sum(side.slice(0, at))));
    const x =
      EDGE + before([left, right], column) + (left[column] ?? 0) + column * (inner.x * (1 + figure.wspace) + gapX);
    const y = head + EDGE + before([top, bottom], row) + (top[row] ?? 0) + row * (inner.y * (1 + figure.hspace) + gapY);
    const own = plans[i] as Plan;
    return { axes, plan: own, left: x + (inner.x - own.width) / 2, top: y + (inner.y - own.height) / 2 };
  });
}
