/** Tensors as pixels: colours as they are, one channel by a colour map. */
import { noGrad } from "../autograd/modes.js";
import { tensor } from "../creation.js";
import { cat } from "../ops/join.js";
import type { Tensor } from "../tensor.js";
import { colorTable } from "./colormap.js";

/** How the values of one channel become colours. */
export interface Shades {
  /** The colour map. Default "viridis". */
  cmap?: string;
  /** The value of the first colour. Default: the smallest. */
  vmin?: number;
  /** The value of the last colour. Default: the largest. */
  vmax?: number;
}

/** Images [N, C, H, W] as uint8 [N, 3 or 4, H, W]; NaN is transparent. Floats of colour are clipped to the range from 0 to 1. */
export function pixelsOf(op: string, images: Tensor, shades: Shades): Tensor {
  return noGrad(() => (images.size(1) === 1 ? mapped(op, images, shades) : colored(images)));
}

function colored(images: Tensor): Tensor {
  if (images.dtype === "uint8") return images;
  if (images.dtype === "bool") return images.to("uint8").mul(255);
  if (!images.isFloatingPoint()) return images.clamp({ min: 0, max: 255 }).to("uint8");
  return images.to("float32").nanToNum(0).clamp({ min: 0, max: 1 }).mul(255).to("uint8");
}

function mapped(op: string, images: Tensor, { cmap = "viridis", vmin, vmax }: Shades): Tensor {
  const [count = 0, , height = 0, width = 0] = images.shape;
  const values = images
    .to(images.dtype === "float64" || images.dtype === "int64" ? "float64" : "float32")
    .view(count, -1);
  const known = values.isfinite();
  const all = Boolean(known.all().item());
  // The range of each image by itself, of the values that are numbers.
  const low = vmin === undefined ? (all ? values : values.where(known, Infinity)).amin(1, true) : vmin;
  const high = vmax === undefined ? (all ? values : values.where(known, -Infinity)).amax(1, true) : vmax;
  const share = values.sub(low).div(typeof high === "number" && typeof low === "number" ? high - low : values.newZeros([]).add(high).sub(low)); // biome-ignore format: one line
  const table = colorTable(op, cmap);
  const colors = table.length / 3;
  // matplotlib's: one value alone has the first colour.
  const at = share
    .nanToNum(0, colors, 0)
    .mul(colors)
    .clamp({ min: 0, max: colors - 1 })
    .to("int64")
    .flatten();
  const channel = (c: number): Tensor => {
    const shades = tensor(table.filter((_, i) => i % 3 === c), { dtype: "uint8" }); // biome-ignore format: one line
    return shades.indexSelect(0, at).view(count, 1, height, width);
  };
  const opacity = all ? [] : [known.to("uint8").mul(255).view(count, 1, height, width)];
  return cat([channel(0), channel(1), channel(2), ...opacity], 1);
}

/** Pixels, uint8 [N, 3 or 4, H, W], that are seen through. */
export function withAlpha(pixels: Tensor, alpha: number): Tensor {
  const [count = 0, channels, height = 0, width = 0] = pixels.shape;
  const opaque = channels === 4 ? pixels.narrow(1, 3, 1) : pixels.newFull([count, 1, height, width], 255);
  return cat([pixels.narrow(1, 0, 3), opaque.to("float32").mul(alpha).round().to("uint8")], 1);
}
