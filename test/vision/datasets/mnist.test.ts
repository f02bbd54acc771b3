import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, expectTypeOf, test } from "vitest";
import * as torch from "../../../lib/index.js";

const { data, vision } = torch;

describe("the shipped samples", () => {
  test("FashionMNISTSample: 72 of each class to train, 18 to test", async () => {
    const [train, test] = [new vision.datasets.FashionMNISTSample(), new vision.datasets.FashionMNISTSample(false)];
    expect([train.length, test.length]).toEqual([720, 180]);
    expect(train.get(72)[1]).toBe(1);
    expect(test.get(-1)[1]).toBe(9);
    const [image, label] = train.get(0);
    expect(image.shape).toEqual([1, 28, 28]);
    expect(image.dtype).toBe("float32");
    expect(image.max().item()).toBeLessThanOrEqual(1);
    expectTypeOf(label).toEqualTypeOf<number>();
    const [images, labels] = await new data.DataLoader(train, { batchSize: 5 }).first();
    expect(images.shape).toEqual([5, 1, 28, 28]);
    expect(images.index(0).equal(image)).toBe(true);
    expect(labels.dtype).toBe("int64");
    const counts = Array.from({ length: 10 }, (_, c) => train.targets.eq(c).sum().item());
    expect(counts).toEqual(Array(10).fill(72));
  });

  test("MNISTSample: 9,000 and 1,000", () => {
    const train = new vision.datasets.MNISTSample({ train: true });
    expect([train.length, new vision.datasets.MNISTSample({ train: false }).length]).toEqual([9000, 1000]);
    expect([0, 1, 2, 3, 4].map((i) => train.get(i)[1])).toEqual([7, 2, 1, 0, 4]);
  });

  test("transforms", async () => {
    const set = new vision.datasets.FashionMNISTSample({ transform: (x) => x.mul(2), targetTransform: (y) => `c${y}` });
    const [images, labels] = await new data.DataLoader(set, { batchSize: 2 }).first();
    expectTypeOf(labels).toEqualTypeOf<string[]>();
    expect(images.shape).toEqual([2, 1, 28, 28]);
    expect(labels).toEqual(["c0", "c0"]);
  });
});

describe("IDX files", () => {
  const idx = (magic: number, sizes: number[], body: number[]) =>
    Buffer.concat([Buffer.from(Uint32Array.of(magic, ...sizes).buffer).swap32(), Buffer.from(body)]);
  const images = idx(0x803, [2, 2, 3], [...Array(12).keys()]);
  const labels = idx(0x801, [2], [1, 0]);

  function directory(files: Record<string, Uint8Array>): string {
    const path = mkdtempSync(join(tmpdir(), "candlewick-"));
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(path, name), bytes);
    return path;
  }

  test("plain or gzipped", () => {
    const root = directory({ "train-images-idx3-ubyte": images, "train-labels-idx1-ubyte.gz": gzipSync(labels) });
    const set = new vision.datasets.FashionMNIST(root);
    expect(set.length).toBe(2);
    expect(set.data.tolist()).toEqual([
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
      [
        [6, 7, 8],
        [9, 10, 11],
      ],
    ]);
    expect(set.get(0)[1]).toBe(1);
  });

  test("errors name the file and what is wrong with it", () => {
    const { MNIST } = vision.datasets;
    const good = { "train-labels-idx1-ubyte": labels };
    const open =
      (bytes: Uint8Array, name = "train-images-idx3-ubyte") =>
      () =>
        new MNIST(directory({ ...good, [name]: bytes }));
    expect(() => new MNIST(directory({}))).toThrow("MNIST: no train-images-idx3-ubyte or train-images-idx3-ubyte.gz");
    expect(open(images.subarray(0, 20))).toThrow("truncated: an IDX header of shape [2, 2, 3] and 4 bytes of elements");
    expect(open(images.subarray(0, 7))).toThrow("truncated: an IDX header of 3 dimensions has 16 bytes, the file 7");
    expect(open(labels)).toThrow("expected an IDX file of uint8 with 3 dimensions, received uint8 of shape [2]");
    expect(open(idx(0xd03, [1, 1, 1], [0, 0, 0, 0]))).toThrow("received float32 of shape [1, 1, 1]");
    expect(open(idx(0x803, [2 ** 31, 2 ** 31, 3], []))).toThrow("truncated");
    expect(open(gzipSync(images).subarray(0, 20), "train-images-idx3-ubyte.gz")).toThrow("damaged or truncated");
    expect(open(idx(0x803, [3, 1, 1], [1, 2, 3]))).toThrow("as many images as labels");
    expect(open(images.subarray(0, 20))).toThrow(torch.IOError);
  });
});

describe("data sets in use", () => {
  const { FashionMNIST, FashionMNISTSample } = vision.datasets;

  test("have classes, print as torchvision's, and iterate", async () => {
    const set = new FashionMNISTSample({
      train: false,
      transform: function double(x) {
        return x.mul(2);
      },
    });
    expect(set.classes[9]).toBe("Ankle boot");
    expect(set.classToIdx.Sneaker).toBe(7);
    expect(String(set)).toBe(
      "Dataset FashionMNISTSample\n    Number of datapoints: 180\n    Split: Test\n    StandardTransform\nTransform: <function double>",
    );
    let labels = 0;
    for (const [image, label] of set) labels += label + image.ndim - 3;
    expect(labels).toBe(18 * 45);
    class Later extends data.Dataset<number> {
      length = 3;
      async get(i: number) {
        return i;
      }
    }
    const seen: number[] = [];
    for await (const value of new Later()) seen.push(value);
    expect(seen).toEqual([0, 1, 2]);
    expect(() => [...new Later()]).toThrow("write for await");
    expect(String(new data.DataLoader(set, { batchSize: 5, shuffle: true, dropLast: true }))).toBe(
      `DataLoader\n    Batch size: 5\n    Order: RandomSampler\n    Drops an incomplete last batch\n${String(set)
        .split("\n")
        .map((line) => `    ${line}`)
        .join("\n")}`,
    );
  });

  test("take root by name, and say how to get what is missing", async () => {
    const root = mkdtempSync(join(tmpdir(), "candlewick-"));
    expect(() => new FashionMNIST({ root })).toThrow(
      `await vision.datasets.FashionMNIST.download(${JSON.stringify(root)}) gets it`,
    );
    expect(() => new FashionMNIST({ root, download: true })).toThrow("a constructor cannot wait for the net");
    expect(() => new FashionMNIST(undefined as unknown as string)).toThrow("missing required argument: 'root'");
  });

  test("download: whole files of the right sum, from the first mirror that has them", async () => {
    const root = mkdtempSync(join(tmpdir(), "candlewick-"));
    const body = gzipSync("not the data");
    const server = createServer((request, response) => {
      response.statusCode = request.url?.startsWith("/empty") ? 404 : 200;
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const base = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    try {
      const failure = vision.datasets.MNIST.download(root, { mirrors: [`${base}/empty`, `${base}/full/`] });
      await expect(failure).rejects.toThrow(
        /empty\/train-images-idx3-ubyte.gz: HTTP 404.*invalid hash value \(expected "f68b3c2d/,
      );
      expect(readdirSync(join(root, "MNIST/raw"))).toEqual([]);
    } finally {
      server.close();
    }
  });
});
