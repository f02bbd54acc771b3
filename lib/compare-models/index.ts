/** `compareModels`: several models on the same data, side by side. */
import { noGrad } from "../autograd/modes.js";
import { ArgumentError } from "../errors.js";
import { isModule } from "../marks.js";
import { MetricCollection } from "../metrics/collection.js";
import { type HeldState, Metric } from "../metrics/metric.js";
import type { Module } from "../nn/module.js";
import { progress } from "../progress/index.js";
import { checkOptions } from "../serialization/files.js";
import { describe, isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { ModelComparison, type ModelRow } from "./comparison.js";
import { costOf } from "./cost.js";

export { ModelComparison, type ModelRow } from "./comparison.js";

/** A model and its name. */
export interface NamedModel {
  readonly name: string;
  readonly model: Module;
}

/** A metric, or a function of a batch's outputs and targets whose mean over all samples is wanted: a loss. */
export type ComparedMetric = Metric<unknown> | ((outputs: Tensor, targets: Tensor) => Tensor | number);

/** What is measured: one metric, a list, a collection, or metrics and functions by name. */
export type ComparedMetrics = Metric<unknown> | MetricCollection<unknown> | readonly Metric<unknown>[] | Readonly<Record<string, ComparedMetric>>; // biome-ignore format: one line

/** Options of {@link compareModels}. */
export interface CompareOptions {
  /** Whether a bar shows how far it is. Default false. */
  progress?: boolean;
}

/** Batches of inputs and targets. */
type Batches = AsyncIterable<unknown> | Iterable<unknown>;

/** A measure of one model while batches come. */
interface Running {
  add(outputs: Tensor, targets: Tensor): void;
  value(): unknown;
}

function named(op: string, given: unknown): [name: string, metric: ComparedMetric][] {
  const fail = (): never => {
    throw new ArgumentError(`${op}: expected metrics: one, a list, a MetricCollection, or metrics and functions by name; received ${describe(given)}`, { op }); // biome-ignore format: one line
  };
  if (given instanceof Metric) return [[given.constructor.name, given]];
  if (given instanceof MetricCollection) return [...given];
  if (typeof given !== "object" || given === null) return fail();
  const list = Array.isArray(given)
    ? given.map((m) => [m?.constructor?.name ?? "", m] as const)
    : Object.entries(given);
  if (list.length === 0 || !list.every(([, m]) => m instanceof Metric || (typeof m === "function" && !Array.isArray(given)))) return fail(); // biome-ignore format: one line
  return list.map(([name, metric]) => [name, metric as ComparedMetric]);
}

/** A metric with a state for this model alone, or a mean of a function. */
function running(metric: ComparedMetric): Running {
  if (metric instanceof Metric) {
    let held: HeldState | undefined;
    /** Works on this model's state; the caller's comes back, also after an error. */
    const within = <R>(work: () => R): R => {
      const caller = metric.exchange(held);
      try {
        return work();
      } finally {
        held = metric.exchange(caller);
      }
    };
    return { add: (x, y) => within(() => metric.update(x, y)), value: () => within(() => metric.compute()) };
  }
  let [sum, count] = [0, 0];
  return {
    add(x, y) {
      const value = metric(x, y);
      sum += Number(isTensor(value) ? value.item() : value) * y.size(0);
      count += y.size(0);
    },
    value: () => sum / count,
  };
}

function checked(op: string, models: unknown): readonly NamedModel[] {
  const isList = Array.isArray(models) && models.length > 0 && models.every((m) => typeof m?.name === "string" && isModule(m.model)); // biome-ignore format: one line
  if (!isList) throw new ArgumentError(`${op}: expected models as [{ name, model }, ...], received ${Array.isArray(models) && models.length === 0 ? "an empty list" : describe(models)}`, { op }); // biome-ignore format: one line
  const names = (models as NamedModel[]).map((m) => m.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new ArgumentError(`${op}: two models have the name ${describe(twice)}`, { op });
  return models as NamedModel[];
}

/**
 * Evaluates models on the batches [inputs, targets] of a loader, which is gone through once, so that all see the same samples:
 * `await compareModels([{ name: "V0", model }], loader, { accuracy: new Accuracy(...), loss: criterion })`. Models are in evaluation
 * meanwhile, without gradients; the metrics keep the state that they had. Returns metrics, parameters, size, multiply-adds and latency
 * of each as a table. Errors: models without a name or with the same; batches that are no pairs; no batch.
 */
export async function compareModels(
  models: readonly NamedModel[],
  loader: Batches,
  metrics: ComparedMetrics,
  options: CompareOptions = {},
): Promise<ModelComparison> {
  const op = "compareModels";
  checkOptions(op, options, ["progress"]);
  const all = checked(op, models);
  const wanted = named(op, metrics);
  const measures = all.map(() => wanted.map(([name, metric]) => [name, running(metric)] as const));
  const classes = all.map((): number[] => []);
  const modes = all.map(({ model }) => model.training);
  let sample: Tensor | undefined;
  try {
    for (const { model } of all) model.eval();
    for await (const batch of progress(loader, { desc: "comparing", disable: options.progress !== true })) {
      const [x, y] = Array.isArray(batch) ? batch : [];
      if (!isTensor(x) || !isTensor(y)) throw new ArgumentError(`${op}: expected batches [inputs, targets], received ${describe(batch)}`, { op }); // biome-ignore format: one line
      sample ??= x.narrow(0, 0, 1).detach();
      noGrad(() => {
        for (const [i, { model }] of all.entries()) {
          const outputs = model.forward(x as never) as Tensor;
          for (const [, measure] of measures[i] ?? []) measure.add(outputs, y);
          if (outputs.ndim === 2 && outputs.size(1) > 1) for (const c of outputs.argmax(1).tolist() as number[]) classes[i]?.push(c); // biome-ignore format: one line
        }
      });
    }
    if (sample === undefined) throw new ArgumentError(`${op}: the loader gave no batch`, { op });
    const one = sample;
    const rows = all.map(({ name, model }, i): ModelRow => {
      const values = (measures[i] ?? []).map(([key, measure]) => [key, measure.value()]);
      return { name, metrics: Object.fromEntries(values), ...costOf(model, one), predictions: classes[i] ?? [] };
    });
    return new ModelComparison(rows);
  } finally {
    for (const [i, { model }] of all.entries()) model.train(modes[i] ?? true);
  }
}
