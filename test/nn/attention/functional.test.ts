import { expect, test } from "vitest";
import * as torch from "../../../lib/index.js";

const { nn } = torch;
const F = nn.functional;

test("with and without weights the output is the same, and so are gradients", () => {
  torch.manualSeed(0);
  const attention = new nn.MultiheadAttention(8, 2, { batchFirst: true, addBiasKv: true });
  const x = torch.randn(2, 70, 8).requiresGrad_();
  const mask = torch.rand(70, 70).gt(0.7);
  const run = (needWeights: boolean): [torch.Tensor, torch.Tensor] => {
    const [y] = attention.forward(x, x, x, { needWeights, attnMask: mask });
    const [g] = torch.autograd.grad(y.pow(2).sum(), x);
    return [y.detach(), g ?? x];
  };
  const [[y, g], [z, h]] = [run(true), run(false)];
  expect(y.sub(z).abs().max().item()).toBeLessThan(1e-5);
  expect(g.sub(h).abs().max().item()).toBeLessThan(1e-4);
});

test("a gradient of a gradient", () => {
  const make = (phase: number) => torch.arange(12).reshape(3, 4).double().add(phase).sin().requiresGrad_();
  const f = (q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) =>
    F.scaledDotProductAttention(q, k, v, { isCausal: true });
  expect(torch.autograd.gradgradcheck(f, [make(0), make(1), make(2)])).toBe(true);
});

test("errors have PyTorch's words", () => {
  const q = torch.ones(2, 3, 4);
  const mask = torch.ones(3, 3).bool();
  expect(() => F.scaledDotProductAttention(q, q.double(), q)).toThrow(
    "Expected query, key, and value to have the same dtype, but got query.dtype: float key.dtype: double and value.dtype: float instead.",
  );
  expect(() => F.scaledDotProductAttention(q, q, q, mask, 0, true)).toThrow("Explicit attn_mask should not be set");
  expect(() => new nn.MultiheadAttention(8, 3)).toThrow("embed_dim must be divisible by num_heads");
  const attention = new nn.MultiheadAttention(4, 2);
  expect(() => attention.forward(q, q, q, { attnMask: mask })).toThrow(
    "The shape of the 2D attn_mask is torch.Size([3, 3]), but should be (2, 2).",
  );
});
