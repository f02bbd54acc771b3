import { describe, expect, test } from "vitest";
import * as torch from "../../../lib/index.js";
import { casesOf } from "../../helpers/cases.js";

const { nn } = torch;
const F = nn.functional;

for (const file of ["batch-norm", "group-norm", "instance-norm", "layer-norm"]) casesOf(`normalization/${file}`);

describe("errors", () => {
  const x = torch.randn(3, 4);
  test.each([
    [
      () => F.layerNorm(x, [3]),
      "Given normalized_shape=[3], expected input with shape [*, 3], but got input of size[3, 4]",
    ],
    [
      () => F.layerNorm(x, [4], torch.ones(3)),
      "Expected weight to be of same shape as normalized_shape, but got weight of shape [3] and normalized_shape = [4]",
    ],
    [() => F.layerNorm(x.long(), [4]), "\"LayerNormKernelImpl\" not implemented for 'Long'"],
    [
      () => F.rmsNorm(x, [3]),
      "Given normalized_shape=[3], expected input with shape [*3], but got input of size[3, 4]",
    ],
    [
      () => F.groupNorm(x, 3),
      "Expected number of channels in input to be divisible by num_groups, but got input of shape [3, 4] and num_groups=3",
    ],
    [() => F.groupNorm(x, 0), "Expected num groups to be greater than 0, got 0"],
    [
      () => F.groupNorm(torch.randn(1, 4), 4),
      "Expected more than 1 value per channel when training, got input size [1, 4]",
    ],
    [() => new nn.GroupNorm(3, 4), "num_channels (4) must be divisible by num_groups (3)"],
    [
      () => F.instanceNorm(torch.randn(2, 3, 1)),
      "Expected more than 1 spatial element when training, got input size torch.Size([2, 3, 1])",
    ],
    [() => new nn.InstanceNorm2d(3).forward(x), "expected 3D or 4D input (got 2D input)"],
    [() => F.batchNorm(x, null, null), "running_mean must be defined in evaluation mode"],
    [
      () => F.batchNorm(x, null, null, { training: true, eps: 0 }),
      "batch_norm eps must be positive during training, but got 0.0",
    ],
    [() => new nn.BatchNorm3d(4).forward(x), "expected 5D input (got 2D input)"],
  ])("%s", (call, message) => expect(call).toThrow(message));
});

test("half types keep their dtype and agree with float32", () => {
  const x = torch.randn(4, 6);
  for (const dtype of ["float16", "bfloat16"] as const) {
    const half = x.to(dtype);
    for (const f of [
      (y: torch.Tensor) => F.layerNorm(y, [6]),
      (y: torch.Tensor) => F.groupNorm(y, 2),
      (y: torch.Tensor) => F.rmsNorm(y, [6]),
    ]) {
      const y = f(half);
      expect(y.dtype).toBe(dtype);
      expect(y.float().sub(f(half.float())).abs().max().item()).toBeLessThan(0.02);
    }
  }
});

test("gradients of gradients of the norms", () => {
  const x = torch.randn(2, 4, 3, { dtype: "float64" });
  const w = torch.randn(4, { dtype: "float64" }).requiresGrad_();
  const f = (y: torch.Tensor) => F.groupNorm(F.layerNorm(y, [3]), 2, w);
  expect(torch.autograd.gradgradcheck(f, [x.requiresGrad_()])).toBe(true);
});

test("copies work as their originals", () => {
  const x = torch.randn(2, 4, 3);
  for (const layer of [new nn.InstanceNorm1d(4), new nn.GroupNorm(2, 4), new nn.LayerNorm(3), new nn.Softplus(2)]) {
    const copy = torch.deepcopy(layer);
    expect(copy.forward(x).tolist()).toEqual(layer.forward(x).tolist());
    expect(String(copy)).toBe(String(layer));
  }
});
