import { describe, expect, test } from "vitest";
import * as torch from "../../../lib/index.js";
import { casesOf } from "../../helpers/cases.js";

const { nn } = torch;
const F = nn.functional;

for (const file of ["binary", "cross-entropy", "divergence", "regression", "margin", "embedding", "ctc", "adaptive"]) {
  casesOf(`loss/${file}`);
}

describe("reduction", () => {
  const [x, t] = [torch.tensor([1, 2, 3.5]), torch.zeros(3)];
  test("the old words override the new one", () => {
    expect(F.l1Loss(x, t, true, false).shape).toEqual([3]);
    expect(F.l1Loss(x, t, false).item()).toBe(6.5);
    expect(F.l1Loss(x, t, { sizeAverage: true, reduction: "sum" }).item()).toBeCloseTo(6.5 / 3);
    expect(new nn.MSELoss(null, false).reduction).toBe("none");
  });
  test("other words are refused", () => {
    const wrong = { reduction: "avg" as "mean" };
    expect(() => F.huberLoss(x, t, wrong)).toThrow("avg is not a valid value for reduction");
    expect(() => new nn.KLDivLoss(wrong)).toThrow("avg is not a valid value for reduction");
  });
});

describe("errors", () => {
  const [x, p, classes] = [torch.randn(3, 4), torch.rand(3, 4), torch.tensor([0n, 1n, 2n])];
  const logProbs = torch.randn(5, 2, 4);
  const labels = torch.tensor([
    [1n, 2n],
    [1n, 3n],
  ]);
  test.each([
    [() => F.binaryCrossEntropy(x, p), "all elements of input should be between 0 and 1"],
    [() => F.binaryCrossEntropy(p, p.double()), "Found dtype Double but expected Float"],
    [
      () => F.binaryCrossEntropyWithLogits(x, p.select(0, 0)),
      "Target size (torch.Size([4])) must be the same as input size (torch.Size([3, 4]))",
    ],
    [() => F.smoothL1Loss(x, p, { beta: -1 }), "smooth_l1_loss does not support negative values for beta."],
    [() => F.huberLoss(x, p, { delta: 0 }), "huber_loss does not support non-positive values for delta."],
    [() => F.multiMarginLoss(x, classes, 3), "only p == 1 and p == 2 supported"],
    [() => F.multiMarginLoss(x, torch.tensor([0n, 1n, 5n])), "target out of range"],
    [() => F.multilabelMarginLoss(x, torch.full([3, 4], 7n)), "argument #2 'target' is out of range"],
    [() => F.tripletMarginLoss(x, p, p, 0), "margin must be greater than 0, got 0.0"],
    [() => F.cosineEmbeddingLoss(x, p, p), "0D or 1D target tensor expected, multi-target not supported"],
    [() => F.gaussianNllLoss(x, p, -1), "var has negative entry/entries"],
    [() => F.gaussianNllLoss(x, p, torch.ones(2, 2)), "var is of incorrect size"],
    [() => F.klDiv(x, classes), "kl_div: Integral inputs not supported."],
    [() => F.ctcLoss(logProbs, labels, [5], [2, 2]), "input_lengths must be of size batch_size"],
    [
      () => F.ctcLoss(logProbs, labels, [5, 6], [2, 2]),
      "Expected input_lengths to have value at most 5, but got value 6 (while checking arguments for ctc_loss_allocate_outputs)",
    ],
    [() => F.ctcLoss(logProbs, labels, [5, 5], [2, 2], 7), "blank must be in label range"],
    [
      () => F.crossEntropy(x, torch.ones(3, 4).long()),
      "Expected floating point type for target with class probabilities, got Long",
    ],
    [() => F.crossEntropy(x, p, { ignoreIndex: 1 }), "ignore_index is not supported for floating point target"],
    [() => F.nllLoss(x, classes, { weight: torch.ones(4).double() }), "expected scalar type Float but found Double"],
    [
      () => F.linearCrossEntropy(x, torch.randn(5, 3), classes),
      "expected equal input and linear_weight last dimensions (in_features), got 4 and 3, respectively",
    ],
    [
      () => new nn.AdaptiveLogSoftmaxWithLoss(4, 10, [5, 2]),
      "cutoffs should be a sequence of unique, positive integers sorted in an increasing order",
    ],
    [() => new nn.TripletMarginLoss(0), "TripletMarginLoss: expected margin to be greater than 0, got 0.0 instead"],
  ])("%s", (call, message) => expect(call).toThrow(message));
});

test("the losses of a classifier of one class per position", () => {
  const layer = new nn.LinearCrossEntropyLoss(5, 4, { outFeatures: [3], bias: true, labelSmoothing: 0.5 });
  expect(String(layer)).toContain(
    "out_features=(3,), bias=True, reduction=mean, ignore_index=None, label_smoothing=0.5",
  );
  const y = layer.forward(torch.randn(8, 5), torch.zeros(8, 3).long());
  y.backward();
  expect(layer.linear.weight.grad?.shape).toEqual([12, 5]);
});

test("the adaptive softmax predicts the likeliest class", () => {
  const layer = new nn.AdaptiveLogSoftmaxWithLoss(6, 9, [3, 6]);
  const x = torch.randn(4, 6);
  const logProb = layer.logProb(x);
  expect(logProb.exp().sum({ dim: 1 }).sub(1).abs().max().item()).toBeLessThan(1e-5);
  expect(layer.predict(x).tolist()).toEqual(logProb.argmax(1).tolist());
  const { output } = layer.forward(x, layer.predict(x));
  expect(output.sub(logProb.amax(1)).abs().max().item()).toBeLessThan(1e-5);
});

test("a distance may be a module or a function", () => {
  const [a, b, c] = [torch.randn(4, 3), torch.randn(4, 3), torch.randn(4, 3)];
  const distance = new nn.PairwiseDistance(1);
  const want = F.tripletMarginLoss(a, b, c, { p: 1 }).item();
  const losses = [
    new nn.TripletMarginWithDistanceLoss({ distanceFunction: distance }),
    new nn.TripletMarginWithDistanceLoss({ distanceFunction: (x, y) => distance.forward(x, y) }),
  ];
  for (const loss of losses) expect(loss.forward(a, b, c).item()).toBeCloseTo(want);
});
