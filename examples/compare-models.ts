/**
 * Three models are trained, saved, loaded back and compared on one test set: a table, their confusion matrices side by side, and how
 * alike their predictions are.
 *
 *   node scripts/run.mjs examples/compare-models.ts [FOLDER]      writes FOLDER/*.png and FOLDER/models.csv (pictures)
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "candlewick";

const { nn, optim, data, metrics, plot, vision } = torch;
const [folder = "pictures"] = process.argv.slice(2);
const epochs = process.env.CANDLEWICK_SHORT === "1" ? 1 : 10;
mkdirSync(folder, { recursive: true });

const train = new vision.datasets.FashionMNISTSample();
const test = new vision.datasets.FashionMNISTSample({ train: false });
const trainLoader = new data.DataLoader(train, { batchSize: 32, shuffle: true });
const testLoader = new data.DataLoader(test, { batchSize: 60 });

const builders = {
  linear: () => new nn.Sequential(new nn.Flatten(), new nn.Linear(784, 10)),
  "two layers": () => new nn.Sequential(new nn.Flatten(), new nn.Linear(784, 64), new nn.ReLU(), new nn.Linear(64, 10)),
  convolutions: () =>
    new nn.Sequential(
      ...[new nn.Conv2d(1, 16, 3, { padding: 1 }), new nn.ReLU(), new nn.MaxPool2d(2)],
      ...[new nn.Conv2d(16, 32, 3, { padding: 1 }), new nn.ReLU(), new nn.MaxPool2d(2)],
      ...[new nn.Flatten(), new nn.Linear(32 * 7 * 7, 10)],
    ),
};

const criterion = new nn.CrossEntropyLoss();
for (const [name, build] of Object.entries(builders)) {
  torch.manualSeed(0);
  const model = build();
  const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
  for (const epoch of torch.progress(epochs, { desc: name })) {
    for await (const [x, y] of trainLoader) {
      optimizer.zeroGrad();
      criterion.forward(model.forward(x), y).backward();
      optimizer.step();
    }
    if (epoch === epochs - 1) await torch.save(model.stateDict(), join(folder, `${name}.pth`));
  }
}

// From the files, into new models.
const models: torch.NamedModel[] = [];
for (const [name, build] of Object.entries(builders)) {
  const model = build();
  model.loadStateDict((await torch.load(join(folder, `${name}.pth`))) as torch.nn.StateDict);
  models.push({ name, model });
}

const comparison = await torch.compareModels(models, testLoader, {
  accuracy: new metrics.MulticlassAccuracy(10, { average: "micro" }),
  "macro F1": new metrics.MulticlassF1Score(10),
  loss: (logits, y) => criterion.forward(logits, y),
  matrix: new metrics.MulticlassConfusionMatrix(10),
});
console.log(comparison);
writeFileSync(join(folder, "models.csv"), comparison.toCSV());
await comparison.plot().save(join(folder, "models.png"));
await comparison.correlation().save(join(folder, "predictions-correlation.png"));

const [figure, [axes = []]] = plot.subplots(1, models.length, { figsize: [18, 6] });
for (const [i, row] of comparison.rows.entries()) {
  const matrix = row.metrics.matrix as torch.Tensor;
  plot.confusionMatrix(matrix, { classes: test.classes, title: row.name, cbar: false, ax: axes[i] });
}
await figure.save(join(folder, "confusion-matrices.png"));
