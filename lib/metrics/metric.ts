/** The base class of metrics: state that batches add to, and what is computed from it.   [torchmetrics](https://lightning.ai/docs/torchmetrics) */
import { inspect } from "node:util";
import { noGrad } from "../autograd/modes.js";
import { ArgumentError } from "../errors.js";
import { keep } from "../memory.js";
import { cat } from "../ops/join.js";
import type { Figure } from "../plot/figure.js";
import { describe, isTensor } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { warnOnce } from "../warnings.js";
import { type MetricPlotOptions, pictureOf, type ValueKind } from "./picture.js";

/** The state of a metric: tensors that are added up, and lists of tensors that grow. */
export type State = Readonly<Record<string, Tensor | readonly Tensor[]>>;

/** What {@link Metric.exchange} takes and gives. */
export interface HeldState {
  readonly state: State | undefined;
  readonly count: number;
}

/** Several batches' states as one. */
export function mergeStates<S extends State>(a: S, b: S): S {
  const merged = Object.entries(b).map(([name, value]) => {
    const before = a[name];
    if (isTensor(value)) return [name, isTensor(before) ? before.add(value) : value];
    return [name, [...((before ?? []) as readonly Tensor[]), ...value]];
  });
  return Object.fromEntries(merged) as S;
}

/** A growing list as one tensor. */
export function joined(list: Tensor | readonly Tensor[]): Tensor {
  if (isTensor(list)) return list;
  const [only] = list;
  return list.length === 1 && only !== undefined ? only : cat([...list]);
}

/**
 * A metric over batches: `update` adds a batch, `compute` returns the value of all, `reset` begins anew, `forward` adds a batch and
 * returns its own value. State is detached: no graph is kept.
 */
export abstract class Metric<R = Tensor, I extends readonly unknown[] = [preds: Tensor, target: Tensor]> {
  /** Whether a larger value is better; null where neither is. */
  readonly higherIsBetter: boolean | null = null;
  #state: State | undefined;
  #computed: R | undefined;
  #count = 0;

  /** The state of one batch. */
  protected abstract batchState(...batch: I): State;
  /** The value of a state. */
  protected abstract valueFrom(state: State): R;
  /** The state before the first batch. */
  protected abstract initialState(): State;
  /** Two states as one. */
  protected merge(a: State, b: State): State {
    return mergeStates(a, b);
  }

  /** How many batches there were since the beginning, or the last reset. */
  get updateCount(): number {
    return this.#count;
  }
  /** Whether there was a batch. */
  get updateCalled(): boolean {
    return this.#count > 0;
  }

  /** Adds a batch. */
  update(...batch: I): void {
    this.#add(noGrad(() => this.batchState(...batch)));
  }

  /** Adds a batch. Returns its own value. */
  forward(...batch: I): R {
    return noGrad(() => {
      const state = this.batchState(...batch);
      this.#add(state);
      return this.valueFrom(state);
    });
  }

  /** The value of all batches. */
  compute(): R {
    const { name } = this.constructor;
    if (this.#state === undefined) {
      warnOnce(
        `CANDLEWICK_METRIC_${name}`,
        `The \`\`compute\`\` method of metric ${name} was called before the \`\`update\`\` method which may lead to errors, as metric states have not yet been updated.`,
      );
    }
    this.#computed ??= noGrad(() => this.valueFrom(this.#state ?? this.initialState()));
    return this.#computed;
  }

  /** Begins anew. */
  reset(): void {
    this.#state = undefined;
    this.#computed = undefined;
    this.#count = 0;
  }

  /** What the batches added up to, by the names of torchmetrics' states. */
  get metricState(): State {
    return this.#state ?? this.initialState();
  }

  /** Takes another's state, or that before the first batch, and gives its own away. @internal */
  exchange(held: HeldState = { state: undefined, count: 0 }): HeldState {
    const own = { state: this.#state, count: this.#count };
    this.#state = held.state;
    this.#count = held.count;
    this.#computed = undefined;
    return own;
  }

  /** Moves the state to a device. Returns this metric. */
  to(device: string): this {
    const moved = (value: Tensor | readonly Tensor[]) =>
      isTensor(value) ? keep(value.to(device)) : value.map((x) => keep(x.to(device)));
    if (this.#state !== undefined) {
      this.#state = Object.fromEntries(Object.entries(this.#state).map(([name, value]) => [name, moved(value)]));
    }
    return this;
  }

  #add(state: State): void {
    const merged = this.#state === undefined ? state : noGrad(() => this.merge(this.#state as State, state));
    for (const value of Object.values(merged)) for (const x of isTensor(value) ? [value] : value) keep(x);
    this.#state = merged;
    this.#computed = undefined;
    this.#count++;
  }

  /** What `plot` draws. @internal */
  protected get valueKind(): ValueKind {
    return "numbers";
  }
  /**
   * A figure of the value: bars, an annotated heat map, or a curve. With the values of several steps, `plot([v1, v2, ...])`, their
   * course.
   */
  plot(value?: R | readonly R[] | null, options: MetricPlotOptions = {}): Figure {
    return pictureOf(this.constructor.name, this.valueKind, value ?? this.compute(), options);
  }

  /** `MulticlassAccuracy()` */
  toString(): string {
    return `${this.constructor.name}()`;
  }
  /** The same, for console.log. @internal */
  [inspect.custom](): string {
    return this.toString();
  }
}

/** Errors: what is no tensor. */
export function checkTensors(op: string, given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (isTensor(value)) continue;
    throw new ArgumentError(`${op}: expected ${name} to be a tensor, received ${describe(value)}`, { op });
  }
}
