/** `vision.transforms.functional`: transforms of tensors as functions. */

import { listOf } from "../../argument-types.js";
import { tensor } from "../../creation.js";
import { ArgumentError } from "../../errors.js";
import { describe, isTensor } from "../../tensor/base.js";
import type { Tensor } from "../../tensor.js";

/**
 * (image - mean) / std by channel. Image [..., C, H, W] of floats, mean and std one number or C numbers.
 * Errors: an image of integers or of fewer than three dimensions; a standard deviation of 0.
 */
export function normalize(
  image: Tensor,
  mean: number | readonly number[],
  std: number | readonly number[],
  inplace = false,
): Tensor {
  if (!isTensor(image)) throw new ArgumentError(`img should be Tensor Image. Got ${describe(image)}`);
  if (!image.isFloatingPoint()) {
    throw new ArgumentError(`Input tensor should be a float tensor. Got torch.${image.dtype}.`);
  }
  if (image.ndim < 3) {
    throw new ArgumentError(
      `Expected tensor to be a tensor image of size (..., C, H, W). Got tensor.size() = torch.Size([${image.shape.join(", ")}])`,
    );
  }
  const byChannel = (name: string, values: number | readonly number[]) => {
    const list = typeof values === "number" ? [values] : listOf<number>("normalize", name, values);
    const x = tensor(list, { dtype: image.dtype, device: image.device });
    return x.view(-1, 1, 1);
  };
  const deviation = byChannel("std", std);
  if (deviation.eq(0).any().item() !== 0) {
    throw new ArgumentError(
      `std evaluated to zero after conversion to torch.${image.dtype}, leading to division by zero.`,
    );
  }
  return (inplace ? image : image.clone()).sub_(byChannel("mean", mean)).div_(deviation);
}
