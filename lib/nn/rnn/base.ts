/** What the recurrent layers share: parameters, checks of sizes, packed and unbatched inputs. */

import { readArgs, required } from "../../args.js";
import { empty, zeros } from "../../creation.js";
import { ArgumentError, DTypeError, ShapeError } from "../../errors.js";
import { native } from "../../native.js";
import { indexSelect } from "../../ops/indexing.js";
import { pyFloat, pyRepr } from "../../repr.js";
import { describe, handleOf, isTensor, wrap } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";
import { warnOnce } from "../../warnings.js";
import { uniform_ } from "../init.js";
import type { FactoryOptions } from "../linear.js";
import { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { PackedSequence } from "../utils/rnn.js";

/** The kinds of recurrent layers, as PyTorch names them. */
export type RecurrentMode = "RNN_TANH" | "RNN_RELU" | "LSTM" | "GRU";

/** Options of the recurrent layers. */
export interface RecurrentOptions extends FactoryOptions {
  /** Layers on top of each other. Default 1. */
  numLayers?: number;
  /** Whether there are biases. Default true. */
  bias?: boolean;
  /** Whether input and output are [N, T, ...] and not [T, N, ...]. Default false. */
  batchFirst?: boolean;
  /** The probability of dropping elements between layers. Default 0. */
  dropout?: number;
  /** Whether each layer also reads the sequence from its end. Default false. */
  bidirectional?: boolean;
}

/** All that the constructors take. */
export interface RecurrentAll extends RecurrentOptions {
  inputSize: number;
  hiddenSize: number;
  nonlinearity?: "tanh" | "relu";
  projSize?: number;
}

const GATES: Readonly<Record<RecurrentMode, number>> = { RNN_TANH: 1, RNN_RELU: 1, LSTM: 4, GRU: 3 };

/** The states before the first step: h, or h and c. */
export type States = readonly Tensor[];

/** The base class of {@link RNN}, {@link LSTM} and {@link GRU}. */
export abstract class RNNBase extends Module {
  readonly mode: RecurrentMode;
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bias: boolean;
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly bidirectional: boolean;
  readonly projSize: number;
  /** The weight of the inputs of the first layer; those of others are `weight_ih_l1`, `weight_ih_l0_reverse`, ... */
  declare weight_ih_l0: Parameter;
  /** The weight of the first layer's state. */
  declare weight_hh_l0: Parameter;
  /** The bias of the inputs of the first layer. */
  declare bias_ih_l0: Parameter | undefined;
  /** The bias of the first layer's state. */
  declare bias_hh_l0: Parameter | undefined;

  constructor(names: readonly (keyof RecurrentAll)[], args: readonly unknown[], mode?: RecurrentMode) {
    super();
    const name = this.constructor.name;
    const o = readArgs<RecurrentAll>(name, names, args);
    this.mode = mode ?? plainMode(o.nonlinearity ?? "tanh");
    this.inputSize = required(name, o, "inputSize");
    this.hiddenSize = required(name, o, "hiddenSize");
    this.numLayers = o.numLayers ?? 1;
    this.bias = o.bias ?? true;
    this.batchFirst = o.batchFirst ?? false;
    this.dropout = o.dropout ?? 0;
    const layers = o.numLayers ?? 1;
    if (this.dropout > 0 && layers === 1) {
      warnOnce(
        "CANDLEWICK_RNN_DROPOUT",
        `dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects num_layers greater than 1, but got dropout=${pyFloat(this.dropout)} and num_layers=${layers}`,
      );
    }
    this.bidirectional = o.bidirectional ?? false;
    this.projSize = o.projSize ?? 0;
    this.checkSizes();
    const { device, dtype } = o;
    const make = (...shape: number[]): Parameter => new Parameter(empty(shape, { device, dtype }));
    const width = GATES[this.mode] * this.hiddenSize;
    for (let layer = 0; layer < this.numLayers; layer++) {
      for (const suffix of this.bidirectional ? ["", "_reverse"] : [""]) {
        const inputs = layer === 0 ? this.inputSize : this.outputSize * this.directions;
        const put = (key: string, value: Parameter): unknown => Reflect.set(this, `${key}_l${layer}${suffix}`, value);
        put("weight_ih", make(width, inputs));
        put("weight_hh", make(width, this.outputSize));
        if (this.bias) {
          put("bias_ih", make(width));
          put("bias_hh", make(width));
        }
        if (this.projSize > 0) put("weight_hr", make(this.projSize, this.hiddenSize));
      }
    }
    this.resetParameters();
  }

  /** 2 where each layer also reads from the end, else 1. */
  protected get directions(): number {
    return this.bidirectional ? 2 : 1;
  }
  /** The width of one direction's output. */
  protected get outputSize(): number {
    return this.projSize > 0 ? this.projSize : this.hiddenSize;
  }

  private checkSizes(): void {
    const refuse = (message: string): never => {
      throw new ArgumentError(message, { op: this.constructor.name });
    };
    for (const [name, size] of [
      ["input_size", this.inputSize],
      ["hidden_size", this.hiddenSize],
    ] as const) {
      if (!Number.isInteger(size)) refuse(`${name} should be of type int, got: ${typeof size}`);
      if (size <= 0) refuse(`${name} must be greater than zero`);
    }
    if (!(Number.isInteger(this.numLayers) && this.numLayers > 0)) refuse("num_layers must be greater than zero");
    if (!(this.dropout >= 0 && this.dropout <= 1)) {
      refuse("dropout should be a number in range [0, 1] representing the probability of an element being zeroed");
    }
    if (this.projSize < 0) refuse("proj_size should be a positive integer or zero to disable projections");
    if (this.projSize >= this.hiddenSize) refuse("proj_size has to be smaller than hidden_size");
  }

  /** Draws all parameters anew, uniform on +-1/sqrt(hiddenSize). */
  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.hiddenSize);
    for (const parameter of this.parameters()) uniform_(parameter, -bound, bound);
  }

  /** Does nothing: the parameters need no special place in memory here. */
  flattenParameters(): void {}

  /** Runs the network; states in, output and states out. `undefined` states are zeros. */
  protected run(input: Tensor | PackedSequence, given: States | null): [Tensor | PackedSequence, Tensor[]] {
    if (input instanceof PackedSequence) {
      const { data, batch_sizes, sorted_indices, unsorted_indices } = input;
      const sizes = Array.from(batch_sizes.toTypedArray(), Number);
      this.checkInput(data, 2);
      const states = permuted(this.statesFor(data, sizes[0] ?? 0, given), sorted_indices);
      const [output, ...last] = this.call(data, sizes, states);
      return [input.withData(output), permuted(last, unsorted_indices)];
    }
    if (!isTensor(input)) {
      throw new ArgumentError(`${this.mode}: expected input to be a tensor, received ${describe(input)}`);
    }
    if (input.ndim !== 2 && input.ndim !== 3) {
      const name = this.mode.startsWith("RNN") ? "RNN" : this.mode;
      const word = name === "RNN" ? "D tensor instead" : "D instead";
      throw new ShapeError(`${name}: Expected input to be 2D or 3D, got ${input.ndim}${word}`);
    }
    const batched = input.ndim === 3;
    const batchDim = this.batchFirst ? 0 : 1;
    const x = batched ? input : input.unsqueeze(batchDim);
    this.checkInput(x, 3);
    if (given !== null) this.checkRanks(given, batched);
    const hx = batched ? given : (given?.map((h) => h.unsqueeze(1)) ?? null);
    const [output, ...last] = this.call(x, null, this.statesFor(x, x.size(batchDim), hx));
    return batched ? [output, last] : [output.squeeze(batchDim), last.map((h) => h.squeeze(1))];
  }

  private call(x: Tensor, sizes: number[] | null, states: States): [Tensor, ...Tensor[]] {
    const weights = this.parameters(false).map(handleOf);
    const [output, ...last] = native.recurrent(handleOf(x), sizes, states.map(handleOf), weights, {
      mode: this.mode,
      layers: this.numLayers,
      bidirectional: this.bidirectional,
      batchFirst: this.batchFirst,
      bias: this.bias,
      projected: this.projSize > 0,
      dropout: this.dropout,
      training: this.training,
    });
    if (output === undefined) throw new ShapeError("the network gave no output");
    return [wrap(output), ...last.map(wrap)];
  }

  private checkInput(x: Tensor, rank: number): void {
    const { dtype } = this.weight_ih_l0;
    if (x.dtype !== dtype) {
      throw new DTypeError(
        `RNN input dtype (torch.${x.dtype}) does not match weight dtype (torch.${dtype}). Convert input: input.to(torch.${dtype}), or convert model: model.to(torch.${x.dtype})`,
      );
    }
    if (x.ndim !== rank) throw new ShapeError(`input must have ${rank} dimensions, got ${x.ndim}`);
    if (x.size(-1) !== this.inputSize) {
      throw new ShapeError(`input.size(-1) must be equal to input_size. Expected ${this.inputSize}, got ${x.size(-1)}`);
    }
  }

  private checkRanks(given: States, batched: boolean): void {
    if (!Array.isArray(given)) throw new ArgumentError(`expected the states to be a list, received ${describe(given)}`);
    for (const h of given) handleOf(h); // raises where it is no tensor
    const [kind, rank] = batched ? ["batched 3-D", 3] : ["unbatched 2-D", 2];
    if (given.every((h) => h.ndim === rank)) return;
    const ranks = given.map((h) => `${h.ndim}-D`).join(", ");
    throw new ShapeError(
      given.length > 1
        ? `For ${kind} input, hx and cx should also be ${rank}-D but got (${ranks}) tensors`
        : `For ${kind} input, hx should also be ${rank}-D but got ${ranks} tensor`,
    );
  }

  /** The given states, of the expected sizes, or zeros. */
  private statesFor(x: Tensor, batch: number, given: States | null): States {
    const count = this.mode === "LSTM" ? 2 : 1;
    const sizes = [this.outputSize, this.hiddenSize]
      .slice(0, count)
      .map((width) => [this.numLayers * this.directions, batch, width]);
    if (given === null) return sizes.map((size) => zeros(size, { dtype: x.dtype, device: x.device }));
    if (given.length !== count) {
      throw new ArgumentError(`${this.mode}: expected ${count} hidden states, received ${given.length}`);
    }
    sizes.forEach((want, i) => {
      const got = given[i]?.shape ?? [];
      if (String(got) === String(want)) return;
      const name = count === 1 ? "Expected hidden size" : `Expected hidden[${i}] size`;
      throw new ShapeError(`${name} (${want.join(", ")}), got [${got.join(", ")}]`);
    });
    return given;
  }

  override extraRepr(): string {
    const parts = [`${this.inputSize}, ${this.hiddenSize}`];
    if (this.projSize !== 0) parts.push(`proj_size=${this.projSize}`);
    if (this.numLayers !== 1) parts.push(`num_layers=${this.numLayers}`);
    if (!this.bias) parts.push(`bias=${pyRepr(this.bias)}`);
    if (this.batchFirst) parts.push(`batch_first=${pyRepr(this.batchFirst)}`);
    if (this.dropout !== 0) parts.push(`dropout=${pyFloat(this.dropout)}`);
    if (this.bidirectional) parts.push(`bidirectional=${pyRepr(this.bidirectional)}`);
    return parts.join(", ");
  }
}

function plainMode(nonlinearity: string): RecurrentMode {
  if (nonlinearity === "tanh") return "RNN_TANH";
  if (nonlinearity === "relu") return "RNN_RELU";
  throw new ArgumentError(`Unknown nonlinearity '${nonlinearity}'. Select from 'tanh' or 'relu'.`, { op: "RNN" });
}

function permuted(states: readonly Tensor[], order: Tensor | null): Tensor[] {
  return states.map((h) => (order === null ? h : indexSelect(h, 1, order)));
}
