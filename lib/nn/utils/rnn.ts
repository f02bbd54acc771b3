/** `nn.utils.rnn`: batches of sequences of different lengths, padded to one length or packed step by step. */

import { type Args, readArgs } from "../../args.js";
import { listOf } from "../../argument-types.js";
import { byName } from "../../by-name.js";
import { fromTypedArray, full } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { indexSelect } from "../../ops/indexing.js";
import { cat, stack } from "../../ops/join.js";
import { reshape, select, transpose } from "../../ops/shape.js";
import { describe, isTensor, type TensorBase } from "../../tensor/base.js";
import type { Tensor, ToOptions } from "../../tensor.js";

/** Lengths of sequences: an array or an integer tensor. */
export type Lengths = readonly number[] | TensorBase;

/**
 * The elements of a batch of sequences, all first ones, then all second ones, and so on, without padding. Made by
 * {@link packPaddedSequence} and {@link packSequence}; the recurrent layers take and give it.
 */
export class PackedSequence {
  /** The elements, [sum of lengths, ...]. */
  readonly data: Tensor;
  /** How many sequences reach each step (int64). */
  readonly batch_sizes: Tensor;
  /** The order of the sequences, the longest first; null if they were in this order. */
  readonly sorted_indices: Tensor | null;
  /** The places of the original sequences in that order. */
  readonly unsorted_indices: Tensor | null;

  constructor(
    data: Tensor,
    batchSizes: Tensor,
    sortedIndices: Tensor | null = null,
    unsortedIndices: Tensor | null = null,
  ) {
    this.data = data;
    this.batch_sizes = batchSizes;
    this.sorted_indices = sortedIndices;
    this.unsorted_indices = unsortedIndices ?? invertPermutation(sortedIndices);
  }

  /** {@link batch_sizes} under the name of this API. */
  get batchSizes(): Tensor {
    return this.batch_sizes;
  }
  /** {@link sorted_indices} under the name of this API. */
  get sortedIndices(): Tensor | null {
    return this.sorted_indices;
  }
  /** {@link unsorted_indices} under the name of this API. */
  get unsortedIndices(): Tensor | null {
    return this.unsorted_indices;
  }

  /** The same sequences with other elements. */
  withData(data: Tensor): PackedSequence {
    return new PackedSequence(data, this.batch_sizes, this.sorted_indices, this.unsorted_indices);
  }
  /** Another type or device, as `Tensor.to`. */
  to(...args: [target: Parameters<Tensor["to"]>[0], dtype?: ToOptions["dtype"] & {}]): PackedSequence {
    return this.withData(this.data.to(...args));
  }
  toString(): string {
    const parts = Object.entries(this).map(([name, value]) => `${name}=${value === null ? "None" : String(value)}`);
    return `PackedSequence(${parts.join(", ")})`;
  }
}

/** Whole numbers as an int64 tensor. */
function int64(values: readonly number[]): Tensor {
  return fromTypedArray(BigInt64Array.from(values, BigInt), [values.length]);
}

function numbers(lengths: Lengths): number[] {
  return isTensor(lengths)
    ? Array.from(lengths.toTypedArray(), Number)
    : listOf<number>("rnn", "lengths", lengths as readonly number[]);
}

/** The permutation that undoes another; null stays null. */
export const invertPermutation = byName(
  "nn.utils.rnn.invertPermutation",
  (permutation: TensorBase | null): Tensor | null => {
    if (permutation === null) return null;
    const places = numbers(permutation);
    const inverse = Array<number>(places.length).fill(-1);
    places.forEach((to, from) => {
      if (Number.isInteger(to) && to >= 0 && to < inverse.length) inverse[to] = from;
    });
    if (inverse.includes(-1)) {
      throw new ArgumentError(`expected a permutation of 0 to ${inverse.length - 1}, received [${places.join(", ")}]`);
    }
    return int64(inverse);
  },
);

/** Options of {@link packPaddedSequence}. */
export interface PackOptions {
  /** Whether the input is [N, T, ...] and not [T, N, ...]. Default false. */
  batchFirst?: boolean;
  /** Whether the sequences must come the longest first; else they are sorted. Default true. */
  enforceSorted?: boolean;
}

