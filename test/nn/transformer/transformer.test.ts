/** Beyond the conformance run: masks, custom parts, activations, training. */
import { expect, test } from "vitest";
import * as torch from "../../../lib/index.js";

const { nn } = torch;

function close(a: torch.Tensor, b: torch.Tensor, within = 1e-5): void {
  expect(a.shape).toEqual(b.shape);
  expect(a.sub(b).abs().max().item()).toBeLessThan(within);
}

test("the causal mask, as numbers, as booleans and as a hint", () => {
  const mask = nn.Transformer.generateSquareSubsequentMask(3);
  expect(mask.tolist()).toEqual([
    [0, -1 / 0, -1 / 0],
    [0, 0, -1 / 0],
    [0, 0, 0],
  ]);
  const layer = new nn.TransformerEncoderLayer(4, 2, { dropout: 0, dimFeedforward: 8 });
  const encoder = new nn.TransformerEncoder(layer, 2);
  const x = torch.randn(3, 2, 4);
  const want = encoder.forward(x, { mask, isCausal: false });
  close(encoder.forward(x, { mask }), want);
  close(encoder.forward(x, { mask: mask.lt(0) }), want);
  expect(encoder.forward(x).sub(want).abs().max().item()).toBeGreaterThan(1e-3);
  expect(() => layer.forward(x, { isCausal: true })).toThrow("Need attn_mask if specifying the is_causal hint");
});

test("copies of a layer start alike and learn apart", () => {
  const layer = new nn.TransformerDecoderLayer(4, 2, { dimFeedforward: 8, dropout: 0, activation: new nn.Tanh() });
  const decoder = new nn.TransformerDecoder(layer, 2, new nn.LayerNorm(4));
  expect(Object.keys(decoder.stateDict()).filter((key) => key.startsWith("layers.1.norm"))).toHaveLength(6);
  close(decoder.getParameter("layers.0.linear1.weight"), decoder.getParameter("layers.1.linear1.weight"), 1e-9);
  const optimizer = new torch.optim.Adam(decoder.parameters(), { lr: 0.01 });
  const [tgt, memory, goal] = [torch.randn(3, 2, 4), torch.randn(5, 2, 4), torch.randn(3, 2, 4)];
  const losses = Array.from({ length: 30 }, () => {
    optimizer.zeroGrad();
    const loss = nn.functional.mseLoss(decoder.forward(tgt, memory), goal);
    loss.backward();
    optimizer.step();
    return loss.item();
  });
  expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) * 0.8);
  expect(String(layer)).toContain("(activation): Tanh()");
});

test("errors have PyTorch's words", () => {
  const model = new nn.Transformer({
    dModel: 4,
    nhead: 2,
    numEncoderLayers: 1,
    numDecoderLayers: 1,
    dimFeedforward: 8,
  });
  expect(() => model.forward(torch.ones(2, 1, 4), torch.ones(2, 3, 4))).toThrow("the batch number of src and tgt must");
  expect(() => model.forward(torch.ones(2, 1, 4), torch.ones(2, 1, 5))).toThrow("the feature number of src and tgt");
  expect(() => new nn.TransformerEncoderLayer(4, 2, { activation: "tanh" as "relu" })).toThrow(
    "activation should be relu/gelu, not tanh",
  );
});

test("a gradient of a gradient of a whole layer", () => {
  torch.manualSeed(0);
  const layer = new nn.TransformerEncoderLayer(2, 1, {
    dimFeedforward: 3,
    dropout: 0,
    dtype: "float64",
    activation: "gelu",
  });
  const x = torch.randn([2, 1, 2], { dtype: "float64" }).requiresGrad_();
  expect(torch.autograd.gradgradcheck((y) => layer.forward(y), x)).toBe(true);
});
