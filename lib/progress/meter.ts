/** The line of a bar, in tqdm's form: `train:  45%|████▌     | 45/100 [00:02<00:02, 18.50it/s, loss=0.123]`. */
import { cutTo, widthOf } from "./width.js";

/** What a line shows. */
export interface Meter {
  readonly desc: string;
  /** Steps done. */
  readonly n: number;
  /** Steps in all, where they are known. */
  readonly total: number | undefined;
  /** Seconds so far. */
  readonly elapsed: number;
  /** Steps a second; undefined before the first. */
  readonly rate: number | undefined;
  /** What a step is called. */
  readonly unit: string;
  /** Whether numbers are written as 1.23k, 4.56M. */
  readonly unitScale: boolean;
  readonly postfix: string;
}

/** Eighths of a block. */
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Seconds as 01:23 or 1:02:03. */
export function interval(seconds: number): string {
  const whole = Math.floor(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (v: number) => String(v).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

/** A number of three digits and a prefix: 1.23k, 45.6M, 789. */
export function scaled(value: number): string {
  let v = value;
  for (const prefix of ["", "k", "M", "G", "T", "P"]) {
    if (Math.abs(v) < 999.5)
      return `${Math.abs(v) < 9.995 ? v.toFixed(2) : Math.abs(v) < 99.95 ? v.toFixed(1) : v.toFixed(0)}${prefix}`;
    v /= 1000;
  }
  return `${v.toFixed(1)}E`;
}

function rateText({ rate, unit, unitScale }: Meter): string {
  if (rate === undefined || !Number.isFinite(rate) || rate <= 0) return `?${unit}/s`;
  const write = (v: number) => (unitScale ? scaled(v) : v.toFixed(2).padStart(5));
  return rate < 1 ? `${write(1 / rate)}s/${unit}` : `${write(rate)}${unit}/s`;
}

/** What stands behind the bar. */
function counts(m: Meter): string {
  const write = (v: number) => (m.unitScale ? scaled(v) : String(v));
  const known = m.total !== undefined && m.total >= m.n;
  const left = known && m.rate !== undefined && m.rate > 0 ? interval(((m.total ?? 0) - m.n) / m.rate) : "?";
  const time = known ? `${interval(m.elapsed)}<${left}` : interval(m.elapsed);
  const done = known ? `${write(m.n)}/${write(m.total ?? 0)}` : `${write(m.n)}${m.unit}`;
  return `${done} [${time}, ${rateText(m)}${m.postfix === "" ? "" : `, ${m.postfix}`}]`;
}

/** A line without a bar, for logs. */
export function plainLine(m: Meter): string {
  const share = m.total !== undefined && m.total >= m.n && m.total > 0 ? `${Math.floor((100 * m.n) / m.total)}% ` : "";
  return `${m.desc === "" ? "" : `${m.desc}: `}${share}${counts(m)}`;
}

/** A line with a bar, `columns` wide. */
export function barLine(m: Meter, columns: number): string {
  const rest = counts(m);
  const desc = m.desc === "" ? "" : `${m.desc}: `;
  if (m.total === undefined || m.total < m.n || m.total === 0) return cutTo(desc + rest, columns);
  const share = m.n / m.total;
  const front = `${desc}${String(Math.floor(share * 100)).padStart(3)}%|`;
  const width = columns - widthOf(front) - widthOf(rest) - 2;
  if (width < 1) return cutTo(`${front.slice(0, -1)} ${rest}`, columns);
  const eighths = Math.floor(share * width * 8);
  const bar = "█".repeat(eighths >> 3) + (EIGHTHS[eighths & 7] ?? "");
  return `${front}${bar}${" ".repeat(width - bar.length)}| ${rest}`;
}
