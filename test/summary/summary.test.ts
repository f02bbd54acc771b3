/** `torch.summary`, beside torchinfo's table of the same model: test/fixtures/summary.py. */
import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import * as torch from "../../lib/index.js";

const { nn } = torch;

class Net extends nn.Module {
  block = new nn.Sequential(
    new nn.Conv2d(1, 10, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.Conv2d(10, 10, 3),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
  );
  bn = new nn.BatchNorm2d(10);
  head = new nn.Sequential(new nn.Flatten(), new nn.Linear(10 * 13 * 13, 10, { bias: false }));
  act = new nn.ReLU();
  unused = new nn.Linear(3, 3);
  w = new nn.Parameter(torch.ones(4));
  constructor() {
    super();
    this.block.at(0)?.getParameter("weight").requiresGrad_(false);
  }
  forward(x: torch.Tensor): torch.Tensor {
    return this.head.forward(this.act.forward(this.bn.forward(this.act.forward(this.block.forward(x)))));
  }
}

test("prints torchinfo's table", () => {
  const print = vi.spyOn(console, "log").mockImplementation(() => {});
  const expected = readFileSync(new URL("../fixtures/pytorch/summary.txt", import.meta.url), "utf8");
  torch.summary(new Net(), [1, 28, 28]);
  torch.summary(new Net(), [1, 28, 28], { batchSize: 4, depth: 1 });
  expect(`${print.mock.calls.flat().join("\n")}\n`).toBe(expected);
  print.mockRestore();
});

test("leaves the model, its modes, its buffers and the random state as they were", () => {
  const model = new nn.Sequential(new nn.Linear(3, 3), new nn.BatchNorm1d(3), new nn.Dropout(0.5));
  model.at(2)?.eval();
  const [before, random] = [torch.deepcopy(model.stateDict()), torch.getRngState()];
  torch.summary(model, [3], { verbose: false });
  expect(model.stateDict()).toEqual(before);
  expect(torch.getRngState().equal(random)).toBe(true);
  expect(model.modules().map((m) => m.training)).toEqual([true, true, true, false]);
  expect(() => torch.summary(model, [4], { verbose: false })).toThrow("mat1 and mat2 shapes cannot be multiplied");
  expect(model.training).toBe(true);
});

test("counts a shared module's parameters once, its multiply-adds at each call; steps of sequences", () => {
  const shared = new nn.Linear(4, 4);
  const twice = torch.summary(new nn.Sequential(shared, new nn.ReLU(), shared), [4], { verbose: false });
  expect([twice.totalParams, twice.totalMultAdds]).toEqual([20, 40]);
  expect(String(twice)).toContain("(recursive)");
  const tokens = torch.zeros(2, 3, { dtype: "int64" });
  const text = new nn.Sequential(new nn.Embedding(10, 4), new nn.Linear(4, 5));
  const counts = torch.summary(text, null, { inputData: tokens, verbose: false });
  expect(counts.layers.map((l) => [l.name, l.type, l.outputShape, l.multAdds])).toEqual([
    ["", "Sequential", [2, 3, 5], 0],
    ["0", "Embedding", [2, 3, 4], 80],
    ["1", "Linear", [2, 3, 5], 150],
  ]);
});

test("says what it expected", () => {
  const wrong =
    (...args: unknown[]) =>
    () =>
      Reflect.apply(torch.summary, undefined, args);
  const model = new nn.Linear(2, 2);
  expect(wrong(3)).toThrow("summary: expected a module, received number 3");
  expect(wrong(model)).toThrow("summary: expected inputShape, such as [1, 28, 28], or inputData");
  expect(wrong(model, [0.5])).toThrow("expected inputShape without the batch");
  expect(wrong(model, [2], { depht: 1 })).toThrow("unexpected keyword argument 'depht'");
  expect(wrong(model, null, { inputData: [3] })).toThrow("expected inputData to be a tensor or a list of them");
});
