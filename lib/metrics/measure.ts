/**
 * Measures: how a batch is counted, and what follows of the counts. Each gives a function of one batch and a class over many.
 */
import { type RequiredArgs, readArgs, required } from "../args.js";
import { ArgumentError } from "../errors.js";
import { snake } from "../spelling.js";
import { describe } from "../tensor/base.js";
import type { Tensor } from "../tensor.js";
import { checkTensors, Metric, type State } from "./metric.js";

/** A measure with the options O, whose value is R. */
export interface Measure<O extends object, S extends State, R> {
  /** Options with their defaults, checked. */
  read(op: string, given: Partial<O>): O;
  /** The counts of a batch. */
  count(op: string, preds: Tensor, target: Tensor, options: O): S;
  /** The value of counts. */
  value(state: S, options: O): R;
  /** The counts of no batch. */
  empty(options: O): S;
  /** Two states as one. Default: tensors are added, lists are joined. */
  merge?(a: S, b: S): S;
  /** Whether a larger value is better. Default: neither is. */
  readonly higherIsBetter?: boolean | undefined;
}

export interface Inputs {
  preds: Tensor;
  target: Tensor;
}
/** The arguments of a class: options in the order N, then perhaps an object with the rest, or all in an object. */
export type MetricArgs<O, N extends readonly (keyof O)[]> =
  | (object extends O ? [] : never)
  | [options: O]
  | Leading<O, N>;
type Leading<O, N extends readonly (keyof O)[]> = N extends readonly [
  infer H extends keyof O,
  ...infer R extends readonly (keyof O)[],
]
  ? [value: O[H], ...rest: [] | [options: Partial<O>] | Leading<O, R>]
  : never;
type Keys<O> = readonly (keyof O & string)[];
/** A function of a batch: predictions, targets, and options by position in an order or by name. */
export type MeasureFunction<O extends object, N extends Keys<O>, R> = (
  ...args: RequiredArgs<Inputs & O, ["preds", "target"], N>
) => R;

/** The function of a measure; `names` are its options in torchmetrics' order. */
export function functionOf<O extends object, S extends State, R, const N extends Keys<O>>(
  op: string,
  measure: Measure<O, S, R>,
  names: N,
): MeasureFunction<O, N, R> {
  const run = (...args: readonly unknown[]): R => {
    const o = readArgs<Inputs & O>(op, ["preds", "target", ...names] as never, args);
    const { preds, target, ...options } = o as Partial<Inputs & O>;
    checkTensors(op, { preds, target });
    const full = measure.read(op, options as unknown as Partial<O>);
    return measure.value(measure.count(op, preds as Tensor, target as Tensor, full), full);
  };
  Object.defineProperty(run, "name", { value: op });
  return run as unknown as MeasureFunction<O, N, R>;
}

/** A metric whose state is the counts of a measure. */
export class MeasuredMetric<R> extends Metric<R> {
  override readonly higherIsBetter: boolean | null;
  readonly #measure: Measure<object, State, R>;
  readonly #options: object;

  constructor(measure: Measure<object, State, R>, names: readonly string[], args: readonly unknown[]) {
    super();
    const { name } = new.target;
    this.higherIsBetter = measure.higherIsBetter ?? null;
    this.#measure = measure;
    this.#options = measure.read(name, readArgs<object>(name, names as readonly never[], args));
  }

  protected batchState(preds: Tensor, target: Tensor): State {
    const op = this.constructor.name;
    checkTensors(op, { preds, target });
    return this.#measure.count(op, preds, target, this.#options);
  }
  protected valueFrom(state: State): R {
    return this.#measure.value(state, this.#options);
  }
  protected initialState(): State {
    return this.#measure.empty(this.#options);
  }
  protected override merge(a: State, b: State): State {
    return this.#measure.merge === undefined ? super.merge(a, b) : this.#measure.merge(a, b);
  }
}