/**
 * Packs a padded batch [T, N, ...] whose sequences have the given lengths.
 * Errors: lengths that are not positive, exceed T, or (unless `enforceSorted` is false) increase.
 */
export const packPaddedSequence = byName(
  "nn.utils.rnn.packPaddedSequence",
  (
    input: TensorBase,
    lengths: Lengths,
    ...rest: Args<PackOptions, ["batchFirst", "enforceSorted"]>
  ): PackedSequence => {
    const op = "packPaddedSequence";
    const { batchFirst = false, enforceSorted = true } = readArgs<PackOptions>(
      op,
      ["batchFirst", "enforceSorted"],
      rest,
    );
    const given = numbers(lengths);
    const order = given.map((_, i) => i);
    if (!enforceSorted) order.sort((a, b) => (given[b] ?? 0) - (given[a] ?? 0) || a - b);
    const sorted = order.map((i) => given[i] ?? 0);
    const [steps = 0, batch = 0] = batchFirst ? [input.shape[1], input.shape[0]] : input.shape;
    checkLengths(sorted, steps, batch);
    const sizes: number[] = [];
    const places: number[] = [];
    for (let step = 0; step < (sorted[0] ?? 0); step++) {
      const size = sorted.filter((length) => length > step).length;
      sizes.push(size);
      for (let i = 0; i < size; i++) {
        const row = order[i] ?? 0;
        places.push(batchFirst ? row * steps + step : step * batch + row);
      }
    }
    const rows = reshape(input, [steps * batch, ...input.shape.slice(2)]);
    return new PackedSequence(indexSelect(rows, 0, int64(places)), int64(sizes), enforceSorted ? null : int64(order));
  },
);

function checkLengths(sorted: readonly number[], steps: number, batch: number): void {
  const op = "packPaddedSequence";
  if (sorted.length !== batch) {
    throw new ArgumentError(
      `Expected \`len(lengths)\` to be equal to batch_size, but got ${sorted.length} (batch_size=${batch})`,
      { op },
    );
  }
  if (sorted.length === 0 || !sorted.every((length) => Number.isInteger(length) && length > 0)) {
    throw new ArgumentError(
      "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0",
      {
        op,
      },
    );
  }
  if (sorted.some((length, i) => length > (sorted[i - 1] ?? length))) {
    throw new ArgumentError(
      "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass `enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to sidestep this requirement if you do not need ONNX exportability.",
      { op },
    );
  }
  if ((sorted[0] ?? 0) > steps) {
    throw new ArgumentError(`Expected lengths of at most ${steps} steps, received ${sorted[0]}`, { op });
  }
}

/** Options of {@link padPackedSequence}. */
export interface PadPackedOptions {
  /** Whether to give [N, T, ...] and not [T, N, ...]. Default false. */
  batchFirst?: boolean;
  /** The value behind the end of a sequence. Default 0. */
  paddingValue?: number;
  /** The length to pad to. Default: that of the longest sequence. */
  totalLength?: number | null;
}

/** Undoes {@link packPaddedSequence}: the padded batch and the lengths (int64), in the original order. */
export const padPackedSequence = byName(
  "nn.utils.rnn.padPackedSequence",
  (
    sequence: PackedSequence,
    ...rest: Args<PadPackedOptions, ["batchFirst", "paddingValue", "totalLength"]>
  ): [Tensor, Tensor] => {
    const op = "padPackedSequence";
    const names = ["batchFirst", "paddingValue", "totalLength"] as const;
    const { batchFirst = false, paddingValue = 0, totalLength } = readArgs<PadPackedOptions>(op, names, rest);
    const sizes = numbers(sequence.batch_sizes);
    const steps = totalLength ?? sizes.length;
    if (steps < sizes.length) {
      throw new ArgumentError(
        `Expected total_length to be at least the length of the longest sequence in input, but got total_length=${steps} and max sequence length being ${sizes.length}`,
        { op },
      );
    }
    const batch = sizes[0] ?? 0;
    const { data, unsorted_indices: unsorted } = sequence;
    const order = unsorted === null ? Array.from({ length: batch }, (_, i) => i) : numbers(unsorted);
    const starts: number[] = [];
    let total = 0;
    for (const size of sizes) {
      starts.push(total);
      total += size;
    }
    // The row behind the last is the padding.
    const place = (step: number, row: number): number => ((sizes[step] ?? 0) > row ? (starts[step] ?? 0) + row : total);
    const places: number[] = [];
    if (batchFirst) for (const row of order) for (let step = 0; step < steps; step++) places.push(place(step, row));
    else for (let step = 0; step < steps; step++) for (const row of order) places.push(place(step, row));
    const tail = data.shape.slice(1);
    const padded = cat([data, full([1, ...tail], paddingValue, { dtype: data.dtype })], 0);
    const shape = batchFirst ? [batch, steps, ...tail] : [steps, batch, ...tail];
    const lengths = order.map((row) => sizes.filter((size) => size > row).length);
    return [reshape(indexSelect(padded, 0, int64(places)), shape), int64(lengths)];
  },
);

