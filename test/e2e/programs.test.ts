/** Whole programs in processes of their own: the examples, the memory promise, worker threads, hostile input. */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const TIMEOUT = 300_000;

function run(
  command: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<{ status: number | null; out: string }> {
  return new Promise((resolve) => {
    // A program that hangs must not outlive its test.
    const limit = { timeout: TIMEOUT - 5_000, killSignal: "SIGKILL" } as const;
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, ...limit });
    let out = "";
    child.stdout.on("data", (text) => {
      out += text;
    });
    child.stderr.on("data", (text) => {
      out += text;
    });
    child.on("close", (status) => resolve({ status, out }));
  });
}
const tsx = (file: string, args: string[] = [], env = {}) =>
  run(process.execPath, ["--import", "tsx", file, ...args], env);
const accuracy = (out: string) =>
  Number(
    out
      .trimEnd()
      .split("\n")
      .at(-1)
      ?.match(/^test accuracy (0\.\d{3})$/)?.[1],
  );

describe("examples", () => {
  for (const file of readdirSync(`${root}examples`).filter(
    (name) => name.endsWith(".ts") && !["fashion-cnn.ts", "resume.ts"].includes(name), // which have tests of their own
  )) {
    test(file, { timeout: TIMEOUT }, async () => {
      const { status, out } = await tsx(`examples/${file}`, [], { CANDLEWICK_SHORT: "1" });
      expect(status, out).toBe(0);
    });
  }

  test("fashion-cnn.ts learns the sample to 0.80", { timeout: TIMEOUT }, async () => {
    const { status, out } = await tsx("examples/fashion-cnn.ts");
    expect(status, out).toBe(0);
    expect(accuracy(out), out).toBeGreaterThanOrEqual(0.8);
  });

  test("fashion-cnn.ts --mnist learns 9,000 images to 0.97", { timeout: TIMEOUT }, async () => {
    const { status, out } = await tsx("examples/fashion-cnn.ts", ["--mnist"]);
    expect(status, out).toBe(0);
    expect(accuracy(out), out).toBeGreaterThanOrEqual(0.97);
  });
});

test("20,000 one-megabyte tensors and 200 training steps stay below 500 MB", { timeout: TIMEOUT }, async () => {
  const { status, out } = await run(process.execPath, ["test/programs/soak.mjs", "20000", "200"]);
  expect(status, out).toBe(0);
});

test("10,000 calls with wrong arguments: no crash, no hang, no error but our own", { timeout: TIMEOUT }, async () => {
  const { status, out } = await run(process.execPath, ["test/programs/fuzz.mjs", "10000"]);
  expect(status, out).toBe(0);
  expect(out).toContain("10000 calls, 0 faults");
});

test("no sample of PyTorch's with one wrong value crashes the process", { timeout: TIMEOUT }, async () => {
  const { status, out } = await tsx("test/conformance/mutants.ts");
  expect(status, out).toBe(0);
  expect(Number(out.match(/(\d+) calls/)?.[1]), out).toBeGreaterThan(3000);
});

test("transforms of a module run on threads of a loader's workers", { timeout: TIMEOUT }, async () => {
  const { status, out } = await run(process.execPath, ["test/programs/thread-transforms.mjs"]);
  expect(status, out).toBe(0);
  expect(out.trimEnd().endsWith("ok"), out).toBe(true);
});

test("eight worker threads with loaders keep to the budget", { timeout: TIMEOUT }, async () => {
  const { status, out } = await run(process.execPath, ["test/programs/loader-budget.mjs"]);
  expect(status, out).toBe(0);
});

test("eight worker threads train at once and get the same numbers", { timeout: TIMEOUT }, async () => {
  const train = () =>
    new Promise<number[]>((resolve, reject) => {
      const worker = new Worker(new URL("../programs/worker.mjs", import.meta.url));
      worker.on("message", resolve);
      worker.on("error", reject);
    });
  const all = await Promise.all(Array.from({ length: 8 }, train));
  expect(all[0]?.length).toBe(30);
  for (const losses of all) expect(losses).toEqual(all[0]);
});
