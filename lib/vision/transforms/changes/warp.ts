/** Pictures turned, shifted, sheared and seen from the side. */
import { linspace, ones, tensor } from "../../../creation.js";
import { ArgumentError } from "../../../errors.js";
import { gridSample } from "../../../nn/grid-sample.js";
import { cat, stack } from "../../../ops/join.js";
import type { Tensor } from "../../../tensor.js";
import { filterNumber, type InterpolationMode } from "../interpolation.js";
import type { Picture } from "../picture.js";
import { colorOf, type Fill } from "./geometry.js";

/** A point, or a width and a height. */
export type Pair = readonly [x: number, y: number];

/** The map from places of a result to places of the image, for a rotation by `angle` degrees, a shift, a scale and two shears about a centre. */
export function inverseAffine(center: Pair, angle: number, shift: Pair, scale: number, shear: Pair): number[] {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [rotation, shearX, shearY] = [radians(angle), radians(shear[0]), radians(shear[1])];
  const [cx, cy] = center;
  const a = Math.cos(rotation - shearY) / Math.cos(shearY);
  const b = (-Math.cos(rotation - shearY) * Math.tan(shearX)) / Math.cos(shearY) - Math.sin(rotation);
  const c = Math.sin(rotation - shearY) / Math.cos(shearY);
  const d = (-Math.sin(rotation - shearY) * Math.tan(shearX)) / Math.cos(shearY) + Math.cos(rotation);
  const m = [d, -b, 0, -c, a, 0].map((v) => v / scale) as [number, number, number, number, number, number];
  const [x, y] = [-cx - shift[0], -cy - shift[1]];
  m[2] += m[0] * x + m[1] * y;
  m[5] += m[3] * x + m[4] * y;
  m[2] += cx;
  m[5] += cy;
  return m;
}

/** Options of maps. */
export interface WarpOptions {
  interpolation?: InterpolationMode;
  fill?: Fill | null;
}

/** Errors: a filter that maps do not have. */
function checkFilter(picture: Picture, op: string, mode: InterpolationMode): void {
  const known = picture.kind === "bytes" ? ["nearest", "bilinear", "bicubic"] : ["nearest", "bilinear"];
  if (known.includes(mode)) return;
  throw new ArgumentError(`${op}: expected interpolation to be one of ${known.join(", ")}, received "${mode}"`, { op });
}

/** Turned counter-clockwise by `angle` degrees about the centre of the image, shifted, scaled and sheared. */
export function affine(
  picture: Picture,
  o: WarpOptions & { angle: number; translate: Pair; scale: number; shear: Pair; center?: Pair | null },
): Picture {
  const { height, width, channels } = picture;
  const { interpolation = "nearest", center } = o;
  checkFilter(picture, "affine", interpolation);
  const middle: Pair = center ?? [width * 0.5, height * 0.5];
  const matrix = inverseAffine(middle, o.angle, o.translate, o.scale, o.shear);
  // Of tensors the centre is the origin.
  const shifted: Pair = center ? [center[0] - width * 0.5, center[1] - height * 0.5] : [0, 0];
  const theta = inverseAffine(shifted, o.angle, o.translate, o.scale, o.shear);
  const color = colorOf(o.fill, channels);
  return picture.with({
    bytes: ["affine", ...matrix, height, width, filterNumber(interpolation), ...color],
    tensor: (x) => sampled(x, affineGrid(theta, [width, height], [width, height]), interpolation, o.fill),
  });
}

/** Turned counter-clockwise by `angle` degrees. With `expand` the result holds all of the image. */
export function rotate(
  picture: Picture,
  angle: number,
  o: WarpOptions & { expand?: boolean; center?: Pair | null } = {},
): Picture {
  const { height, width, channels } = picture;
  const { interpolation = "nearest", expand = false, center = null } = o;
  checkFilter(picture, "rotate", interpolation);
  const shifted: Pair = center ? [center[0] - width * 0.5, center[1] - height * 0.5] : [0, 0];
  const theta = inverseAffine(shifted, -angle, [0, 0], 1, [0, 0]);
  const color = colorOf(o.fill, channels);
  if (picture.kind === "bytes") return rotateBytes(picture, angle, interpolation, expand, center, color);
  const [w, h] = expand ? expandedSize(theta, width, height) : [width, height];
  const turned = (x: Tensor) => sampled(x, affineGrid(theta, [width, height], [w, h]), interpolation, o.fill);
  return picture.with({ tensor: turned, height: h, width: w });
}

