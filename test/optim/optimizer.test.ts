import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";
import { decode, expectTensor, fixture, type JsonTensor, type JsonValue } from "../helpers/fixtures.js";

const { optim } = torch;

interface OptimCase {
  optimizer: Exclude<keyof typeof optim, "Optimizer" | "lrScheduler" | "swaUtils">;
  options: Record<string, JsonValue>;
  path: { loss: number; w: number[]; b: number[] }[];
  repr: string;
  groups: Record<string, unknown>[];
  state: Record<string, Record<string, JsonTensor>>;
}

const cases = fixture<OptimCase[]>("optim.json");

/** Muon's steps are computed in bfloat16. */
const rtolOf = (c: OptimCase) => (c.optimizer === "Muon" ? 1e-3 : 1e-5);

function close(got: readonly number[], want: readonly number[], rtol: number): void {
  want.forEach((value, i) => {
    expect(Math.abs((got[i] ?? Number.NaN) - value)).toBeLessThanOrEqual(rtol * Math.max(1, Math.abs(value)));
  });
}

function setUp(c: OptimCase) {
  const dtype = c.optimizer === "LBFGS" ? "float64" : "float32";
  const w = torch.tensor(
    [
      [1, -2],
      [0.5, 3],
    ],
    { requiresGrad: true, dtype },
  );
  const b = torch.tensor([0.25, -0.75], { requiresGrad: true, dtype });
  const options = decode(c.options) as object;
  // One constructor of fourteen: `new` would have the compiler intersect the arguments of all.
  const optimizer: torch.optim.Optimizer = Reflect.construct(optim[c.optimizer], [
    c.optimizer === "Muon" ? [w] : [w, b],
    options,
  ]);
  return { w, b, optimizer };
}

/** A step of a case; LBFGS calls its closure more than once, on a loss that stands still. */
function step(c: OptimCase, { w, b, optimizer }: ReturnType<typeof setUp>, number: number): torch.Tensor {
  return optimizer.step(() => {
    optimizer.zeroGrad();
    const value = loss(w, b, c.optimizer === "LBFGS" ? 0 : number);
    value.backward();
    return value;
  });
}

function loss(w: torch.Tensor, b: torch.Tensor, step: number): torch.Tensor {
  return w
    .mv(torch.tensor([1, 2], { dtype: w.dtype }))
    .add(b)
    .pow(2)
    .sum()
    .add(
      w
        .sin()
        .sum()
        .mul(step + 1),
    );
}

describe("optimizers follow PyTorch's path", () => {
  for (const c of cases) {
    const name = `${c.optimizer} ${JSON.stringify(c.options)}`;
    test(name, () => {
      const { w, b, optimizer } = setUp(c);
      expect(inspect(optimizer)).toBe(c.repr);
      c.path.forEach((want, number) => {
        close([step(c, { w, b, optimizer }, number).item()], [want.loss], rtolOf(c));
        close(Array.from(w.flatten().toTypedArray(), Number), want.w, rtolOf(c));
        close(Array.from(b.toTypedArray(), Number), want.b, rtolOf(c));
      });
      const state = optimizer.stateDict();
      expect(state.param_groups).toEqual(c.groups);
      expect(Object.keys(state.state)).toEqual(Object.keys(c.state));
      for (const [number, entries] of Object.entries(c.state)) {
        const own = state.state[Number(number)] ?? {};
        expect(Object.keys(own).sort()).toEqual(Object.keys(entries).sort());
        for (const [key, value] of Object.entries(entries)) {
          const got = own[key];
          if (torch.isTensor(got))
            expectTensor(got, value, key, c.optimizer === "Muon" ? { rtol: 1e-2, atol: 1e-3 } : {});
        }
      }
    });

    test(`${name}: a state dict continues the path`, () => {
      const first = setUp(c);
      const second = setUp(c);
      for (let number = 0; number < 3; number++) step(c, first, number);
      second.optimizer.loadStateDict(torch.deepcopy(first.optimizer.stateDict()));
      torch.noGrad(() => {
        second.w.copy_(first.w);
        second.b.copy_(first.b);
      });
      for (let number = 3; number < 6; number++) for (const each of [first, second]) step(c, each, number);
      expect(second.w.equal(first.w) && second.b.equal(first.b)).toBe(true);
    });
  }
});

