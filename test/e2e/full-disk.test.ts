/** A full disk leaves every file as it was: a small tmpfs, where the system lets us mount one. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "candlewick-full-"));
afterAll(() => rmSync(folder, { recursive: true }));
const program = fileURLToPath(new URL("../programs/full-disk.mjs", import.meta.url));

/** Runs a command where `folder` is a disk of two megabytes, in a name space of its own. */
function onSmallDisk(command: string) {
  const mount = `mount -t tmpfs -o size=2m none '${folder}'`;
  const args = ["--user", "--map-root-user", "--mount", "sh", "-c", `${mount} && ${command}`];
  return spawnSync("unshare", args, { encoding: "utf8" });
}

const possible = process.platform === "linux" && onSmallDisk("true").status === 0;

test.runIf(possible)("every format", () => {
  const { stdout, stderr } = onSmallDisk(`'${process.execPath}' '${program}' '${folder}'`);
  const names = ["a.pth", "sync.pth", "a.safetensors", "a.npz", "a.npy", "a.pkl"];
  const expected = names.map((name) => `${name}: full; the old file is whole`);
  expect(`${stdout}${stderr}`.trim().split("\n")).toEqual([...expected, "rubbish: none"]);
});
