/** NumPy's files and bare pickles, of Python (test/fixtures/files.py) and our own. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const path = (name: string) => fileURLToPath(new URL(`../fixtures/pytorch/files/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "candlewick-numpy-"));
afterAll(() => rmSync(folder, { recursive: true }));
const { numpy, pickle } = torch;

test("arrays of every type and order", async () => {
  const all = (await numpy.load(path("types.npz"))) as Record<string, torch.Tensor>;
  const types = "float64 float32 float16 int64 int32 int16 int8 uint8 bool".split(" ");
  expect(types.map((name) => [all[name]?.dtype, all[name]?.double().tolist()])).toEqual(
    types.map((name) => [name, [[1, 0]]]),
  );
  expect([all.scalar?.item(), all.empty?.shape]).toEqual([3.5, [0, 3]]);
  const fortran = numpy.loadSync(path("fortran.npy")) as torch.Tensor;
  expect([fortran.tolist(), fortran.stride()]).toEqual([[[0, 1, 2], [3, 4, 5]], [1, 2]]); // biome-ignore format: one line
  expect(((await numpy.load(path("big-endian.npy"))) as torch.Tensor).tolist()).toEqual([0, 1, 2]);
  const compressed = (await numpy.load(path("compressed.npz"))) as Record<string, torch.Tensor>;
  expect([compressed.a?.shape, compressed.b?.sum().item()]).toEqual([[3, 1], 499500]);
});

test("what is written is read; .npy is NumPy's to the byte", async () => {
  const x = torch.arange(6).view(2, 3);
  await numpy.save(x.t(), join(folder, "x.npy"));
  expect(numpy.loadSync(join(folder, "x.npy"))).toEqual(x.t().contiguous());
  const fortran = numpy.loadSync(path("fortran.npy")) as torch.Tensor;
  const text = Buffer.from(await numpy.save(fortran))
    .subarray(0, 128)
    .toString("latin1");
  expect(text).toBe(readFileSync(path("fortran.npy")).subarray(0, 128).toString("latin1").replace("True, ", "False,").replace(",'shape'", ", 'shape'").replace(/ \n$/, "\n")); // biome-ignore format: one line
  const value = { a: x, "": torch.ones(1), b: torch.zeros(0, 2), flag: torch.tensor(true) };
  for (const compress of [false, true]) {
    expect(numpy.loadSync(numpy.saveSync(value, null, { compress }))).toEqual(value);
  }
  expect(numpy.loadSync(numpy.saveSync({}))).toEqual({});
});

test("errors say what is wrong", async () => {
  await expect(numpy.load(path("object.npy"))).rejects.toThrow("Python objects, which are code, are not supported");
  await expect(numpy.load(path("records.npy"))).rejects.toThrow("arrays of records");
  await expect(numpy.load(path("uint16.npy"))).rejects.toThrow("NumPy arrays of uint16 are not supported");
  await expect(numpy.load(path("strings.npy"))).rejects.toThrow("NumPy arrays of strings are not supported");
  await expect(numpy.load(path("zip.pth"))).rejects.toThrow("expected a NumPy archive of .npy files");
  await expect(numpy.load(path("types.safetensors"))).rejects.toThrow("torch.safetensors.load reads it");
  await expect(numpy.save(torch.ones(1).bfloat16())).rejects.toThrow("NumPy has no type for bfloat16");
  await expect(numpy.save({ a: 3 } as never)).rejects.toThrow("expected a tensor as a, received number 3");
  const bytes = readFileSync(path("big-endian.npy"));
  await expect(numpy.load(bytes.subarray(0, -1))).rejects.toThrow("truncated: the shape [3] needs 12 bytes");
  await expect(numpy.load(bytes.subarray(0, 50))).rejects.toThrow("the header is truncated");
  const bomb = Buffer.from(bytes);
  bomb.write("'shape': (99999999999999,), }", 50, "latin1");
  await expect(numpy.load(bomb)).rejects.toThrow(torch.IOError);
});

test("bare pickles of data, both ways", async () => {
  const batch = (await pickle.load(path("batch.pkl"))) as Map<unknown, unknown>;
  expect([...batch.values()].slice(1)).toEqual([[1, 2], "batch", 0.5]);
  expect((batch.get("data") as torch.Tensor).tolist()).toEqual([[0, 1, 2], [3, 4, 5]]); // biome-ignore format: one line
  const value = { a: [1, 2.5, "x", null, true], m: new Map([[1, 2]]), s: new Set(["a"]), b: new Uint8Array([255]), n: 2n ** 70n }; // biome-ignore format: one line
  await pickle.dump(value, join(folder, "v.pkl"));
  expect(pickle.loadSync(join(folder, "v.pkl"))).toEqual(value);
  expect(pickle.loadSync(pickle.dumpSync(value))).toEqual(value);
});

test("a pickle runs nothing and holds no tensors", async () => {
  await expect(pickle.load(path("evil.pkl"))).rejects.toThrow("posix.system was not an allowed global");
  expect(await pickle.load(path("evil.pkl"), { unknown: "record" })).toMatchObject({ class: "posix.system" });
  expect(existsSync("/tmp/evil")).toBe(false);
  await expect(pickle.load(path("zip.pth"))).rejects.toThrow("it is a file of torch.save: torch.load reads it");
  await expect(pickle.dump({ x: torch.ones(1) })).rejects.toThrow("a bare pickle has no place for tensors");
  await expect(pickle.load(path("batch.pkl"), { unknown: "?" as never })).rejects.toThrow("expected unknown to be");
});