/** The class of a measure's metric; `names` are its options in torchmetrics' order. */
export function metricOf<O extends object, S extends State, R, const N extends Keys<O>>(
  measure: Measure<O, S, R>,
  names: N,
): new (
  ...args: MetricArgs<O, N>
) => MeasuredMetric<R> {
  return class extends MeasuredMetric<R> {
    constructor(...args: MetricArgs<O, N>) {
      super(measure as unknown as Measure<object, State, R>, names, args); // the options are read before they are used
    }
  };
}

/** What is predicted: one of two, one of several classes, or any of several labels. */
export type Task = "binary" | "multiclass" | "multilabel";

/** Options that choose a metric by its task. */
export interface TaskOptions {
  /** `"binary"`, `"multiclass"` or `"multilabel"`. */
  task: Task;
}

type ByTask<T> = Readonly<Partial<Record<Task, T>>>;

/** The one of a task, and the options that it takes of those that are given. Errors: no such task. */
function chosen<T extends object>(
  op: string,
  byTask: ByTask<readonly [T, Keys<never> | readonly string[]]>,
  given: object,
  defaults: object,
): [T, Record<string, unknown>] {
  const { task, ...rest } = { ...defaults, ...given } as { task?: unknown };
  if (task === undefined) throw new ArgumentError(`${op}() missing required argument: 'task'`, { op });
  const found = typeof task === "string" && Object.hasOwn(byTask, task) ? byTask[task as Task] : undefined;
  if (found === undefined) {
    const known = Object.keys(byTask).map((name) => `'${name}'`);
    throw new ArgumentError(
      `Invalid Classification: expected one of [${known.join(", ")}], but got ${describe(task)}.`,
      {
        op,
      },
    );
  }
  const needs = ({ binary: undefined, multiclass: "numClasses", multilabel: "numLabels" } as const)[task as Task];
  if (needs !== undefined && !Number.isInteger(Reflect.get(rest, needs))) {
    throw new ArgumentError(`Optional arg \`${snake(needs)}\` must be type \`int\` when task is ${task}. Got ${describe(Reflect.get(rest, needs))}`, { op }); // biome-ignore format: one line
  }
  const [one, names] = found;
  const options = Object.entries(rest).filter(([name, value]) => value !== undefined && names.includes(name as never));
  return [one, Object.fromEntries(options)];
}

/** A class that makes the metric of a task: `new Accuracy({ task: "multiclass", numClasses: 10 })`. */
export function taskMetric<O extends object, R, const N extends Keys<O>>(
  op: string,
  byTask: ByTask<readonly [new (...args: never) => Metric<R>, readonly string[]]>,
  names: N,
  defaults: Partial<O> = {},
): new (
  ...args: RequiredArgs<TaskOptions & O, ["task"], N>
) => Metric<R> {
  const make = class {
    constructor(...args: readonly unknown[]) {
      const given = readArgs<TaskOptions & O>(op, ["task", ...names] as never, args);
      const [Class, options] = chosen(op, byTask, given, defaults);
      // biome-ignore lint/correctness/noConstructorReturn: torchmetrics' class makes objects of others too
      return Reflect.construct(Class, [options]) as Metric<R>;
    }
  };
  Object.defineProperty(make, "name", { value: op });
  return make as never;
}

/** A function of a task: `accuracy(preds, target, { task: "binary" })`. */
export function taskFunction<O extends object, R, const N extends Keys<O>>(
  op: string,
  byTask: ByTask<readonly [(...args: never) => R, readonly string[]]>,
  names: N,
  defaults: Partial<O> = {},
): (...args: RequiredArgs<Inputs & TaskOptions & O, ["preds", "target", "task"], N>) => R {
  const run = (...args: readonly unknown[]): R => {
    const all = readArgs<Inputs & TaskOptions & O>(op, ["preds", "target", "task", ...names] as never, args);
    const { preds, target, ...given } = all as Partial<Inputs> & object;
    const [f, options] = chosen(op, byTask, given, defaults);
    return Reflect.apply(f, undefined, [preds, target, options]) as R;
  };
  Object.defineProperty(run, "name", { value: op });
  return run as never;
}

/** A required option. */
export function needed<O extends object, K extends keyof O & string>(op: string, o: Partial<O>, name: K): O[K] {
  return required(op, o, name) as O[K];
}
