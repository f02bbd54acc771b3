/**
 * Calls PyTorch's samples with one value replaced by one that does not fit. Errors are right; a crash, an abort or a hang is not.
 * Prints how many calls were made.   tsx test/conformance/mutants.ts [EVERY]
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { runSample } from "./sample.js";

const tensor = (t: readonly unknown[], shape: readonly number[], dtype: string) => ({ t, shape, dtype, grad: false });
const JUNK: readonly unknown[] = [
  ...[null, -1, 0, 3, -7, 2.5, 2 ** 53, -(2 ** 62), 1e300, true, "x", { f: "nan" }, { f: "-inf" }],
  ...[
    { list: [] },
    { list: [-1, 2] },
    { list: [2 ** 50, 2 ** 50] },
    { list: [1, 1, 1, 1, 1, 1, 1] },
    { ellipsis: true },
  ],
  ...[{ dtype: "bool" }, { dtype: "int16" }, { slice: [5, -9, 3] }, { dict: {} }],
  ...[tensor([], [0], "float32"), tensor([1.5], [], "float64"), tensor([1, 0, 1], [3], "bool")],
  ...[tensor([-1, 9, 4611686018427388], [1, 3], "int64"), tensor([1, 2, 3, 4, 5, 6], [1, 2, 3, 1], "bfloat16")],
];

let seed = 7;
const random = (n: number): number => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return (seed >>> 8) % n;
};

type Spot = { holder: Record<string, unknown>; key: string };

/** Every place of a value inside `value`, its own parts before their parts; a tensor is one value. */
function spots(value: unknown, out: Spot[] = []): Spot[] {
  if (typeof value !== "object" || value === null || "t" in value) return out;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    out.push({ holder, key });
    spots(holder[key], out);
  }
  return out;
}

const every = Number(process.argv[2] ?? 1);
let calls = 0;
for (const name of ["ops.jsonl.gz", "modules.jsonl.gz"]) {
  const text = gunzipSync(readFileSync(new URL(`../fixtures/pytorch/${name}`, import.meta.url))).toString("utf8");
  for (const [i, line] of text.split("\n").entries()) {
    if (line === "" || i % every !== 0) continue;
    const sample = JSON.parse(line);
    const parts = ["input", "args", "kwargs", "ctor", "forward"].filter((part) => part in sample);
    const places = spots(Object.fromEntries(parts.map((part) => [part, sample[part]])));
    const spot = places[random(places.length)];
    if (spot === undefined) continue;
    // The top level was rebuilt above: write through to the sample itself.
    const holder = parts.includes(spot.key) && places.slice(0, parts.length).includes(spot) ? sample : spot.holder;
    holder[spot.key] = JUNK[random(JUNK.length)];
    calls++;
    runSample(JSON.stringify(sample));
  }
}
console.log(`${calls} calls`);
