import { describe, expect, expectTypeOf, test } from "vitest";
import * as torch from "../../lib/index.js";
import { random64 } from "../../lib/random.js";

const { data } = torch;
const range = (n: number) => Array.from({ length: n }, (_, i) => i);

async function epoch<T, B>(loader: torch.data.DataLoader<T, B>): Promise<B[]> {
  const batches: B[] = [];
  for await (const batch of loader) batches.push(batch);
  return batches;
}
async function order(loader: torch.data.DataLoader<number>): Promise<unknown[]> {
  return (await epoch(loader)).flatMap((batch) => batch.tolist());
}
/** The next raw 63-bit draw: where the generator stands. */
const stand = (generator?: torch.Generator) =>
  torch.randint(0, 2 ** 28 - 1, [1], { generator: generator ?? null }).item();

describe("the order of samples is PyTorch's", () => {
  test("shuffle", async () => {
    torch.manualSeed(0);
    const loader = new data.DataLoader(range(10), { batchSize: 4, shuffle: true });
    expect(await order(loader)).toEqual([6, 7, 1, 4, 2, 0, 9, 8, 3, 5]);
    expect(await order(loader)).toEqual([2, 4, 7, 0, 8, 9, 5, 3, 6, 1]);
    expect(stand()).toBe(1819583497 % (2 ** 28 - 1));
  });

  test("persistent workers draw their seed once", async () => {
    torch.manualSeed(0);
    const options = { batchSize: 4, shuffle: true, numWorkers: 2, persistentWorkers: true };
    const loader = new data.DataLoader(range(10), options);
    expect(await order(loader)).toEqual([6, 7, 1, 4, 2, 0, 9, 8, 3, 5]);
    expect(await order(loader)).toEqual([3, 5, 0, 6, 1, 2, 4, 9, 7, 8]);
    expect(stand()).toBe(2340255427 % (2 ** 28 - 1));
  });

  test("a generator of its own", async () => {
    torch.manualSeed(0);
    const generator = new torch.Generator().manualSeed(5);
    const loader = new data.DataLoader(range(10), { batchSize: 4, shuffle: true, generator });
    expect(await order(loader)).toEqual([7, 4, 8, 1, 2, 3, 6, 5, 9, 0]);
    expect(await order(loader)).toEqual([2, 1, 6, 3, 5, 9, 4, 7, 8, 0]);
    expect(stand()).toBe(2357136044 % (2 ** 28 - 1));
  });

  test("randomSplit", () => {
    torch.manualSeed(0);
    const [a, b] = data.randomSplit(range(10), [3, 7]);
    expect(a?.indices).toEqual([4, 1, 7]);
    expect(b?.indices).toEqual([5, 3, 9, 0, 8, 6, 2]);
    expect(data.randomSplit(range(10), [0.5, 0.25, 0.25]).map((s) => s.length)).toEqual([6, 2, 2]);
    expect(() => data.randomSplit(range(10), [3, 3])).toThrow("Sum of input lengths does not equal");
  });
});

