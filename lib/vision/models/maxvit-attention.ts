/** Attention in windows of an image and on grids across it.   [Tu et al. 2022](https://arxiv.org/abs/2204.01697) */
import { empty } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { softmax } from "../../nn/functional.js";
import { Dropout, Identity, init, type Layer, LayerNorm, Linear, Module, Parameter, Sequential } from "../../nn/index.js"; // biome-ignore format: one line
import type { Tensor } from "../../tensor.js";
import type { MakeActivation } from "../ops/layers.js";
import { StochasticDepth } from "../ops/stochastic-depth.js";
import { biasOf, relativeIndex, type Size } from "./swin-attention.js";

/** Attention of the P positions of each of G parts: x [B, G, P, D] -> the same. */
export class RelativePositionalMultiHeadAttention extends Module {
  readonly headDim: number;
  readonly size: number;
  to_qkv: Linear;
  merge: Linear;
  readonly relative_position_bias_table: Parameter;
  declare readonly relative_position_index: Tensor;

  constructor(dim: number, headDim: number, length: number) {
    super();
    if (dim % headDim !== 0) throw new ArgumentError(`feat_dim: ${dim} must be divisible by head_dim: ${headDim}`);
    const heads = dim / headDim;
    this.headDim = headDim;
    this.size = Math.trunc(Math.sqrt(length));
    this.to_qkv = new Linear(dim, 3 * dim);
    this.merge = new Linear(dim, dim);
    this.relative_position_bias_table = new Parameter(empty([(2 * this.size - 1) ** 2, heads]));
    const index = relativeIndex([this.size, this.size]).view(length, length);
    this.registerBuffer("relative_position_index", index);
    init.truncNormal_(this.relative_position_bias_table, 0, 0.02);
  }

  forward(x: Tensor): Tensor {
    const [b = 0, g = 0, p = 0, d = 0] = x.shape;
    const heads = d / this.headDim;
    const [q, k, v] = this.to_qkv
      .forward(x)
      .chunk(3, -1)
      .map((part) => part.reshape(b, g, p, heads, this.headDim).permute([0, 1, 3, 2, 4])) as [Tensor, Tensor, Tensor];
    const scores = q.matmul(k.mul(d ** -0.5).transpose(-2, -1));
    const index = this.relative_position_index.view(-1);
    const bias = biasOf(this.relative_position_bias_table, index, [this.size, this.size]);
    const mixed = softmax(scores.add(bias), -1).matmul(v).permute([0, 1, 3, 2, 4]).reshape(b, g, p, d);
    return this.merge.forward(mixed);
  }
}

/** Two dimensions exchanged. */
class SwapAxes extends Module {
  readonly a: number;
  readonly b: number;

  constructor(a: number, b: number) {
    super();
    this.a = a;
    this.b = b;
  }

  forward(x: Tensor): Tensor {
    return x.transpose(this.a, this.b);
  }
}

/** [B, C, H, W] -> windows [B, H/P * W/P, P * P, C]. */
class WindowPartition extends Module {
  forward(x: Tensor, p: number): Tensor {
    const [b = 0, c = 0, h = 0, w = 0] = x.shape;
    const [rows, columns] = [Math.floor(h / p), Math.floor(w / p)];
    const windows = x.reshape(b, c, rows, p, columns, p).permute([0, 2, 4, 3, 5, 1]);
    return windows.reshape(b, rows * columns, p * p, c);
  }
}

/** The way back. */
class WindowDepartition extends Module {
  forward(x: Tensor, p: number, rows: number, columns: number): Tensor {
    const [b = 0, , , c = 0] = x.shape;
    const image = x.reshape(b, rows, columns, p, p, c).permute([0, 5, 1, 3, 2, 4]);
    return image.reshape(b, c, rows * p, columns * p);
  }
}

/** What an attention layer is made of. */
export interface PartitionShape {
  readonly channels: number;
  readonly headDim: number;
  readonly partitionSize: number;
  readonly type: "window" | "grid";
  readonly gridSize: Size;
  readonly mlpRatio: number;
  readonly activation: MakeActivation;
  readonly attentionDropout: number;
  readonly mlpDropout: number;
  readonly stochasticDepthProb: number;
}

/** Attention and a perceptron, in windows or on a grid: x [B, C, H, W] of the size that it was made for -> the same. */
export class PartitionAttentionLayer extends Module {
  readonly gridSize: Size;
  readonly p: number;
  readonly partition_op = new WindowPartition();
  readonly departition_op = new WindowDepartition();
  partition_swap: Layer;
  departition_swap: Layer;
  attn_layer: Sequential;
  mlp_layer: Sequential;
  stochastic_dropout: StochasticDepth;

  constructor(o: PartitionShape) {
    super();
    const { channels, gridSize, partitionSize } = o;
    const grid = o.type === "grid";
    this.gridSize = gridSize;
    this.p = grid ? Math.floor(gridSize[0] / partitionSize) : partitionSize;
    const swap = () => (grid ? new SwapAxes(-2, -3) : new Identity());
    this.partition_swap = swap();
    this.departition_swap = swap();
    this.attn_layer = new Sequential(
      new LayerNorm(channels),
      new RelativePositionalMultiHeadAttention(channels, o.headDim, partitionSize ** 2),
      new Dropout(o.attentionDropout),
    );
    this.mlp_layer = new Sequential(
      ...[new LayerNorm(channels), new Linear(channels, channels * o.mlpRatio), o.activation()],
      ...[new Linear(channels * o.mlpRatio, channels), new Dropout(o.mlpDropout)],
    );
    this.stochastic_dropout = new StochasticDepth(o.stochasticDepthProb, "row");
  }

  forward(input: Tensor): Tensor {
    const { p, gridSize } = this;
    if (gridSize[0] % p !== 0 || gridSize[1] % p !== 0) {
      throw new ArgumentError(`Grid size must be divisible by partition size. Got grid size of (${gridSize.join(", ")}) and partition size of ${p}`); // biome-ignore format: one line
    }
    const x = this.partition_swap.forward(this.partition_op.forward(input, p));
    const attended = x.add(this.stochastic_dropout.forward(this.attn_layer.forward(x)));
    const out = attended.add(this.stochastic_dropout.forward(this.mlp_layer.forward(attended)));
    return this.departition_op.forward(this.departition_swap.forward(out), p, gridSize[0] / p, gridSize[1] / p);
  }
}
