/** Forms of calls, states, errors and collections of metrics. */
import * as torch from "candlewick";
import { describe, expect, expectTypeOf, test } from "vitest";

const { metrics } = torch;
const { functional } = metrics;
const long = (data: readonly number[]) => torch.tensor([...data], { dtype: "int64" });
const preds = long([0, 1, 2, 1, 0, 2]);
const target = long([0, 1, 1, 1, 2, 2]);

describe("a metric", () => {
  test("is made by task, by position or by name; both default averages are torchmetrics'", () => {
    const made = [
      new metrics.Accuracy({ task: "multiclass", numClasses: 3 }),
      new metrics.Accuracy("multiclass", { numClasses: 3 }),
      new metrics.Accuracy("multiclass", 0.5, 3),
    ];
    for (const metric of made) {
      expect(metric).toBeInstanceOf(metrics.MulticlassAccuracy);
      expect(String(metric)).toBe("MulticlassAccuracy()");
      expect(metric.forward(preds, target).item()).toBeCloseTo(4 / 6, 6); // micro
    }
    expect(new metrics.MulticlassAccuracy(3).forward(preds, target).item()).toBeCloseTo((1 + 2 / 3 + 1 / 2) / 3, 6);
    expect(functional.accuracy(preds, target, "multiclass", { numClasses: 3 }).item()).toBeCloseTo(4 / 6, 6);
    expect(functional.multiclassAccuracy({ preds, target, numClasses: 3, average: "none" }).tolist()).toEqual([
      1, 0.6666666865348816, 0.5,
    ]);
    expect(String(new metrics.Accuracy({ task: "binary" }))).toBe("BinaryAccuracy()");
    expectTypeOf(made[0]).toExtend<torch.metrics.Metric | undefined>();
  });

  test("adds batches up, gives a batch's value, and begins anew", () => {
    const metric = new metrics.MulticlassConfusionMatrix(3);
    expect(metric.forward(preds.narrow(0, 0, 3), target.narrow(0, 0, 3)).tolist()).toEqual([[1, 0, 0], [0, 1, 1], [0, 0, 0]]); // biome-ignore format: one line
    metric.update(preds.narrow(0, 3, 3), target.narrow(0, 3, 3));
    expect(metric.compute().tolist()).toEqual([[1, 0, 0], [0, 2, 1], [1, 0, 1]]); // biome-ignore format: one line
    expect([metric.updateCount, metric.metricState.confmat]).toEqual([2, metric.compute()]);
    metric.reset();
    expect([metric.updateCalled, metric.compute().sum().item()]).toEqual([false, 0]);
  });

  test("keeps no graph, and no more memory with more batches", () => {
    const scores = torch.rand(64, 10, { requiresGrad: true });
    const labels = torch.randint(0, 10, [64]);
    const all = new metrics.MetricCollection<unknown>([
      new metrics.MulticlassAccuracy(10),
      new metrics.MulticlassConfusionMatrix(10),
      new metrics.MulticlassAUROC(10, { thresholds: 20 }),
    ]);
    const held = () =>
      [...all]
        .flatMap(([, metric]) => Object.values(metric.metricState))
        .map((x) => (torch.isTensor(x) ? x.numel() : -1));
    const saved = torch.memoryStats().savedTensors;
    all.update(scores, labels);
    const before = held();
    for (let i = 0; i < 100; i++) all.update(scores, labels);
    expect([held(), torch.memoryStats().savedTensors]).toEqual([before, saved]); // and no list that grows
    expect(before).not.toContain(-1);
    expect((all.compute().MulticlassAccuracy as torch.Tensor).requiresGrad).toBe(false);
  });

  test("of 50,000 classes makes no matrix of them", () => {
    const labels = torch.randint(0, 50_000, [1000]);
    torch.resetPeakMemoryStats();
    const before = torch.memoryStats().peakBytes;
    expect(functional.accuracy(labels, labels, { task: "multiclass", numClasses: 50_000 }).item()).toBe(1);
    expect(functional.multiclassF1Score(labels, labels, 50_000).item()).toBeCloseTo(1, 6);
    expect(torch.memoryStats().peakBytes - before).toBeLessThan(5e7);
  });

  test("per-class accuracy beside the mean", () => {
    const rare = new metrics.MulticlassAccuracy(2, { average: "none" });
    const [found, truth] = [torch.zeros(100), torch.arange(100).ge(98).to("int64")];
    expect(functional.accuracy(found, truth, { task: "multiclass", numClasses: 2 }).item()).toBeCloseTo(0.98, 6);
    expect(rare.forward(found, truth).tolist()).toEqual([1, 0]);
  });
});

