/**
 * Times the workloads, beside PyTorch's in the same run where a Python with torch is given.
 *
 *   npm run bench -- [NAME ...] [--json] [--pytorch PYTHON] [--rounds N]
 *   npm run bench -- data ...                                            the loading of images: benches/data.ts
 *
 * Rounds of both sides alternate, so that a drift of the machine's speed meets both; minimum and median are printed, in
 * milliseconds, and the ratios of the minima and of the medians (below 1: faster than PyTorch).
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as torch from "candlewick";
import { benchData } from "./data.js";
import { ownWorkloads, type Workload, workloads } from "./workloads.js";

interface Round {
  min_ms: number;
  median_ms: number;
}

/** One side of the comparison: answers a name with one timed round. */
type Side = (name: string) => Promise<Round>;

const all: Record<string, Workload> = { ...workloads, ...ownWorkloads };
/** The share of a workload's runs in one round, as in pytorch_bench.py --serve. */
const SHARE = 0.2;

const ready = new Map<string, () => unknown>();

async function ours(name: string): Promise<Round> {
  const [make, runs] = all[name] as Workload;
  let step = ready.get(name);
  if (step === undefined) {
    step = make();
    ready.set(name, step);
    for (let i = 0; i < Math.max(2, runs / 10); i++) step();
  }
  const times: number[] = [];
  for (let i = 0; i < Math.max(1, Math.floor(runs * SHARE)); i++) {
    const start = performance.now();
    step();
    times.push(performance.now() - start);
  }
  return { min_ms: Math.min(...times), median_ms: median(times) };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** PyTorch's side: a process that reads a name a line and answers each with a line. */
function pytorch(python: string): { side: Side; process: ChildProcess } {
  const script = fileURLToPath(new URL("pytorch_bench.py", import.meta.url));
  const child = spawn(python, [script, "--serve"], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const side = async (name: string) => {
    child.stdin.write(`${name}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`${python} ${script} ended without an answer for ${name}`);
    return JSON.parse(value) as Round;
  };
  return { side, process: child };
}

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    ...{ json: { type: "boolean" }, pytorch: { type: "string" } },
    ...{ photos: { type: "string" }, rounds: { type: "string", default: "5" } },
  },
});
if (names[0] === "data") {
  const { pytorch: python, photos, rounds } = options;
  await benchData({ rounds: Number(rounds), ...(python && { pytorch: python }), ...(photos && { photos }) });
  process.exit(0);
}
const unknown = names.filter((name) => !(name in all));
if (unknown.length > 0) {
  console.error(`no workload named ${unknown.join(", ")}; there are ${Object.keys(all).join(", ")}`);
  process.exit(2);
}

torch.manualSeed(0);
const python = options.pytorch === undefined ? undefined : pytorch(options.pytorch);
const summary = (rounds: Round[]) => ({
  min: Math.min(...rounds.map((r) => r.min_ms)),
  median: median(rounds.map((r) => r.median_ms)),
});
if (!options.json)
  console.log(`${"workload".padEnd(30)}     min  median   (ms)   PyTorch: min  median   ratio: min  median`);
for (const name of names.length > 0 ? names : Object.keys(all)) {
  const [mine, theirs]: Round[][] = [[], []];
  for (let i = 0; i < Number(options.rounds); i++) {
    // PyTorch's threads spin for a while after their work; ours must not be timed beside them.
    if (python !== undefined) await setTimeout(300);
    mine?.push(await ours(name));
    if (python !== undefined && name in workloads) theirs?.push(await python.side(name));
  }
  ready.delete(name);
  const a = summary(mine ?? []);
  const b = theirs?.length ? summary(theirs) : undefined;
  if (options.json) {
    const ratio = b && { min: a.min / b.min, median: a.median / b.median };
    console.log(JSON.stringify({ name, simd: torch.simdLevel(), ours: a, pytorch: b, ratio }));
    continue;
  }
  const ms = (v: number) => v.toFixed(v < 1 ? 3 : 2).padStart(8);
  const compared =
    b &&
    `          ${ms(b.min)}${ms(b.median)}          ${(a.min / b.min).toFixed(2)}    ${(a.median / b.median).toFixed(2)}`;
  console.log(`${name.padEnd(30)}${ms(a.min)}${ms(a.median)}${compared ?? ""}`);
}
python?.process.kill();
