/**
 * The confusion matrix of a classifier as an annotated heat map, and scikit-learn's report: a mean hides the class that is not found.
 *
 *   node scripts/run.mjs examples/confusion-matrix.ts [FOLDER]      writes FOLDER/confusion-matrix.png (pictures)
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import * as torch from "candlewick";

const { nn, optim, data, metrics, plot, vision } = torch;
const [folder = "pictures"] = process.argv.slice(2);
const epochs = process.env.CANDLEWICK_SHORT === "1" ? 2 : 20;
mkdirSync(folder, { recursive: true });

torch.manualSeed(0);
const train = new data.DataLoader(new vision.datasets.FashionMNISTSample(), { batchSize: 32, shuffle: true });
const clothes = new vision.datasets.FashionMNISTSample({ train: false });
const test = new data.DataLoader(clothes, { batchSize: 60 });
const model = new nn.Sequential(new nn.Flatten(), new nn.Linear(784, 64), new nn.ReLU(), new nn.Linear(64, 10));
const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
const criterion = new nn.CrossEntropyLoss();
for (const _ of torch.progress(epochs, { desc: "epochs" })) {
  for await (const [x, y] of train) {
    optimizer.zeroGrad();
    criterion.forward(model.forward(x), y).backward();
    optimizer.step();
  }
}

const matrix = new metrics.ConfusionMatrix({ task: "multiclass", numClasses: 10 });
const perClass = new metrics.MulticlassAccuracy(10, { average: "none" });
const [found, truth]: [torch.Tensor[], torch.Tensor[]] = [[], []];
for await (const [x, y] of test) {
  const classes = torch.noGrad(() => model.forward(x).argmax(1));
  matrix.update(classes, y);
  perClass.update(classes, y);
  found.push(classes);
  truth.push(y);
}
console.log(metrics.classificationReport(torch.cat(truth), torch.cat(found), clothes.classes));
const each = perClass.compute().tolist() as number[];
const worst = each.indexOf(Math.min(...each));
console.log(
  `mean of the classes ${(each.reduce((a, b) => a + b) / 10).toFixed(3)}; worst: ${clothes.classes[worst]}, ${each[worst]?.toFixed(3)}`,
);
await plot
  .confusionMatrix(matrix.compute(), { classes: clothes.classes, title: "Fashion-MNIST" })
  .save(join(folder, "confusion-matrix.png"));
