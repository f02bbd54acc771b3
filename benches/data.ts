/**
 * Times the loading of images, beside PyTorch's in the same run where a Python with torchvision is given.
 *
 *   npm run bench -- data [--pytorch PYTHON] [--photos DIR] [--rounds N]
 *
 * DIR has a folder a class, as ImageFolder takes it; by default 96 JPEGs of 500 x 375 pixels are made. One epoch a round, after one that
 * is not counted; rounds of both sides alternate. Printed are images a second, largest and median, the ratio of the largest, and the delay
 * of the event loop meanwhile, at its 99th percentile.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import * as torch from "candlewick";

const { data, nn, optim, vision } = torch;
const T = vision.transforms;

/** Photographs of a kind: smooth colours with some noise, about as large as real ones. */
function makePhotos(): string {
  const root = mkdtempSync(join(tmpdir(), "candlewick-bench-"));
  for (const name of ["a", "b"]) {
    mkdirSync(join(root, name));
    for (let i = 0; i < 48; i++) {
      const coarse = nn.functional.interpolate(torch.rand(1, 3, 24, 32), { size: [375, 500], mode: "bicubic" });
      const image = coarse
        .squeeze(0)
        .add(torch.randn(3, 375, 500).mul(0.02))
        .clamp(0, 1)
        .mul(255)
        .to("uint8");
      vision.io.writeJpegSync(image, join(root, name, `${i}.jpg`), 90);
    }
  }
  return root;
}

class CifarNet extends nn.Module {
  conv1 = new nn.Conv2d(3, 16, 3, { padding: 1 });
  conv2 = new nn.Conv2d(16, 8, 3, { padding: 1 });
  fc1 = new nn.Linear(512, 32);
  fc2 = new nn.Linear(32, 2);
  forward(x: torch.Tensor): torch.Tensor {
    const a = nn.functional.maxPool2d(this.conv1.forward(x).tanh(), 2);
    const b = nn.functional.maxPool2d(this.conv2.forward(a).tanh(), 2);
    return this.fc2.forward(this.fc1.forward(b.view(-1, 512)).tanh());
  }
}

type Loaded = [torch.Tensor, torch.Tensor];
type Source = { set: torch.data.DatasetLike<unknown>; batchSize: number };

function sourceOf(kind: string, photos: string): Source {
  const gray = (transform: torch.vision.transforms.TransformLike<torch.Tensor, torch.Tensor>) => ({
    set: new vision.datasets.MNISTSample({ transform }),
    batchSize: 100,
  });
  switch (kind) {
    case "gray":
      return gray(new T.ToTensor());
    case "gray-augmented":
      return gray(
        new T.Compose([
          ...[new T.RandomCrop(28, { padding: 4 }), new T.RandomHorizontalFlip()],
          ...[new T.ToTensor(), new T.Normalize([0.5], [0.5])],
        ]),
      );
    case "photos":
      return {
        set: new vision.datasets.ImageFolder(photos, {
          transform: new T.Compose([
            ...[new T.RandomResizedCrop(224), new T.RandomHorizontalFlip()],
            ...[new T.ToTensor(), new T.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])],
          ]),
        }),
        batchSize: 32,
      };
    default:
      return {
        set: new data.TensorDataset(torch.rand(10000, 3, 32, 32), torch.randint(0, 2, [10000])),
        batchSize: 64,
      };
  }
}

/** Images a second of one epoch. */
async function epoch(kind: string, numWorkers: number, { set, batchSize }: Source): Promise<number> {
  const loader = new data.DataLoader(set, { batchSize, shuffle: true, numWorkers });
  const model = new CifarNet();
  const optimizer = new optim.SGD(model.parameters(), { lr: 1e-2 });
  const criterion = new nn.CrossEntropyLoss();
  let count = 0;
  const start = performance.now();
  for await (const batch of loader) {
    const [x, y] = batch as Loaded;
    count += x.size(0);
    if (kind !== "cifar-epoch") continue;
    optimizer.zeroGrad();
    criterion.forward(model.forward(x), y).backward();
    optimizer.step();
  }
  return count / ((performance.now() - start) / 1000);
}

/** PyTorch's side: a process that reads a kind a line and answers each with a line. */
function pytorch(python: string, photos: string): { ask(line: string): Promise<number>; process: ChildProcess } {
  const script = fileURLToPath(new URL("pytorch_data.py", import.meta.url));
  const child = spawn(python, [script, photos], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (line: string) => {
    child.stdin.write(`${line}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`${python} ${script} ended without an answer for ${line}`);
    return (JSON.parse(value) as { per_second: number }).per_second;
  };
  return { ask, process: child };
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Runs the benchmark. */
export async function benchData(o: { pytorch?: string; photos?: string; rounds: number }): Promise<void> {
  torch.manualSeed(0);
  const photos = o.photos ?? makePhotos();
  const python = o.pytorch === undefined ? undefined : pytorch(o.pytorch, photos);
  console.log(`JPEGs are decoded ${vision.io.jpegHasSimd() ? "with" : "without"} SIMD; images a second`);
  console.log(`${"loader".padEnd(26)}     max   median   PyTorch: max   median   ratio   event loop p99`);
  for (const [kind, workers] of [
    ...[
      ["gray", 0],
      ["gray-augmented", 0],
      ["memory", 0],
      ["cifar-epoch", 0],
    ],
    ...[
      ["photos", 0],
      ["photos", 1],
      ["photos", 2],
    ],
  ] as [string, number][]) {
    const source = sourceOf(kind, photos);
    await epoch(kind, workers, source);
    const [mine, theirs]: [number[], number[]] = [[], []];
    let late = 0;
    for (let i = 0; i < o.rounds; i++) {
      if (python !== undefined) await setTimeout(300); // PyTorch's threads spin for a while after their work
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      mine.push(await epoch(kind, workers, source));
      delay.disable();
      late = Math.max(late, delay.percentile(99) / 1e6);
      if (python !== undefined) theirs.push(await python.ask(`${kind} ${workers}`));
    }
    const show = (v: number) => v.toFixed(0).padStart(8);
    const [a, b] = [Math.max(...mine), Math.max(...theirs)];
    const beside =
      theirs.length > 0 ? `       ${show(b)} ${show(median(theirs))}   ${(a / b).toFixed(2).padStart(5)}` : "";
    console.log(
      `${`${kind}, ${workers} workers`.padEnd(26)}${show(a)} ${show(median(mine))}${beside}${late.toFixed(1).padStart(10)} ms`,
    );
  }
  python?.process.kill();
  if (o.photos === undefined) rmSync(photos, { recursive: true });
}
