/** Several metrics as one. */
import { inspect } from "node:util";
import { ArgumentError } from "../errors.js";
import type { Figure } from "../plot/figure.js";
import { checkOptions } from "../serialization/files.js";
import { describe } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { Metric } from "./metric.js";
import type { MetricPlotOptions } from "./picture.js";

/** Options of {@link MetricCollection}. */
export interface MetricCollectionOptions {
  /** In front of every name: `"val_"`. Default: nothing. */
  prefix?: string | null;
  /** Behind every name. Default: nothing. */
  postfix?: string | null;
}
type Inputs = readonly unknown[];
type AnyMetric<R> = Metric<R, never[]> | Metric<R>;

/**
 * Metrics of the same inputs: `new MetricCollection([new MulticlassAccuracy(10), new MulticlassF1Score(10)], { prefix: "val_" })`, or by names of
 * one's own in an object. Values are objects by name. Errors: two metrics of one name.
 */
export class MetricCollection<R = Tensor> {
  readonly prefix: string;
  readonly postfix: string;
  readonly #metrics = new Map<string, Metric<R>>();

  constructor(
    metrics: AnyMetric<R> | Iterable<AnyMetric<R>> | Readonly<Record<string, AnyMetric<R> | MetricCollection<R>>>,
    options: MetricCollectionOptions = {},
  ) {
    const op = "MetricCollection";
    checkOptions(op, options, ["prefix", "postfix", "computeGroups"]);
    for (const [name, value] of Object.entries({ prefix: options.prefix, postfix: options.postfix })) {
      if (value === undefined || value === null || typeof value === "string") continue;
      throw new ArgumentError(`Expected input \`${name}\` to be a string, but got ${describe(value)}`, { op });
    }
    this.prefix = options.prefix ?? "";
    this.postfix = options.postfix ?? "";
    if (metrics instanceof Metric) this.#put(metrics.constructor.name, metrics);
    else if (typeof metrics === "object" && metrics !== null && Symbol.iterator in metrics) {
      for (const metric of metrics) this.#put(metric?.constructor.name, metric);
    } else if (typeof metrics === "object" && metrics !== null) {
      for (const [name, metric] of Object.entries(metrics)) {
        if (metric instanceof MetricCollection) for (const [inner, one] of metric.#metrics) this.#put(`${name}_${inner}`, one); // biome-ignore format: one line
        else this.#put(name, metric);
      }
    } else throw new ArgumentError(`${op}: expected metrics, a list or an object of them, received ${describe(metrics)}`, { op }); // biome-ignore format: one line
  }

  #put(name: string, metric: unknown): void {
    if (!(metric instanceof Metric)) {
      throw new ArgumentError(`Value ${describe(metric)} belonging to key ${name} is not an instance of \`Metric\` or \`MetricCollection\``); // biome-ignore format: one line
    }
    if (this.#metrics.has(name)) throw new ArgumentError(`Encountered two metrics both named ${name}`);
    this.#metrics.set(name, metric as Metric<R>);
  }

  /** How many metrics there are. */
  get length(): number {
    return this.#metrics.size;
  }
  /** The names, with prefix and postfix. */
  keys(): string[] {
    return [...this.#metrics.keys()].map((name) => this.#named(name));
  }
  /** The metric of a name, with or without prefix and postfix. Errors: there is none. */
  get(name: string): Metric<R> {
    const found = this.#metrics.get(name) ?? [...this.#metrics].find(([key]) => this.#named(key) === name)?.[1];
    if (found === undefined) throw new ArgumentError(`MetricCollection: no metric ${describe(name)}; there are ${this.keys().join(", ")}`); // biome-ignore format: one line
    return found;
  }
  /** A figure of each metric, by name. */
  plot(options: MetricPlotOptions = {}): Record<string, Figure> {
    return Object.fromEntries(
      [...this].map(([name, metric]) => [name, metric.plot(null, { title: name, ...options })]),
    );
  }
  *[Symbol.iterator](): Generator<[name: string, metric: Metric<R>], void, undefined> {
    for (const [name, metric] of this.#metrics) yield [this.#named(name), metric];
  }

  /** Adds a batch to all. */
  update(...inputs: Inputs): void {
    for (const metric of this.#metrics.values()) Reflect.apply(metric.update, metric, inputs);
  }
  /** Adds a batch to all. Returns the batch's values. */
  forward(...inputs: Inputs): Record<string, R> {
    return this.#each((metric) => Reflect.apply(metric.forward, metric, inputs) as R);
  }
  /** The values of all batches. */
  compute(): Record<string, R> {
    return this.#each((metric) => metric.compute());
  }
  /** Begins anew. */
  reset(): void {
    for (const metric of this.#metrics.values()) metric.reset();
  }
  /** Moves all states to a device. Returns this collection. */
  to(device: string): this {
    for (const metric of this.#metrics.values()) metric.to(device);
    return this;
  }

  #named(name: string): string {
    return `${this.prefix}${name}${this.postfix}`;
  }
  #each(value: (metric: Metric<R>) => R): Record<string, R> {
    return Object.fromEntries([...this.#metrics].map(([name, metric]) => [this.#named(name), value(metric)]));
  }

  /** torchmetrics' printed form. */
  toString(): string {
    const extra = Object.entries({ prefix: this.prefix, postfix: this.postfix }).filter(([, value]) => value !== "");
    const lines = [...this.#metrics].map(([name, metric]) => `  (${name}): ${metric}`);
    const tail = extra.map(([name, value]) => `,\n  ${name}=${value}`).join("");
    return `MetricCollection(\n${lines.join("\n")}${tail}\n)`;
  }
  /** The same, for console.log. @internal */
  [inspect.custom](): string {
    return this.toString();
  }
}
