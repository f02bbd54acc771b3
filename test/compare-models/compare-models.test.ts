/** `compareModels`: the numbers of each model by itself, the table, what is left as it was, errors. */
import { expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const { nn, data, metrics } = torch;
torch.manualSeed(0);
const [x, y] = [torch.randn(50, 4), torch.randint(0, 3, [50])];
const loader = () => new data.DataLoader(new data.TensorDataset(x, y), { batchSize: 16 });
const models = (): [torch.NamedModel, torch.NamedModel] => [
  { name: "wide, 2", model: new nn.Sequential(new nn.Linear(4, 8), new nn.Dropout(0.5), new nn.Linear(8, 3)) },
  { name: "한글", model: new nn.Linear(4, 3).eval() },
];
const criterion = new nn.CrossEntropyLoss();

test("each model has its own metrics, the loss is the mean of the samples", async () => {
  const [a, b] = models();
  const accuracy = new metrics.MulticlassAccuracy(3, { average: "micro" });
  accuracy.update(torch.tensor([0]).long(), torch.tensor([1]).long()); // the caller's own state
  const found = await torch.compareModels([a, b], loader(), {
    accuracy,
    loss: (logits, target) => criterion.forward(logits, target),
    matrix: new metrics.MulticlassConfusionMatrix(3),
  });
  expect(accuracy.compute().item()).toBe(0);
  expect([a.model.training, b.model.training]).toEqual([true, false]);
  for (const [i, { model }] of [a, b].entries()) {
    const row = found.rows[i] as torch.ModelRow;
    const logits = torch.noGrad(() => (model.eval() as torch.nn.Linear).forward(x));
    expect(row.predictions).toEqual(logits.argmax(1).tolist());
    expect((row.metrics.accuracy as torch.Tensor).item()).toBeCloseTo(
      logits.argmax(1).eq(y).to("float32").mean().item(),
      6,
    );
    expect(row.metrics.loss).toBeCloseTo(criterion.forward(logits, y).item(), 5);
    expect((row.metrics.matrix as torch.Tensor).sum().item()).toBe(50);
    expect(row.latency).toBeGreaterThan(0);
  }
  expect([found.rows[0]?.parameters, found.rows[0]?.bytes, found.rows[0]?.multAdds]).toEqual([67, 268, 67]);
  expect(found.scalars).toEqual(["accuracy", "loss"]);
  expect(String(found)).toMatch(
    /^model {4}accuracy +loss +parameters +size +mult-adds +latency\n-+\nwide, 2 +0\.\d{4} .* 67 +268B +67 +\S+ ms\n한글 {5} /,
  );
  expect(found.toCSV()).toMatch(/^model,accuracy,loss,parameters,bytes,mult_adds,latency_ms\n"wide, 2",0\.\d+,/);
  expect(found.plot().axes.length).toBe(6);
  expect(found.correlation().axes.length).toBe(1);
});

test("takes a metric, a list and a collection", async () => {
  const all = models();
  const one = await torch.compareModels(all, loader(), new metrics.MulticlassAccuracy(3));
  expect(one.scalars).toEqual(["MulticlassAccuracy"]);
  const two = [new metrics.MulticlassAccuracy(3), new metrics.MulticlassF1Score(3)];
  expect((await torch.compareModels(all, loader(), two)).scalars).toEqual(["MulticlassAccuracy", "MulticlassF1Score"]);
  const collection = new metrics.MetricCollection<unknown>(two, { prefix: "val_" });
  expect((await torch.compareModels(all, loader(), collection)).scalars[0]).toBe("val_MulticlassAccuracy");
});

test("says what is wrong, and leaves models as they were", async () => {
  const all = models();
  const accuracy = new metrics.MulticlassAccuracy(3);
  const fails = (given: unknown, batches: unknown, measured: unknown = accuracy) =>
    torch.compareModels(given as torch.NamedModel[], batches as never, measured as never);
  await expect(fails([], loader())).rejects.toThrow(
    "expected models as [{ name, model }, ...], received an empty list",
  );
  await expect(fails([all[0], all[0]], loader())).rejects.toThrow('two models have the name "wide, 2"');
  await expect(fails(all, [])).rejects.toThrow("the loader gave no batch");
  await expect(fails(all, [x])).rejects.toThrow("expected batches [inputs, targets], received");
  await expect(fails(all, loader(), {})).rejects.toThrow("expected metrics: one, a list, a MetricCollection");
  await expect(fails(all, [[x.narrow(1, 0, 3), y]])).rejects.toThrow("mat1 and mat2 shapes cannot be multiplied");
  expect(all[0].model.training).toBe(true);
  expect(accuracy.updateCalled).toBe(false);
});
