/** Scales, and which ticks an axis has room for. */

import { d3Scale } from "../../libraries.js";
import { measure, roomOf } from "../fonts.js";
import type { AxisSpec } from "../spec.js";

/** From data to pixels. */
export type Scale = (value: number) => number;

/** A tick: its value and what stands at it. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** The ticks of an axis, and how they are written. */
export interface Ticks {
  readonly ticks: readonly Tick[];
  /** Whether the labels of an x axis run upwards. */
  readonly vertical: boolean;
  readonly size: number;
}

/** The scale of an axis from `limits` to the pixels `range`. */
export function scaleOf(axis: AxisSpec, limits: readonly [number, number], range: readonly [number, number]): Scale {
  const { scaleLinear, scaleLog } = d3Scale();
  const scale = axis.scale === "log" ? scaleLog() : scaleLinear();
  return scale.domain(limits).range(range) as unknown as Scale;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const power = (n: number): string =>
  `10${n < 0 ? "⁻" : ""}${[...String(Math.abs(n))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("")}`;

/** The ticks that a scale chooses, about `count` of them. */
function chosen(axis: AxisSpec, limits: readonly [number, number], count: number, whole: boolean): Tick[] {
  const { scaleLinear } = d3Scale();
  const [low, high] = [Math.min(...limits), Math.max(...limits)];
  if (axis.scale === "log" && high / low >= 10) {
    const first = Math.ceil(Math.log10(low) - 1e-9);
    const powers = Array.from({ length: Math.floor(Math.log10(high) + 1e-9) - first + 1 }, (_, i) => first + i);
    const step = Math.ceil(powers.length / Math.max(count, 2));
    return powers.filter((_, i) => i % step === 0).map((n) => ({ at: 10 ** n, label: power(n) }));
  }
  const scale = scaleLinear().domain([low, high]);
  const ticks = scale.ticks(count).filter((at) => !whole || Number.isInteger(at));
  const span = Math.max(Math.abs(low), Math.abs(high));
  const isPlain = span < 1e6 && (span >= 1e-4 || span === 0);
  const isWhole = ticks.every(Number.isInteger);
  const write = isPlain ? (isWhole ? String : scale.tickFormat(count)) : scale.tickFormat(count, "~e");
  return ticks.map((at) => ({ at, label: write(at).replaceAll(",", "").replace("-", "−") }));
}

/** The ticks of an axis of `length` pixels. */
export function ticksOf(
  axis: AxisSpec,
  limits: readonly [number, number],
  length: number,
  o: { horizontal: boolean; size: number; whole: boolean; longest: number },
): Ticks {
  const { horizontal, size } = o;
  const none: Ticks = { ticks: [], vertical: false, size };
  if (length < size) return none;
  if (axis.ticks !== null) return given(axis, axis.ticks, limits, length, o);
  const most = Math.max(Math.floor(length / (horizontal ? size * 2.2 : size * 2)), 1);
  for (let count = Math.min(most, horizontal ? 8 : 9); count >= 1; count--) {
    const ticks = chosen(axis, limits, count, o.whole);
    const scale = scaleOf(axis, limits, [0, length]);
    if (ticks.length === 0) continue;
    measure(ticks.map((t) => t.label));
    const isFree = ticks.every((tick, i) => {
      const next = ticks[i + 1];
      if (next === undefined) return true;
      const room = Math.abs(scale(next.at) - scale(tick.at));
      const width = (t: Tick) => roomOf(t.label, size).width;
      return horizontal ? (width(tick) + width(next)) / 2 + size * 0.5 <= room : size * 1.2 <= room;
    });
    if (isFree) return { ticks, vertical: false, size };
  }
  return none;
}

/** Ticks that the caller set: upright where they would touch, and only some where there is no room for all. */
function given(
  axis: AxisSpec,
  places: readonly number[],
  limits: readonly [number, number],
  length: number,
  { horizontal, size, longest }: { horizontal: boolean; size: number; longest: number },
): Ticks {
  const [low, high] = [Math.min(...limits), Math.max(...limits)];
  const all = places
    .map((at, i) => ({ at, label: axis.labels === null ? String(Number(at.toPrecision(6))) : (axis.labels[i] ?? "") }))
    .filter(({ at }) => at >= low && at <= high);
  if (all.length === 0) return { ticks: [], vertical: false, size };
  measure(all.map((t) => t.label));
  const scale = scaleOf(axis, limits, [0, length]);
  const at = all.map((t) => scale(t.at)).toSorted((a, b) => a - b);
  const gaps = at.slice(1).map((v, i) => v - (at[i] ?? 0));
  const slot = gaps.length === 0 ? length : Math.min(...gaps);
  const widest = Math.max(...all.map((t) => roomOf(t.label, size).width));
  const vertical = horizontal && (axis.rotation === null ? widest + size * 0.4 > slot : axis.rotation !== 0);
  const needed = horizontal && !vertical ? Math.min(widest + size * 0.4, longest) : size * 1.15;
  // Small text first, then fewer labels.
  const smaller = Math.max(Math.min(size, (size * slot) / needed), size * 0.6);
  const every =
    horizontal && !vertical && axis.rotation === null ? 1 : Math.max(Math.ceil((needed * smaller) / size / slot), 1);
  return { ticks: all.filter((_, i) => i % every === 0), vertical, size: Math.min(size, smaller) };
}
