/** Transforms of tensors, and their printed forms, with torchvision's answers. */
import { describe, expect, test } from "vitest";
import * as torch from "../../../lib/index.js";

const { transforms } = torch.vision;

describe("Compose", () => {
  test("applies transforms and functions in order, and prints them", () => {
    const compose = new transforms.Compose([
      new transforms.Normalize([0.5], [0.25]),
      function double(x: torch.Tensor) {
        return x.mul(2);
      },
      new transforms.Lambda((x: torch.Tensor) => x.add(1)),
    ]);
    expect(compose.forward(torch.ones(1, 1, 2)).tolist()).toEqual([[[5, 5]]]);
    expect(String(compose)).toBe(
      "Compose(\n    Normalize(mean=[0.5], std=[0.25])\n    <function double>\n    Lambda()\n)",
    );
    expect(() => new transforms.Compose([3 as never])).toThrow("expected transforms or functions, received number 3");
    const transform = new transforms.Compose([new transforms.ToTensor(), ...compose.transforms]);
    const set = new torch.vision.datasets.FashionMNISTSample({ transform });
    expect(set.get(0)[0].max().item()).toBeLessThanOrEqual(5);
    const indent = " ".repeat(15);
    expect(String(set)).toContain(
      `    StandardTransform\nTransform: Compose(\n${indent}ToTensor()\n${indent}Normalize(`,
    );
  });
});

describe("Normalize", () => {
  const image = torch.arange(8).to("float32").view(2, 2, 2);
  test("subtracts the mean and divides by the deviation of each channel", () => {
    expect(new transforms.Normalize([1, 2], [2, 4]).forward(image).tolist()).toEqual([
      [
        [-0.5, 0],
        [0.5, 1],
      ],
      [
        [0.5, 0.75],
        [1, 1.25],
      ],
    ]);
    expect(image.tolist<number[][][]>()[0]?.[0]).toEqual([0, 1]);
  });
  test("refuses what torchvision refuses", () => {
    const { normalize } = transforms.functional;
    expect(() => normalize(image.byte(), [0], [1])).toThrow("Input tensor should be a float tensor. Got torch.uint8.");
    expect(() => normalize(torch.ones(2, 2), [0], [1])).toThrow("Got tensor.size() = torch.Size([2, 2])");
    expect(() => normalize(image, [0], [0])).toThrow("std evaluated to zero after conversion to torch.float32");
    expect(() => new transforms.Normalize([0.5])).toThrow("missing required argument: 'std'");
  });
});
