/** The names of nodes, by PyTorch 2.15's answers. */
import { describe, expect, test } from "vitest";
import * as torch from "../../lib/index.js";

const F = torch.nn.functional;
const leaf = (...shape: number[]) => torch.randn(shape, { requiresGrad: true });
const half = (...shape: number[]) => torch.randn(shape).half().requiresGrad_();
const nameOf = (x: torch.Tensor) => x.gradFn?.name;
const classes = torch.tensor([0n, 1n, 2n]);

describe("names of nodes", () => {
  test.each<[string, () => torch.Tensor, string]>([
    ["vector @ vector", () => leaf(3).matmul(leaf(3)), "DotBackward0"],
    ["matrix @ vector", () => leaf(2, 3).matmul(leaf(3)), "MvBackward0"],
    ["batch @ batch", () => leaf(4, 2, 3).matmul(leaf(4, 3, 2)), "UnsafeViewBackward0"],
    ["batch @ vector", () => leaf(4, 2, 3).matmul(leaf(3)), "UnsafeViewBackward0"],
    ["batch @ matrix", () => leaf(4, 2, 3).matmul(leaf(3, 2)), "UnsafeViewBackward0"],
    ["softmax over channels", () => F.softmax(leaf(2, 3, 4), 1), "SoftmaxBackward0"],
    ["logSoftmax over channels", () => F.logSoftmax(leaf(2, 3, 4, 4), 1), "LogSoftmaxBackward0"],
    ["repeat", () => leaf(3).repeat(2, 2), "RepeatBackward0"],
    ["lerp", () => leaf(3).lerp(leaf(3), 0.5), "LerpBackward0"],
    ["addcmul", () => torch.addcmul(leaf(3), leaf(3), leaf(3)), "AddcmulBackward0"],
    ["addcdiv", () => torch.addcdiv(leaf(3), leaf(3), leaf(3)), "AddcdivBackward0"],
    ["clamp by tensors", () => leaf(3).clamp(torch.zeros(3), torch.ones(3)), "ClampBackward0"],
    ["adaptiveAvgPool2d to 1", () => F.adaptiveAvgPool2d(leaf(1, 2, 4, 4), 1), "MeanBackward1"],
    ["adaptiveAvgPool3d to 1", () => F.adaptiveAvgPool3d(leaf(1, 2, 4, 4, 4), 1), "MeanBackward1"],
    ["adaptiveAvgPool2d to 2", () => F.adaptiveAvgPool2d(leaf(1, 2, 4, 4), 2), "AdaptiveAvgPool2DBackward0"],
    ["einsum, a product", () => torch.einsum("ij,jk->ik", leaf(2, 3), leaf(3, 4)), "ViewBackward0"],
    ["einsum, batches", () => torch.einsum("bij,bjk->bik", leaf(2, 3, 3), leaf(2, 3, 3)), "ViewBackward0"],
    ["einsum, an inner product", () => torch.einsum("i,i->", leaf(3), leaf(3)), "ViewBackward0"],
    ["einsum, an outer product", () => torch.einsum("i,j->ij", leaf(2), leaf(3)), "MulBackward0"],
    ["einsum, a sum", () => torch.einsum("ij->i", leaf(2, 3)), "SumBackward1"],
    ["einsum, a transposition", () => torch.einsum("ij->ji", leaf(2, 3)), "PermuteBackward0"],
  ])("%s", (_, f, name) => expect(nameOf(f())).toBe(name));

  test.each<[string, () => torch.Tensor, string]>([
    ["softmax", () => F.softmax(half(3, 4), 1), "SoftmaxBackward0"],
    ["logSoftmax", () => F.logSoftmax(half(3, 4), -1), "LogSoftmaxBackward0"],
    ["linear", () => F.linear(half(3, 4), torch.ones(2, 4).half()), "MmBackward0"],
    ["linear with a bias", () => F.linear(half(3, 4), torch.ones(2, 4).half(), torch.ones(2).half()), "AddmmBackward0"],
    ["layerNorm", () => F.layerNorm(half(3, 4), [4]), "NativeLayerNormBackward0"],
    ["batchNorm", () => F.batchNorm(half(3, 4), null, null, { training: true }), "NativeBatchNormBackward0"],
    ["groupNorm", () => F.groupNorm(half(3, 4), 2), "NativeGroupNormBackward0"],
    ["conv2d", () => F.conv2d(half(1, 2, 4, 4), half(2, 2, 3, 3)), "ConvolutionBackward0"],
    ["convTranspose2d", () => F.convTranspose2d(half(1, 2, 4, 4), half(2, 2, 3, 3)), "ConvolutionBackward0"],
    ["maxPool2d", () => F.maxPool2d(half(1, 2, 4, 4), 2), "MaxPool2DWithIndicesBackward0"],
    ["avgPool2d", () => F.avgPool2d(half(1, 2, 4, 4), 2), "AvgPool2DBackward0"],
    ["crossEntropy", () => F.crossEntropy(half(3, 4), classes), "NllLossBackward0"],
    ["embedding", () => F.embedding(classes, half(3, 4)), "EmbeddingBackward0"],
    ["gather", () => half(3, 4).gather(1, classes.view(3, 1)), "GatherBackward0"],
    ["interpolate", () => F.interpolate(half(1, 2, 4, 4), { scaleFactor: 2 }), "UpsampleNearest2DBackward0"],
  ])("in half precision: %s", (_, f, name) => expect(nameOf(f())).toBe(name));
});

test("a tensor of inference mode cannot be saved for backward", () => {
  const x = torch.inferenceMode(() => torch.ones(3));
  const w = torch.ones([3], { requiresGrad: true });
  const message =
    /^Inference tensors cannot be saved for backward\. Please do not use Tensors created in inference mode/;
  expect(() => w.mul(x)).toThrow(message);
  expect(() => w.mul(x.view(3))).toThrow(message);
  expect(() => new torch.nn.Linear(3, 2).forward(x)).toThrow(message);
  expect(w.add(x).tolist()).toEqual([2, 2, 2]); // saves nothing
  expect(w.mul(x.clone()).tolist()).toEqual([1, 1, 1]);
  const view = torch.inferenceMode(() => w.detach().view(3, 1)); // of a tensor from outside
  expect(w.view(3, 1).mul(view).shape).toEqual([3, 1]);
  expect(() => x.requiresGrad_()).toThrow("Setting requires_grad=True on inference tensor outside InferenceMode");
});
