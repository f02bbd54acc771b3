/** Predictions and targets, checked and brought into one form. */
import { ArgumentError } from "../../errors.js";
import { softmax } from "../../nn/functional.js";
import type { Tensor } from "../../tensor.js";

const shapeOf = (x: Tensor) => `[${x.shape.join(", ")}]`;

/** Errors: predictions and targets of different shapes. */
export function checkSameShape(preds: Tensor, target: Tensor): void {
  if (preds.ndim === target.ndim && preds.shape.every((n, i) => n === target.shape[i])) return;
  throw new ArgumentError(
    `Predictions and targets are expected to have the same shape, but got torch.Size(${shapeOf(preds)}) and torch.Size(${shapeOf(target)}).`,
  );
}

/** Errors: values other than 0, 1 and the one that does not count. */
export function checkZeroOne(x: Tensor, name: "target" | "preds", ignoreIndex: number | null, labels = false): void {
  const known = x.eq(0).logicalOr(x.eq(1));
  const good = ignoreIndex === null ? known : known.logicalOr(x.eq(ignoreIndex));
  if (good.all().item()) return;
  const found = x.unique();
  const expected = name === "preds" ? "[0,1]" : ignoreIndex === null ? "[0, 1]" : `[0, 1, ${ignoreIndex}]`;
  throw new ArgumentError(
    `Detected the following values in \`${name}\`: ${found} but expected only the following values ${expected}${labels ? ` since \`${name}\` is a label tensor` : ""}.`,
  );
}

/** Probabilities of scores: scores from 0 to 1 are some already. */
export function probabilities(preds: Tensor, by: "sigmoid" | "softmax" | null): Tensor {
  if (by === null || preds.numel() === 0) return preds;
  if (preds.ge(0).all().item() && preds.le(1).all().item()) return preds;
  return by === "sigmoid" ? preds.sigmoid() : softmax(preds, 1);
}

/** Errors: predictions and targets of one or several labels, of other shapes or values. */
export function checkLabels(preds: Tensor, target: Tensor, ignoreIndex: number | null, numLabels?: number): void {
  checkSameShape(preds, target);
  if (numLabels !== undefined && preds.shape[1] !== numLabels) {
    throw new ArgumentError(
      `Expected both \`target.shape[1]\` and \`preds.shape[1]\` to be equal to the number of labels but got ${preds.shape[1]} and expected ${numLabels}`,
    );
  }
  checkZeroOne(target, "target", ignoreIndex);
  if (!preds.isFloatingPoint()) checkZeroOne(preds, "preds", null, true);
}

/** Errors: predictions [N, C, ...] or [N, ...] that do not fit targets [N, ...], and classes that there are not. */
export function checkClasses(
  preds: Tensor,
  target: Tensor,
  numClasses: number | null,
  ignoreIndex: number | null,
): void {
  const more = "If `preds` have one dimension more than `target`, ";
  const fail = (text: string): never => {
    throw new ArgumentError(text);
  };
  const same = (a: readonly number[], b: readonly number[]) => a.length === b.length && a.every((n, i) => n === b[i]);
  if (preds.ndim === target.ndim + 1) {
    if (!preds.isFloatingPoint()) fail(`${more}\`preds\` should be a float tensor.`);
    if (numClasses !== null && preds.shape[1] !== numClasses) {
      fail(`${more}\`preds.shape[1]\` should be equal to number of classes.`);
    }
    if (!same(preds.shape.slice(2), target.shape.slice(1))) {
      fail(`${more}the shape of \`preds\` should be (N, C, ...), and the shape of \`target\` should be (N, ...).`);
    }
  } else if (preds.ndim === target.ndim) {
    if (!same(preds.shape, target.shape)) {
      fail(`The \`preds\` and \`target\` should have the same shape, got \`preds\` with shape=torch.Size(${shapeOf(preds)}) and \`target\` with shape=torch.Size(${shapeOf(target)}).`); // biome-ignore format: one line
    }
  } else {
    fail("Either `preds` and `target` both should have the (same) shape (N, ...), or `target` should be (N, ...) and `preds` should be (N, C, ...)."); // biome-ignore format: one line
  }
  if (numClasses === null) return;
  checkRange(target, "target", numClasses, ignoreIndex);
  if (preds.ndim === target.ndim) checkRange(preds, "preds", numClasses, ignoreIndex);
}

/** Errors: a class below 0 or from `numClasses` on that is not the one that does not count. */
export function checkRange(x: Tensor, name: "target" | "preds", numClasses: number, ignoreIndex: number | null): void {
  const known = x.ge(0).logicalAnd(x.lt(numClasses));
  const good = ignoreIndex === null ? known : known.logicalOr(x.eq(ignoreIndex));
  if (x.numel() === 0 || good.all().item()) return;
  const ignored = ignoreIndex === null ? "" : ` or ignore_index=${ignoreIndex}`;
  throw new ArgumentError(
    `Detected more unique values in \`${name}\` than expected: classes are 0 to ${numClasses - 1}${ignored}. Found values: ${x.unique()}.`,
  );
}

/** The rows of both whose target counts. */
export function counting(preds: Tensor, target: Tensor, ignoreIndex: number | null): [preds: Tensor, target: Tensor] {
  if (ignoreIndex === null) return [preds, target];
  const mask = target.ne(ignoreIndex);
  return [preds.index(mask), target.index(mask)];
}
