/** Sums of products by index: Einstein's notation and tensordot. */

import { isOptions } from "../args.js";
import { byName } from "../by-name.js";
import { ArgumentError, ShapeError } from "../errors.js";
import { native } from "../native.js";
import { describe, handleOf, type TensorBase, wrap } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { bmm, mm } from "./matmul.js";
import { sum } from "./reduction.js";
import { diagonal, permute, reshape } from "./shape.js";

/** An operand whose dimensions have labels; the ellipsis' dimensions are labelled "0", "1", ... from the right. */
interface Labelled {
  x: Tensor;
  labels: string[];
}

const fail = (message: string): never => {
  throw new ArgumentError(`einsum(): ${message}`, { op: "einsum" });
};

/** The labels of one operand's subscript, its ellipsis spelled out. */
function labelsOf(term: string, ndim: number, place: number): string[] {
  const [before = "", after, more] = term.split("...");
  if (more !== undefined) fail(`found more than one ellipsis for operand ${place}`);
  const named = before.length + (after?.length ?? 0);
  if (after === undefined && named !== ndim) {
    fail(
      `the number of subscripts in the equation (${named}) does not match the number of dimensions (${ndim}) for operand ${place} and no ellipsis was given`,
    );
  }
  if (named > ndim) {
    fail(
      `the number of subscripts in the equation (${named}) is more than the number of dimensions (${ndim}) for operand ${place}`,
    );
  }
  const hidden = Array.from({ length: ndim - named }, (_, i) => String(ndim - named - 1 - i));
  return [...before, ...hidden, ...(after ?? "")];
}

/** Repeated labels of one operand become a diagonal. */
function withoutRepeats({ x, labels }: Labelled): Labelled {
  const second = labels.findIndex((label, i) => labels.indexOf(label) < i);
  if (second < 0) return { x, labels };
  const first = labels.indexOf(labels[second] ?? "");
  if (x.size(first) !== x.size(second)) {
    fail(
      `subscript ${labels[first]} is repeated for operand but the sizes don't match, ${x.size(second)} != ${x.size(first)}`,
    );
  }
  const kept = labels.filter((_, i) => i !== first && i !== second);
  return withoutRepeats({ x: diagonal(x, 0, first, second), labels: [...kept, labels[first] ?? ""] });
}

/** Sums over the labels that nobody needs any more. */
function reduced({ x, labels }: Labelled, needed: ReadonlySet<string>): Labelled {
  const dims = labels.flatMap((label, i) => (needed.has(label) ? [] : [i]));
  if (dims.length === 0) return { x, labels };
  return { x: sum(x, dims, false, x.dtype), labels: labels.filter((label) => needed.has(label)) };
}

/** The dimensions in this order of labels; those that are missing have size 1. */
function arranged({ x, labels }: Labelled, order: readonly string[]): Tensor {
  const present = order.filter((label) => labels.includes(label));
  const inOrder = permute(
    x,
    present.map((label) => labels.indexOf(label)),
  );
  return reshape(
    inOrder,
    order.map((label) => (labels.includes(label) ? x.size(labels.indexOf(label)) : 1)),
  );
}

/** Two operands become one: batched matrix products over what they share and nobody else needs. */
function contract(a: Labelled, b: Labelled, needed: ReadonlySet<string>, sizes: ReadonlyMap<string, number>): Labelled {
  const shared = a.labels.filter((label) => b.labels.includes(label));
  // A dimension of size 1 that broadcasts is no partner of a matrix product.
  const equal = (label: string) => a.x.size(a.labels.indexOf(label)) === b.x.size(b.labels.indexOf(label));
  const inner = shared.filter((label) => !needed.has(label) && equal(label));
  const batch = shared.filter((label) => !inner.includes(label));
  const left = a.labels.filter((label) => !shared.includes(label));
  const right = b.labels.filter((label) => !shared.includes(label));
  const labels = [...batch, ...left, ...right];
  const extent = (list: readonly string[]) => list.map((label) => sizes.get(label) ?? 1);
  const product = (list: readonly number[]) => list.reduce((n, size) => n * size, 1);
  if (inner.length === 0 || batch.some((label) => !equal(label))) {
    const all = [...labels, ...inner];
    const x = wrap(native.mul(handleOf(arranged(a, all)), handleOf(arranged(b, all))));
    return reduced({ x, labels: all }, new Set([...labels].filter((label) => needed.has(label))));
  }
  const [nb, nl, nr, ni] = [extent(batch), extent(left), extent(right), extent(inner)];
  const rows = reshape(arranged(a, [...batch, ...left, ...inner]), product(nb), product(nl), product(ni));
  const columns = reshape(arranged(b, [...batch, ...inner, ...right]), product(nb), product(ni), product(nr));
  return { x: reshape(bmm(rows, columns), [...nb, ...nl, ...nr]), labels };
}

/** One operand: its dimensions in the order of the result, the others summed. */
function alone({ x, labels }: Labelled, result: readonly string[]): Tensor {
  const others = labels.filter((label) => !result.includes(label));
  const ordered = permute(
    x,
    [...result, ...others].map((label) => labels.indexOf(label)),
  );
  if (others.length === 0) return ordered;
  const dims = others.map((_, i) => result.length + i);
  return sum(ordered, dims, false, x.dtype);
}

/**
 * Einstein's sum: `einsum("ij,jk->ik", a, b)` is a matrix product. Letters name dimensions, a repeated letter within an operand
 * its diagonal, `...` the dimensions without letters (they broadcast). Without `->` the result has the letters that occur once, in
 * alphabetical order. Operands are contracted from left to right.
 */
