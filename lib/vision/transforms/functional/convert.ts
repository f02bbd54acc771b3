/** Images as tensors of other types. */

import { listOf } from "../../../argument-types.js";
import { byName } from "../../../by-name.js";
import type { DType } from "../../../dtype.js";
import { ArgumentError } from "../../../errors.js";
import { describe, isTensor } from "../../../tensor/base.js";
import type { Tensor } from "../../../tensor.js";
import * as changes from "../changes/convert.js";
import { on } from "../picture.js";

function checkImage(op: string, image: unknown): asserts image is Tensor {
  if (isTensor(image) && (image.ndim === 2 || image.ndim === 3)) return;
  const received = isTensor(image) ? `${image.ndim} dimensions` : describe(image);
  throw new ArgumentError(`${op}: expected an image, [C, H, W] or [H, W], received ${received}`, { op });
}

/** An image of bytes, uint8 [C, H, W], as floats from 0 to 1. Errors: an image of floats. */
export const toTensor = byName("vision.transforms.functional.toTensor", (pic: Tensor): Tensor => {
  checkImage("toTensor", pic);
  return on(pic, changes.toTensor);
});
/** An image of bytes as it is, uint8 [C, H, W]. */
export const pilToTensor = byName("vision.transforms.functional.pilToTensor", (pic: Tensor): Tensor => {
  checkImage("pilToTensor", pic);
  if (pic.isFloatingPoint()) {
    throw new ArgumentError(`pilToTensor: expected an image of bytes, received torch.${pic.dtype}`);
  }
  return pic.clone();
});
/** A tensor [C, H, W] or [H, W] as an image of bytes, uint8 [C, H, W]; floats from 0 to 1 become 0 to 255. */
export const toPilImage = byName("vision.transforms.functional.toPilImage", (pic: Tensor): Tensor => {
  if (!isTensor(pic)) throw new ArgumentError(`pic should be Tensor or ndarray. Got ${describe(pic)}.`);
  if (pic.ndim !== 2 && pic.ndim !== 3) {
    throw new ArgumentError(`pic should be 2/3 dimensional. Got ${pic.ndim} dimensions.`);
  }
  const image = pic.ndim === 2 ? pic.unsqueeze(0) : pic;
  if (image.size(0) > 4) throw new ArgumentError(`pic should not have > 4 channels. Got ${image.size(0)} channels.`);
  return image.isFloatingPoint() ? image.mul(255).to("uint8") : image.to("uint8");
});
/** Another type, and its range of values: floats from 0 to 1, integers from 0 to their largest. */
export const convertImageDtype = byName(
  "vision.transforms.functional.convertImageDtype",
  (image: Tensor, dtype: DType = "float32"): Tensor => {
    if (!isTensor(image)) throw new ArgumentError(`Input img should be Tensor Image. Got ${describe(image)}`);
    return changes.convertDtype(image, dtype);
  },
);

/**
 * (image - mean) / std by channel. Image [..., C, H, W] of floats, mean and std one number or C numbers.
 * Errors: an image of integers or of fewer than three dimensions; a standard deviation of 0.
 */
export const normalize = byName(
  "vision.transforms.functional.normalize",
  (tensor: Tensor, mean: number | readonly number[], std: number | readonly number[], inplace = false): Tensor => {
    if (!isTensor(tensor)) throw new ArgumentError(`img should be Tensor Image. Got ${describe(tensor)}`);
    if (!tensor.isFloatingPoint()) {
      throw new ArgumentError(`Input tensor should be a float tensor. Got torch.${tensor.dtype}.`);
    }
    if (tensor.ndim < 3) {
      throw new ArgumentError(
        `Expected tensor to be a tensor image of size (..., C, H, W). Got tensor.size() = torch.Size([${tensor.shape.join(", ")}])`,
      );
    }
    const list = (name: string, values: number | readonly number[]) =>
      typeof values === "number" ? [values] : listOf<number>("normalize", name, values);
    return on(tensor, (picture) => changes.normalize(picture, list("mean", mean), list("std", std), inplace));
  },
);

/** The rectangle of `h` x `w` whose corner is at (i, j), set to `v`: a number, one a channel, or a tensor [C, h, w]. */
export const erase = byName(
  "vision.transforms.functional.erase",
  (
    img: Tensor,
    i: number,
    j: number,
    h: number,
    w: number,
    v: number | readonly number[] | Tensor,
    inplace = false,
  ): Tensor => {
    if (!isTensor(img)) throw new ArgumentError(`img should be PIL Image or Tensor. Got ${describe(img)}`);
    const [height, width] = [img.size(-2), img.size(-1)];
    if (![i, j, h, w].every((n) => Number.isInteger(n) && n >= 0) || i + h > height || j + w > width) {
      throw new ArgumentError(
        `erase: expected a rectangle within ${height} x ${width} pixels, received ${h} x ${w} at (${i}, ${j})`,
        { op: "erase" },
      );
    }
    const value = typeof v === "number" ? [v] : v;
    return on(img, (picture) => changes.erase(picture, [i, j, h, w], value, inplace));
  },
);
