/** Data sets from archives of a local server: CIFAR's tar, EMNIST's zip; what archives may not do. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as torch from "../../../lib/index.js";
import { type CifarSource, getCifar, readCifar } from "../../../lib/vision/datasets/cifar.js";
import { downloadArchive } from "../../../lib/vision/datasets/files.js";

const { datasets } = torch.vision;
const temporary = mkdtempSync(join(tmpdir(), "candlewick-archives-"));
const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");
let made = 0;
const newFolder = () => {
  const path = join(temporary, String(made++));
  mkdirSync(path);
  return path;
};

/** A tar of files, or of entries of another type. */
function tar(entries: readonly { name: string; body?: Uint8Array; type?: string; link?: string }[]): Buffer {
  const blocks = entries.flatMap(({ name, body = new Uint8Array(0), type = "0", link = "" }) => {
    const head = Buffer.alloc(512);
    head.write(name, 0);
    head.write("0000644\0", 100);
    head.write(`${body.length.toString(8).padStart(11, "0")}\0`, 124);
    head.write("        ", 148);
    head.write(type, 156);
    head.write(link, 157);
    head.write("ustar\x0000", 257);
    const sum = head.reduce((a, b) => a + b, 0);
    head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [head, Buffer.from(body), Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const served = new Map<string, Uint8Array>();
const server = createServer((request, response) => {
  const body = served.get(request.url ?? "");
  response.statusCode = body === undefined ? 404 : 200;
  response.end(body);
});
let mirror = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.close();
  rmSync(temporary, { recursive: true });
});

const fixture = (name: string) => readFileSync(fileURLToPath(new URL(`../../fixtures/cifar/${name}`, import.meta.url)));
const files = ["data_batch_1", "test_batch", "batches.meta"];
const sum = (name: string) => md5(fixture(name));

describe("CIFAR", () => {
  const archive = gzipSync(
    tar([
      { name: "cifar-10-batches-py/", type: "5" },
      ...files.map((name) => ({ name: `cifar-10-batches-py/${name}`, body: fixture(name) })),
    ]),
  );
  const source = (): CifarSource => ({
    ...{ name: "CIFAR10", mirrors: [mirror], file: "cifar.tar.gz", md5: md5(archive), folder: "cifar-10-batches-py" },
    train: { data_batch_1: sum("data_batch_1") },
    test: { test_batch: sum("test_batch") },
    meta: ["batches.meta", sum("batches.meta"), "label_names"],
  });

  test("downloads, unpacks, reads pickles of Python 2", async () => {
    served.set("/cifar.tar.gz", archive);
    const root = newFolder();
    await getCifar(source(), root, { progress: false });
    expect(readdirSync(root).sort()).toEqual(["cifar-10-batches-py", "cifar.tar.gz"]);
    const { images, labels, classes } = readCifar(source(), root, { train: true });
    expect([images.shape, images.dtype, labels.tolist(), classes]).toEqual([
      [2, 3, 32, 32],
      "uint8",
      [1, 0],
      ["airplane", "frog"],
    ]);
    expect(images.flatten().narrow(0, 3070, 5).tolist()).toEqual([3070, 3071, 3072, 3073, 3074].map((i) => i % 251));
    expect(readCifar(source(), root, { train: false }).labels.tolist()).toEqual([1]);
    served.delete("/cifar.tar.gz"); // what is there is not fetched again
    await getCifar(source(), root, { progress: false });
  });

  test("errors say what is missing, and how to get it", () => {
    const root = newFolder();
    expect(() => new datasets.CIFAR10(root)).toThrow(
      `Dataset not found or corrupted: there is no ${join(root, "cifar-10-batches-py", "data_batch_1")}; ` +
        `await vision.datasets.CIFAR10.download(${JSON.stringify(root)}) gets it, or put into ${root} what https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz has`,
    );
    mkdirSync(join(root, "cifar-100-python"));
    writeFileSync(join(root, "cifar-100-python", "train"), "x");
    expect(() => new datasets.CIFAR100({ root, download: true })).toThrow(
      "has the MD5 sum 9dd4e461268c8034f5c8564e155c67a6",
    );
  });
});

describe("archives", () => {
  const body = Buffer.from("data");
  const unpack = async (bytes: Uint8Array, file = "a.tar") => {
    served.set(`/${file}`, bytes);
    const root = newFolder();
    await downloadArchive({ name: "X", mirrors: [mirror], file, md5: md5(bytes) }, root, { progress: false });
    return root;
  };

  test("nothing is written outside, and no links", async () => {
    for (const name of ["../evil", "a/../../evil", "/tmp/candlewick-evil"]) {
      await expect(
        unpack(
          tar([
            { name: "good", body },
            { name, body },
          ]),
        ),
      ).rejects.toThrow(/leads out of the archive/);
    }
    await expect(unpack(tar([{ name: "l", type: "2", link: "/etc" }]))).rejects.toThrow(
      "l is a link, which is not unpacked",
    );
    await expect(unpack(tar([{ name: "l", type: "1", link: "x" }]))).rejects.toThrow("is a link");
    expect([existsSync(join(temporary, "evil")), existsSync("/tmp/candlewick-evil")]).toEqual([false, false]);
  });

  test("damaged and foreign files", async () => {
    await expect(unpack(Buffer.from("no archive at all".repeat(99)))).rejects.toThrow(torch.IOError);
    const whole = gzipSync(tar([{ name: "a", body: Buffer.alloc(9999, 7) }]));
    await expect(unpack(whole.subarray(0, 60), "b.tar.gz")).rejects.toThrow(torch.IOError);
    const root = await unpack(whole, "c.tar.gz");
    expect(readFileSync(join(root, "a")).length).toBe(9999);
  });
});

test("EMNIST and KMNIST read their files", () => {
  const idx = (magic: number, sizes: number[], values: number[]) =>
    gzipSync(Buffer.concat([Buffer.from(Uint32Array.of(magic, ...sizes).buffer).swap32(), Buffer.from(values)]));
  const root = newFolder();
  for (const [name, prefix] of [
    ["EMNIST", "emnist-letters-test"],
    ["KMNIST", "t10k"],
  ] as const) {
    mkdirSync(join(root, name, "raw"), { recursive: true });
    writeFileSync(join(root, name, "raw", `${prefix}-images-idx3-ubyte.gz`), idx(0x803, [1, 2, 2], [0, 51, 102, 255]));
    writeFileSync(join(root, name, "raw", `${prefix}-labels-idx1-ubyte.gz`), idx(0x801, [1], [3]));
  }
  const letters = new datasets.EMNIST(root, "letters", { train: false });
  expect([letters.length, letters.classes[3], letters.get(0)[1]]).toEqual([1, "c", 3]);
  expect(letters.get(0)[0].mul(5).tolist()).toEqual([
    [
      [0, 1],
      [2, 5],
    ],
  ]);
  expect(new datasets.KMNIST(root, { train: false }).classes[3]).toBe("tsu");
  expect(() => new datasets.EMNIST(root, "digits")).toThrow("EMNIST: no");
  expect(() => new datasets.EMNIST(root, "letter" as never)).toThrow('Unknown value "letter" for argument split');
});

test("FakeData has torchvision's images", () => {
  const set = new datasets.FakeData({ size: 5, imageSize: [3, 7, 9], numClasses: 6, randomOffset: 3 });
  const before = torch.getRngState();
  const samples = [...set];
  expect(samples.map(([, y]) => y)).toEqual([0, 5, 5, 3, 1]);
  expect(samples.map(([x]) => x.sum().item())).toEqual([24666, 22701, 25527, 24216, 25738]);
  expect(torch.getRngState().equal(before)).toBe(true);
});
