/** One step of the recurrent networks. */
import { type Args, readArgs, required } from "../../args.js";
import { empty, zeros } from "../../creation.js";
import { ArgumentError, ShapeError } from "../../errors.js";
import { native } from "../../native.js";
import { pyRepr } from "../../repr.js";
import { handleOf, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { uniform_ } from "../init.js";
import type { FactoryOptions } from "../linear.js";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import type { RecurrentMode, States } from "./base.js";
import type { LSTMState } from "./layers.js";

/** Options of {@link LSTMCell} and {@link GRUCell}. */
export interface CellOptions extends FactoryOptions {
  /** Whether there are biases. Default true. */
  bias?: boolean;
}

/** Options of {@link RNNCell}. */
export interface RNNCellOptions extends CellOptions {
  /** "tanh" or "relu". Default "tanh". */
  nonlinearity?: "tanh" | "relu";
}

interface CellAll extends RNNCellOptions {
  inputSize: number;
  hiddenSize: number;
}

type Sized<O> = O & { inputSize: number; hiddenSize: number };

/** The base class of the cells. */
export abstract class RNNCellBase extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  weight_ih: Parameter;
  weight_hh: Parameter;
  bias_ih: Parameter | null;
  bias_hh: Parameter | null;

  constructor(names: readonly (keyof CellAll)[], args: readonly unknown[], gates: number) {
    super();
    const name = new.target.name;
    const o = readArgs<CellAll>(name, names, args);
    this.inputSize = required(name, o, "inputSize");
    this.hiddenSize = required(name, o, "hiddenSize");
    const { bias = true, device, dtype } = o;
    const width = gates * this.hiddenSize;
    const make = (...shape: number[]): Parameter => new Parameter(empty(shape, { device, dtype }));
    this.weight_ih = make(width, this.inputSize);
    this.weight_hh = make(width, this.hiddenSize);
    this.bias_ih = bias ? make(width) : null;
    this.bias_hh = bias ? make(width) : null;
    this.resetParameters();
  }

  /** Draws all parameters anew, uniform on +-1/sqrt(hiddenSize). */
  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.hiddenSize);
    for (const parameter of this.parameters()) uniform_(parameter, -bound, bound);
  }

  /** One step from states (zeros where null) to states. */
  protected step(mode: RecurrentMode, input: Tensor, given: States | null, count: number): Tensor[] {
    const name = this.constructor.name;
    if (input.ndim !== 1 && input.ndim !== 2) {
      throw new ShapeError(`${name}: Expected input to be 1D or 2D, got ${input.ndim}D instead`);
    }
    given?.forEach((h, i) => {
      if (h.ndim === 1 || h.ndim === 2) return;
      const which = count === 1 ? "hidden" : `hx[${i}]`;
      throw new ShapeError(`${name}: Expected ${which} to be 1D or 2D, got ${h.ndim}D instead`);
    });
    const batched = input.ndim === 2;
    const x = batched ? input : input.unsqueeze(0);
    const none = (): Tensor[] =>
      Array.from({ length: count }, () => zeros([x.size(0), this.hiddenSize], { dtype: x.dtype, device: x.device }));
    const hx = given === null ? none() : batched ? given : given.map((h) => h.unsqueeze(0));
    const weights = this.parameters(false).map(handleOf);
    const out = native.recurrentCell(mode, handleOf(x), hx.map(handleOf), weights).map(wrap);
    return batched ? out : out.map((h) => h.squeeze(0));
  }

  override extraRepr(): string {
    return `${this.inputSize}, ${this.hiddenSize}${this.bias_ih === null ? `, bias=${pyRepr(false)}` : ""}`;
  }
}

/**
 * h' = tanh(W_ih x + b_ih + W_hh h + b_hh), or relu. Input [N, in] or [in], state and result [N, hidden] or [hidden].
 * Starts uniform on +-1/sqrt(hiddenSize).
 */
export class RNNCell extends RNNCellBase {
  readonly nonlinearity: "tanh" | "relu";

  constructor(
    inputSize: number,
    hiddenSize: number,
    ...rest: Args<RNNCellOptions, ["bias", "nonlinearity", "device", "dtype"]>
  );
  constructor(options: Sized<RNNCellOptions>);
  constructor(...args: unknown[]) {
    const names = ["inputSize", "hiddenSize", "bias", "nonlinearity", "device", "dtype"] as const;
    super(names, args, 1);
    this.nonlinearity = readArgs<CellAll>("RNNCell", names, args).nonlinearity ?? "tanh";
  }

  /** The next state; `hx` is by default zeros. Errors: a nonlinearity other than tanh and relu. */
  forward(input: Tensor, hx?: Tensor | null): Tensor {
    const mode = { tanh: "RNN_TANH", relu: "RNN_RELU" } as const;
    if (!(this.nonlinearity in mode)) throw new ArgumentError(`Unknown nonlinearity: ${String(this.nonlinearity)}`);
    const [h] = this.step(mode[this.nonlinearity], input, hx === undefined || hx === null ? null : [hx], 1);
    return h as Tensor;
  }

  override extraRepr(): string {
    const tail = this.nonlinearity === "tanh" ? "" : `, nonlinearity=${this.nonlinearity}`;
    return super.extraRepr() + tail;
  }
}

/** One step of {@link LSTM}: `[h, c]` of shape [N, hidden] or [hidden]. */
export class LSTMCell extends RNNCellBase {
  constructor(inputSize: number, hiddenSize: number, ...rest: Args<CellOptions, ["bias", "device", "dtype"]>);
  constructor(options: Sized<CellOptions>);
  constructor(...args: unknown[]) {
    super(["inputSize", "hiddenSize", "bias", "device", "dtype"], args, 4);
  }

  /** The next states; `hx` are by default zeros. */
  forward(input: Tensor, hx?: LSTMState | null): [Tensor, Tensor] {
    return this.step("LSTM", input, hx ?? null, 2) as [Tensor, Tensor];
  }
}

/** One step of {@link GRU}: h of shape [N, hidden] or [hidden]. */
export class GRUCell extends RNNCellBase {
  constructor(inputSize: number, hiddenSize: number, ...rest: Args<CellOptions, ["bias", "device", "dtype"]>);
  constructor(options: Sized<CellOptions>);
  constructor(...args: unknown[]) {
    super(["inputSize", "hiddenSize", "bias", "device", "dtype"], args, 3);
  }

  /** The next state; `hx` is by default zeros. */
  forward(input: Tensor, hx?: Tensor | null): Tensor {
    const [h] = this.step("GRU", input, hx === undefined || hx === null ? null : [hx], 1);
    return h as Tensor;
  }
}
