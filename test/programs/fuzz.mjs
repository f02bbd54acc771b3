/**
 * Calls everything public with arguments that are right, nearly right, or nonsense, in child processes and from a fixed seed.
 * A crash, a hang, and an error that is not one of this library's own are faults; each is printed once.
 *
 *   node test/programs/fuzz.mjs [CALLS] [SEED]      CALLS in all, 10000 by default
 */
import { spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SELF = fileURLToPath(import.meta.url);
const BATCH = 2_500;
/** Milliseconds that a batch may take before it counts as hanging. */
const LIMIT = 120_000;

/** Numbers below n, from a seed; the same on every machine. */
function generator(seed) {
  let state = seed >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

async function child(calls, seed, log) {
  const torch = await import("../../dist/index.js");
  const { targets } = await import("./fuzz-targets.mjs");
  const fd = openSync(log, "w");
  const faults = new Map();
  const check = (name, error) => {
    if (error instanceof torch.TorchError) return;
    const text = error instanceof Error ? `${error.name}: ${error.message.split("\n")[0]}` : String(error);
    faults.set(
      `${name}: ${text}`,
      error instanceof Error ? (error.stack ?? "").split("\n").slice(1, 4).join("\n") : "",
    );
  };
  process.on("warning", () => {});
  const random = generator(seed);
  const all = targets(torch, random);
  for (let i = 0; i < calls; i++) {
    const { name, run } = all[random(all.length)];
    writeSync(fd, `${name}\n`);
    try {
      const result = run();
      if (result instanceof Promise) await result;
    } catch (error) {
      check(name, error);
    }
    // What waits on promises and timers gets its turn.
    if (i % 100 === 0) await new Promise((done) => setImmediate(done));
  }
  console.log(JSON.stringify([...faults]));
}

function batch(calls, seed, folder) {
  const log = join(folder, `${seed}.log`);
  return new Promise((resolve) => {
    const limit = { timeout: LIMIT, killSignal: "SIGKILL" };
    const args = ["--no-warnings", SELF, "--child", String(calls), String(seed), log];
    const process_ = spawn(process.execPath, args, { ...limit, stdio: ["ignore", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    process_.stdout.on("data", (text) => {
      out += text;
    });
    process_.stderr.on("data", (text) => {
      err += text;
    });
    process_.on("close", (status, signal) => {
      if (status === 0) return resolve(JSON.parse(out.trim().split("\n").at(-1)));
      const last = readFileSync(log, "utf8").trim().split("\n").at(-1);
      const what = signal === "SIGKILL" ? "hangs" : `crashes (${signal ?? status})`;
      resolve([[`${last}: ${what}`, `batch of seed ${seed}\n${err.slice(-2000)}`]]);
    });
  });
}

if (process.argv[2] === "--child") {
  await child(Number(process.argv[3]), Number(process.argv[4]), process.argv[5]);
  process.exit(0);
}
const [calls = 10_000, seed = 1] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "candlewick-fuzz-"));
const faults = new Map();
for (let done = 0, i = 0; done < calls; done += BATCH, i++) {
  const found = await batch(Math.min(BATCH, calls - done), seed * 1_000 + i, folder);
  for (const [fault, where] of found) {
    if (!faults.has(fault)) console.log(`${fault}\n${where}`);
    faults.set(fault, where);
  }
}
console.log(`${calls} calls, ${faults.size} faults`);
process.exit(faults.size === 0 ? 0 : 1);