/** Pillow's rotation: quarters are exact, the matrix is rounded to 15 digits. */
function rotateBytes(
  picture: Picture,
  angle: number,
  interpolation: InterpolationMode,
  expand: boolean,
  center: Pair | null,
  color: readonly number[],
): Picture {
  const { height, width } = picture;
  const turn = ((angle % 360) + 360) % 360;
  const tensor = (): never => {
    throw new ArgumentError("rotate: expected an image of bytes");
  };
  if (center === null) {
    if (turn === 0) return picture;
    if (turn === 180) return picture.with({ bytes: ["turn", 2], tensor });
    if ((turn === 90 || turn === 270) && (expand || width === height)) {
      return picture.with({ bytes: ["turn", turn / 90], tensor, height: width, width: height });
    }
  }
  const [cx, cy] = center ?? [width / 2, height / 2];
  const radians = (-turn * Math.PI) / 180;
  const rounded = (v: number) => Number(v.toFixed(15));
  const [cos, sin] = [rounded(Math.cos(radians)), rounded(Math.sin(radians))];
  const m: [number, number, number, number, number, number] = [cos, sin, 0, rounded(-Math.sin(radians)), cos, 0];
  const place = (x: number, y: number): Pair => [m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5]];
  [m[2], m[5]] = place(-cx, -cy);
  m[2] += cx;
  m[5] += cy;
  let [w, h] = [width, height];
  if (expand) {
    const corners = [place(0, 0), place(width, 0), place(width, height), place(0, height)];
    const extent = (k: 0 | 1) => {
      const values = corners.map((corner) => corner[k]);
      return Math.ceil(Math.max(...values)) - Math.floor(Math.min(...values));
    };
    [w, h] = [extent(0), extent(1)];
    [m[2], m[5]] = place(-(w - width) / 2, -(h - height) / 2);
  }
  return picture.with({
    bytes: ["affine", ...m, h, w, filterNumber(interpolation), ...color],
    tensor,
    height: h,
    width: w,
  });
}

/** The size that holds all of a turned tensor. */
function expandedSize(theta: readonly number[], w: number, h: number): [number, number] {
  const [a = 1, b = 0, c = 0, d = 0, e = 1, f = 0] = theta.map(Math.fround);
  const corners = [-0.5, 0.5].flatMap((x) => [-0.5, 0.5].map((y) => [x * w, y * h] as const));
  // In float32, as torchvision: 90 degrees leave no crumb that would make one more pixel.
  const round = Math.fround;
  const extent = (values: number[], half: number) => {
    const cut = (v: number) => round(Math.trunc(round(round(round(v) + half) / round(1e-4))) * round(1e-4));
    return Math.ceil(cut(Math.max(...values))) - Math.floor(cut(Math.min(...values)));
  };
  return [
    extent(
      corners.map(([x, y]) => a * x + b * y + c),
      w * 0.5,
    ),
    extent(
      corners.map(([x, y]) => d * x + e * y + f),
      h * 0.5,
    ),
  ];
}

/** Where four corners of the image come to lie: the eight numbers of the map back. */
export function perspectiveCoefficients(start: readonly Pair[], end: readonly Pair[]): number[] {
  if (start.length !== 4 || end.length !== 4) {
    throw new ArgumentError(
      `Please provide exactly four corners, got ${start.length} startpoints and ${end.length} endpoints.`,
    );
  }
  const rows = end.flatMap(([x, y], i) => {
    const [u = 0, v = 0] = start[i] ?? [];
    return [
      [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
      [0, 0, 0, x, y, 1, -v * x, -v * y, v],
    ];
  });
  return solve(rows).map(Math.fround);
}

/** The solution of linear equations, each a row with its right side at the end. Errors: none, or more than one. */
function solve(rows: number[][]): number[] {
  const n = rows.length;
  const at = (r: number, c: number) => rows[r]?.[c] ?? 0;
  for (let c = 0; c < n; c++) {
    let best = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(at(r, c)) > Math.abs(at(best, c))) best = r;
    if (Math.abs(at(best, c)) < 1e-12) throw new ArgumentError("perspective: three of the corners lie on a line");
    const [pivot, other] = [rows[best] as number[], rows[c] as number[]];
    rows[c] = pivot;
    rows[best] = other;
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const factor = at(r, c) / (pivot[c] ?? 1);
      rows[r] = (rows[r] as number[]).map((v, k) => v - factor * (pivot[k] ?? 0));
    }
  }
  return rows.map((row, i) => (row[n] ?? 0) / (row[i] ?? 1));
}

