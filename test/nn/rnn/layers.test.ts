import { expect, test } from "vitest";
import * as torch from "../../../lib/index.js";

const { nn } = torch;

test("state names, printed forms and arguments are PyTorch's", () => {
  const lstm = new nn.LSTM(3, 4, { numLayers: 2, bidirectional: true, batchFirst: true, dropout: 0.5, projSize: 2 });
  expect(String(lstm)).toBe("LSTM(3, 4, proj_size=2, num_layers=2, batch_first=True, dropout=0.5, bidirectional=True)");
  expect(Object.keys(lstm.stateDict()).slice(0, 6)).toEqual([
    ...["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_hr_l0", "weight_ih_l0_reverse"],
  ]);
  expect(lstm.weight_hh_l0.shape).toEqual([16, 2]);
  expect(String(new nn.RNNCell(3, 4, false, "relu"))).toBe("RNNCell(3, 4, bias=False, nonlinearity=relu)");
  expect(new nn.GRU(3, 4, 1, false).bias_ih_l0).toBeUndefined();
});

test("errors have PyTorch's words", () => {
  expect(() => new nn.LSTM(3, 4, { projSize: 4 })).toThrow("proj_size has to be smaller than hidden_size");
  expect(() => new nn.GRU(3, 4, { dropout: 2 })).toThrow("dropout should be a number in range [0, 1]");
  const gru = new nn.GRU(3, 4);
  expect(() => gru.forward(torch.ones(2, 1, 5))).toThrow(
    "input.size(-1) must be equal to input_size. Expected 3, got 5",
  );
  expect(() => gru.forward(torch.ones(2, 1, 3), torch.ones(1, 2, 4))).toThrow(
    "Expected hidden size (1, 1, 4), got [1, 2, 4]",
  );
  expect(() => gru.forward(torch.ones(2, 3), torch.ones(1, 1, 4))).toThrow("hx should also be 2-D but got 3-D tensor");
  expect(() => gru.forward(torch.ones(3))).toThrow("GRU: Expected input to be 2D or 3D, got 1D instead");
  expect(() => gru.double().forward(torch.ones(2, 1, 3))).toThrow("does not match weight dtype (torch.float64)");
});

test("a gradient of a gradient, through the whole network", () => {
  torch.manualSeed(0);
  const lstm = new nn.LSTM(2, 2, { dtype: "float64" });
  const x = torch.randn([2, 1, 2], { dtype: "float64" }).requiresGrad_();
  expect(torch.autograd.gradgradcheck((y) => lstm.forward(y)[0], x)).toBe(true);
});

test("half types compute in float32", () => {
  const gru = new nn.GRU(2, 3).to("bfloat16");
  const [y, h] = gru.forward(torch.ones(2, 1, 2).to("bfloat16"));
  expect([y.dtype, h.dtype]).toEqual(["bfloat16", "bfloat16"]);
});