export const einsum = byName("einsum", (equation: string, ...args: TensorBase[] | [readonly TensorBase[]]): Tensor => {
  if (typeof equation !== "string") fail(`expected the equation to be a string, received ${describe(equation)}`);
  const operands = (Array.isArray(args[0]) && args.length === 1 ? args[0] : args) as readonly Tensor[];
  const [inputs = "", output, extra] = equation.replaceAll(" ", "").split("->");
  const terms = inputs.split(",");
  if (extra !== undefined || !/^[a-zA-Z.,]*$/.test(inputs)) fail(`invalid equation ${JSON.stringify(equation)}`);
  if (operands.length === 0) fail("must provide at least one operand");
  if (terms.length !== operands.length) {
    fail(
      terms.length < operands.length
        ? "more operands were provided than specified in the equation"
        : "fewer operands were provided than specified in the equation",
    );
  }
  const parts = operands.map((x, i) => withoutRepeats({ x, labels: labelsOf(terms[i] ?? "", x.ndim, i) }));
  const sizes = new Map<string, number>();
  for (const { x, labels } of parts) {
    labels.forEach((label, i) => {
      const [size, have] = [x.size(i), sizes.get(label) ?? 1];
      if (have !== 1 && size !== 1 && have !== size) {
        throw new ShapeError(
          `einsum(): operands do not broadcast with remapped shapes [original->remapped]: ${operands.map((o) => `[${o.shape.join(", ")}]`).join(" ")}`,
          { op: "einsum" },
        );
      }
      sizes.set(label, Math.max(have, size) === 1 ? 1 : have === 1 ? size : have);
    });
  }
  const hidden = [...sizes.keys()].filter((label) => /\d/.test(label)).sort((a, b) => Number(b) - Number(a));
  const result = resultLabels(output, terms, hidden);
  const unknown = result.find((label) => !sizes.has(label));
  if (unknown !== undefined) fail(`output subscript ${unknown} does not appear in the equation for any input operand`);
  const [first, ...rest] = parts;
  if (first !== undefined && rest.length === 0) return alone(first, result);
  let done = first ?? fail("must provide at least one operand");
  rest.forEach((part, i) => {
    const needed = new Set([...result, ...rest.slice(i + 1).flatMap(({ labels }) => labels)]);
    const both = (other: Labelled) => new Set([...needed, ...other.labels]);
    done = contract(reduced(done, both(part)), reduced(part, both(done)), needed, sizes);
  });
  done = reduced(done, new Set(result));
  const order = result.map((label) => done.labels.indexOf(label));
  return order.every((place, i) => place === i) ? done.x : permute(done.x, order);
});

function resultLabels(output: string | undefined, terms: readonly string[], hidden: readonly string[]): string[] {
  if (output === undefined) {
    const letters = [...terms.join("").replaceAll(".", "")];
    const once = letters.filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter));
    return [...hidden, ...once.sort((a, b) => (a < b ? -1 : 1))];
  }
  const [before = "", after] = output.split("...");
  const labels = after === undefined ? [...before] : [...before, ...hidden, ...after];
  const twice = labels.find((label, i) => labels.indexOf(label) < i);
  if (twice !== undefined) fail(`output subscript ${twice} appears more than once in the output`);
  return labels;
}

/** The sum of products over `dims`: that many last dimensions of a and first of b, or two lists of dimensions. */
export const tensordot = byName(
  "tensordot",
  (
    a: TensorBase,
    b: TensorBase,
    dims: number | readonly [readonly number[], readonly number[]] | { dims: unknown } = 2,
  ): Tensor => {
    for (const x of [a, b]) handleOf(x); // raises where it is no tensor
    const given = isOptions(dims) ? dims.dims : dims;
    if (typeof given !== "number" && !Array.isArray(given)) {
      throw new ArgumentError(`tensordot: expected dims to be a number or two lists, received ${describe(given)}`);
    }
    const [left, right] =
      typeof given === "number"
        ? [Array.from({ length: given }, (_, i) => a.ndim - given + i), Array.from({ length: given }, (_, i) => i)]
        : (given as [number[], number[]]).map((list) => (typeof list === "number" ? [list] : [...list]));
    if (left === undefined || right === undefined || left.length !== right.length) {
      throw new ArgumentError("both dimension lists should have same length", { op: "tensordot" });
    }
    const wrapped = (x: TensorBase, list: readonly number[]) => list.map((d) => (d < 0 ? d + x.ndim : d));
    const [da, db] = [wrapped(a, left), wrapped(b, right)];
    // A size of 1 meets any other: the other is summed first.
    let [p, q] = [a, b];
    da.forEach((d, i) => {
      const e = db[i] ?? 0;
      const [n, m] = [a.size(d), b.size(e)];
      if (n === 1 && m !== 1) q = sum(q, e, true);
      else if (m === 1 && n !== 1) p = sum(p, d, true);
      else if (n !== m) {
        throw new ShapeError(
          `contracted dimensions need to match, but first has size ${n} in dim ${d} and second has size ${m} in dim ${db[i]}`,
          { op: "tensordot" },
        );
      }
    });
    const rest = (x: TensorBase, used: readonly number[]) => x.shape.flatMap((_, d) => (used.includes(d) ? [] : [d]));
    const [ra, rb] = [rest(a, da), rest(b, db)];
    const product = (x: TensorBase, list: readonly number[]) => list.reduce((n, d) => n * x.size(d), 1);
    const rows = reshape(permute(p, [...ra, ...da]), product(p, ra), product(p, da));
    const columns = reshape(permute(q, [...db, ...rb]), product(q, db), product(q, rb));
    return reshape(mm(rows, columns), [...ra.map((d) => a.size(d)), ...rb.map((d) => b.size(d))]);
  },
);
