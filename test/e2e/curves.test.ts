/** Whole trainings, step by step as PyTorch's: the same seed gives the same weights, batches, masks and losses. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const { nn, optim, data, vision } = torch;
const F = nn.functional;

interface Curve {
  run: "dnn_adam_b100" | "tanh_sgd_b64" | "fashion_sample_cnn_b100";
  seed: number;
  batch: number;
  losses: number[];
  acc_first_1000?: number;
}

const curves: Curve[] = readFileSync(new URL("../fixtures/curves.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

class Dnn extends nn.Module {
  fc1 = new nn.Linear(784, 256);
  fc2 = new nn.Linear(256, 128);
  fc3 = new nn.Linear(128, 10);
  drop = new nn.Dropout(0.25);
  forward(x: torch.Tensor): torch.Tensor {
    const hidden = this.drop.forward(F.relu(this.fc1.forward(x.view(-1, 784))));
    return this.fc3.forward(F.relu(this.fc2.forward(hidden)));
  }
}

const tanhNet = () =>
  new nn.Sequential(
    ...[new nn.Conv2d(1, 16, 3, { padding: 1 }), new nn.Tanh(), new nn.MaxPool2d(2)],
    ...[new nn.Conv2d(16, 8, 3, { padding: 1 }), new nn.Tanh(), new nn.MaxPool2d(2)],
    ...[new nn.Flatten(), new nn.Linear(392, 32), new nn.Tanh(), new nn.Linear(32, 10)],
  );

class FashionCNN extends nn.Module {
  layer1 = new nn.Sequential(
    new nn.Conv2d(1, 32, 3, { padding: 1 }),
    new nn.BatchNorm2d(32),
    new nn.ReLU(),
    new nn.MaxPool2d(2, 2),
  );
  layer2 = new nn.Sequential(new nn.Conv2d(32, 64, 3), new nn.BatchNorm2d(64), new nn.ReLU(), new nn.MaxPool2d(2));
  fc1 = new nn.Linear(2304, 600);
  drop = new nn.Dropout(0.25);
  fc2 = new nn.Linear(600, 120);
  fc3 = new nn.Linear(120, 10);
  forward(x: torch.Tensor): torch.Tensor {
    const out = this.layer2.forward(this.layer1.forward(x));
    return this.fc3.forward(this.fc2.forward(this.drop.forward(this.fc1.forward(out.view(out.size(0), -1)))));
  }
}

const MNIST_DIR = join(fileURLToPath(new URL("../../", import.meta.url)), "data", "mnist");

/** The losses of some steps: seed, model, optimizer, loader, in this order. */
async function train(curve: Curve, steps: number): Promise<{ losses: number[]; model: torch.nn.Layer }> {
  torch.manualSeed(curve.seed);
  const sample = curve.run === "fashion_sample_cnn_b100";
  const model = sample ? new FashionCNN() : curve.run === "dnn_adam_b100" ? new Dnn() : tanhNet();
  const sgd = curve.run === "tanh_sgd_b64";
  const optimizer = sgd
    ? new optim.SGD(model.parameters(), { lr: 1e-2 })
    : new optim.Adam(model.parameters(), { lr: 1e-3 });
  const set = sample
    ? new vision.datasets.FashionMNISTSample()
    : new vision.datasets.MNIST(MNIST_DIR, { train: false });
  const loader = new data.DataLoader(set, { batchSize: curve.batch, shuffle: true });
  const criterion = new nn.CrossEntropyLoss();
  const losses: number[] = [];
  while (losses.length < steps) {
    for await (const [x, y] of loader) {
      const loss = criterion.forward(model.forward(x), y);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      losses.push(loss.item());
      if (losses.length === steps) break;
    }
  }
  return { losses, model };
}

describe("curves", () => {
  for (const curve of curves) {
    // The network with batch norm amplifies rounding differences: its first epoch is held to PyTorch's.
    const [steps, tolerance] = curve.run === "fashion_sample_cnn_b100" ? [8, 1e-3] : [curve.losses.length, 1e-4];
    test(`${curve.run}, seed ${curve.seed}: ${steps} steps within ${tolerance}`, async () => {
      const { losses, model } = await train(curve, steps);
      const worst = Math.max(...losses.map((loss, i) => Math.abs(loss - (curve.losses[i] ?? Number.NaN))));
      expect(worst, `losses ${losses.slice(0, 5)} ... of PyTorch ${curve.losses.slice(0, 5)}`).toBeLessThan(tolerance);
      if (curve.acc_first_1000 === undefined || steps < curve.losses.length) return;
      const set = new vision.datasets.MNIST(MNIST_DIR, { train: false });
      const [x, y] = set.getBatch([...Array(1000).keys()]) ?? [torch.zeros(0), torch.zeros(0)];
      const right = torch.noGrad(() => model.eval().forward(x).argmax(1).eq(y).sum().item());
      expect(Math.abs(right / 1000 - curve.acc_first_1000)).toBeLessThanOrEqual(0.002);
    });
  }
});
