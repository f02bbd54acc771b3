/**
 * Eight worker threads with loaders of two workers each: how many threads of the process run at once. Decoding is held to the budget of
 * computing; the eight isolates themselves wake for moments. Prints the numbers; fails where on average more than twice as many threads
 * run as there are CPUs.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import * as torch from "../../dist/index.js";

const { data, vision } = torch;
const T = vision.transforms;

if (isMainThread) {
  const root = mkdtempSync(join(tmpdir(), "budget-"));
  mkdirSync(join(root, "a"));
  for (let i = 0; i < 24; i++) {
    const image = torch.rand(3, 24, 32).mul(255).unsqueeze(0);
    const large = torch.nn.functional
      .interpolate(image, { size: [375, 500], mode: "bilinear" })
      .squeeze(0)
      .to("uint8");
    vision.io.writeJpegSync(large, join(root, "a", `${i}.jpg`));
  }
  const threads = Array.from({ length: 8 }, () => new Worker(new URL(import.meta.url), { workerData: root }));
  const begun = threads.map((thread) => new Promise((resolve) => thread.once("message", resolve)));
  const done = threads.map((thread) => new Promise((resolve) => thread.once("exit", resolve)));
  await Promise.all(begun);
  for (const thread of threads) thread.postMessage("go");
  const counts = [];
  const timer = setInterval(() => counts.push(running()), 2);
  await Promise.all(done);
  clearInterval(timer);
  counts.sort((a, b) => a - b);
  const at = (part) => counts[Math.floor(part * (counts.length - 1))];
  const cpus = availableParallelism();
  const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
  console.log(
    `${counts.length} looks, ${cpus} CPUs; threads that run: mean ${mean.toFixed(1)}, median ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}, most ${at(1)}`,
  );
  if (mean > 2 * cpus) process.exitCode = 1;
} else {
  const transform = new T.Compose([new T.RandomResizedCrop(224), new T.RandomHorizontalFlip(), new T.ToTensor()]);
  const set = new vision.datasets.ImageFolder(workerData, { transform });
  const loader = new data.DataLoader(set, { batchSize: 8, shuffle: true, numWorkers: 2 });
  await loader.first();
  parentPort.postMessage("ready");
  await new Promise((resolve) => parentPort.once("message", resolve));
  for (let epoch = 0; epoch < 8; epoch++) for await (const [x] of loader) x.size(0);
}

/** Threads of this process that run or wait for a CPU, but for this one. */
function running() {
  let count = -1;
  for (const task of readdirSync("/proc/self/task")) {
    try {
      const stat = readFileSync(`/proc/self/task/${task}/stat`, "utf8");
      if (stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) === "R") count++;
    } catch {
      // A thread that has just ended.
    }
  }
  return count;
}