/** Seen from the side: what lay at the corners `start` lies at `end`. */
export function perspective(
  picture: Picture,
  start: readonly Pair[],
  end: readonly Pair[],
  { interpolation = "bilinear", fill }: WarpOptions = {},
): Picture {
  checkFilter(picture, "perspective", interpolation);
  const { height, width, channels } = picture;
  const numbers = perspectiveCoefficients(start, end);
  const bytes = ["perspective", ...numbers, filterNumber(interpolation), ...colorOf(fill, channels)] as const;
  return picture.with({
    bytes,
    tensor: (x) => sampled(x, perspectiveGrid(numbers, width, height), interpolation, fill),
  });
}

/** The places [1, h, w, 3] of pixels, with a one behind. */
function places(x: Tensor, y: Tensor): Tensor {
  const [h, w] = [y.size(0), x.size(0)];
  return stack([x.expand(h, w), y.unsqueeze(-1).expand(h, w), ones([h, w])], -1).view(1, h * w, 3);
}

function affineGrid(theta: readonly number[], [w, h]: Pair, [ow, oh]: Pair): Tensor {
  const axis = (n: number) => linspace(-n * 0.5 + 0.5, n * 0.5 - 0.5, n);
  const scaled = tensor(theta)
    .view(1, 2, 3)
    .transpose(1, 2)
    .div(tensor([0.5 * w, 0.5 * h]));
  return places(axis(ow), axis(oh)).bmm(scaled).view(1, oh, ow, 2);
}

function perspectiveGrid(n: readonly number[], w: number, h: number): Tensor {
  const [g = 0, i = 0] = [n[6], n[7]];
  const axis = (n: number) => linspace(0.5, n - 0.5, n);
  const above = tensor(n.slice(0, 6))
    .view(1, 2, 3)
    .transpose(1, 2)
    .div(tensor([0.5 * w, 0.5 * h]));
  const below = tensor([g, i, 1, g, i, 1]).view(1, 2, 3).transpose(1, 2);
  const grid = places(axis(w), axis(h));
  return grid.bmm(above).div(grid.bmm(below)).sub(1).view(1, h, w, 2);
}

/** A tensor read at the places of a grid; `fill` where these lie outside. */
function sampled(image: Tensor, grid: Tensor, mode: InterpolationMode, fill: Fill | null | undefined): Tensor {
  const batched = image.ndim < 4 ? image.unsqueeze(0) : image;
  const floats = batched.isFloatingPoint() ? batched : batched.to("float32");
  const [n, channels] = floats.shape as [number, number, number, number];
  const typed = grid.to(floats.dtype).expand(n, ...grid.shape.slice(1));
  const kind = mode === "nearest" ? "nearest" : "bilinear";
  const read = (x: Tensor) => gridSample(x, typed, { mode: kind, paddingMode: "zeros", alignCorners: false });
  const back = (x: Tensor) => {
    const result = image.isFloatingPoint() ? x : x.round().to(image.dtype);
    return image.ndim < 4 ? result.squeeze(0) : result;
  };
  if (fill === null || fill === undefined) return back(read(floats));
  const opaque = ones([n, 1, ...floats.shape.slice(2)]).to(floats.dtype);
  const both = read(cat([floats, opaque], 1));
  const [seen, mask] = [both.narrow(1, 0, channels), both.narrow(1, channels, 1)];
  const color = tensor(colorOf(fill, channels)).to(floats.dtype).view(1, -1, 1, 1).expandAs(seen);
  if (kind === "nearest") return back(seen.where(mask.ge(0.5).expandAs(seen), color));
  return back(seen.mul(mask).add(mask.neg().add(1).mul(color)));
}
