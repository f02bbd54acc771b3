/**
 * Attention in windows of an image, which shift from block to block.
 * [Liu et al. 2021](https://arxiv.org/abs/2103.14030), [Liu et al. 2021](https://arxiv.org/abs/2111.09883)
 */
import { arange, full, zeros } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { dropout, linear, normalize, pad, softmax } from "../../nn/functional.js";
import { init, Linear, Module, Parameter, ReLU, Sequential } from "../../nn/index.js";
import { meshgrid, stack } from "../../ops/join.js";
import type { Tensor } from "../../tensor.js";

/** A height and a width. */
export type Size = readonly [height: number, width: number];

/** What a window's attention is made of. */
export interface WindowAttentionShape {
  readonly dim: number;
  readonly windowSize: Size;
  readonly shiftSize: Size;
  readonly numHeads: number;
  readonly attentionDropout: number;
  readonly dropout: number;
}

/** The place of each pair of positions of a window in the table of their differences: int64 [(h w)^2]. */
export function relativeIndex([height, width]: Size): Tensor {
  const grid = meshgrid([arange(height), arange(width)], { indexing: "ij" });
  const places = stack([...grid]).flatten(1);
  const apart = places.unsqueeze(2).sub(places.unsqueeze(1));
  const rows = apart.select(0, 0).add(height - 1);
  const columns = apart.select(0, 1).add(width - 1);
  return rows
    .mul(2 * width - 1)
    .add(columns)
    .flatten();
}

/** A bias for each head and pair of positions, from a table: [1, heads, h w, h w]. */
export function biasOf(table: Tensor, index: Tensor, [height, width]: Size): Tensor {
  const n = height * width;
  return table.indexSelect(0, index).view(n, n, -1).permute([2, 0, 1]).contiguous().unsqueeze(0);
}

/** Attention within windows; x [N, H, W, C] -> the same. */
export class ShiftedWindowAttention extends Module {
  readonly shape: WindowAttentionShape;
  qkv: Linear;
  proj: Linear;
  declare readonly relative_position_bias_table: Parameter;
  declare readonly relative_position_index: Tensor;

  constructor(shape: WindowAttentionShape) {
    super();
    if (shape.windowSize.length !== 2 || shape.shiftSize.length !== 2) {
      throw new ArgumentError("window_size and shift_size must be of length 2");
    }
    this.shape = shape;
    this.qkv = new Linear(shape.dim, 3 * shape.dim);
    this.proj = new Linear(shape.dim, shape.dim);
    this.defineTable();
    this.registerBuffer("relative_position_index", relativeIndex(shape.windowSize));
  }

  /** What the biases are taken from. */
  protected defineTable(): void {
    const { windowSize, numHeads } = this.shape;
    const rows = (2 * windowSize[0] - 1) * (2 * windowSize[1] - 1);
    this.registerParameter("relative_position_bias_table", new Parameter(zeros([rows, numHeads])));
    init.truncNormal_(this.relative_position_bias_table, 0, 0.02);
  }
  protected bias(): Tensor {
    return biasOf(this.relative_position_bias_table, this.relative_position_index, this.shape.windowSize);
  }
  /** The scores of queries and keys [B, heads, S, E]. */
  protected scores(q: Tensor, k: Tensor): Tensor {
    const { dim, numHeads } = this.shape;
    return q.mul(Math.floor(dim / numHeads) ** -0.5).matmul(k.transpose(-2, -1));
  }
  protected qkvBias(): Tensor | null {
    return this.qkv.bias;
  }

