import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const { nn } = torch;

describe("transposed convolution", () => {
  const up = new nn.ConvTranspose2d(4, 3, 3, { stride: 2 });
  const x = torch.rand(2, 4, 8, 8);

  test("outputSize chooses among the sizes that the stride allows", () => {
    expect(up.forward(x).shape).toEqual([2, 3, 17, 17]);
    expect(up.forward(x, [18, 17]).shape).toEqual([2, 3, 18, 17]);
    expect(up.forward(x, [2, 3, 18, 18]).shape).toEqual([2, 3, 18, 18]);
    expect(() => up.forward(x, [19, 19])).toThrow(
      "requested an output size of (19, 19), but valid sizes range from [17, 17] to [18, 18] (for an input of torch.Size([8, 8]))",
    );
    expect(() => up.forward(x, [18])).toThrow(
      "ConvTranspose2D: for 4D input, output_size must have 2 or 4 elements (got 1)",
    );
  });

  test("is the gradient of the convolution", () => {
    const [image, weight] = [torch.randn(1, 3, 7, 7).requiresGrad_(), torch.randn(4, 3, 3, 3)];
    const y = nn.functional.conv2d(image, weight, { stride: 2 });
    const g = torch.randn(y.shape);
    y.backward(g);
    const back = nn.functional.convTranspose2d(g, weight, { stride: 2 });
    expect(torch.amax(back.sub(image.grad ?? image).abs()).item()).toBeLessThan(1e-5);
  });

  test("errors and the printed form are PyTorch's", () => {
    expect(() => new nn.ConvTranspose2d({ inChannels: 4, outChannels: 3, kernelSize: 3, groups: 3 })).toThrow(
      "in_channels must be divisible by groups",
    );
    // @ts-expect-error: the type says so too
    expect(() => new nn.ConvTranspose2d(4, 3, 3, { paddingMode: "reflect" })).toThrow(
      'Only "zeros" padding mode is supported for ConvTranspose2d',
    );
    // @ts-expect-error: as above
    expect(() => new nn.Conv2d(4, 3, 3, { paddingMode: "mirror" })).toThrow("padding_mode must be one of");
    const conv = new nn.Conv2d(4, 3, 3, { padding: 1, paddingMode: "circular" });
    expect(String(conv)).toBe("Conv2d(4, 3, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), padding_mode=circular)");
    expect(() => nn.functional.convTranspose2d(x, torch.rand(4, 3, 3, 3), { outputPadding: 1 })).toThrow(
      "output padding must be smaller than either stride or dilation",
    );
    expect(() => nn.functional.conv2d(x, torch.rand(3, 4, 3, 3), { padding: -1 })).toThrow(
      "negative padding is not supported",
    );
  });
});

test.each([1, 2, 3])("ConvTranspose%id of an empty batch has gradients, with a bias", (n) => {
  const layer = [torch.nn.ConvTranspose1d, torch.nn.ConvTranspose2d, torch.nn.ConvTranspose3d][n - 1];
  const up = new (layer ?? torch.nn.ConvTranspose2d)(2, 3, 3);
  const x = torch.zeros([0, 2, ...Array<number>(n).fill(4)], { requiresGrad: true });
  up.forward(x).sum().backward();
  expect([x.grad?.shape, up.bias?.grad?.tolist()]).toEqual([x.shape, [0, 0, 0]]);
  expect(up.weight.grad?.abs().sum().item()).toBe(0);
});
