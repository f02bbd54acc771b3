import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";
import { casesOf } from "../helpers/cases.js";

const { nn } = torch;
const F = nn.functional;

casesOf("dropout");

test("in evaluation the input comes back itself", () => {
  const x = torch.randn(4, 3, 2);
  for (const layer of [new nn.Dropout(), new nn.Dropout1d(), new nn.AlphaDropout(), new nn.FeatureAlphaDropout()]) {
    expect(layer.eval().forward(x)).toBe(x);
  }
  expect(F.alphaDropout(x)).toBe(x);
});

test("in place the same numbers fall", () => {
  const x = torch.ones(50);
  torch.manualSeed(3);
  const want = F.dropout(x, 0.4);
  torch.manualSeed(3);
  const leaf = x.clone().requiresGrad_();
  const y = leaf.mul(1);
  expect(new nn.Dropout(0.4, true).forward(y)).toBe(y);
  expect(y.tolist()).toEqual(want.tolist());
  y.sum().backward();
  expect(leaf.grad?.tolist()).toEqual(want.tolist());
});

describe("errors", () => {
  const x = torch.randn(3);
  test.each([
    [() => F.dropout(x, 1.5), "dropout probability has to be between 0 and 1, but got 1.5"],
    [() => F.dropout(torch.arange(3)), "result type Float can't be cast to the desired output type Long"],
    [() => F.dropout1d(x), "dropout1d: Expected 2D or 3D input, but received a 1D input."],
    [() => F.featureAlphaDropout(x, { training: true }), "Feature dropout requires at least 2 dimensions in the input"],
  ])("%s", (call, message) => expect(call).toThrow(message));
});
