import { describe, expect, test } from "vitest";
import * as torch from "../lib/index.js";
import { fixture } from "./helpers/fixtures.js";

const expected = fixture<Record<string, number[]> & { state: string }>("random.json");

test("the default generator draws PyTorch's numbers in PyTorch's order", () => {
  torch.manualSeed(0);
  expect(torch.rand(7).tolist()).toEqual(expected.rand);
  expect(torch.randn(20).tolist()).toEqual(expected.randn);
  expect(torch.randint(-5, 7, [7]).tolist()).toEqual(expected.randint);
  expect(torch.randperm(10).tolist()).toEqual(expected.randperm);
  expect(torch.bernoulli(torch.full([9], 0.3)).tolist()).toEqual(expected.bernoulli);
  expect(torch.rand(3, { dtype: "float64" }).tolist()).toEqual(expected.rand64);
  const high = torch.randint(0, 2 ** 32, [1]);
  expect(high.dtype).toBe("int64");
});

test("a generator starts at PyTorch's seed", () => {
  const generator = new torch.Generator();
  expect(generator.initialSeed()).toBe(67280421310721n);
  expect(torch.rand(3, { generator }).tolist()).toEqual(expected.generator);
});

describe("state and seeds", () => {
  test("state can be kept and restored", () => {
    const generator = new torch.Generator().manualSeed(3);
    torch.randn(3, { generator });
    const state = generator.getState();
    expect(state.dtype).toBe("uint8");
    expect(state.shape).toEqual([5056]);
    const next = torch.randn(5, { generator }).tolist();
    generator.setState(state);
    expect(torch.randn(5, { generator }).tolist()).toEqual(next);
    torch.manualSeed(1);
    const before = torch.getRngState();
    const a = torch.rand(2).tolist();
    torch.setRngState(before);
    expect(torch.rand(2).tolist()).toEqual(a);
  });

  test("seeds of every size", () => {
    torch.manualSeed(-1);
    expect(torch.initialSeed()).toBe(2n ** 64n - 1n);
    torch.manualSeed(2n ** 32n + 5n);
    const a = torch.rand(1).item();
    torch.manualSeed(5);
    expect(torch.rand(1).item()).toBe(a);
    expect(() => torch.manualSeed(1.5)).toThrow("expected an integer");
    expect(() => torch.manualSeed(2n ** 64n)).toThrow();
    expect(torch.seed()).toBeTypeOf("bigint");
  });
});
