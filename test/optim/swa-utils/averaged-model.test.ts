import { expect, test } from "vitest";
import * as torch from "../../../lib/index.js";

const { nn, optim } = torch;
const { AveragedModel, getEmaMultiAvgFn, updateBn } = optim.swaUtils;

function fill(model: torch.nn.Module, value: number): void {
  torch.noGrad(() => {
    for (const p of model.parameters()) p.fill_(value);
  });
}

test("parameters are averaged, buffers copied", () => {
  const model = new nn.Sequential(new nn.Linear(2, 2), new nn.BatchNorm1d(2));
  const mean = new AveragedModel(model);
  const ema = new AveragedModel(model, { multiAvgFn: getEmaMultiAvgFn(0.5), useBuffers: true });
  for (const value of [1, 2, 6]) {
    fill(model, value);
    model.forward(torch.ones(2, 2));
    mean.updateParameters(model);
    ema.updateParameters(model);
  }
  for (const p of mean.parameters()) expect(p.min().item()).toBe(3);
  for (const p of ema.parameters()) expect(p.min().item()).toBe(3.75);
  expect(mean.n_averaged.item()).toBe(3);
  expect(Object.keys(mean.stateDict())).toContain("module.1.running_mean");
  expect(mean.stateDict()["module.1.running_mean"]?.tolist()).toEqual(model.stateDict()["1.running_mean"]?.tolist());
  const out = mean.eval().forward(torch.zeros(1, 2));
  expect(out.shape).toEqual([1, 2]);
  expect(() => getEmaMultiAvgFn(2)).toThrow("Invalid decay value 2.0 provided. Please provide a value in [0,1] range.");
});

test("updateBn averages the statistics of all batches", async () => {
  const layer = new nn.BatchNorm1d(1);
  layer.eval();
  layer.momentum = 0.3;
  const batches = [torch.tensor([[1], [3]]), torch.tensor([[5], [7]])].map((x) => x.float());
  await updateBn(batches, layer);
  expect(layer.running_mean?.item()).toBe(4);
  expect(layer.running_var?.item()).toBe(2);
  expect([layer.momentum, layer.training]).toEqual([0.3, false]);
  const pairs = new torch.data.DataLoader(new torch.data.TensorDataset(torch.ones(4, 1), torch.arange(4)), {
    batchSize: 2,
  });
  await updateBn(pairs, layer);
  expect(layer.running_mean?.item()).toBe(1);
});
