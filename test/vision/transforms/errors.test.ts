/** Wrong input to transforms: errors that say what was expected and what came; arguments by name; what transforms do to other tensors. */
import { describe, expect, test } from "vitest";
import * as torch from "../../../lib/index.js";

const { transforms } = torch.vision;
const F = transforms.functional;
const image = torch
  .arange(3 * 6 * 8)
  .remainder(251)
  .view(3, 6, 8)
  .to("uint8");

describe("errors", () => {
  const cases: [string, () => unknown, string][] = [
    ["no image", () => F.hflip("x" as never), "argument 'img' (position 1) must be Tensor, not \"x\""],
    ["one dimension", () => F.hflip(torch.ones(4)), "Tensor is not a torch image."],
    ["floats for ToTensor", () => new transforms.ToTensor().forward(torch.rand(3, 2, 2)), "ToTensor: expected an image of bytes, uint8 [C, H, W], received torch.float32 [3, 2, 2]; it is a tensor of floats already"], // biome-ignore format: one line
    ["bytes for Normalize", () => new transforms.Normalize([0.5], [0.5]).forward(image), "Input tensor should be a float tensor. Got torch.uint8."], // biome-ignore format: one line
    ["channels for Normalize", () => new transforms.Normalize([0.5, 0.5], [1, 1]).forward(torch.rand(3, 2, 2)), "normalize: expected mean to have one number for each of 3 channels, received 2"], // biome-ignore format: one line
    ["a mode that is none", () => F.resize(image, 4, "cubic" as never), 'resize: expected interpolation to be one of "nearest", "nearest-exact", "bilinear", "bicubic"'], // biome-ignore format: one line
    ["a filter of bytes for floats", () => F.resize(torch.rand(3, 4, 4), [2, 2], "lanczos"), '"lanczos" is for images of bytes'], // biome-ignore format: one line
    ["a crop larger than the image", () => new transforms.RandomCrop(9).forward(image), "Required crop size (9, 9) is larger than input image size (6, 8)"], // biome-ignore format: one line
    ["five crops larger than the image", () => F.fiveCrop(image, 7), "Requested crop size (7, 7) is bigger than input size (6, 8)"], // biome-ignore format: one line
    ["a mirror larger than the image", () => F.pad(image.to("float32"), 6, 0, "reflect"), "a mirror is smaller than the image, expected padding below 6 x 8"], // biome-ignore format: one line
    ["colours", () => F.rotate(image, 10, { fill: [1, 2] }), "The number of elements in 'fill' does not match the number of channels of the image (2 != 3)"], // biome-ignore format: one line
    ["a padding of three", () => F.pad(image, [1, 2, 3]), "Padding must be an int or a 1, 2, or 4 element tuple, not a 3 element tuple"], // biome-ignore format: one line
    ["an even filter", () => new transforms.GaussianBlur(4), "Kernel size value should be an odd and positive number"],
    ["a filter larger than the image", () => F.gaussianBlur(image, 21), "is too small for a filter of 21 x 21"],
    ["a hue too far", () => F.adjustHue(image, 0.6), "hue_factor (0.6) is not in [-0.5, 0.5]."],
    ["a probability", () => new transforms.RandomHorizontalFlip(2), "RandomHorizontalFlip: expected p to be a number from 0 to 1, received number 2"], // biome-ignore format: one line
    ["a jitter", () => new transforms.ColorJitter(-1), "If brightness is a single number, it must be non negative."],
    ["erasing bytes", () => new transforms.RandomErasing(1).forward(image), "RandomErasing: expected an image of floats; put it behind ToTensor"], // biome-ignore format: one line
    ["three corners on a line", () => F.perspective(image, [[0, 0], [1, 0], [2, 0], [3, 0]], [[0, 0], [1, 0], [2, 0], [3, 0]]), "three of the corners lie on a line"], // biome-ignore format: one line
    ["a size past all memory", () => new transforms.CenterCrop(2 ** 31).forward(torch.rand(3, 4, 4)), "can't allocate memory"], // biome-ignore format: one line
    ["a side past all images", () => F.resize(image, [1, 2 ** 31]), "expected sides of at most 1048576 pixels"],
    ["no size", () => new transforms.Resize(), "Resize() missing required argument: 'size'"],
    ["Python's spelling", () => new transforms.Resize({ size: 3, max_size: 4 } as never), "unexpected keyword argument 'max_size'"], // biome-ignore format: one line
    ["posterizing floats", () => F.posterize(torch.rand(3, 2, 2), 3), "Only torch.uint8 image tensors are supported, but found torch.float32"], // biome-ignore format: one line
  ];
  test.each(cases)("%s", (_, run, message) => {
    expect(run).toThrow(torch.TorchError);
    expect(run).toThrow(message);
  });
});

