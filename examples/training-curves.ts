/**
 * Loss and accuracy of training and validation after each epoch, in two axes of one figure.
 *
 *   node scripts/run.mjs examples/training-curves.ts [FOLDER]      writes FOLDER/curves.png (pictures)
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import * as torch from "candlewick";

const { nn, optim, data, metrics, plot, vision } = torch;
const [folder = "pictures"] = process.argv.slice(2);
const epochs = process.env.CANDLEWICK_SHORT === "1" ? 2 : 15;
mkdirSync(folder, { recursive: true });

torch.manualSeed(0);
const trainLoader = new data.DataLoader(new vision.datasets.FashionMNISTSample(), { batchSize: 32, shuffle: true });
const valLoader = new data.DataLoader(new vision.datasets.FashionMNISTSample({ train: false }), { batchSize: 90 });
const model = new nn.Sequential(new nn.Flatten(), new nn.Linear(784, 64), new nn.ReLU(), new nn.Linear(64, 10));
const criterion = new nn.CrossEntropyLoss();
const optimizer = new optim.Adam(model.parameters(), { lr: 2e-3 });

/** The mean loss and the accuracy of one epoch; trains where `learn`. */
async function epoch(loader: typeof trainLoader, learn: boolean): Promise<[loss: number, accuracy: number]> {
  const loss = new metrics.MeanMetric();
  const accuracy = new metrics.MulticlassAccuracy(10, { average: "micro" });
  model.train(learn);
  for await (const [x, y] of loader) {
    const logits = torch.setGradEnabled(learn, () => model.forward(x));
    const batchLoss = criterion.forward(logits, y);
    if (learn) {
      optimizer.zeroGrad();
      batchLoss.backward();
      optimizer.step();
    }
    loss.update(batchLoss.detach(), x.size(0));
    accuracy.update(logits.detach(), y);
  }
  return [loss.compute().item(), accuracy.compute().item()];
}

const history = {
  loss: [] as number[],
  valLoss: [] as number[],
  accuracy: [] as number[],
  valAccuracy: [] as number[],
};
const bar = torch.progress(epochs, { desc: "epochs" });
for (const _ of bar) {
  const [loss, accuracy] = await epoch(trainLoader, true);
  const [valLoss, valAccuracy] = await epoch(valLoader, false);
  history.loss.push(loss);
  history.accuracy.push(accuracy);
  history.valLoss.push(valLoss);
  history.valAccuracy.push(valAccuracy);
  bar.setPostfix({ loss, valAccuracy });
}

const [figure, [axes]] = plot.subplots(1, 2, { figsize: [11, 4.2] });
const labels = { xlabel: "epoch" };
plot.curves(
  { train: history.loss, validation: history.valLoss },
  { ...labels, ylabel: "cross entropy", ax: axes?.[0] },
);
plot.curves(
  { train: history.accuracy, validation: history.valAccuracy },
  { ...labels, ylabel: "accuracy", ax: axes?.[1] },
);
await figure.save(join(folder, "curves.png"));
console.log(`${join(folder, "curves.png")}: ${figure}`);
