import { expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const { functional } = torch.autograd;
const vector = (...values: number[]) => torch.tensor(values, { dtype: "float64" });

test("jacobian mirrors the form of inputs and outputs", () => {
  const x = vector(1, 2);
  const j = functional.jacobian((y) => y.square(), x);
  expect(j.tolist()).toEqual([
    [2, 0],
    [0, 4],
  ]);
  const [a, b] = functional.jacobian((p, q) => (p ?? x).mul(q ?? x).sum(), [x, vector(3, 4)]);
  expect([a?.tolist(), b?.tolist()]).toEqual([
    [3, 4],
    [1, 2],
  ]);
  const rows = functional.jacobian((y): torch.Tensor[] => [y.sum(), y.mul(3)], x);
  expect(Array.isArray(rows) && rows.map((r) => (torch.isTensor(r) ? r.shape : r))).toEqual([[2], [2, 2]]);
  expect(functional.jacobian(() => vector(5), x).tolist()).toEqual([[0, 0]]);
  expect(() => functional.jacobian(() => vector(5), x, { strict: true })).toThrow(
    "Output 0 of the user-provided function does not require gradients",
  );
});

test("hessian and the products agree", () => {
  const x = vector(1, 2, 3);
  const v = vector(1, -1, 2);
  const g = (y: torch.Tensor) =>
    y
      .pow(3)
      .sum()
      .add(y.select(0, 0).mul(y.select(0, 1)));
  const h = functional.hessian(g, x);
  expect(h.tolist()).toEqual([
    [6, 1, 0],
    [1, 12, 0],
    [0, 0, 18],
  ]);
  const expected = h.matmul(v).tolist();
  expect([functional.hvp(g, x, v)[1], functional.vhp(g, x, v)[1]].map(String)).toEqual([
    String(h.matmul(v)),
    String(h.matmul(v)),
  ]);
  expect(expected).toEqual([5, -11, 36]);
  const square = (y: torch.Tensor) => y.square();
  const [out, product] = functional.jvp(square, x, v);
  expect([String(out), String(product)]).toEqual([String(x.square()), String(x.mul(2).mul(v))]);
  expect(String(functional.vjp(square, x, v)[1])).toBe(String(x.mul(2).mul(v)));
  expect(() => functional.vjp(square, x)).toThrow(
    "The vector v can only be None if the user-provided function returns",
  );
  expect(() => functional.jvp(square, x, vector(1))).toThrow("v has invalid size: should be torch.Size([3]) but got");
  expect(() => functional.hessian(square, x)).toThrow("should contain a single element");
});

test("with createGraph the result can be differentiated", () => {
  const x = vector(2).requiresGrad_();
  functional
    .jacobian((y) => y.pow(3), x, { createGraph: true })
    .sum()
    .backward();
  expect(x.grad?.tolist()).toEqual([12]);
});
