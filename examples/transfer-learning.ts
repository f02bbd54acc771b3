/**
 * Transfer learning on photographs in folders, DIR/train/CLASS and DIR/val/CLASS:
 *
 *   node scripts/run.mjs examples/transfer-learning.ts [DIR] [WEIGHTS.pth]
 *
 * resnet18 with given weights, or random ones; a new head; one of four strategies of fine-tuning after another. After each epoch the
 * model is saved as 00.pth, 01.pth, ...; at the end all are loaded again and evaluated, and the best is restored. Without DIR small pictures
 * are made: bright discs on dark ground and the reverse.
 */
import { mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as torch from "candlewick";

const { nn, optim, data, vision } = torch;
const T = vision.transforms;
const short = process.env.CANDLEWICK_SHORT !== undefined;
const [folder = makePhotos(), weights] = process.argv.slice(2);
const [side, epochs] = short ? [32, 2] : [224, 3];

const normalize = new T.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
const train = new vision.datasets.ImageFolder(join(folder, "train"), {
  transform: new T.Compose([new T.RandomResizedCrop(side), new T.RandomHorizontalFlip(), new T.ToTensor(), normalize]),
});
const val = new vision.datasets.ImageFolder(join(folder, "val"), {
  transform: new T.Compose([new T.Resize([side, side]), new T.ToTensor(), normalize]),
});
console.log(train);
const trainLoader = new data.DataLoader(train, { batchSize: 16, shuffle: true, numWorkers: 2 });
const valLoader = new data.DataLoader(val, { batchSize: 20, numWorkers: 2 });
const criterion = new nn.CrossEntropyLoss();

/** resnet18 whose parameters are frozen, with a new head, which is not. */
async function makeModel() {
  const model = vision.models.resnet18();
  if (weights !== undefined) model.loadStateDict((await torch.load(weights)) as torch.nn.StateDict);
  model.requiresGrad_(false);
  model.fc = new nn.Linear(512, train.classes.length);
  return model;
}
type Model = Awaited<ReturnType<typeof makeModel>>;

/** What is trained, and how fast. */
const strategies: Record<string, (model: Model) => torch.optim.Optimizer> = {
  "the head alone": (model) => new optim.Adam(model.fc.parameters(), { lr: 1e-3 }),
  "the last block too": (model) => {
    model.layer4.requiresGrad_(true);
    return new optim.Adam(
      model.parameters().filter((p) => p.requiresGrad),
      { lr: 1e-4 },
    );
  },
  "a learning rate a group": (model) => {
    model.layer4.requiresGrad_(true);
    const groups = [
      { params: model.layer4.parameters(), lr: 1e-5 },
      { params: model.fc.parameters(), lr: 1e-3 },
    ];
    return new optim.Adam(groups);
  },
  "all of it": (model) => new optim.SGD(model.requiresGrad_(true).parameters(), { lr: 1e-3, momentum: 0.9 }),
};

/** The mean loss, the share that is right, and the classes that are predicted. */
async function evaluate(model: Model) {
  model.eval();
  const [losses, predicted]: [number[], torch.Tensor[]] = [[], []];
  for await (const [x, y] of valLoader) {
    const output = torch.noGrad(() => model.forward(x));
    losses.push(criterion.forward(output, y).item() * x.size(0));
    predicted.push(output.argmax(1));
  }
  const classes = torch.cat(predicted);
  const accuracy = classes
    .eq(torch.tensor(val.targets, { dtype: "int64" }))
    .float()
    .mean()
    .item();
  return { loss: losses.reduce((a, b) => a + b, 0) / val.length, accuracy, classes };
}

for (const [name, optimizerOf] of Object.entries(strategies)) {
  const start = performance.now();
  torch.manualSeed(0);
  const model = await makeModel();
  const optimizer = optimizerOf(model);
  const trainable = model.parameters().filter((p) => p.requiresGrad);
  console.log(`\n${name}: ${trainable.reduce((n, p) => n + p.numel(), 0)} parameters are trained`);
  const saved = mkdtempSync(join(tmpdir(), "epochs-"));
  for (let epoch = 0; epoch < epochs; epoch++) {
    model.train();
    let [loss, correct] = [0, 0];
    for await (const [x, y] of trainLoader) {
      optimizer.zeroGrad();
      const output = model.forward(x);
      const batchLoss = criterion.forward(output, y);
      batchLoss.backward();
      optimizer.step();
      loss += batchLoss.item() * x.size(0);
      correct += output.argmax(1).eq(y).sum().item();
    }
    const found = await evaluate(model);
    console.log(
      `Epoch ${epoch + 1}/${epochs}  loss ${(loss / train.length).toFixed(4)}  accuracy ${(correct / train.length).toFixed(3)}` +
        `  val loss ${found.loss.toFixed(4)}  val accuracy ${found.accuracy.toFixed(3)}`,
    );
    await torch.save(model.stateDict(), join(saved, `${String(epoch).padStart(2, "0")}.pth`));
  }

  // Each epoch again, from its file; the best stays.
  let best = { file: "", accuracy: -1 };
  const files = readdirSync(saved).filter((name) => name.endsWith(".pth"));
  for (const file of files.sort().map((name) => join(saved, name))) {
    model.loadStateDict((await torch.load(file)) as torch.nn.StateDict);
    const { accuracy } = await evaluate(model);
    if (accuracy > best.accuracy) best = { file, accuracy };
  }
  model.loadStateDict((await torch.load(best.file)) as torch.nn.StateDict);
  const { classes } = await evaluate(model);
  const counts = torch.zeros(val.length);
  counts.indexPut_([classes.eq(1)], 1); // as preds[preds == 1] = 1
  console.log(
    `best: ${best.file.slice(-6)}, ${best.accuracy.toFixed(3)}; ${counts.sum().item()} are called ${val.classes[1]}`,
  );
  console.log(`running time ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

/** A few pictures of two kinds. */
function makePhotos(): string {
  const root = mkdtempSync(join(tmpdir(), "photos-"));
  const axis = torch.arange(48).sub(23.5).square();
  const disc = axis.unsqueeze(0).add(axis.unsqueeze(1)).lt(200).float();
  for (const [part, count] of [
    ["train", 16],
    ["val", 6],
  ] as const) {
    for (const [name, picture] of [
      ["dark", disc],
      ["light", disc.neg().add(1)],
    ] as const) {
      mkdirSync(join(root, part, name), { recursive: true });
      for (let i = 0; i < count; i++) {
        const image = picture
          .mul(0.6)
          .add(torch.rand(3, 48, 48).mul(0.4))
          .mul(255)
          .to("uint8");
        vision.io.writeJpegSync(image, join(root, part, name, `${i}.jpg`));
      }
    }
  }
  return root;
}
