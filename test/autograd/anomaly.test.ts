import { expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const { autograd } = torch;

function makesNaN(x: torch.Tensor): torch.Tensor {
  return x.sqrt();
}

test("a NaN names the operation and the forward call", () => {
  const run = () => {
    const x = torch.tensor([-1], { dtype: "float32" }).requiresGrad_();
    makesNaN(x).sum().backward();
    return x.grad?.item();
  };
  expect(run()).toBeNaN();
  expect(() => autograd.detectAnomaly(run)).toThrow("Function 'SqrtBackward0' returned nan values in its 0th output.");
  expect(() => autograd.detectAnomaly(run)).toThrow(/Error detected in SqrtBackward0.*makesNaN.*anomaly\.test\.ts/s);
  expect(autograd.detectAnomaly(run, { checkNan: false })).toBeNaN();
  expect([autograd.isAnomalyEnabled(), run()]).toEqual([false, Number.NaN]);
});

test("an error of a formula gets the forward call too", () => {
  using _ = autograd.setDetectAnomaly(true, false);
  const x = torch.ones(2, { requiresGrad: true }).mul(1);
  const y = x.exp();
  y.add_(1);
  expect(() => y.sum().backward()).toThrow(/is at version 1.*Error detected in ExpBackward0/s);
});
