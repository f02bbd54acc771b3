/** Streams: samples that come one after another. */

import { type From, leading } from "../args.js";
import { listOf } from "../argument-types.js";
import { ArgumentError } from "../errors.js";

/**
 * Samples that come one after another, for streams: implement `*[Symbol.iterator]()` or `async *[Symbol.asyncIterator]()`.
 * Each pass of a loader starts a new iteration. `length` may be there, for the loader's own.
 */
export abstract class IterableDataset<T> {
  declare readonly length?: number;
  [Symbol.iterator]?(): Iterator<T>;
  [Symbol.asyncIterator]?(): AsyncIterator<T>;
}

/** Streams one after another. */
export class ChainDataset<T> extends IterableDataset<T> {
  readonly datasets: readonly IterableDataset<T>[];

  constructor(...args: From<"datasets", Iterable<IterableDataset<T>>, [], object>) {
    super();
    const [datasets] = leading("datasets", args);
    this.datasets = listOf("ChainDataset", "datasets", datasets);
    if (!this.datasets.every((dataset) => dataset instanceof IterableDataset)) {
      throw new ArgumentError("ChainDataset only supports IterableDataset");
    }
    if (this.datasets.every((dataset) => dataset.length !== undefined)) {
      const length = this.datasets.reduce((sum, dataset) => sum + (dataset.length ?? 0), 0);
      Object.defineProperty(this, "length", { value: length });
    }
  }

  override async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (const dataset of this.datasets) yield* samplesOf(dataset);
  }
}

/** The samples of a stream, whichever way it iterates. Errors: it does not. */
export function samplesOf<T>(dataset: IterableDataset<T>): AsyncIterable<T> | Iterable<T> {
  const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = dataset;
  if (later !== undefined) return { [Symbol.asyncIterator]: () => later.call(dataset) };
  if (now !== undefined) return { [Symbol.iterator]: () => now.call(dataset) };
  throw new ArgumentError(
    `${dataset.constructor.name}: an IterableDataset needs *[Symbol.iterator]() or async *[Symbol.asyncIterator]()`,
  );
}
