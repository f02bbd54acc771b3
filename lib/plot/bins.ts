/** Bins of histograms. */
import { ArgumentError } from "../errors.js";
import { describe } from "../tensor/base.js";

/** The edges of bins: as many as asked for, of one width, or those that are given. */
export function edgesOf(
  op: string,
  values: readonly number[],
  { bins = 10, range }: { bins?: number | readonly number[]; range?: readonly [number, number] },
): number[] {
  if (Array.isArray(bins)) {
    const isRising = bins.length > 1 && bins.every((v, i) => i === 0 || v > bins[i - 1]);
    if (!isRising) throw new ArgumentError(`${op}: expected bins to be edges that rise, received [${bins.join(", ")}]`, { op }); // biome-ignore format: one line
    return [...bins];
  }
  const total = bins as number;
  if (!Number.isInteger(total) || total < 1 || total > 100_000) {
    throw new ArgumentError(`${op}: expected bins to be a number of bins or a list of edges, received ${describe(bins)}`, { op }); // biome-ignore format: one line
  }
  const low = range?.[0] ?? values.reduce((a, b) => Math.min(a, b));
  const high = range?.[1] ?? values.reduce((a, b) => Math.max(a, b));
  const [from, to] = low === high ? [low - 0.5, high + 0.5] : [low, high];
  return Array.from({ length: total + 1 }, (_, i) => (i === total ? to : from + ((to - from) * i) / total));
}

/** How many values lie in each bin; the last has its upper edge too. */
export function countsOf(values: readonly number[], edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (const v of values) {
    let [low, high] = [0, edges.length - 1];
    if (!(v >= (edges[low] ?? 0) && v <= (edges[high] ?? 0))) continue; // nor NaN
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (v >= (edges[middle] ?? 0)) low = middle;
      else high = middle;
    }
    counts[low] = (counts[low] ?? 0) + 1;
  }
  return counts;
}