/** Options of {@link padSequence}. */
export interface PadSequenceOptions {
  /** Whether to give [N, T, ...] and not [T, N, ...]. Default false. */
  batchFirst?: boolean;
  /** The value in the place of missing elements. Default 0. */
  paddingValue?: number;
  /** The side on which sequences are padded. Default "right". */
  paddingSide?: "left" | "right";
}

/** Sequences [L, ...] of different lengths as one padded batch [T, N, ...]. */
export const padSequence = byName(
  "nn.utils.rnn.padSequence",
  (
    sequences: Iterable<TensorBase>,
    ...rest: Args<PadSequenceOptions, ["batchFirst", "paddingValue", "paddingSide"]>
  ): Tensor => {
    const op = "padSequence";
    const names = ["batchFirst", "paddingValue", "paddingSide"] as const;
    const {
      batchFirst = false,
      paddingValue = 0,
      paddingSide = "right",
    } = readArgs<PadSequenceOptions>(op, names, rest);
    if (paddingSide !== "left" && paddingSide !== "right") {
      throw new ArgumentError(`Expected padding_side to be one of left or right, but got ${String(paddingSide)}.`, {
        op,
      });
    }
    if (typeof sequences !== "object" || sequences === null || !(Symbol.iterator in sequences)) {
      throw new ArgumentError(
        `pad_sequence: Expected iterable for input sequences, but got arg of type: ${describe(sequences)}`,
        { op },
      );
    }
    const list = [...sequences];
    const [first] = list;
    if (first === undefined) throw new ArgumentError("received an empty list of sequences", { op });
    const longest = Math.max(...list.map((x) => x.shape[0] ?? 0));
    const padded = list.map((x) => {
      const missing = longest - (x.shape[0] ?? 0);
      if (missing === 0) return x;
      const filler = full([missing, ...x.shape.slice(1)], paddingValue, { dtype: x.dtype });
      return cat(paddingSide === "right" ? [x, filler] : [filler, x], 0);
    });
    return stack(padded, batchFirst ? 0 : 1);
  },
);

/** Undoes {@link padSequence}: the sequences of a padded batch [T, N, ...]. */
export const unpadSequence = byName(
  "nn.utils.rnn.unpadSequence",
  (padded: TensorBase, lengths: Lengths, ...rest: Args<{ batchFirst?: boolean }, ["batchFirst"]>): Tensor[] => {
    const { batchFirst = false } = readArgs<{ batchFirst?: boolean }>("unpadSequence", ["batchFirst"], rest);
    const rows = batchFirst ? padded : transpose(padded, 0, 1);
    return numbers(lengths).map((length, i) => select(rows, 0, i).narrow(0, 0, length));
  },
);

/** Packs sequences [L, ...] of different lengths. */
export const packSequence = byName(
  "nn.utils.rnn.packSequence",
  (sequences: Iterable<TensorBase>, ...rest: Args<{ enforceSorted?: boolean }, ["enforceSorted"]>): PackedSequence => {
    const { enforceSorted = true } = readArgs<{ enforceSorted?: boolean }>("packSequence", ["enforceSorted"], rest);
    const list = [...sequences];
    return packPaddedSequence(
      padSequence(list),
      list.map((x) => x.shape[0] ?? 0),
      { enforceSorted },
    );
  },
);

/** Undoes {@link packSequence}. */
export const unpackSequence = byName("nn.utils.rnn.unpackSequence", (packed: PackedSequence): Tensor[] => {
  const [padded, lengths] = padPackedSequence(packed, true);
  return unpadSequence(padded, lengths, true);
});
