import { expect, test } from "vitest";
import * as torch from "../../../lib/index.js";
import { cosines, expectTensor, fixture, type JsonTensor } from "../../helpers/fixtures.js";

const { nn } = torch;
const { parametrize, parametrizations } = nn.utils;

const { norms } = fixture<{
  norms: Record<string, { state: Record<string, JsonTensor>; out: JsonTensor; grads: Record<string, JsonTensor> }>;
}>("sequence.json");

test.each([
  ["parametrizedWeightNorm", parametrizations.weightNorm<torch.nn.Linear>],
  ["parametrizedSpectralNorm", parametrizations.spectralNorm<torch.nn.Linear>],
] as const)("%s", (name, wrap) => {
  const want = norms[name];
  if (want === undefined) expect.fail("no fixture");
  torch.manualSeed(4);
  const layer = wrap(new nn.Linear(3, 4));
  layer.forward(torch.ones(2, 3));
  const y = layer.forward(torch.ones(2, 3));
  expectTensor(y, want.out, "output");
  const state = layer.stateDict();
  expect(Object.keys(state)).toEqual(Object.keys(want.state));
  for (const [key, json] of Object.entries(want.state)) expectTensor(state[key] ?? y, json, key);
  y.backward(cosines(y));
  for (const [key, json] of Object.entries(want.grads)) expectTensor(layer.getParameter(key).grad ?? y, json, key);
});

class Symmetric extends nn.Module {
  forward(...[x]: torch.Tensor[]): torch.Tensor {
    const given = x ?? torch.zeros(0);
    return given.add(given.t());
  }
  rightInverse(x: torch.Tensor): torch.Tensor {
    return x.div(2);
  }
}

test("a parameter is computed at every access, set by its inverse, copied and restored", () => {
  const layer = parametrize.registerParametrization(new nn.Linear(2, 2), "weight", new Symmetric());
  expect(String(layer)).toContain(
    "ParametrizedLinear(\n  in_features=2, out_features=2, bias=True\n  (parametrizations)",
  );
  expect(parametrize.isParametrized(layer, "weight")).toBe(true);
  layer.weight = new nn.Parameter(torch.eye(2));
  expect(layer.weight.tolist()).toEqual([
    [1, 0],
    [0, 1],
  ]);
  const copy = torch.deepcopy(layer);
  layer.weight = new nn.Parameter(torch.zeros(2, 2));
  expect(copy.weight.tolist()).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect(Object.keys(copy.stateDict())).toEqual(["bias", "parametrizations.weight.original"]);
  parametrize.removeParametrizations(copy, "weight");
  expect(Object.keys(copy.stateDict()).sort()).toEqual(["bias", "weight"]);
  expect([copy.weight.tolist(), copy.weight instanceof nn.Parameter]).toEqual([
    [
      [1, 0],
      [0, 1],
    ],
    true,
  ]);
  expect(() => parametrize.registerParametrization(new nn.Linear(2, 3), "weight", new nn.Flatten(0) as never)).toThrow(
    "may not change the shape",
  );
});
