import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";
import { expectTensor, fixture, type JsonTensor } from "../helpers/fixtures.js";

const { init } = torch.nn;
const random = fixture<{ inits: Record<string, JsonTensor>; gains: Record<string, number> }>("random.json");

const fill: Record<string, (x: torch.Tensor) => torch.Tensor> = {
  uniform_: (x) => init.uniform_(x, -1, 2),
  normal_: (x) => init.normal_(x, 1, 2),
  xavierUniform_: (x) => init.xavierUniform_(x, 1.5),
  xavierNormal_: (x) => init.xavierNormal_(x),
  kaimingUniform_: (x) => init.kaimingUniform_(x),
  kaimingNormal_: (x) => init.kaimingNormal_(x),
};

describe("initialisers draw PyTorch's numbers", () => {
  for (const [name, expected] of Object.entries(random.inits)) {
    test(name, () => {
      torch.manualSeed(3);
      const x = fill[name]?.(torch.empty(expected.shape));
      if (x === undefined) throw new Error(`no initialiser ${name}`);
      expectTensor(x, expected, name, { rtol: 0, atol: 0 });
    });
  }
});

test("gains, constants, identity", () => {
  for (const name of ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"] as const) {
    expect(init.calculateGain(name)).toBe(random.gains[name]);
  }
  expect(init.ones_(torch.empty(2)).tolist()).toEqual([1, 1]);
  expect(init.zeros_(torch.empty(2)).tolist()).toEqual([0, 0]);
  expect(init.eye_(torch.empty(2, 2)).tolist()).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect(() => init.kaimingUniform_(torch.empty(3))).toThrow("fewer than 2 dimensions");
});

test("parameters can be initialised in place", () => {
  const w = new torch.nn.Parameter(torch.empty(2, 2));
  init.constant_(w, 3);
  expect(w.tolist()).toEqual([
    [3, 3],
    [3, 3],
  ]);
  expect(w.requiresGrad && w.isLeaf).toBe(true);
});

const { inits } = fixture<{ inits: Record<string, JsonTensor> }>("sequence.json");

test.each<[string, (x: torch.Tensor) => torch.Tensor]>([
  ["truncNormal_", (x) => init.truncNormal_(x, 0.5, 2, -1, 3)],
  ["truncNormalRare_", (x) => init.truncNormal_(x, 0, 1, 2, 3)],
  ["dirac_", (x) => init.dirac_(x, 2)],
  ["orthogonal_", (x) => init.orthogonal_(x, 1.5)],
  ["orthogonalTall_", (x) => init.orthogonal_(x)],
  ["sparse_", (x) => init.sparse_(x, 0.3)],
])("%s draws PyTorch's numbers", (name, fill) => {
  const want = inits[name];
  if (want === undefined) expect.fail(`no fixture ${name}`);
  torch.manualSeed(5);
  expectTensor(fill(torch.empty(want.shape)), want);
});
