/** A loader whose transform is a module's: PyTorch's batches, errors, memory. Prints "ok". */
import assert from "node:assert";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as torch from "../../dist/index.js";

const { data, vision } = torch;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const arrays = torch.numpy.loadSync(here("../fixtures/image_loader.npz"));
const root = mkdtempSync(join(tmpdir(), "threads-"));
const FILES = [
  ...["ant/420.jpg", "ant/rgb.png", "ant/cmyk.jpg", "ant/gray.jpg", "ant/lossy.webp"],
  ...["bee/nested/444.jpg", "bee/nested/palette.png", "bee/nested/progressive.jpg"],
  ...["bee/422.jpg", "bee/rgba.png", "bee/optimized.jpg"],
];
for (const file of FILES) {
  mkdirSync(join(root, file, ".."), { recursive: true });
  copyFileSync(here(`../fixtures/images/${file.split("/").at(-1)}`), join(root, file));
}

const set = new vision.datasets.ImageFolder(root, { transform: new URL("transform-module.mjs", import.meta.url) });
for (const numWorkers of [0, 1, 2, 3]) {
  torch.manualSeed(5);
  const loader = new data.DataLoader(set, { batchSize: 3, shuffle: true, numWorkers });
  for (const epoch of [0, 1]) {
    let i = 0;
    for await (const [x, y] of loader) {
      const key = `${numWorkers}/${epoch}/${i++}`;
      assert.deepEqual(y.tolist(), arrays[`${key}/y`].tolist(), key);
      assert(x.equal(arrays[`${key}/x`]), key);
    }
    assert.equal(i, 4);
  }
}

// Images of memory, and a path of a module.
const module = here("transform-module.mjs");
const memory = new vision.datasets.FashionMNISTSample({ train: false, transform: here("transform-fails.mjs") });
const [first, labels] = await new data.DataLoader(memory, { batchSize: 4, numWorkers: 1 }).first();
assert.deepEqual([first.wide.tolist(), labels.dtype], [[28, 28, 28, 28], "int64"]);
assert.deepEqual(Object.keys(memory.get(0)[0]), ["count", "wide"]);
assert.match(String(set), /Transform: <module .*transform-module.mjs>/);

// Errors come with the sample's path, and with their batch; the loader goes on.
const fails = new vision.datasets.ImageFolder(root, { transform: here("transform-fails.mjs") });
const loader = new data.DataLoader(fails, { batchSize: 11, numWorkers: 2 });
await assert.rejects(loader.first(), /Caught .*\.\w+: Error: 43 columns in DataLoader worker 0/);
assert.throws(
  () => new vision.datasets.ImageFolder(root, { transform: here("none.mjs") }),
  /none.mjs: there is no such file/,
);
const missing = new vision.datasets.ImageFolder(root, { transform: here("transform-broken.mjs") });
await assert.rejects(
  new data.DataLoader(missing, { numWorkers: 1 }).first(),
  /transform-broken.mjs: expected its default/,
);
await assert.rejects(
  missing.get(0),
  /transform-broken.mjs: expected its default export to be a transform or a function/,
);
vision.io.writePngSync(torch.zeros(3, 4, 7).to("uint8"), join(root, "ant/420.jpg"));
await assert.rejects(
  new data.DataLoader(fails, { numWorkers: 1 }).first(),
  /ended unexpectedly: it exited with code 3/,
);
copyFileSync(here("../fixtures/images/420.jpg"), join(root, "ant/420.jpg"));

// A thread that ends between two epochs is not taken again.
process.env.CANDLEWICK_TEST_END = join(root, "end");
const short = new vision.datasets.ImageFolder(root, { transform: here("transform-ends.mjs") });
for (let epoch = 0; epoch < 2; epoch++) {
  await new data.DataLoader(short, { batchSize: 11, numWorkers: 1 }).first();
  writeFileSync(process.env.CANDLEWICK_TEST_END, "");
  while (existsSync(process.env.CANDLEWICK_TEST_END)) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, 100));
}

// Leaving a loop, and many epochs: no more threads, no more memory.
const again = new data.DataLoader(new vision.datasets.ImageFolder(root, { transform: module }), {
  batchSize: 2,
  numWorkers: 2,
});
let before = 0;
for (let epoch = 0; epoch < 200; epoch++) {
  for await (const [x] of again) if (epoch % 3 === 0 && x.size(0) === 2) break;
  if (epoch === 100) before = process.memoryUsage().rss;
}
const grown = (process.memoryUsage().rss - before) / 1e6;
assert(grown < 60, `memory grew by ${grown} MB`);
// A transform that never ends: the time or the signal ends the epoch, and the process too.
const hangs = new vision.datasets.ImageFolder(root, { transform: here("transform-hangs.mjs") });
const late = new data.DataLoader(hangs, { batchSize: 3, numWorkers: 2, timeout: 1 });
await assert.rejects(late.first(), /timed out after 1 seconds/);
const stopped = new data.DataLoader(hangs, { numWorkers: 1, signal: AbortSignal.timeout(300) });
await assert.rejects(stopped.first(), /aborted|timeout/);

// A transform on this thread names the sample too.
const boom = new vision.datasets.ImageFolder(root, {
  transform: () => {
    throw new Error("boom");
  },
});
await assert.rejects(
  new data.DataLoader(boom, { numWorkers: 1 }).first(),
  /Caught .*ant.*: Error: boom in DataLoader worker 0/,
);
console.log("ok");
