/** Safetensors, of Python (test/fixtures/files.py) and our own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const path = (name: string) => fileURLToPath(new URL(`../fixtures/pytorch/files/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "candlewick-safetensors-"));
afterAll(() => rmSync(folder, { recursive: true }));
const { load, loadSync, save, saveSync } = torch.safetensors;

test("all element types, shapes and metadata; the bytes are Python's", async () => {
  const file = await load(path("types.safetensors"));
  const types = "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool".split(" ");
  expect(types.map((name) => [file[name]?.dtype, file[name]?.double().tolist()])).toEqual(
    types.map((name) => [name, [[1, 0]]]),
  );
  expect([file.empty?.shape, file.scalar?.item()]).toEqual([[0, 3], 3.5]);
  expect([file.__metadata__, Object.keys(file).includes("__metadata__")]).toEqual([{ format: "pt" }, false]);
  expect(Buffer.from(await save(file)).equals(readFileSync(path("types.safetensors")))).toBe(true);
});

test("a tensor is read when it is first looked at", async () => {
  const bytes = readFileSync(path("types.safetensors"));
  const copy = join(folder, "later.safetensors");
  writeFileSync(copy, bytes);
  const file = loadSync(copy);
  expect(file.float32).toBe(file.float32);
  writeFileSync(copy, bytes.subarray(0, -40));
  expect(() => file.bool).toThrow(torch.IOError);
});

test("a model in parts", async () => {
  const file = await load(path("parts.safetensors.index.json"));
  expect([Object.keys(file), file.c?.tolist(), file.__metadata__]).toEqual([["a", "b", "c"], [0, 1, 2], { format: "pt" }]); // biome-ignore format: one line
  const index = (map: unknown) => {
    writeFileSync(join(folder, "bad.index.json"), JSON.stringify({ weight_map: map }));
    return load(join(folder, "bad.index.json"));
  };
  await expect(index({ a: "../../secret" })).rejects.toThrow("no name of a file beside the index");
  await expect(index(3)).rejects.toThrow("it has no weight_map");
  await expect(index({ a: "none.safetensors" })).rejects.toThrow("none.safetensors");
  writeFileSync(join(folder, "x.safetensors"), await save({ x: torch.ones(1) }));
  await expect(index({ a: "x.safetensors" })).rejects.toThrow("lacks it");
});

test("views are written with their own elements; names and metadata are kept", async () => {
  const base = torch.arange(6).view(2, 3);
  saveSync({ t: base.t(), row: base.index(1), 1: torch.ones(1), ["__proto__"]: torch.zeros(1) }, join(folder, "v"), { metadata: { a: "ж" } }); // biome-ignore format: one line
  const back = loadSync(join(folder, "v"));
  expect([back.t?.tolist(), back.row?.tolist(), back.__metadata__]).toEqual([[[0, 3], [1, 4], [2, 5]], [3, 4, 5], { a: "ж" }]); // biome-ignore format: one line
  expect(Object.keys(back).sort()).toEqual(["1", "__proto__", "row", "t"]);
  expect(back.t).toBeInstanceOf(torch.Tensor);
});

test("errors say what is wrong", async () => {
  const x = torch.ones(1);
  const wrong = (value: unknown, options?: object) => save(value as never, null, options as never);
  await expect(wrong({ epoch: 3 })).rejects.toThrow("safetensors.save: expected a tensor as epoch, received number 3");
  await expect(wrong([x])).rejects.toThrow("expected tensors by name, { weight: x }, received an array");
  await expect(wrong({ x }, { metadata: { epoch: 3 } })).rejects.toThrow("strings by name, received number 3 as epoch");
  await expect(wrong({ x }, { meta: {} })).rejects.toThrow("unexpected keyword argument 'meta'");
  await expect(load(path("uint16.safetensors"))).rejects.toThrow("x: tensors of type U16 are not supported");
  await expect(load(path("zip.pth"))).rejects.toThrow("it is a zip archive: torch.load reads those of torch.save");
  await expect(load(path("none.safetensors"))).rejects.toThrow(torch.IOError);
  const bytes = readFileSync(path("types.safetensors"));
  await expect(load(bytes.subarray(0, -1))).rejects.toThrow("truncated: the header speaks of");
  await expect(load(Buffer.concat([bytes, bytes]))).rejects.toThrow("too long");
  await expect(load(Buffer.from(bytes).fill(0x7d, 20, 21))).rejects.toThrow("the safetensors header is damaged");
});