describe("parameter groups", () => {
  test("have options of their own and may be added later", () => {
    const [a, b, c] = [1, 2, 3].map((v) => torch.tensor([v], { requiresGrad: true }));
    if (a === undefined || b === undefined || c === undefined) throw new Error("no tensors");
    const optimizer = new optim.SGD([{ params: a }, { params: [b], lr: 1 }], { lr: 0.5 });
    optimizer.addParamGroup({ params: c, lr: 0.25 });
    a.add(b).add(c).sum().backward();
    optimizer.step();
    expect([a, b, c].map((p) => p.item())).toEqual([0.5, 1, 2.75]);
    expect(optimizer.paramGroups.map((g) => g.lr)).toEqual([0.5, 1, 0.25]);
    optimizer.zeroGrad();
    expect(a.grad).toBeNull();
    expect(() => optimizer.addParamGroup({ params: a })).toThrow(
      "some parameters appear in more than one parameter group",
    );
  });

  test("parameters without a gradient are left alone, and step takes a closure", () => {
    const a = torch.tensor([1], { requiresGrad: true });
    const b = torch.tensor([1], { requiresGrad: true });
    const optimizer = new optim.Adam([a, b], { lr: 0.1 });
    const value = optimizer.step(() => {
      optimizer.zeroGrad();
      const l = a.mul(2).sum();
      l.backward();
      return l;
    });
    expect(value.item()).toBe(2);
    expect(b.item()).toBe(1);
    expect(a.item()).toBeCloseTo(0.9);
  });

  test("a parameter that a group has twice has the number of its last place", () => {
    const [p, q] = [torch.ones(1), torch.ones(1)].map((x) => x.requiresGrad_()) as [torch.Tensor, torch.Tensor];
    const optimizer = new optim.SGD([p, p, q], { lr: 0.1, momentum: 0.9 });
    p.sum().add(q.sum().mul(2)).backward();
    optimizer.step();
    const { state, param_groups } = optimizer.stateDict();
    expect(param_groups[0]?.params).toEqual([1, 1, 2]);
    expect(Object.keys(state)).toEqual(["1", "2"]);
    const other = new optim.SGD([p, p, q], { lr: 0.1, momentum: 0.9 });
    other.loadStateDict(optimizer.stateDict());
    expect(other.state.size).toBe(2);
  });

  test("refuse what PyTorch refuses", () => {
    const p = torch.ones(1, { requiresGrad: true });
    expect(() => new optim.SGD([], { lr: 1 })).toThrow("optimizer got an empty parameter list");
    expect(() => new optim.SGD(p as unknown as torch.Tensor[], { lr: 1 })).toThrow("should be an iterable of Tensors");
    expect(() => new optim.SGD([p], { lr: -1 })).toThrow("Invalid learning rate: -1");
    expect(() => new optim.SGD([p], { nesterov: true })).toThrow(
      "Nesterov momentum requires a momentum and zero dampening",
    );
    expect(() => new optim.Adam([p], { betas: [1, 0.9] })).toThrow("Invalid beta parameter at index 0: 1");
    expect(() => new optim.Adam([p.mul(2)])).toThrow("can't optimize a non-leaf Tensor");
    const state = new optim.SGD([p]).stateDict();
    expect(() => new optim.SGD([{ params: [p] }, { params: [torch.ones(1)] }]).loadStateDict(state)).toThrow(
      "loaded state dict has a different number of parameter groups",
    );
  });
});
