/** The table of a run: a line per name and the totals. */
import type { Outcome } from "./sample.js";

/** How many of how many. */
export interface Count {
  passed: number;
  total: number;
}

/** Counts outcomes; skipped samples do not count. */
export function countOf(outcomes: readonly Outcome[]): Count {
  const counted = outcomes.filter(({ status }) => status !== "skipped");
  return { passed: counted.filter(({ status }) => status === "passed").length, total: counted.length };
}

/** `3/4  75.0%`. */
export function formatCount({ passed, total }: Count): string {
  return `${passed}/${total}  ${(total === 0 ? 0 : (100 * passed) / total).toFixed(1)}%`;
}

/** Items by a key, in the order of its first appearance. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** A line per name: passed/total and the first failure's reason; with `every`, all failures. */
export function table(outcomes: readonly Outcome[], every: boolean): string[] {
  const groups = [...groupBy(outcomes, ({ name }) => name)];
  const width = Math.max(0, ...groups.map(([name]) => name.length));
  return groups.flatMap(([name, group]) => {
    const { passed, total } = countOf(group);
    const failures = group.filter(({ status }) => status === "failed" || status === "not here");
    const head = `${name.padEnd(width)}  ${`${passed}/${total}`.padStart(7)}`;
    if (total === 0) return [`${head}  skipped`];
    const reasons = failures.map(({ status, reason }) => (status === "not here" ? "not here" : oneLine(reason)));
    if (every) return [head, ...reasons.map((reason) => `  ${reason}`)];
    return [reasons[0] === undefined ? head : `${head}  ${reasons[0]}`];
  });
}

const LONGEST = 300;

function oneLine(reason: string): string {
  const line = reason.replace(/\s*\n\s*/g, " | ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST)} ...` : line;
}