describe("errors", () => {
  test("say what was expected", () => {
    expect(() => new metrics.Accuracy({ task: "multi" as never })).toThrow("expected one of ['binary', 'multiclass', 'multilabel'], but got"); // biome-ignore format: one line
    expect(() => new metrics.Accuracy({} as never)).toThrow("missing required argument: 'task'");
    expect(() => new metrics.Accuracy({ task: "multiclass" })).toThrow(
      "`num_classes` must be type `int` when task is multiclass",
    );
    expect(() => new metrics.MulticlassAccuracy(1)).toThrow("Expected argument `num_classes` to be an integer larger than 1, but got 1"); // biome-ignore format: one line
    expect(() => new metrics.BinaryAccuracy(2)).toThrow("`threshold` to be a float in the [0,1] range, but got 2");
    expect(() => new metrics.MulticlassAccuracy(3, { average: "mean" as never })).toThrow("`average` to be one of");
    expect(() => new metrics.MulticlassFBetaScore(0, 3)).toThrow("`beta` to be a float larger than 0");
    const metric = new metrics.MulticlassAccuracy(3);
    expect(() => metric.update(long([0, 3]), long([0, 1]))).toThrow("Detected more unique values in `preds` than expected: classes are 0 to 2"); // biome-ignore format: one line
    expect(() => metric.update(long([0, 1]), long([0, -1]))).toThrow("in `target` than expected");
    expect(() => metric.update(torch.rand(2, 4), long([0, 1]))).toThrow("should be equal to number of classes");
    expect(() => metric.update(long([0, 1, 2]), long([0, 1]))).toThrow("should have the same shape");
    expect(() => metric.update([0, 1] as never, long([0, 1]))).toThrow("expected preds to be a tensor");
    expect(() => functional.binaryAccuracy(long([0, 1]), long([0, 2]))).toThrow("Detected the following values in `target`"); // biome-ignore format: one line
    expect(() => new metrics.BinaryAUROC({ thresholds: 1 })).toThrow("expected it to be larger than 1");
    expect(() => new metrics.BinaryAUROC({ maxFpr: 2 })).toThrow("`max_fpr` should be a float in range (0, 1]");
    expect(() => functional.r2Score(torch.ones(1), torch.ones(1))).toThrow("Needs at least two samples");
    expect(() => new metrics.R2Score({ adjusted: -1 })).toThrow("larger or equal to 0");
    expect(() => metrics.classificationReport([0, 1], [0])).toThrow("inconsistent numbers of samples: [2, 1]");
    expect(() => metrics.classificationReport([0, 1], [0, 1], ["one"])).toThrow(
      "does not match size of target_names, 1",
    );
  });
});

describe("values over batches", () => {
  test("mean, sum, extremes, all", () => {
    const [mean, sum, most, least, all] = [
      ...[new metrics.MeanMetric(), new metrics.SumMetric(), new metrics.MaxMetric()],
      ...[new metrics.MinMetric(), new metrics.CatMetric()],
    ];
    for (const metric of [mean, sum, most, least, all]) {
      metric?.update(1);
      metric?.update(torch.tensor([2, 3, Number.NaN]));
    }
    expect([mean, sum, most, least].map((metric) => metric?.compute().item())).toEqual([2, 6, 3, 1]);
    expect(all?.compute().tolist()).toEqual([1, 2, 3]);
    const weighted = new metrics.MeanMetric();
    weighted.update(1, 3);
    expect(weighted.forward(5, 1).item()).toBe(5);
    expect(weighted.compute().item()).toBe(2);
    expect(new metrics.SumMetric({ nanStrategy: 0 }).forward(torch.tensor([1, Number.NaN])).item()).toBe(1);
    expect(() => new metrics.SumMetric("error").update(Number.NaN)).toThrow("Encountered `nan` values");
    expect(() => new metrics.SumMetric("never" as never)).toThrow("`nan_strategy` should either be a float or one of");
    expect(() => sum?.update("3" as never)).toThrow("expected value to be a number or a tensor");
  });
});

describe("a collection", () => {
  test("gives values by name", () => {
    const all = new metrics.MetricCollection(
      [new metrics.MulticlassAccuracy(3, { average: "micro" }), new metrics.MulticlassPrecision(3)],
      { prefix: "val_" },
    );
    expect(String(all)).toBe("MetricCollection(\n  (MulticlassAccuracy): MulticlassAccuracy()\n  (MulticlassPrecision): MulticlassPrecision(),\n  prefix=val_\n)"); // biome-ignore format: one line
    expect(Object.keys(all.forward(preds, target))).toEqual(["val_MulticlassAccuracy", "val_MulticlassPrecision"]);
    expect(all.compute().val_MulticlassAccuracy?.item()).toBeCloseTo(4 / 6, 6);
    expect([all.length, all.keys().length, [...all].length]).toEqual([2, 2, 2]);
    all.reset();
    expect(all.get("val_MulticlassPrecision").updateCalled).toBe(false);
    expect(() => all.get("none")).toThrow('no metric "none"; there are val_MulticlassAccuracy');
    const named = new metrics.MetricCollection({ a: new metrics.MeanMetric() as never, b: all });
    expect(named.keys()).toEqual(["a", "b_MulticlassAccuracy", "b_MulticlassPrecision"]);
    expect(() => new metrics.MetricCollection([new metrics.MulticlassRecall(3), new metrics.MulticlassRecall(3)])).toThrow("two metrics both named MulticlassRecall"); // biome-ignore format: one line
    expect(() => new metrics.MetricCollection([3] as never)).toThrow("is not an instance of `Metric`");
  });
});
