/** Images with what a model says of them: green where it is right, red where it is wrong. */
import { readArgs } from "../args.js";
import { ArgumentError } from "../errors.js";
import { describe, isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { sameLength } from "./checks.js";
import type { Figure } from "./figure.js";
import { FIGURE_OPTIONS } from "./figure.js";
import { type ImageGridOptions, imageGrid } from "./image-grid.js";
import { batchesOf, countOf, type ImageLike, type Numbers, numbersOf } from "./values.js";

/** Options of {@link predictions}. */
export interface PredictionsOptions extends Omit<ImageGridOptions, "titles" | "titleColors"> {
  /** The names of the classes. Default: their numbers. */
  classes?: readonly unknown[];
}
const GRID = ["rows", "cols", "title", "fontsize", "interpolation", "cmap", "vmin", "vmax", ...FIGURE_OPTIONS] as const;

/** Green and red that can be read on white. */
const [RIGHT, WRONG] = ["#007a1f", "#c00000"];

/** Classes [N] of scores [N, classes] or of classes. */
function classesOf(op: string, name: string, values: unknown): number[] {
  const isScores = isTensor(values) && values.ndim === 2 && values.size(1) > 1;
  const numbers = numbersOf(op, name, isScores ? values.detach().argmax(1) : values);
  const wrong = numbers.find((v) => !Number.isInteger(v) || v < 0);
  if (wrong !== undefined) throw new ArgumentError(`${op}: expected ${name} to be classes 0, 1, 2, ... or scores [N, classes], received ${describe(wrong)}`, { op }); // biome-ignore format: one line
  return numbers;
}

/**
 * Images with the class that was predicted and, where it is another, the true one: `predictions(images, logits, labels, { classes })`.
 * `preds` are classes [N] or scores [N, classes]. Errors: fewer predictions or targets than images; a class without a name.
 */
export function predictions(
  images: Tensor | readonly ImageLike[],
  preds: Numbers | Tensor,
  target: Numbers | Tensor,
  options: PredictionsOptions = {},
): Figure {
  const op = "predictions";
  const { classes, ...rest } = readArgs<PredictionsOptions>(op, ["classes", ...GRID], [options]);
  const all = new Array(countOf(batchesOf(op, images)));
  const [found, truth] = [classesOf(op, "preds", preds), classesOf(op, "target", target)];
  sameLength(op, all, found, "predictions");
  sameLength(op, all, truth, "targets");
  const name = (c: number): string => {
    if (classes === undefined) return String(c);
    if (c >= classes.length) throw new ArgumentError(`${op}: expected classes from 0 to ${classes.length - 1}, received ${c}`, { op }); // biome-ignore format: one line
    return String(classes[c]);
  };
  const titles = found.map((p, i) => (p === truth[i] ? name(p) : `${name(p)} (${name(truth[i] ?? 0)})`));
  return imageGrid(images, { cmap: "gray", titles, titleColors: found.map((p, i) => (p === truth[i] ? RIGHT : WRONG)), ...rest }); // biome-ignore format: one line
}
