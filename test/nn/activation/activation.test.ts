import { describe, expect, test } from "vitest";
import * as torch from "../../../lib/index.js";
import { casesOf } from "../../helpers/cases.js";

const { nn } = torch;
const F = nn.functional;

for (const file of ["elu", "hard", "rectifier", "smooth", "softmax"]) casesOf(`activation/${file}`);

describe("in place", () => {
  test.each([
    ["relu", F.relu_],
    ["elu", F.elu_],
    ["celu", F.celu_],
    ["selu", F.selu_],
    ["leakyRelu", F.leakyRelu_],
    ["hardtanh", F.hardtanh_],
    ["rrelu", F.rrelu_],
  ] as const)("%s gives what it gives otherwise, in x itself", (name, inPlace) => {
    const x = torch.linspace(-3, 3, 9);
    const leaf = x.clone().requiresGrad_();
    const y = leaf.mul(1);
    expect(inPlace(y)).toBe(y);
    const other = x.clone().requiresGrad_();
    const want = F[name](other);
    expect(y.tolist()).toEqual(want.tolist());
    y.sum().backward();
    want.sum().backward();
    expect(leaf.grad?.tolist()).toEqual(other.grad?.tolist());
  });
  test("layers with inplace change their input and say so", () => {
    const layers = [new nn.SiLU(true), new nn.Mish({ inplace: true }), new nn.ReLU6(true), new nn.ELU(1, true)];
    for (const layer of layers) {
      const x = torch.tensor([-1, 8]);
      expect(layer.forward(x)).toBe(x);
      expect(String(layer)).toContain("inplace=True");
    }
    expect(String(new nn.Threshold(1, 2, { inplace: true }))).toBe("Threshold(threshold=1.0, value=2.0, inplace=True)");
    expect(F.threshold(torch.tensor([0.5, 2]), 1, { value: 9 }).tolist()).toEqual([9, 2]);
  });
});

describe("errors", () => {
  const x = torch.randn(3, 4);
  test.each([
    [() => F.glu(torch.randn(3)), "Halving dimension must be even, but dimension 0 is size 3"],
    [() => F.celu(x, 0), "ZeroDivisionError: alpha cannot be 0 for CELU"],
    [() => F.softshrink(x, -1), "lambda must be in range [0, 3.40282e+38] for input dtype Float, but found -1"],
    [() => F.hardtanh(x, 2, 1), "min_val cannot be greater than max_val"],
    [() => new nn.Hardtanh(2, 1), "max_val (1.0) must be greater than min_val (2.0)"],
    [() => F.rrelu(x, 0.5, 0.1), "Lower bound should be less than or equal to the upper bound"],
    [() => F.gelu(torch.tensor([1n])), "\"GeluKernelImpl\" not implemented for 'Long'"],
    [() => new nn.Softmax2d().forward(x), "Softmax2d: expected input to be 3D or 4D, got 2D instead"],
    [
      () => F.prelu(x, torch.randn(3)),
      "Mismatch of parameter numbers and input channel size. Found parameter numbers = 3 and channel size = 4.",
    ],
  ])("%s", (call, message) => expect(call).toThrow(message));
});

test("integers where PyTorch takes them", () => {
  const x = torch.arange(4);
  expect(F.hardtanh(x, -0.5, 1.5).tolist()).toEqual([0n, 1n, 1n, 1n].map(Number));
  expect(F.threshold(x, 1, 5).tolist()).toEqual([5, 5, 2, 3]);
  expect(F.softsign(x).dtype).toBe("float32");
});

test("a one-hot Gumbel sample passes the soft gradient", () => {
  const x = torch.randn(4, 3).requiresGrad_();
  const y = F.gumbelSoftmax(x, { hard: true });
  expect(y.sum({ dim: 1 }).tolist()).toEqual([1, 1, 1, 1]);
  y.select(1, 0).sum().backward();
  expect(x.grad?.abs().sum().item()).toBeGreaterThan(0);
});
