/**
 * Twenty images of clothes with their classes, as a picture and in numbers.
 *
 *   node scripts/run.mjs examples/fashion-grid.ts [FOLDER]      writes FOLDER/fashion-grid.png (pictures)
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import * as torch from "candlewick";

const { plot, vision } = torch;
const [folder = "pictures"] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

const clothes = new vision.datasets.FashionMNISTSample();
torch.manualSeed(0);
const chosen = (torch.randperm(clothes.length).tolist() as number[]).slice(0, 20).map((i) => clothes.get(i));
const images = torch.stack(chosen.map(([image]) => image)); // [20, 1, 28, 28]
const titles = chosen.map(([, label]) => clothes.classes[label]);

const figure = plot.imageGrid(images, { titles, rows: 4, cols: 5, cmap: "gray" });
await figure.save(join(folder, "fashion-grid.png"));
console.log(`${join(folder, "fashion-grid.png")}: ${figure}`);
