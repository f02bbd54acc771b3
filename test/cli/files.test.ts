/** `candlewick inspect` and `convert`. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { runCommand } from "../../lib/cli/command.js";
import { convert } from "../../lib/cli/convert.js";
import { inspect } from "../../lib/cli/inspect.js";
import * as torch from "../../lib/index.js";

const path = (name: string) => fileURLToPath(new URL(`../fixtures/pytorch/files/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "candlewick-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const run = (...args: string[]) => runCommand([inspect, convert], args);

test("inspect prints names, shapes, types, sizes, shared storages and other values", async () => {
  const { code, out } = await run("inspect", path("zip.pth"));
  expect(code).toBe(0);
  for (const line of [
    "model.0.weight                [2, 1, 3, 3]  float32   72 B",
    "transposed                    [4, 3]        float32   48 B  shares row",
    "frozen                        [1]           float32    4 B  Parameter, frozen",
    "history                 [ 0.5, 0.25 ]",
    "46 tensors, 156 elements, 662 B",
  ]) {
    expect(out.split("\n")).toContain(line);
  }
});

test("inspect knows every format by its contents, and reads no tensor", async () => {
  const formats = ["legacy.pth", "types.safetensors", "parts.safetensors.index.json", "types.npz", "fortran.npy", "batch.pkl"]; // biome-ignore format: one line
  const { out } = await run("inspect", ...formats.map(path), "--json");
  const found = JSON.parse(out) as { format: string; tensors: { path: string }[] }[];
  expect(found.map((f) => f.format)).toEqual(["torch", "safetensors", "safetensors", "numpy", "numpy", "pickle"]);
  expect(found[2]?.tensors.map((t) => t.path)).toEqual(["a", "b", "c"]);
  expect(found[5]?.tensors).toEqual([{ path: "data", shape: [2, 3], dtype: "uint8", bytes: 6, location: "cpu" }]);
  expect((await run("inspect", path("namespace.pth"))).out).toContain("argparse.Namespace");
});

test("convert goes through all formats and keeps the versions of a state dict", async () => {
  expect(await run("convert", path("zip.pth"), at("a.safetensors"), "--key", "model")).toMatchObject({
    code: 0,
    out: `${at("a.safetensors")}: 9 tensors, 896 B\n`,
  });
  expect((await run("convert", at("a.safetensors"), at("b.pth"))).code).toBe(0);
  expect((await run("convert", at("b.pth"), at("c.npz"))).code).toBe(0);
  expect((await run("convert", path("parts.safetensors.index.json"), at("d.pt"), "--dtype", "float16")).code).toBe(0);
  const { model } = (await torch.load(path("zip.pth"))) as { model: Record<string, torch.Tensor> };
  const back = (await torch.load(at("b.pth"))) as Record<string, torch.Tensor>;
  expect({ ...back }).toEqual({ ...model });
  expect(Reflect.get(back, "_metadata")).toEqual(Reflect.get(model, "_metadata"));
  expect({ ...((await torch.numpy.load(at("c.npz"))) as object) }).toEqual({ ...model });
  const half = (await torch.load(at("d.pt"))) as Record<string, torch.Tensor>;
  expect([half.a?.dtype, half.c?.dtype]).toEqual(["float16", "int64"]);
});

test("what is wrong is said, with exit code 1 for files and 2 for arguments", async () => {
  const tries: [string[], number, string][] = [
    [["inspect", at("none.pth")], 1, "none.pth: No such file"],
    [["inspect"], 2, "expected a file\n\nUsage: candlewick inspect FILE... [--json]"],
    [["inspect", "--what"], 2, "Unknown option '--what'"],
    [["convert", path("zip.pth")], 2, "expected two files, FROM and TO"],
    [["convert", path("zip.pth"), at("x.bin")], 2, "expected a name that ends with .pth, .pt, .safetensors, .npz"],
    [["convert", path("zip.pth"), at("x.pth")], 2, "epoch is no tensor: --key KEY names the part"],
    [["convert", path("zip.pth"), at("x.pth"), "--key", "modle"], 2, "there is no modle; its keys are epoch, model"],
    [["convert", path("zip.pth"), at("x.pth"), "--dtype", "real"], 2, "there is no dtype real"],
    [["convert", path("types.safetensors"), at("x.npz")], 1, "NumPy has no type for bfloat16"],
    [["convert", path("fortran.npy"), at("x.npz")], 1, "expected tensors by name"],
    [["train"], 2, "there is no command train"],
    [[], 2, "Usage: candlewick COMMAND"],
  ];
  for (const [args, code, text] of tries) {
    const outcome = await run(...args);
    expect([args, outcome.code, outcome.out]).toEqual([args, code, ""]);
    expect(outcome.err).toContain(text);
  }
  expect(existsSync(at("x.pth"))).toBe(false);
  writeFileSync(at("page.pth"), "<!doctype html><title>404</title>");
  expect((await run("inspect", at("page.pth"))).err).toContain("it is a web page");
});

test("every command has --help; --version", async () => {
  for (const args of [["--help"], ["help"], ["inspect", "--help"], ["convert", "-h"], ["--version"]]) {
    const { code, out } = await run(...args);
    expect([code, out.length > 5]).toEqual([0, true]);
  }
});

test("the program of the package", () => {
  const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
  const run = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });
  expect(run("inspect", path("types.npz"))).toMatchObject({ status: 0, stderr: "" });
  expect(run("inspect", at("none"))).toMatchObject({ status: 1, stdout: "" });
});