  forward(x: Tensor): Tensor {
    const { windowSize, shiftSize, numHeads, attentionDropout, dropout: p } = this.shape;
    const [height, width] = windowSize;
    const [n = 0, h = 0, w = 0, channels = 0] = x.shape;
    const padded = pad(x, [0, 0, 0, (width - (w % width)) % width, 0, (height - (h % height)) % height]);
    const [, padH = 0, padW = 0] = padded.shape;
    // A window that covers the image need not shift.
    const shift: Size = [height >= padH ? 0 : shiftSize[0], width >= padW ? 0 : shiftSize[1]];
    const shifts = shift[0] + shift[1] > 0;
    const rolled = shifts ? padded.roll([-shift[0], -shift[1]], [1, 2]) : padded;
    const [rows, columns] = [Math.floor(padH / height), Math.floor(padW / width)];
    const windows = rolled
      .view(n, rows, height, columns, width, channels)
      .permute([0, 1, 3, 2, 4, 5])
      .reshape(n * rows * columns, height * width, channels);
    const [batch = 0, length = 0] = windows.shape;
    const parts = linear(windows, this.qkv.weight, this.qkvBias())
      .reshape(batch, length, 3, numHeads, Math.floor(channels / numHeads))
      .permute([2, 0, 3, 1, 4]);
    const [q, k, v] = [0, 1, 2].map((i) => parts.select(0, i)) as [Tensor, Tensor, Tensor];
    let scores = this.scores(q, k).add(this.bias());
    if (shifts) {
      const mask = regionMask([padH, padW], windowSize, shift).to(x.dtype);
      scores = scores
        .view(Math.floor(batch / (rows * columns)), rows * columns, numHeads, length, length)
        .add(mask.unsqueeze(1).unsqueeze(0))
        .view(-1, numHeads, length, length);
    }
    const attention = dropout(softmax(scores, -1), { p: attentionDropout, training: this.training });
    const mixed = attention.matmul(v).transpose(1, 2).reshape(batch, length, channels);
    const out = dropout(linear(mixed, this.proj.weight, this.proj.bias), { p, training: this.training })
      .view(n, rows, columns, height, width, channels)
      .permute([0, 1, 3, 2, 4, 5])
      .reshape(n, padH, padW, channels);
    const back = shifts ? out.roll([shift[0], shift[1]], [1, 2]) : out;
    return back.narrow(1, 0, h).narrow(2, 0, w).contiguous();
  }
}

/** -100 between positions of a window that were no neighbours before the shift, 0 elsewhere: [windows, h w, h w]. */
function regionMask([h, w]: Size, [height, width]: Size, [down, right]: Size): Tensor {
  const regions = zeros([h, w]);
  const cuts = (size: number, window: number, shift: number) => [0, size - window, size - shift, size];
  const [ys, xs] = [cuts(h, height, down), cuts(w, width, right)];
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      const [y = 0, y2 = 0, x = 0, x2 = 0] = [ys[i], ys[i + 1], xs[j], xs[j + 1]];
      if (y2 > y && x2 > x)
        regions
          .narrow(0, y, y2 - y)
          .narrow(1, x, x2 - x)
          .fill_(3 * i + j);
    }
  }
  const [rows, columns] = [Math.floor(h / height), Math.floor(w / width)];
  const windows = regions.view(rows, height, columns, width).permute([0, 2, 1, 3]).reshape(rows * columns, height * width); // biome-ignore format: one line
  const apart = windows.unsqueeze(1).sub(windows.unsqueeze(2));
  return apart.maskedFill(apart.ne(0), -100).maskedFill(apart.eq(0), 0);
}

/** With cosines for scores, and biases that a small network makes of the distances. */
export class ShiftedWindowAttentionV2 extends ShiftedWindowAttention {
  declare readonly relative_coords_table: Tensor;
  readonly logit_scale: Parameter;
  cpb_mlp: Sequential;

  constructor(shape: WindowAttentionShape) {
    super(shape);
    const { numHeads, dim } = shape;
    this.logit_scale = new Parameter(full([numHeads, 1, 1], 10).log());
    this.cpb_mlp = new Sequential(
      ...[new Linear(2, 512), new ReLU({ inplace: true }), new Linear(512, numHeads, { bias: false })],
    );
    if (this.qkv.bias !== null) init.zeros_(this.qkv.bias.detach().narrow(0, dim, dim));
  }

  /** Distances from -8 to 8, on a logarithmic scale. */
  protected override defineTable(): void {
    const { windowSize } = this.shape;
    const [rows, columns] = windowSize.map((n) => arange(-(n - 1), n, { dtype: "float32" }).div(n - 1)) as [
      Tensor,
      Tensor,
    ];
    const table = stack([...meshgrid([rows, columns], { indexing: "ij" })], 2)
      .unsqueeze(0)
      .mul(8);
    this.registerBuffer("relative_coords_table", table.sign().mul(table.abs().add(1).log2()).div(3));
  }
  protected override bias(): Tensor {
    const { numHeads, windowSize } = this.shape;
    const table = this.cpb_mlp.forward(this.relative_coords_table).view(-1, numHeads);
    return biasOf(table, this.relative_position_index, windowSize).sigmoid().mul(16);
  }
  protected override scores(q: Tensor, k: Tensor): Tensor {
    const cosines = normalize(q, { dim: -1 }).matmul(normalize(k, { dim: -1 }).transpose(-2, -1));
    return cosines.mul(this.logit_scale.clamp({ max: Math.log(100) }).exp());
  }
  /** Keys have no bias. */
  protected override qkvBias(): Tensor | null {
    const { bias } = this.qkv;
    if (bias === null) return null;
    const copy = bias.clone();
    copy.narrow(0, this.shape.dim, this.shape.dim).zero_();
    return copy;
  }
}
