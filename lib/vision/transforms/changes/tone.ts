/** Brightness, contrast, colours, sharpness and blur of pictures. */
import { linspace, ones, tensor, zeros } from "../../../creation.js";
import { ArgumentError } from "../../../errors.js";
import { conv2d } from "../../../nn/functional.js";
import { pad as padTensor } from "../../../nn/padding.js";
import { stack, where } from "../../../ops/join.js";
import type { Tensor } from "../../../tensor.js";
import type { Picture } from "../picture.js";

/** Errors: another number of channels. */
function checkChannels(x: Tensor, permitted: readonly number[] = [1, 3]): void {
  const channels = x.ndim === 2 ? 1 : x.size(-3);
  if (permitted.includes(channels)) return;
  throw new ArgumentError(
    `Input image tensor permitted channel values are [${permitted.join(", ")}], but found ${channels}`,
  );
}

function checkFactor(name: string, factor: number): void {
  if (typeof factor === "number" && factor >= 0) return;
  throw new ArgumentError(`${name} (${factor}) is not non-negative.`);
}

/** The largest value of an image of this type. */
export const maxValue = (x: Tensor) => (x.isFloatingPoint() ? 1 : x.dtype === "uint8" ? 255 : 2 ** 31 - 1);

/** ratio a + (1 - ratio) b, within the image's values. */
function blend(a: Tensor, b: Tensor, ratio: number): Tensor {
  return a
    .mul(ratio)
    .add(b.mul(1 - ratio))
    .clamp(0, maxValue(a))
    .to(a.dtype);
}

/** The brightness of a tensor [..., 1 or 3, H, W]. */
function gray(x: Tensor): Tensor {
  checkChannels(x);
  if (x.size(-3) === 1) return x.clone();
  const [r, g, b] = x.unbind(-3) as unknown as [Tensor, Tensor, Tensor];
  return r.mul(0.2989).add(g.mul(0.587)).add(b.mul(0.114)).to(x.dtype).unsqueeze(-3);
}

/** Gray: one channel, or three that are the same. */
export function grayscale(picture: Picture, channels: number): Picture {
  if (channels !== 1 && channels !== 3) throw new ArgumentError("num_output_channels should be either 1 or 3");
  const toGray = (x: Tensor) => (channels === 1 ? gray(x) : gray(x).expand([...x.shape.slice(0, -3), 3, -1, -1]));
  return picture.with({ bytes: ["grayscale", channels], tensor: toGray, channels });
}

/** Mixed with black: 0 is black, 1 the image, 2 twice as bright. */
export function adjustBrightness(picture: Picture, factor: number): Picture {
  checkFactor("brightness_factor", factor);
  return picture.with({ bytes: ["brightness", factor], tensor: (x) => blend(x, x.mul(0), factor) });
}

/** Mixed with its mean gray. */
export function adjustContrast(picture: Picture, factor: number): Picture {
  checkFactor("contrast_factor", factor);
  const change = (x: Tensor) => {
    const brightness = x.size(-3) === 3 ? gray(x) : x;
    checkChannels(x);
    const floats = brightness.isFloatingPoint() ? brightness : brightness.to("float32");
    return blend(x, floats.mean([-3, -2, -1], true), factor);
  };
  return picture.with({ bytes: ["contrast", factor], tensor: change });
}

/** Mixed with the gray image. */
export function adjustSaturation(picture: Picture, factor: number): Picture {
  checkFactor("saturation_factor", factor);
  const change = (x: Tensor) => (x.size(-3) === 1 ? x : blend(x, gray(x), factor));
  return picture.with({ bytes: ["saturation", factor], tensor: change });
}

/** The hue turned by a part of the circle, -0.5 to 0.5. */
export function adjustHue(picture: Picture, factor: number): Picture {
  if (!(factor >= -0.5 && factor <= 0.5)) throw new ArgumentError(`hue_factor (${factor}) is not in [-0.5, 0.5].`);
  const change = (x: Tensor) => {
    checkChannels(x);
    if (x.size(-3) === 1) return x;
    const floats = x.isFloatingPoint() ? x : x.to("float32").div(255);
    const [h, s, v] = hsv(floats);
    const turned = rgb(h.add(factor).remainder(1), s, v);
    return x.isFloatingPoint() ? turned : turned.mul(256 - 1e-3).to(x.dtype);
  };
  return picture.with({ bytes: ["hue", Math.trunc(factor * 255) & 255], tensor: change });
}

function hsv(x: Tensor): [Tensor, Tensor, Tensor] {
  const [r, g, b] = x.unbind(-3) as unknown as [Tensor, Tensor, Tensor];
  const [most, least] = [x.amax(-3), x.amin(-3)];
  const same = most.eq(least);
  const range = most.sub(least);
  const one = ones(most.shape).to(most.dtype);
  const divisor = where(same, one, range);
  const [rc, gc, bc] = [r, g, b].map((channel) => most.sub(channel).div(divisor)) as [Tensor, Tensor, Tensor];
  const [isRed, isGreen] = [most.eq(r), most.eq(g)];
  const red = isRed.mul(bc.sub(gc));
  const green = isGreen.logicalAnd(isRed.logicalNot()).mul(rc.add(2).sub(bc));
  const blue = isGreen.logicalNot().logicalAnd(isRed.logicalNot()).mul(gc.add(4).sub(rc));
  const hue = red.add(green).add(blue).div(6).add(1).fmod(1);
  return [hue, range.div(where(same, one, most)), most];
}

