/** examples/resume.ts, killed at any moment and started again, ends with the bits of a run that was not. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const folder = mkdtempSync(join(tmpdir(), "candlewick-resume-"));
afterAll(() => rmSync(folder, { recursive: true }));
const example = fileURLToPath(new URL("../../examples/resume.ts", import.meta.url));

/** Runs the example until it ends, or kills it once it has printed so many lines. Returns the losses by batch. */
function run(file: string, lines = Number.POSITIVE_INFINITY): Promise<{ ended: boolean; losses: Map<string, string> }> {
  const env = { ...process.env, CANDLEWICK_SHORT: "1" };
  const child = spawn(process.execPath, ["--import", "tsx", example, file], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const losses = new Map<string, string>();
  let rest = "";
  return new Promise((resolve, reject) => {
    child.stdout.on("data", (bytes) => {
      const parts = (rest + bytes).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) {
        const [where = "", loss = ""] = line.split(": loss ");
        losses.set(where, loss);
      }
      if (losses.size >= lines) child.kill("SIGKILL");
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ ended: code === 0, losses }));
  });
}

const kills = Number(process.env.CANDLEWICK_KILLS ?? 3);

test(`a training killed ${kills} times has the losses and the weights of one that was not`, async () => {
  const whole = await run(join(folder, "whole.pth"));
  expect([whole.ended, whole.losses.size]).toEqual([true, 36]);
  const losses = new Map<string, string>();
  let restarts = 0;
  for (let ended = false; !ended; restarts++) {
    const some = restarts < kills ? 1 + ((restarts * 7 + 3) % Math.max(2, Math.floor(36 / kills))) : undefined;
    const part = await run(join(folder, "parts.pth"), some);
    for (const [where, loss] of part.losses) {
      expect(losses.get(where) ?? loss).toBe(loss); // a batch done twice gives the same
      losses.set(where, loss);
    }
    ended = part.ended;
  }
  expect(restarts).toBeGreaterThan(kills);
  // A batch that was saved and not printed before the kill is missing: no more than one a kill.
  for (const [where, loss] of losses) expect([where, whole.losses.get(where)]).toEqual([where, loss]);
  expect(losses.size).toBeGreaterThanOrEqual(36 - kills);
  expect(await torch.load(join(folder, "parts.pth"))).toEqual(await torch.load(join(folder, "whole.pth")));
  expect(readdirSync(folder).filter((name) => !name.endsWith(".part")).length).toBe(2);
}, 120_000);