test("arguments go by name", () => {
  const size = [4, 5];
  expect(F.resize({ img: image, size, interpolation: "nearest" }).equal(F.resize(image, size, "nearest"))).toBe(true);
  expect(F.pad(image, { padding: 1, paddingMode: "edge" }).equal(F.pad(image, 1, 0, "edge"))).toBe(true);
  expect(F.affine({ img: image, angle: 5, translate: [1, 0], scale: 1, shear: 0 }).shape).toEqual([3, 6, 8]);
  expect(String(new transforms.CenterCrop({ size: 3 }))).toBe("CenterCrop(size=(3, 3))");
  expect(String(new transforms.Compose({ transforms: [new transforms.ToTensor()] }))).toBe(
    "Compose(\n    ToTensor()\n)",
  );
});

test("a batch of bytes is changed image by image, with the same numbers", () => {
  const batch = torch.stack([image, image.flip(-1)]);
  torch.manualSeed(3);
  const both = new transforms.RandomResizedCrop(5).forward(batch);
  torch.manualSeed(3);
  expect(both.index(0).equal(new transforms.RandomResizedCrop(5).forward(image))).toBe(true);
  expect(both.shape).toEqual([2, 3, 5, 5]);
});

test("floats keep their gradients", () => {
  const x = torch.rand(3, 6, 8, { requiresGrad: true });
  const chain = new transforms.Compose([
    ...[new transforms.RandomHorizontalFlip(1), new transforms.CenterCrop(4)],
    new transforms.Normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]),
  ]);
  chain.forward(x).sum().backward();
  expect(x.grad?.sum().item()).toBe(3 * 16 * 2);
});

test("a transform of one's own, and one that extends ours, see the pixels", () => {
  class Darker extends transforms.RandomHorizontalFlip {
    override forward(x: torch.Tensor): torch.Tensor {
      return super.forward(x).div(2, { roundingMode: "floor" });
    }
  }
  const chain = new transforms.Compose([new Darker(0), (x: torch.Tensor) => x.add(1), new transforms.ToTensor()]);
  const expected = image.div(2, { roundingMode: "floor" }).add(1).to("float32").div(255);
  expect(chain.forward(image).equal(expected)).toBe(true);
});

test("types of images convert as torchvision converts them", () => {
  const bytes = torch.tensor([0, 1, 127, 255], { dtype: "uint8" });
  expect(F.convertImageDtype(bytes, "float32").tolist()).toEqual([0, 1, 127, 255].map((v) => Math.fround(v / 255)));
  expect(F.convertImageDtype(torch.tensor([0, 0.5, 1]), "uint8").tolist()).toEqual([0, 127, 255]);
  expect(F.convertImageDtype(bytes, "int16").tolist()).toEqual([0, 1, 127, 255].map((v) => v * 128));
  expect(() => F.convertImageDtype(torch.rand(2), "int32")).toThrow("cannot be performed safely");
  expect(F.toPilImage(torch.tensor([[0, 0.5, 1]])).tolist()).toEqual([[[0, 127, 255]]]);
});
