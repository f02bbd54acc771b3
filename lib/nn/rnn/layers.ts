/** Recurrent networks over sequences. */
import type { Args } from "../../args.js";
import type { Tensor } from "../../tensor.js";
import type { PackedSequence } from "../utils/rnn.js";
import { type RecurrentAll, type RecurrentOptions, RNNBase } from "./base.js";

/** Options of {@link RNN}. */
export interface RNNOptions extends RecurrentOptions {
  /** "tanh" or "relu". Default "tanh". */
  nonlinearity?: "tanh" | "relu";
}

/** Options of {@link LSTM}. */
export interface LSTMOptions extends RecurrentOptions {
  /** The size that the output is projected to; 0 for none. Default 0. */
  projSize?: number;
}

type Sized<O> = O & { inputSize: number; hiddenSize: number };

const COMMON = ["bias", "batchFirst", "dropout", "bidirectional"] as const;
const FACTORY = ["device", "dtype"] as const;
const RNN_NAMES = ["inputSize", "hiddenSize", "numLayers", "nonlinearity", ...COMMON, ...FACTORY] as const;
const GRU_NAMES = ["inputSize", "hiddenSize", "numLayers", ...COMMON, ...FACTORY] as const;
const LSTM_NAMES = ["inputSize", "hiddenSize", "numLayers", ...COMMON, "projSize", ...FACTORY] as const;

type Tail = ["bias", "batchFirst", "dropout", "bidirectional", "device", "dtype"];

/** A network with one state: h. */
abstract class SingleState extends RNNBase {
  /** `[output, h]`; `hx` [layers * directions, N, hidden] is the state before the first step, by default zeros. */
  forward(input: Tensor, hx?: Tensor | null): [Tensor, Tensor];
  forward(input: PackedSequence, hx?: Tensor | null): [PackedSequence, Tensor];
  forward(input: Tensor | PackedSequence, hx?: Tensor | null): [Tensor | PackedSequence, Tensor] {
    const [output, [h]] = this.run(input, hx === undefined || hx === null ? null : [hx]) as [
      Tensor | PackedSequence,
      [Tensor],
    ];
    return [output, h];
  }
}

/**
 * h_t = tanh(W_ih x_t + b_ih + W_hh h_(t-1) + b_hh), or relu in the place of tanh.
 * Input [T, N, in] ([N, T, in] with `batchFirst`, [T, in] without a batch, or a packed sequence), output [T, N, directions *
 * hidden] and the last state [layers * directions, N, hidden]. Starts uniform on +-1/sqrt(hiddenSize).
 *
 * ```ts
 * const [output, h] = new nn.RNN(10, 20, 2).forward(torch.randn(5, 3, 10)); // [5, 3, 20], [2, 3, 20]
 * ```
 */
export class RNN extends SingleState {
  constructor(inputSize: number, hiddenSize: number, ...rest: Args<RNNOptions, ["numLayers", "nonlinearity", ...Tail]>);
  constructor(options: Sized<RNNOptions>);
  constructor(...args: unknown[]) {
    super(RNN_NAMES, args);
  }
  /** "tanh" or "relu". */
  get nonlinearity(): "tanh" | "relu" {
    return this.mode === "RNN_RELU" ? "relu" : "tanh";
  }
}

/**
 * Gated recurrent units:
 * r = sigmoid(W_ir x + b_ir + W_hr h + b_hr), z = sigmoid(W_iz x + b_iz + W_hz h + b_hz),
 * n = tanh(W_in x + b_in + r * (W_hn h + b_hn)), h' = (1 - z) * n + z * h.
 * Shapes and start as {@link RNN}; the weights of r, z and n lie on top of each other.   [Cho et al. 2014]
 */
export class GRU extends SingleState {
  constructor(inputSize: number, hiddenSize: number, ...rest: Args<RecurrentOptions, ["numLayers", ...Tail]>);
  constructor(options: Sized<RecurrentOptions>);
  constructor(...args: unknown[]) {
    super(GRU_NAMES, args, "GRU");
  }
}

/** The states of an LSTM: h [layers * directions, N, hidden or projection] and c [layers * directions, N, hidden]. */
export type LSTMState = readonly [h: Tensor, c: Tensor];

/**
 * Long short-term memory:
 * i, f, o = sigmoid(W x + b + U h + d), g = tanh(W_g x + b_g + U_g h + d_g), c' = f * c + i * g, h' = o * tanh(c').
 * Shapes and start as {@link RNN}; the weights of i, f, g and o lie on top of each other. With `projSize` h' is multiplied by
 * `weight_hr` [projSize, hidden].   [Hochreiter & Schmidhuber 1997; Sak et al. 2014]
 *
 * ```ts
 * const [output, [h, c]] = new nn.LSTM(10, 20).forward(torch.randn(5, 3, 10)); // [5, 3, 20], [1, 3, 20] twice
 * ```
 */
export class LSTM extends RNNBase {
  constructor(
    inputSize: number,
    hiddenSize: number,
    ...rest: Args<
      LSTMOptions,
      ["numLayers", "bias", "batchFirst", "dropout", "bidirectional", "projSize", "device", "dtype"]
    >
  );
  constructor(options: Sized<LSTMOptions>);
  constructor(...args: unknown[]) {
    super(LSTM_NAMES satisfies readonly (keyof RecurrentAll)[], args, "LSTM");
  }

  /** `[output, [h, c]]`; `hx` are the states before the first step, by default zeros. */
  forward(input: Tensor, hx?: LSTMState | null): [Tensor, [Tensor, Tensor]];
  forward(input: PackedSequence, hx?: LSTMState | null): [PackedSequence, [Tensor, Tensor]];
  forward(input: Tensor | PackedSequence, hx?: LSTMState | null): [Tensor | PackedSequence, [Tensor, Tensor]] {
    const [output, states] = this.run(input, hx ?? null);
    return [output, states as [Tensor, Tensor]];
  }
}
