/** A line search for the strong Wolfe conditions, by cubic interpolation.   [Nocedal & Wright 2006, algorithms 3.5 and 3.6] */
import type { Tensor } from "../tensor.js";

/** A point on the line: how far, the loss, the gradient, and the slope along the line. */
export interface LinePoint {
  t: number;
  loss: number;
  grad: Tensor;
  slope: number;
}

/** What a search ends with. */
export interface LineSearch extends LinePoint {
  /** How often the loss was computed. */
  evaluations: number;
}

const SUFFICIENT = 1e-4;
const CURVATURE = 0.9;

/** The minimum of the cubic through two points with their slopes, kept within bounds. */
function interpolate(a: LinePoint, b: LinePoint, bounds: readonly [number, number]): number {
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.t - b.t);
  const square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (bounds[0] + bounds[1]) / 2;
  const d2 = Math.sqrt(square);
  const [near, far] = a.t <= b.t ? [a, b] : [b, a];
  const at = far.t - (far.t - near.t) * ((far.slope + d2 - d1) / (far.slope - near.slope + 2 * d2));
  return Math.min(Math.max(at, bounds[0]), bounds[1]);
}

/**
 * Searches from `start` (t 0) along a direction whose largest component is `largest`; `evaluate` gives the point at a
 * distance, `first` is the first one tried.
 */
export function strongWolfe(
  evaluate: (t: number) => LinePoint,
  start: LinePoint,
  first: number,
  largest: number,
  toleranceChange: number,
  maxSearch: number,
): LineSearch {
  let point = evaluate(first);
  let evaluations = 1;
  let previous = start;
  let iterations = 0;
  let bracket: [LinePoint, LinePoint] | undefined;
  const tooHigh = (p: LinePoint) => p.loss > start.loss + SUFFICIENT * p.t * start.slope;
  const flat = (p: LinePoint) => Math.abs(p.slope) <= -CURVATURE * start.slope;

  // Until two points have a minimum between them.
  while (iterations < maxSearch) {
    if (tooHigh(point) || (iterations > 1 && point.loss >= previous.loss)) {
      bracket = [previous, point];
      break;
    }
    if (flat(point)) return { ...point, evaluations };
    if (point.slope >= 0) {
      bracket = [previous, point];
      break;
    }
    const bounds = [point.t + 0.01 * (point.t - previous.t), point.t * 10] as const;
    const next = interpolate(previous, point, bounds);
    previous = point;
    point = evaluate(next);
    evaluations++;
    iterations++;
  }
  bracket ??= [start, point];

  // Narrows the bracket until a point in it meets the conditions.
  let [low, high] = bracket[0].loss <= bracket[1].loss ? [0, 1] : [1, 0];
  let stalled = false;
  while (iterations < maxSearch) {
    const [a, b]: [LinePoint, LinePoint] = bracket;
    if (Math.abs(b.t - a.t) * largest < toleranceChange) break;
    const [least, most] = a.t <= b.t ? [a.t, b.t] : [b.t, a.t];
    let t = interpolate(a, b, [least, most]);
    // A point near an end makes too little progress: the second time, or at the end itself, it is moved inside.
    const margin = 0.1 * (most - least);
    if (Math.min(most - t, t - least) < margin) {
      if (stalled || t >= most || t <= least) {
        t = Math.abs(t - most) < Math.abs(t - least) ? most - margin : least + margin;
        stalled = false;
      } else stalled = true;
    } else stalled = false;
    point = evaluate(t);
    evaluations++;
    iterations++;
    const [best, worst]: [LinePoint, LinePoint] = low === 0 ? [a, b] : [b, a];
    if (tooHigh(point) || point.loss >= best.loss) {
      bracket[high] = point;
      [low, high] = bracket[0].loss <= bracket[1].loss ? [0, 1] : [1, 0];
      continue;
    }
    const done = flat(point);
    if (!done && point.slope * (worst.t - best.t) >= 0) bracket[high] = best;
    bracket[low] = point;
    if (done) break;
  }
  return { ...(low === 0 ? bracket[0] : bracket[1]), evaluations };
}
