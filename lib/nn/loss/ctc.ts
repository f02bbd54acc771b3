/** Connectionist temporal classification.   [Graves et al. 2006] */

import { type Args, intList, readArgs } from "../../args.js";
import { byName } from "../../by-name.js";
import { ArgumentError } from "../../errors.js";
import { native } from "../../native.js";
import { handleOf, isBase, type TensorBase, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { Loss, type ReductionOptions, readReduction } from "./reduction.js";

/** Options of {@link CTCLoss}. */
export interface CTCOptions extends ReductionOptions {
  /** The class that stands for no label. Default 0. */
  blank?: number;
  /** Whether infinite losses, of inputs too short for their targets, become 0. Default false. */
  zeroInfinity?: boolean;
}

/** The lengths of the samples of a batch: int64 [N] or [], or an array. */
export type Lengths = TensorBase | readonly number[];

const NAMES = ["blank", "reduction", "zeroInfinity"] as const;
type CTCArgs = Args<CTCOptions, ["blank", "reduction", "zeroInfinity"]>;

/**
 * -ln P(targets | input): log-probabilities [T, N, C] or [T, C]; targets [N, S], or all one behind the other; the lengths
 * of both. A mean is taken of the losses divided by the targets' lengths.
 * Errors: lengths that do not fit; labels out of range.
 */
export const ctcLoss = byName(
  "nn.functional.ctcLoss",
  (
    logProbs: TensorBase,
    targets: TensorBase,
    inputLengths: Lengths,
    targetLengths: Lengths,
    ...rest: CTCArgs
  ): Tensor => {
    const o = readArgs<CTCOptions>("ctcLoss", NAMES, rest);
    return classification(logProbs, targets, inputLengths, targetLengths, o);
  },
);

function classification(
  logProbs: TensorBase,
  targets: TensorBase,
  inputLengths: Lengths,
  targetLengths: Lengths,
  o: CTCOptions,
): Tensor {
  const { blank = 0, zeroInfinity = false } = o;
  const [inputs, outputs] = [lengths("input_lengths", inputLengths), lengths("target_lengths", targetLengths)];
  return wrap(
    native.ctcLoss(handleOf(logProbs), handleOf(targets), inputs, outputs, blank, readReduction(o), zeroInfinity),
  );
}

function lengths(name: string, value: Lengths): number[] {
  if (!isBase(value)) return intList("ctcLoss", name, value);
  if (value.dtype.startsWith("float") || value.dtype === "bfloat16") {
    throw new ArgumentError(`${name} must be integral`, { op: "ctcLoss" });
  }
  return Array.from(value.toTypedArray(), Number);
}

/**
 * The negative log-likelihood of label sequences over all their alignments with longer inputs. Input: log-probabilities
 * [T, N, C], e.g. of a log-softmax; targets [N, S] or concatenated.
 */
export class CTCLoss extends Loss {
  readonly blank: number;
  readonly zeroInfinity: boolean;

  constructor(...args: CTCArgs) {
    const o = readArgs<CTCOptions>("CTCLoss", NAMES, args);
    super(o);
    this.blank = o.blank ?? 0;
    this.zeroInfinity = o.zeroInfinity ?? false;
  }
  forward(logProbs: Tensor, targets: Tensor, inputLengths: Lengths, targetLengths: Lengths): Tensor {
    return classification(logProbs, targets, inputLengths, targetLengths, this);
  }
}
