import { expect, test } from "vitest";
import { pyFloat, pyList, pyRepr } from "../lib/repr.js";

test("values print as Python prints them", () => {
  const cases: [unknown, string][] = [
    ...([
      [1e-5, "1e-05"],
      [1e-8, "1e-08"],
      [0.1, "0.1"],
      [0.0001, "0.0001"],
      [3, "3"],
      [1.5e-7, "1.5e-07"],
    ] as [number, string][]),
    ...([
      [1e16, "1e+16"],
      [2 ** 60, "1.152921504606847e+18"],
      [Number.NaN, "nan"],
      [-Infinity, "-inf"],
    ] as [number, string][]),
    ...([
      [true, "True"],
      [null, "None"],
      [[3, 3], "(3, 3)"],
      [[3], "(3,)"],
      ["mean", "'mean'"],
      [[1, null], "(1, None)"],
    ] as [unknown, string][]),
  ];
  for (const [value, text] of cases) expect(pyRepr(value)).toBe(text);
  expect(pyFloat(1)).toBe("1.0");
  expect(pyList(["a", "b"])).toBe("['a', 'b']");
});
