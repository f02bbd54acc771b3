/** Pictures as tensors of other types. */
import { tensor } from "../../../creation.js";
import { type DType, getDefaultDtype } from "../../../dtype.js";
import { ArgumentError } from "../../../errors.js";
import { isTensor } from "../../../tensor/base.js";
import type { Tensor } from "../../../tensor.js";
import type { Picture } from "../picture.js";

/** Bytes from 0 to 1, as floats. Errors: an image of floats. */
export function toTensor(picture: Picture): Picture {
  const change = (x: Tensor): Tensor => {
    if (x.isFloatingPoint()) {
      throw new ArgumentError(
        `toTensor: expected an image of bytes, uint8 [C, H, W], received torch.${x.dtype} [${x.shape.join(", ")}]; it is a tensor of floats already`,
        { op: "toTensor" },
      );
    }
    const image = x.ndim === 2 ? x.unsqueeze(0) : x;
    return image.dtype === "uint8" ? image.to(getDefaultDtype()).div(255) : image;
  };
  const native = getDefaultDtype() === "float32";
  return picture.with({ ...(native ? { bytes: ["toTensor"] as const } : {}), tensor: change, toFloats: native });
}

/** (v - mean) / std by channel. Errors: an image of integers; a standard deviation of 0. */
export function normalize(picture: Picture, mean: readonly number[], std: readonly number[], inplace = false): Picture {
  for (const [name, list] of Object.entries({ mean, std })) {
    if (list.length === 1 || list.length === picture.channels) continue;
    throw new ArgumentError(
      `normalize: expected ${name} to have one number for each of ${picture.channels} channels, received ${list.length}`,
      { op: "normalize" },
    );
  }
  if (picture.kind === "bytes") throw new ArgumentError("Input tensor should be a float tensor. Got torch.uint8.");
  const change = (x: Tensor): Tensor => {
    if (!x.isFloatingPoint()) throw new ArgumentError(`Input tensor should be a float tensor. Got torch.${x.dtype}.`);
    if (x.ndim < 3) {
      throw new ArgumentError(
        `Expected tensor to be a tensor image of size (..., C, H, W). Got tensor.size() = torch.Size([${x.shape.join(", ")}])`,
      );
    }
    const byChannel = (list: readonly number[]) => tensor(list, { dtype: x.dtype, device: x.device }).view(-1, 1, 1);
    const deviation = byChannel(std);
    if (deviation.eq(0).any().item() !== 0) {
      throw new ArgumentError(
        `std evaluated to zero after conversion to torch.${x.dtype}, leading to division by zero.`,
      );
    }
    return (inplace ? x : x.clone()).sub_(byChannel(mean)).div_(deviation);
  };
  const native = !inplace && std.every((v) => Math.fround(v) !== 0);
  return picture.with({
    ...(native ? { floats: ["normalize", mean.length, ...mean, ...std] as const } : {}),
    tensor: change,
  });
}

/** A rectangle set to values: one, one a channel, or a tensor [C, h, w]. */
export function erase(
  picture: Picture,
  [top, left, height, width]: readonly [number, number, number, number],
  value: readonly number[] | Tensor,
  inplace = false,
): Picture {
  const change = (x: Tensor): Tensor => {
    const image = inplace ? x : x.clone();
    const values = isTensor(value) ? value : tensor(value).view(-1, 1, 1);
    image.narrow(-2, top, height).narrow(-1, left, width).copy_(values.to(x.dtype));
    return image;
  };
  const native = !inplace && !isTensor(value);
  const step = ["erase", top, left, height, width, ...(isTensor(value) ? [] : value)] as const;
  return picture.with({ ...(native ? { floats: step } : {}), tensor: change });
}

/** The bits of an integer type, without its sign. */
const BITS: Readonly<Partial<Record<DType, number>>> = { uint8: 8, int8: 7, int16: 15, int32: 31, int64: 63 };

/** Another type, and its range of values: floats 0 to 1, integers 0 to their largest. */
export function convertDtype(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x;
  const [from, to] = [BITS[x.dtype], BITS[dtype]];
  const refuse = (): never => {
    throw new ArgumentError(`The cast from torch.${x.dtype} to torch.${dtype} cannot be performed safely.`);
  };
  if (from === undefined) {
    if (to === undefined) return x.to(dtype);
    if ((x.dtype === "float32" && to >= 31) || (x.dtype === "float64" && to === 63)) refuse();
    return x.mul(2 ** to - 1 + 1 - 1e-3).to(dtype);
  }
  if (to === undefined) return x.to(dtype).div(2 ** from - 1);
  if (from > to) return x.div(2 ** (from - to), { roundingMode: "floor" }).to(dtype);
  return x.to(dtype).mul(2 ** (to - from));
}
