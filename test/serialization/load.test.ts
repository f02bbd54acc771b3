/** Files that PyTorch wrote: test/fixtures/files.py. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const path = (name: string) => fileURLToPath(new URL(`../fixtures/pytorch/files/${name}`, import.meta.url));
const { nn, optim } = torch;

interface Everything {
  [name: string]: unknown;
  model: torch.nn.StateDict;
  optimizer: torch.optim.OptimizerStateDict;
  row: torch.Tensor;
  transposed: torch.Tensor;
  types: torch.Tensor[];
  floats: number[];
}
const read = async (name: string, options?: torch.LoadOptions) => (await torch.load(path(name), options)) as Everything;

describe("load", () => {
  test("values become JavaScript's", async () => {
    const o = await read("zip.pth");
    expect([o.epoch, o.history, o.tuple]).toEqual([3, [0.5, 0.25], [1, "a", null, true, 2n ** 70n, -(2n ** 70n)]]);
    expect([o.set, o.bytes, o.large]).toEqual([new Set([1, 2]), new Uint8Array([0, 255]), 2n ** 60n]);
    expect([o.float32, o.int64, o.size, o.dtype, o.device]).toEqual([1.5, 7, [2, 3], "float16", "cuda:0"]);
    expect(o.numbers).toEqual(new Map([[1, "a"], [2, "b"]])); // biome-ignore format: one line
    expect(o.floats).toEqual([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0]);
    expect([o["Жé😀"], o.counter]).toEqual(["Жé😀", { a: 2, b: 1 }]);
  });

  test("tensors keep type, shape, strides, class; views share their storage", async () => {
    const o = await read("zip.pth");
    expect(o.types.map((x) => [x.dtype, x.toFixed === undefined ? [] : x.double().tolist()])).toEqual(
      "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool".split(" ").map((d) => [d, [1, 0]]),
    );
    expect([o.row.tolist(), o.row.storageOffset(), o.transposed.stride()]).toEqual([[4, 5, 6, 7], 4, [1, 4]]);
    o.row.fill_(-1);
    expect(o.transposed.index(0).tolist()).toEqual([0, -1, 8]);
    expect(o.parameter).toBeInstanceOf(nn.Parameter);
    expect([(o.parameter as torch.Tensor).requiresGrad, (o.frozen as torch.Tensor).requiresGrad]).toEqual([
      true,
      false,
    ]);
    expect((o.array as torch.Tensor).tolist()).toEqual([[0, 1, 2], [3, 4, 5]]); // biome-ignore format: one line
    expect((o.fortran as torch.Tensor).tolist()).toEqual([[0, 1, 2], [3, 4, 5]]); // biome-ignore format: one line
    expect((o["big endian"] as torch.Tensor).tolist()).toEqual([0, 1, 2]);
    expect([(o.empty as torch.Tensor).shape, (o.scalar as torch.Tensor).item()]).toEqual([[0, 3], 3.5]);
  });

  test.each(["legacy", "legacy-4", "zip-3", "zip-4", "zip-5"])("%s.pth holds the same", async (name) => {
    expect(await read(`${name}.pth`)).toEqual(await read("zip.pth"));
  });

  test("bytes, a URL, without a promise, tensor by tensor", async () => {
    const o = await read("zip.pth");
    expect(await torch.load(readFileSync(path("zip.pth")))).toEqual(o);
    expect(torch.loadSync(new URL("../fixtures/pytorch/files/zip.pth", import.meta.url))).toEqual(o);
    const lazy = await read("zip.pth", { mmap: true });
    const property = () => Object.getOwnPropertyDescriptor(lazy.model, "0.weight");
    expect(property()?.get).toBeDefined();
    expect(lazy.model["0.weight"]).toEqual(o.model["0.weight"]);
    expect(property()?.get).toBeUndefined();
    expect(lazy).toEqual(o);
  });

  test("state dicts go into models and optimizers, with their metadata", async () => {
    const { model: state, optimizer: steps } = await read("zip.pth");
    expect(Reflect.get(state, "_metadata")).toEqual({
      "": { version: 1 }, "0": { version: 1 }, "1": { version: 2 }, "2": { version: 1 }, "3": { version: 1 },
    }); // biome-ignore format: one line
    const model = new nn.Sequential(
      new nn.Conv2d(1, 2, 3),
      new nn.BatchNorm2d(2),
      new nn.Flatten(),
      new nn.Linear(2, 2),
    );
    expect(String(model.loadStateDict(state))).toBe("<All keys matched successfully>");
    const optimizer = new optim.AdamW(model.parameters(), { lr: 1 });
    optimizer.loadStateDict(steps);
    expect([optimizer.paramGroups[0]?.lr, optimizer.state.size]).toEqual([1e-3, 6]);
  });

  test("deflated members, any prefix, the other byte order, shared lists", async () => {
    for (const name of ["deflated.pth", "big-endian.pth"]) {
      const o = (await torch.load(path(name))) as Record<string, torch.Tensor>;
      expect([o.x?.tolist(), o.y?.tolist()]).toEqual([[0, 1, 2, 3], [0, 1, 2]]); // biome-ignore format: one line
    }
    let list = (await torch.load(path("doubled.pth"))) as unknown[];
    let depth = 0;
    for (; list.length > 0; depth++) {
      expect(list[0]).toBe(list[1]);
      list = list[0] as unknown[];
    }
    expect(depth).toBe(40);
  });

  test("what is no data is refused by name, or read as a record", async () => {
    const refused = (name: string): Promise<Error> =>
      torch.load(path(name)).then(
        () => new Error("it loads"),
        (error) => error,
      );
    const namespace = await refused("namespace.pth");
    expect(namespace).toBeInstanceOf(torch.UnpicklingError);
    expect(namespace.message).toMatch(
      /namespace\.pth: Unsupported global: GLOBAL argparse\.Namespace was not an allowed global/,
    );
    expect((await refused("module.pth")).message).toMatch(/whole module.*torch\.save\(model\.state_dict\(\), path\)/);
    expect((await refused("torchscript.pt")).message).toMatch("TorchScript archive");
    expect((await refused("complex.pth")).message).toMatch("tensors of a ComplexFloatStorage are not supported");
    const o = (await torch.load(path("namespace.pth"), { unknown: "record" })) as Record<string, unknown>;
    expect(o.args).toBeInstanceOf(torch.PickleRecord);
    expect([(o.args as torch.PickleRecord).class, (o.args as torch.PickleRecord).state]).toEqual([
      "argparse.Namespace",
      { lr: 0.1 },
    ]);
  });

  test("arguments", async () => {
    await expect(torch.load(3 as never)).rejects.toThrow("load: expected a path, received number 3");
    await expect(torch.load("a.pth", { map: 1 } as never)).rejects.toThrow("unexpected keyword argument 'map'");
    await expect(torch.load("a.pth", { weightsOnly: false })).rejects.toThrow("nothing but data is read");
    await expect(torch.load("/missing/a.pth")).rejects.toThrow(/a\.pth: No such file/);
    await expect(torch.load("/")).rejects.toThrow("it is a folder");
  });
});

describe("broken files", () => {
  const message = async (bytes: Uint8Array | string) => {
    const data = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    return await torch.load(data).then(
      () => "loads",
      (error) => (error instanceof torch.TorchError ? error.message : `not ours: ${error}`),
    );
  };
  test.each([
    ["", "the file is empty"],
    ["hello\n", "it is text"],
    ["<!DOCTYPE html><html></html>", "it is a web page"],
    ["version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n", "it is a Git LFS pointer"],
    ["\x93NUMPY", "neither a zip archive nor a pickle"],
    ["PK\x03\x04", "damaged or truncated"],
  ])("%j", async (bytes, expected) => expect(await message(bytes)).toMatch(expected));

  test.each(["zip.pth", "legacy.pth", "deflated.pth"])("%s cut short says so", async (name) => {
    const bytes = readFileSync(path(name));
    for (let n = 0; n < bytes.length; n += 97) {
      expect(await message(bytes.subarray(0, n))).toMatch(/truncated|damaged|empty|text|neither|bare pickle|lacks/);
    }
  });

  test("a flipped bit of an archive's data is found", async () => {
    const bytes = readFileSync(path("zip.pth"));
    const outcomes = new Map<string, number>();
    for (let at = 0; at < bytes.length; at += 61) {
      const bad = Uint8Array.from(bytes);
      bad[at] = (bad[at] ?? 0) ^ 4;
      const what = await message(bad);
      expect(what).not.toMatch("not ours");
      outcomes.set(what === "loads" ? what : "error", (outcomes.get(what === "loads" ? what : "error") ?? 0) + 1);
    }
    expect(outcomes.get("error")).toBeGreaterThan(0);
  });
});
