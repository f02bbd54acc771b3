/** Clipping, vectors of parameters, normalised weights and fusion against PyTorch. */
import { expect, test } from "vitest";
import * as torch from "../../../lib/index.js";
import { cosines, expectTensor, fixture, type JsonTensor, toTensor } from "../../helpers/fixtures.js";

const { nn } = torch;
const { utils } = nn;

interface Normed {
  state: Record<string, JsonTensor>;
  out: JsonTensor;
  grads: Record<string, JsonTensor>;
}

const { clips, norms } = fixture<{
  clips: { grads: JsonTensor[]; cases: { order: number | "inf"; total: JsonTensor; grads: JsonTensor[] }[] };
  norms: Record<"weightNorm" | "spectralNorm", Normed>;
}>("sequence.json");

function withGrads(): torch.nn.Parameter[] {
  return clips.grads.map((json) => {
    const parameter = new nn.Parameter(torch.zeros(json.shape));
    parameter.grad = toTensor(json);
    return parameter;
  });
}

test.each(clips.cases)("clipGradNorm_ of order $order", ({ order, total, grads }) => {
  const parameters = withGrads();
  expectTensor(utils.clipGradNorm_(parameters, 1, order === "inf" ? Number.POSITIVE_INFINITY : order), total);
  grads.forEach((json, i) => {
    expectTensor(parameters[i]?.grad ?? torch.zeros(0), json);
  });
});

test("clipping by value, and norms that are not finite", () => {
  const [parameter] = withGrads();
  if (parameter === undefined) expect.fail("no parameter");
  utils.clipGradValue_(parameter, 0.25);
  expect(parameter.grad?.abs().max().item()).toBe(0.25);
  const infinite = torch.tensor([Number.POSITIVE_INFINITY]);
  expect(() => utils.getTotalNorm(infinite, 2, true)).toThrow("The total norm of order 2.0 for gradients");
  expect(utils.getTotalNorm([]).item()).toBe(0);
});

test("parameters to a vector and back", () => {
  const layer = new nn.Linear(2, 3);
  const vector = utils.parametersToVector(layer.parameters());
  expect([vector.shape, vector.requiresGrad]).toEqual([[9], true]);
  utils.vectorToParameters(torch.arange(9).float(), layer.parameters());
  expect(layer.weight.tolist()).toEqual([
    [0, 1],
    [2, 3],
    [4, 5],
  ]);
  expect(layer.bias?.tolist()).toEqual([6, 7, 8]);
});

test.each(["weightNorm", "spectralNorm"] as const)("%s", (name) => {
  const want = norms[name];
  const apply: (layer: torch.nn.Linear) => unknown = utils[name];
  torch.manualSeed(4);
  const layer = new nn.Linear(3, 4);
  apply(layer);
  const run = (): torch.Tensor => layer.forward(torch.ones(2, 3));
  run();
  const y = run();
  expectTensor(y, want.out, "output");
  const state = layer.stateDict();
  expect(Object.keys(state)).toEqual(Object.keys(want.state));
  for (const [key, json] of Object.entries(want.state)) expectTensor(state[key] ?? y, json, key);
  y.backward(cosines(y));
  for (const [key, json] of Object.entries(want.grads)) expectTensor(layer.getParameter(key).grad ?? y, json, key);
  expect(() => apply(layer)).toThrow("Cannot register two");
  layer.eval();
  const before = run();
  (name === "weightNorm" ? utils.removeWeightNorm : utils.removeSpectralNorm)(layer);
  expect(layer.forward(torch.ones(2, 3)).sub(before).abs().max().item()).toBeLessThan(1e-6);
  expect(Object.keys(layer.stateDict()).sort()).toEqual(["bias", "weight"]);
});

test("batch normalisation folds into a convolution", () => {
  const conv = new nn.Conv2d(2, 3, 3);
  const bn = new nn.BatchNorm2d(3);
  const net = new nn.Sequential(conv, bn);
  net.forward(torch.randn(4, 2, 5, 5));
  net.eval();
  const x = torch.randn(1, 2, 5, 5);
  const fused = utils.fuseConvBnEval(conv, bn);
  expect(fused.forward(x).sub(net.forward(x)).abs().max().item()).toBeLessThan(1e-5);
  expect(() => utils.fuseConvBnEval(conv.train(), bn)).toThrow("Fusion only for eval!");
});

test("skipInit leaves the generator alone", () => {
  torch.manualSeed(0);
  expect(utils.skipInit(nn.Linear, 2, 3).weight.shape).toEqual([3, 2]);
  const after = torch.rand(1).item();
  torch.manualSeed(0);
  expect(torch.rand(1).item()).toBe(after);
});

test("normalisations of weights take over a module whose state was looked at", () => {
  const norms: ((layer: torch.nn.Linear) => unknown)[] = [
    nn.utils.weightNorm,
    nn.utils.spectralNorm,
    nn.utils.parametrizations.weightNorm,
  ];
  for (const apply of norms) {
    const layer = new nn.Linear(2, 2);
    layer.parameters();
    apply(layer);
    layer.forward(torch.ones(1, 2));
    expect(layer.parameters().length).toBeGreaterThan(1);
  }
});
