import { describe, expect, expectTypeOf, test } from "vitest";
import * as torch from "../../lib/index.js";
import { random64 } from "../../lib/random.js";
import { fixture } from "../helpers/fixtures.js";

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
  test("persistent workers draw their seed once", async () => {
    torch.manualSeed(0);
    const options = { batchSize: 4, shuffle: true, numWorkers: 2, persistentWorkers: true };
    const loader = new data.DataLoader(range(10), options);
    expect(await order(loader)).toEqual([6, 7, 1, 4, 2, 0, 9, 8, 3, 5]);
    expect(await order(loader)).toEqual([3, 5, 0, 6, 1, 2, 4, 9, 7, 8]);
    expect(stand()).toBe(2340255427 % (2 ** 28 - 1));
  });

  const N = range(10);
  const weights = [0.1, 0.9, 0.4, 0.7, 3.0, 0.6];
  const generator = () => new torch.Generator().manualSeed(5);
  /** As data_order.py's, by name. */
  const sources: Record<string, () => Iterable<unknown> | AsyncIterable<torch.Tensor>> = {
    shuffle: () => new data.DataLoader(N, 4, true),
    "shuffle, own generator": () => new data.DataLoader(N, 4, { shuffle: true, generator: generator() }),
    sequential: () => new data.DataLoader(N, 4),
    "drop last": () => new data.DataLoader(N, { batchSize: 4, shuffle: true, dropLast: true }),
    "random sampler": () => new data.RandomSampler(N),
    replacement: () => new data.RandomSampler(N, true, 70),
    "more samples than there are": () => new data.RandomSampler(N, { numSamples: 23 }),
    "fewer samples": () => new data.RandomSampler(N, { numSamples: 3, generator: generator() }),
    subset: () => new data.SubsetRandomSampler([7, 1, 5, 3]),
    "subset, own generator": () => new data.SubsetRandomSampler([7, 1, 5, 3], generator()),
    weights: () => new data.WeightedRandomSampler(weights, 20),
    "weights, without replacement": () => new data.WeightedRandomSampler(weights, 5, false),
    "weights, one": () => new data.WeightedRandomSampler(weights, 1, { generator: generator() }),
    batches: () => new data.BatchSampler(new data.RandomSampler(N), 3, true),
  };
  const wanted = fixture<Record<string, { order: unknown[]; next: number }>>("data.json");

  test.each(Object.keys(sources))("%s", async (name) => {
    torch.manualSeed(0);
    const source = sources[name]?.() ?? [];
    const epochs: unknown[] = [];
    for (let i = 0; i < 2; i++) {
      const items: unknown[] = [];
      for await (const item of source) items.push(torch.isTensor(item) ? item.tolist() : item);
      epochs.push(items);
    }
    expect(epochs).toEqual(wanted[name]?.order);
    expect(stand()).toBe(wanted[name]?.next);
  });

  test.each([
    ["split", () => data.randomSplit(N, [3, 7])],
    ["fractions", () => data.randomSplit(range(11), [0.5, 0.25, 0.25], generator())],
  ])("%s", (name, split) => {
    torch.manualSeed(0);
    expect(split().map((part) => part.indices)).toEqual(wanted[name]?.order);
    expect(stand()).toBe(wanted[name]?.next);
    expect(() => data.randomSplit(N, [3, 3])).toThrow("Sum of input lengths does not equal");
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

describe("what a batch is made of", () => {
  test("a collateFn's null and undefined are its batches", async () => {
    for (const nothing of [null, undefined]) {
      expect(await epoch(new data.DataLoader([1, 2, 3], { batchSize: 2, collateFn: () => nothing }))).toEqual([
        nothing,
        nothing,
      ]);
    }
  });

  test.each([
    ["a Date", new Date(0)],
    ["a Set", new Set([1])],
    ["a Map", new Map([[1, 2]])],
    ["an instance of a class", new (class Point {})()],
  ])("%s is not collated field by field", async (_, x) => {
    await expect(new data.DataLoader([{ x }, { x }], 2).first()).rejects.toThrow(
      "collate: expected tensors, numbers, strings, arrays or objects, received",
    );
    expect(await new data.DataLoader([{ x }], { batchSize: null }).first()).toEqual({ x });
  });

  test("workers are counted in whole numbers", () => {
    expect(() => new data.DataLoader([1], { numWorkers: 1.5 })).toThrow(
      "DataLoader: expected numWorkers to be an integer, received number 1.5",
    );
  });
});

describe("data sets of data sets", () => {
  const pairs = (first: number) => new data.TensorDataset(torch.arange(first, first + 4), torch.ones(4, 2).mul(first));

  test("one after another: batches from both are joined in order", async () => {
    const set = new data.ConcatDataset([pairs(0), new data.Subset(pairs(10), [3, 1])]);
    expect([set.length, ...set.cumulativeSizes]).toEqual([6, 4, 6]);
    const loader = new data.DataLoader(set, { batchSampler: [[5, 0, 4, 1], [2]] });
    const [first, second] = await epoch(loader);
    const [numbers, rows] = first ?? expect.fail();
    expect(numbers.tolist()).toEqual([11, 0, 13, 1]);
    expect(rows.select(1, 0).tolist()).toEqual([10, 0, 10, 0]);
    expect(second?.[0].tolist()).toEqual([2]);
    expect((await set.get(-1))[0].item()).toBe(11);
  });

  test("side by side", async () => {
    const list = new data.StackDataset(pairs(0), ["a", "b", "c", "d"]);
    const [[numbers], texts] = await new data.DataLoader(list, 2).first();
    expect([numbers.tolist(), texts]).toEqual([
      [0, 1],
      ["a", "b"],
    ]);
    const named = new data.StackDataset({ image: pairs(0), label: pairs(4) });
    const batch = await new data.DataLoader(named, 2).first();
    expectTypeOf(batch.label).toEqualTypeOf<[torch.Tensor, torch.Tensor]>();
    expect(batch.label[0].tolist()).toEqual([4, 5]);
    expect(() => new data.StackDataset([1], [1, 2])).toThrow("Size mismatch between datasets");
    expect(() => new data.StackDataset()).toThrow("At least one dataset should be passed");
  });

  test("getItems gives a batch of samples at once", async () => {
    const asked: (readonly number[])[] = [];
    const set = {
      length: 5,
      get: (i: number) => i,
      getItems: (indices: readonly number[]) => {
        asked.push(indices);
        return indices.map((i) => 10 * i);
      },
    };
    expect(await order(new data.DataLoader(new data.Subset(set, [4, 2, 0]), 2))).toEqual([40, 20, 0]);
    expect(asked).toEqual([[4, 2], [0]]);
  });

  test("rows of a view are read as they are", () => {
    const x = torch.arange(12).view(3, 4).t();
    expect(new data.TensorDataset(x).getBatch([1, -1])[0].tolist()).toEqual([
      [1, 5, 9],
      [3, 7, 11],
    ]);
  });
});

describe("streams", () => {
  class Count extends data.IterableDataset<number> {
    readonly n: number;
    constructor(n: number) {
      super();
      this.n = n;
    }
    override *[Symbol.iterator]() {
      for (let i = 0; i < this.n; i++) yield i;
    }
  }
  class Slowly extends data.IterableDataset<number> {
    override readonly length = 5;
    override async *[Symbol.asyncIterator]() {
      for (let i = 0; i < 5; i++) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        yield i;
      }
    }
  }

  test("synchronous and asynchronous, in batches, ahead, and one by one", async () => {
    const batches = async (loader: torch.data.DataLoader<number, unknown>) =>
      (await epoch(loader)).map((x) => (torch.isTensor(x) ? x.tolist() : x));
    expect(await batches(new data.DataLoader(new Count(5), 2))).toEqual([[0, 1], [2, 3], [4]]);
    expect(await batches(new data.DataLoader(new Count(5), { batchSize: 2, dropLast: true }))).toEqual([
      [0, 1],
      [2, 3],
    ]);
    const ahead = new data.DataLoader(new Slowly(), { batchSize: 2, numWorkers: 2 });
    expect(ahead.length).toBe(3);
    for (let i = 0; i < 2; i++) expect(await batches(ahead)).toEqual([[0, 1], [2, 3], [4]]);
    expect(await batches(new data.DataLoader(new Count(2), { batchSize: null }))).toEqual([0, 1]);
    const chain = new data.ChainDataset([new Count(2), new Slowly()]);
    expect(await batches(new data.DataLoader(chain, 4))).toEqual([
      [0, 1, 0, 1],
      [2, 3, 4],
    ]);
    expect((await new data.DataLoader(new Count(3), 2).first()).tolist()).toEqual([0, 1]);
  });

  /** Starts anew when it is asked after its end. */
  class Restarting extends data.IterableDataset<number> {
    #left = 4;
    override [Symbol.iterator](): Iterator<number> {
      return {
        next: () => {
          if (this.#left === 0) {
            this.#left = 4;
            return { done: true, value: undefined };
          }
          this.#left--;
          return { done: false, value: 3 - this.#left };
        },
      };
    }
  }

  test.each([0, 1, 2])("a stream that has ended is not asked again, with %i workers", async (numWorkers) => {
    const loader = new data.DataLoader(new Restarting(), { batchSize: 3, numWorkers });
    for (let i = 0; i < 2; i++) {
      expect((await epoch(loader)).map((batch) => batch.tolist())).toEqual([[0, 1, 2], [3]]);
    }
  });

  const closed: string[] = [];
  class Closing extends data.IterableDataset<number> {
    override *[Symbol.iterator]() {
      try {
        for (let i = 0; i < 100; i++) yield i;
      } finally {
        closed.push("now");
      }
    }
  }
  class ClosingLater extends data.IterableDataset<number> {
    override async *[Symbol.asyncIterator]() {
      try {
        for (let i = 0; i < 100; i++) yield i;
      } finally {
        await Promise.resolve();
        closed.push("later");
      }
    }
  }

  test.each([0, 2])("leaving early closes the stream, with %i workers", async (numWorkers) => {
    const loader = (source: torch.data.IterableDataset<number>) =>
      new data.DataLoader(source, { batchSize: 2, numWorkers });
    closed.length = 0;
    for await (const _ of loader(new Closing())) break;
    expect(closed).toEqual(["now"]);
    await loader(new ClosingLater()).first();
    expect(closed).toEqual(["now", "later"]);
    const thrown = async () => {
      for await (const _ of loader(new data.ChainDataset([new Closing(), new ClosingLater()]))) throw new Error("stop");
    };
    await expect(thrown()).rejects.toThrow("stop");
    expect(closed).toEqual(["now", "later", "now"]);
    const failing = new data.DataLoader(new Closing(), {
      numWorkers,
      collateFn: () => {
        throw new Error("no batch");
      },
    });
    await expect(epoch(failing)).rejects.toThrow("no batch");
    expect(closed).toEqual(["now", "later", "now", "now"]);
  });

  test("refuse what needs indices", () => {
    expect(() => new data.DataLoader(new Count(2), { shuffle: true })).toThrow(
      "DataLoader with IterableDataset: expected unspecified shuffle option, but got shuffle=True",
    );
    expect(() => new data.DataLoader(new Count(2)).length).toThrow("object of type 'Count' has no len()");
    expect(() => new data.ConcatDataset([new Count(2) as unknown as number[]])).toThrow(
      "ConcatDataset does not support IterableDataset",
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

test("workers know their number, and are set up once an epoch", async () => {
  const started: number[] = [];
  const set = { length: 4, get: () => data.getWorkerInfo()?.id ?? -1 };
  const loader = new data.DataLoader(set, { batchSize: 2, numWorkers: 2, workerInitFn: (id) => started.push(id) });
  expect((await epoch(loader)).map((batch) => batch.tolist())).toEqual([
    [0, 0],
    [1, 1],
  ]);
  expect(started).toEqual([0, 1]);
  expect(data.getWorkerInfo()).toBeNull();
});