describe("batches", () => {
  test("of a TensorDataset, typed", async () => {
    const x = torch.arange(12).view(6, 2).float();
    const set = new data.TensorDataset(x, torch.arange(6));
    expect(set.length).toBe(6);
    expect(set.get(-1)[0].tolist()).toEqual([10, 11]);
    const loader = new data.DataLoader(set, { batchSize: 4 });
    expect(loader.length).toBe(2);
    const [images, labels] = await loader.first();
    expectTypeOf(images).toEqualTypeOf<torch.Tensor>();
    expect(images.shape).toEqual([4, 2]);
    expect(labels.tolist()).toEqual([0, 1, 2, 3]);
    expect((await epoch(loader))[1]?.[0].shape).toEqual([2, 2]);
    expect(new data.DataLoader(set, { batchSize: 4, dropLast: true }).length).toBe(1);
    const subset = new data.Subset(set, [5, 0]);
    expect((await new data.DataLoader(subset, { batchSize: 2 }).first())[1].tolist()).toEqual([5, 0]);
    expect(() => set.get(6)).toThrow(torch.IndexError);
    expect(() => new data.TensorDataset(x, torch.zeros(5))).toThrow("Size mismatch between tensors");
  });

  test("of plain arrays, objects, strings", async () => {
    const samples = range(3).map((i) => ({
      x: torch.full([2], i),
      label: i,
      name: `n${i}`,
      pair: [i / 2, true] as [number, boolean],
    }));
    const batch = await new data.DataLoader(samples, { batchSize: 3 }).first();
    expectTypeOf(batch.name).toEqualTypeOf<string[]>();
    expect(batch.x.tolist()).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
    expect(batch.label.dtype).toBe("int64");
    expect(batch.name).toEqual(["n0", "n1", "n2"]);
    expect(batch.pair[0].dtype).toBe("float32");
    expect(batch.pair[1].dtype).toBe("bool");
  });

  test("the first batch fixes what a column of numbers is", async () => {
    const floats = new data.DataLoader([0.5, 1, 2, 3], { batchSize: 2 });
    expect((await epoch(floats)).map((b) => b.dtype)).toEqual(["float32", "float32"]);
    const ints = new data.DataLoader([1, 2, 0.5, 3], { batchSize: 2 });
    await expect(epoch(ints)).rejects.toThrow("made the samples int64 and now 0.5 came");
  });

  test("a sampler, a batch sampler, a collate function, no batching", async () => {
    const loader = new data.DataLoader(range(5), { sampler: [4, 2, 0], batchSize: 2 });
    expect(loader.length).toBe(2);
    expect(await order(loader)).toEqual([4, 2, 0]);
    const batches = new data.DataLoader(range(5), { batchSampler: [[0, 1], [4]] });
    expect((await epoch(batches)).map((b) => b.tolist())).toEqual([[0, 1], [4]]);
    const collated = new data.DataLoader(range(4), { batchSize: 2, collateFn: (samples) => samples.join("+") });
    expectTypeOf(await collated.first()).toEqualTypeOf<string>();
    expect(await epoch(collated)).toEqual(["0+1", "2+3"]);
    expect(await epoch(new data.DataLoader(["a", "b"], { batchSize: null }))).toEqual(["a", "b"]);
    const random = new data.RandomSampler(range(3), { replacement: true, numSamples: 70 });
    expect([...random].length).toBe(70);
    expect([...new data.SubsetRandomSampler([5, 6, 7])].sort()).toEqual([5, 6, 7]);
    expect(await order(new data.DataLoader(new data.ConcatDataset([[1, 2], [3]]), { batchSize: 3 }))).toEqual([
      1, 2, 3,
    ]);
  });

  test("options that exclude each other are refused", () => {
    expect(() => new data.DataLoader([1], { sampler: [0], shuffle: true })).toThrow("mutually exclusive with shuffle");
    expect(() => new data.DataLoader([1], { batchSampler: [[0]], batchSize: 2 })).toThrow(
      "mutually exclusive with batch_size",
    );
    expect(() => new data.DataLoader([1], { batchSize: 0 })).toThrow("batch_size should be a positive integer value");
    expect(() => new data.DataLoader([1], { persistentWorkers: true })).toThrow(
      "persistent_workers option needs num_workers > 0",
    );
    expect(() => new data.DataLoader([] as number[], { shuffle: true })).toThrow(
      "num_samples should be a positive integer",
    );
  });
});

describe("asynchronous samples", () => {
  class Slow extends data.Dataset<number> {
    active = 0;
    most = 0;
    readonly length = 12;
    async get(index: number): Promise<number> {
      this.active++;
      this.most = Math.max(this.most, this.active);
      await new Promise((resolve) => setTimeout(resolve, 12 - index));
      this.active--;
      if (index === 5) throw new Error("sample 5 is broken");
      return index;
    }
  }

  test("are fetched ahead with workers, in order, and errors come with their batch", async () => {
    const set = new Slow();
    const loader = new data.DataLoader(set, { batchSize: 2, numWorkers: 2 });
    const seen: unknown[] = [];
    await expect(async () => {
      for await (const batch of loader) {
        seen.push(batch.tolist());
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }).rejects.toThrow("sample 5 is broken");
    expect(seen).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(set.most).toBeGreaterThan(2);
    expect(set.most).toBeLessThanOrEqual(8);
  });

  test("without workers one batch at a time", async () => {
    const set = new Slow();
    for await (const batch of new data.DataLoader(set, { batchSize: 2 })) {
      expect(batch.shape).toEqual([2]);
      if (batch.index(0).item() === 2) break;
    }
    expect(set.most).toBeLessThanOrEqual(2);
  });
});

test("workers draw from generators of their own, seeded with the epoch's seed and their number", async () => {
  torch.manualSeed(0);
  const seed = random64();
  const expected = [0, 1].map((i) => new torch.Generator().manualSeed(seed + BigInt(i)));
  const draws = [0, 1, 0, 1].map((i) => torch.rand(2, { generator: expected[i] ?? null }).tolist());
  torch.manualSeed(0);
  const noisy = { length: 8, get: () => torch.rand(1) };
  const loader = new data.DataLoader(noisy, { batchSize: 2, numWorkers: 2 });
  const got = (await epoch(loader)).map((batch) => batch.flatten().tolist());
  expect(got).toEqual(draws);
});
