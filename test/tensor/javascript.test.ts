/** Tensors where JavaScript itself looks at them: operators, templates, JSON, deep equality, cloning. */
import assert from "node:assert";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const { nn, tensor } = torch;
/** A tensor as JavaScript without types sees it. */
const loose = (x: torch.Tensor): number => x as unknown as number;

describe("operators", () => {
  test("read the only element", () => {
    let correct = 1;
    correct += loose(tensor([true, false, true]).sum());
    expect(correct).toBe(3);
    expect(loose(tensor(0.75)) > 0.5).toBe(true);
    expect(Number(tensor([[2]]))).toBe(2);
    expect(`${tensor([1])}`).toBe("tensor([1.])");
  });
  test("of several elements raise PyTorch's error", () => {
    expect(() => loose(tensor([1, 2])) > 0).toThrow("Boolean value of Tensor with more than one value is ambiguous");
    expect(() => Number(tensor([]))).toThrow("Boolean value of Tensor with no values is ambiguous");
    expect(() => Number(tensor([9007199254740993n]))).toThrow("itemBigInt()");
  });
});

test("length and JSON", () => {
  expect(torch.zeros(3, 2).length).toBe(3);
  expect(() => tensor(1).length).toThrow("len() of a 0-d tensor");
  expect(JSON.stringify({ x: tensor([[1, 2.5]]), y: tensor([true]) })).toBe('{"x":[[1,2.5]],"y":[true]}');
});

describe("deep equality", () => {
  const verdicts = (a: unknown, b: unknown): boolean[] => {
    const passes = (f: () => void) => {
      try {
        f();
        return true;
      } catch {
        return false;
      }
    };
    return [
      isDeepStrictEqual(a, b),
      passes(() => assert.deepStrictEqual(a, b)),
      passes(() => expect(a).toEqual(b)),
      passes(() => expect(a).toStrictEqual(b)),
    ];
  };
  const all = (value: boolean) => [value, value, value, value];

  test.each<[string, unknown, unknown]>([
    ["vectors", tensor([1, 2]), tensor([1, 2])],
    ["scalars", tensor(1), tensor(1)],
    ["NaN", tensor([0]).div(0), tensor([Number.NaN])],
    ["inside of objects", { x: [tensor([1])] }, { x: [tensor([1])] }],
    ["views", torch.arange(6).view(2, 3).t(), torch.arange(6).view(2, 3).t().contiguous()],
  ])("equal: %s", (_, a, b) => {
    expect(verdicts(a, b)).toEqual(all(true));
  });
  test.each<[string, unknown, unknown]>([
    ["values", tensor([1, 2]), tensor([1, 3])],
    ["scalars", tensor(1), tensor(2)],
    ["shapes", tensor([1, 2]), tensor([[1, 2]])],
    ["types", tensor([1]), tensor([1], { dtype: "float64" })],
    ["a number", tensor(1), 1],
    ["parameters", new nn.Parameter(tensor([1])), tensor([1])],
    ["inside of objects", { x: [tensor([1])] }, { x: [tensor([2])] }],
  ])("different: %s", (_, a, b) => {
    expect(verdicts(a, b)).toEqual(all(false));
  });

  test("modules are compared by their state", () => {
    const linear = (seed: number) => {
      torch.manualSeed(seed);
      return new nn.Linear(2, 2);
    };
    expect(verdicts(linear(0), linear(0))).toEqual(all(true));
    expect(verdicts(linear(0), linear(1))).toEqual(all(false));
    const [a, b, c] = [linear(0), linear(0), linear(1)].map((layer) => new nn.Sequential(layer, new nn.ReLU()));
    expect(verdicts(a, b)).toEqual(all(true));
    expect(verdicts(a, c)).toEqual(all(false));
    expect(verdicts(a, b?.eval())).toEqual(all(false));
    expect(verdicts(new nn.Dropout(0.5), new nn.Dropout(0.4))).toEqual(all(false));
  });
});

test.each<[string, unknown]>([
  ["a tensor", tensor([1])],
  ["a tensor in an object", { batch: [tensor([1])] }],
  ["a module", new nn.Linear(1, 1)],
])("cloning %s says what to post", (_, value) => {
  expect(() => structuredClone(value)).toThrow("a Tensor belongs to its thread: post x.toTypedArray()");
});
