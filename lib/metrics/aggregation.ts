/** Means, sums and extremes of values over batches, as of losses. */
import { type Args, readArgs } from "../args.js";
import { onesLike, tensor } from "../creation.js";
import { ArgumentError } from "../errors.js";
import { maximum, minimum } from "../ops/pointwise.js";
import { broadcastTo } from "../ops/shape.js";
import { pyRepr } from "../repr.js";
import { describe, isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { warnOnce } from "../warnings.js";
import { joined, Metric, type State } from "./metric.js";

/** What becomes of NaN: an error, a warning and nothing, nothing, itself, or a number. */
export type NanStrategy = "error" | "warn" | "ignore" | "disable" | number;
/** Options of the metrics that gather values. */
export interface AggregatorOptions {
  /** What becomes of NaN. Default `"warn"`: it is left out, with a warning. */
  nanStrategy?: NanStrategy;
}
/** A value of a batch: a number, or a tensor of any shape. */
export type Aggregated = number | Tensor;
const NAMES = ["nanStrategy"] as const;

abstract class Aggregator extends Metric<Tensor, [value: Aggregated, weight?: Aggregated | null]> {
  readonly nanStrategy: NanStrategy;

  constructor(...args: Args<AggregatorOptions, typeof NAMES>) {
    super();
    const op = new.target.name;
    const { nanStrategy = "warn" } = readArgs<AggregatorOptions>(op, NAMES, args);
    if (typeof nanStrategy !== "number" && !["error", "warn", "ignore", "disable"].includes(nanStrategy)) {
      throw new ArgumentError(`Arg \`nan_strategy\` should either be a float or one of ('error', 'warn', 'ignore', 'disable') but got ${pyRepr(nanStrategy)}.`, { op }); // biome-ignore format: one line
    }
    this.nanStrategy = nanStrategy;
  }

  /** Values and weights in one dimension, without what NaN is to be left out. */
  protected read(value: Aggregated, weight: Aggregated | null = null): [values: Tensor, weights: Tensor] {
    const op = this.constructor.name;
    const asTensor = (name: string, given: unknown): Tensor => {
      if (isTensor(given)) return given.isFloatingPoint() ? given : given.to("float32");
      if (typeof given === "number") return tensor(given);
      throw new ArgumentError(`${op}: expected ${name} to be a number or a tensor, received ${describe(given)}`, {
        op,
      });
    };
    const values = asTensor("value", value);
    const weights = weight === null ? onesLike(values) : broadcastTo(asTensor("weight", weight), values.shape);
    const [v, w] = [values.flatten(), weights.flatten()];
    const nans = v.isnan().logicalOr(w.isnan());
    if (this.nanStrategy === "disable" || !nans.any().item()) return [v, w];
    if (this.nanStrategy === "error") throw new ArgumentError("Encountered `nan` values in tensor", { op });
    if (typeof this.nanStrategy === "number") {
      return [v.maskedFill(nans, this.nanStrategy), w.maskedFill(nans, 1)];
    }
    if (this.nanStrategy === "warn") {
      warnOnce("CANDLEWICK_METRIC_NAN", "Encountered `nan` values in tensor. Will be removed.");
    }
    const good = nans.logicalNot();
    return [v.index(good), w.index(good)];
  }
}

/** The sum of values: `update(value)` with a number or a tensor. */
export class SumMetric extends Aggregator {
  protected batchState(value: Aggregated): State {
    return { sum: this.read(value)[0].sum() };
  }
  protected valueFrom({ sum }: State): Tensor {
    return sum as Tensor;
  }
  protected initialState(): State {
    return { sum: tensor(0) };
  }
}

/** The mean of values, which may have weights: `update(loss, batch.length)`. */
export class MeanMetric extends Aggregator {
  protected batchState(value: Aggregated, weight: Aggregated | null = null): State {
    const [values, weights] = this.read(value, weight);
    return { sum: values.mul(weights).sum(), weight: weights.sum() };
  }
  protected valueFrom({ sum, weight }: State): Tensor {
    return (sum as Tensor).div(weight as Tensor);
  }
  protected initialState(): State {
    return { sum: tensor(0), weight: tensor(0) };
  }
}

/** The largest value. */
export class MaxMetric extends Aggregator {
  protected batchState(value: Aggregated): State {
    const [values] = this.read(value);
    return values.numel() === 0 ? this.initialState() : { value: values.max() };
  }
  protected valueFrom({ value }: State): Tensor {
    return value as Tensor;
  }
  protected initialState(): State {
    return { value: tensor(Number.NEGATIVE_INFINITY) };
  }
  protected override merge(a: State, b: State): State {
    return { value: maximum(a.value as Tensor, b.value as Tensor) };
  }
}

/** The smallest value. */
export class MinMetric extends Aggregator {
  protected batchState(value: Aggregated): State {
    const [values] = this.read(value);
    return values.numel() === 0 ? this.initialState() : { value: values.min() };
  }
  protected valueFrom({ value }: State): Tensor {
    return value as Tensor;
  }
  protected initialState(): State {
    return { value: tensor(Number.POSITIVE_INFINITY) };
  }
  protected override merge(a: State, b: State): State {
    return { value: minimum(a.value as Tensor, b.value as Tensor) };
  }
}

/** All values, in one dimension. */
export class CatMetric extends Aggregator {
  protected batchState(value: Aggregated): State {
    return { value: [this.read(value)[0]] };
  }
  protected valueFrom({ value }: State): Tensor {
    return joined(value as readonly Tensor[]);
  }
  protected initialState(): State {
    return { value: [tensor([])] };
  }
}