function rgb(h: Tensor, s: Tensor, v: Tensor): Tensor {
  const sixths = h.mul(6);
  const sector = sixths.floor();
  const f = sixths.sub(sector);
  const at = (part: Tensor) => v.mul(part.neg().add(1)).clamp(0, 1);
  const [p, q, t] = [at(s), at(s.mul(f)), at(s.mul(f.neg().add(1)))];
  const place = sector.to("int64").remainder(6);
  const channel = (values: readonly Tensor[]) => stack(values, 0).gather(0, place.unsqueeze(0)).squeeze(0);
  return stack([channel([v, q, p, p, t, v]), channel([t, v, v, q, p, p]), channel([p, p, t, v, v, q])], -3);
}

/** max (v / max)^gamma, times a gain. */
export function adjustGamma(picture: Picture, gamma: number, gain = 1): Picture {
  if (!(gamma >= 0)) throw new ArgumentError("Gamma should be a non-negative real number");
  const change = (x: Tensor) => x.pow(gamma).mul(gain).clamp(0, 1);
  return picture.with({ bytes: ["gamma", gamma, gain], tensor: change });
}

/** max - v. */
export function invert(picture: Picture): Picture {
  return picture.with({ bytes: ["invert"], tensor: (x) => x.neg().add(maxValue(x)) });
}

/** Of each value the highest bits. */
export function posterize(picture: Picture, bits: number): Picture {
  if (!Number.isInteger(bits) || bits < 0 || bits > 8) {
    throw new ArgumentError(`posterize: expected bits to be an integer from 0 to 8, received ${bits}`, {
      op: "posterize",
    });
  }
  const refuse = (x: Tensor): never => {
    throw new ArgumentError(`Only torch.uint8 image tensors are supported, but found torch.${x.dtype}`);
  };
  return picture.with({ bytes: ["posterize", bits], tensor: refuse });
}

/** Inverted from a threshold on. */
export function solarize(picture: Picture, threshold: number): Picture {
  const change = (x: Tensor) => {
    if (threshold > maxValue(x)) throw new ArgumentError("Threshold should be less than bound of img.");
    return where(x.ge(threshold), x.neg().add(maxValue(x)), x);
  };
  return picture.with({ bytes: ["solarize", threshold], tensor: change });
}

/** Each channel stretched to all values. */
export function autocontrast(picture: Picture): Picture {
  const change = (x: Tensor) => {
    checkChannels(x);
    const [least, most] = [x.amin([-2, -1], true), x.amax([-2, -1], true)];
    const flat = most.eq(least);
    const zero = zeros(least.shape).to(x.dtype);
    const one = ones(most.shape).to(x.dtype);
    const scale = where(flat, one, most.sub(least)).reciprocal().mul(maxValue(x));
    return x
      .sub(where(flat, zero, least))
      .mul(where(flat, one, scale))
      .clamp(0, maxValue(x));
  };
  return picture.with({ bytes: ["autocontrast"], tensor: change });
}

/** Each channel with an even histogram. */
export function equalize(picture: Picture): Picture {
  const refuse = (x: Tensor): never => {
    throw new ArgumentError(`Only torch.uint8 image tensors are supported, but found torch.${x.dtype}`);
  };
  return picture.with({ bytes: ["equalize"], tensor: refuse });
}

/** Each channel with its own filter [h, w], of a tensor [N, C, H, W]. */
function filtered(x: Tensor, filter: Tensor): Tensor {
  const channels = x.size(1);
  return conv2d(x, filter.to(x.dtype).expand(channels, 1, -1, -1), { groups: channels });
}

/** Does something to a tensor as [N, C, H, W] of floats. */
function batched(x: Tensor, change: (x: Tensor) => Tensor): Tensor {
  const result = change((x.ndim < 4 ? x.unsqueeze(0) : x).to(x.isFloatingPoint() ? x.dtype : "float32"));
  const typed = x.isFloatingPoint() ? result : result.round().to(x.dtype);
  return x.ndim < 4 ? typed.squeeze(0) : typed;
}

/** Mixed with itself blurred: 0 is blurred, 1 the image, 2 sharper. */
export function adjustSharpness(picture: Picture, factor: number): Picture {
  checkFactor("sharpness_factor", factor);
  const change = (x: Tensor) => {
    checkChannels(x);
    if (x.size(-1) <= 2 || x.size(-2) <= 2) return x;
    const filter = tensor([1, 1, 1, 1, 5, 1, 1, 1, 1]).div(13).view(3, 3);
    const smooth = batched(x, (image) => {
      const result = image.clone();
      result
        .narrow(-2, 1, image.size(-2) - 2)
        .narrow(-1, 1, image.size(-1) - 2)
        .copy_(filtered(image, filter));
      return result;
    });
    return blend(x, smooth, factor);
  };
  return picture.with({ bytes: ["sharpness", factor], tensor: change });
}

/** Blurred by a Gaussian of `sigmas` standard deviations, cut to `sizes`, both across and down. */
export function gaussianBlur(
  picture: Picture,
  sizes: readonly [number, number],
  sigmas: readonly [number, number],
): Picture {
  const [across, down] = [gaussian(sizes[0], sigmas[0]), gaussian(sizes[1], sigmas[1])];
  const [x, y] = [Math.floor(sizes[0] / 2), Math.floor(sizes[1] / 2)];
  const filter = down.unsqueeze(-1).mul(across.unsqueeze(0));
  const change = (image: Tensor) =>
    batched(image, (x4) => filtered(padTensor(x4, [x, x, y, y], { mode: "reflect" }), filter));
  return picture.with({ bytes: ["gaussianBlur", ...sizes, ...sigmas], tensor: change });
}

function gaussian(size: number, sigma: number): Tensor {
  const half = (size - 1) * 0.5;
  const values = linspace(-half, half, size).div(sigma).pow(2).mul(-0.5).exp();
  return values.div(values.sum());
}
