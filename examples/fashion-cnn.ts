/**
 * Trains a convolutional network on images of clothes. `npm start` runs it.
 *
 *   npm start                     on the 900 Fashion-MNIST images that the package ships
 *   npm start -- --data DIR       on the full Fashion-MNIST: the IDX files in DIR, gzipped or not
 *   npm start -- --mnist          on the 10,000 MNIST images that the package ships
 *   npm start -- --epochs N       for N epochs (20, with --mnist 2)
 */
import { parseArgs } from "node:util";
import * as torch from "candlewick";

const { nn, optim, data, vision } = torch;

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
    const flat = out.view(out.size(0), -1);
    return this.fc3.forward(this.fc2.forward(this.drop.forward(this.fc1.forward(flat))));
  }
}

type Loader = AsyncIterable<[torch.Tensor, torch.Tensor]>;

async function accuracy(model: FashionCNN, loader: Loader): Promise<number> {
  let [correct, total] = [0, 0];
  model.eval();
  await torch.noGrad(async () => {
    for await (const [images, labels] of loader) {
      correct += model.forward(images).argmax(1).eq(labels).sum().item();
      total += labels.size(0);
    }
  });
  model.train();
  return correct / total;
}

function readOptions() {
  try {
    return parseArgs({ options: { data: { type: "string" }, mnist: { type: "boolean" }, epochs: { type: "string" } } })
      .values;
  } catch (error) {
    console.error(`${(error as Error).message}\nusage: npm start -- [--data DIR | --mnist] [--epochs N]`);
    process.exit(2);
  }
}
const options = readOptions();
const short = process.env.CANDLEWICK_SHORT === "1";
const epochs = Number(options.epochs ?? (options.mnist || short ? 2 : 20));

function dataset(train: boolean) {
  if (options.data !== undefined) return new vision.datasets.FashionMNIST(options.data, { train });
  return options.mnist ? new vision.datasets.MNISTSample({ train }) : new vision.datasets.FashionMNISTSample({ train });
}

torch.manualSeed(0);
const trainLoader = new data.DataLoader(dataset(true), { batchSize: 100, shuffle: true });
const testLoader = new data.DataLoader(dataset(false), { batchSize: 100 });
const model = new FashionCNN();
const criterion = new nn.CrossEntropyLoss();
const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
const scheduler = new optim.lrScheduler.CosineAnnealingLR(optimizer, 20);
console.log(model);
console.log(`${trainLoader.dataset.length} images to train, ${testLoader.dataset.length} to test`);

let test = 0;
for (let epoch = 1; epoch <= epochs; epoch++) {
  let sum = 0;
  const bar = torch.progress(trainLoader, { desc: `epoch ${epoch}/${epochs}`, leave: false });
  for await (const [images, labels] of bar) {
    optimizer.zeroGrad();
    const loss = criterion.forward(model.forward(images), labels);
    loss.backward();
    optimizer.step();
    sum += loss.item();
    bar.setPostfix({ loss: loss.item() });
  }
  scheduler.step();
  test = await accuracy(model, testLoader);
  console.log(`epoch ${epoch}/${epochs}: loss ${(sum / trainLoader.length).toFixed(4)}, accuracy ${test.toFixed(3)}`);
}
console.log(`test accuracy ${test.toFixed(3)}`);
