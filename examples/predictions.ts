/**
 * A network learns photographs in folders, DIR/train/CLASS and DIR/val/CLASS, by a new head on frozen layers; its predictions are drawn,
 * green where they are right and red where they are wrong.
 *
 *   node scripts/run.mjs examples/predictions.ts [FOLDER] [DIR] [WEIGHTS.pth]      writes FOLDER/predictions.png (pictures)
 *
 * Without DIR the images of clothes that the package ships are learned, without WEIGHTS.pth (of mobilenet_v2) the frozen layers are random.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import * as torch from "candlewick";

const { nn, optim, data, plot, vision } = torch;
const T = vision.transforms;
const [folder = "pictures", photos, weights] = process.argv.slice(2);
const short = process.env.CANDLEWICK_SHORT === "1";
mkdirSync(folder, { recursive: true });

const side = photos === undefined ? 64 : 224;
const [mean, std] = [[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]]; // biome-ignore format: one line
const steps = photos === undefined ? [new T.Grayscale(3)] : [];
const transform = new T.Compose([...steps, new T.Resize([side, side]), new T.ToTensor(), new T.Normalize(mean, std)]);
const setOf = (part: "train" | "val") =>
  photos === undefined
    ? new vision.datasets.FashionMNISTSample({ train: part === "train", transform })
    : new vision.datasets.ImageFolder(join(photos, part), { transform });
const [train, val] = [setOf("train"), setOf("val")];

torch.manualSeed(0);
const model = vision.models.mobilenet_v2();
if (weights !== undefined) model.loadStateDict((await torch.load(weights)) as torch.nn.StateDict);
model.requiresGrad_(false);
model.classifier.set(1, new nn.Linear(1280, train.classes.length));
const optimizer = new optim.Adam(model.classifier.parameters(), { lr: 1e-3 });
const criterion = new nn.CrossEntropyLoss();

const loader = new data.DataLoader(train as torch.data.DatasetLike<[torch.Tensor, number]>, {
  batchSize: 16,
  shuffle: true,
});
for (let epoch = 0; epoch < (short ? 1 : 3); epoch++) {
  let taken = 0;
  for await (const [x, y] of torch.progress(loader, { desc: `epoch ${epoch + 1}` })) {
    optimizer.zeroGrad();
    criterion.forward(model.forward(x), y).backward();
    optimizer.step();
    if (short && ++taken === 3) break;
  }
}

model.eval();
const shown = new data.DataLoader(val as torch.data.DatasetLike<[torch.Tensor, number]>, {
  batchSize: 15,
  shuffle: true,
});
const [x, y] = await shown.first();
const scores = torch.noGrad(() => model.forward(x));
const shade = (values: number[]) => torch.tensor(values).view(3, 1, 1);
const images = x.mul(shade(std)).add(shade(mean)); // as they were before Normalize
await plot
  .predictions(images, scores, y, { classes: train.classes, rows: 3, cols: 5 })
  .save(join(folder, "predictions.png"));
console.log(`${scores.argmax(1).eq(y).sum().item()} of 15 are right: ${join(folder, "predictions.png")}`);
